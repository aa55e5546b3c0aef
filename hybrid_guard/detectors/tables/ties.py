"""Clubs, societies and other bodies that somebody says to belong to."""

from __future__ import annotations

from hybrid_guard.detectors.context import PERSONAL, far_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import LETTERS, UPPER, WORD_START
from hybrid_guard.detectors.views import WORD

__all__ = ["TIES"]

_EDGE = rf"(?:$|[^{WORD}])"
_PART = (
    r"(?:members?(?:hip)?|president|vice[\s-]president|treasurer|secretary|captain|mentor|volunteer(?:s|ed|ing)?"
    r"|organi[sz]er|founder|chair(?:man|woman|person)?|coach|alum(?:n[aiu]s?)?|affiliat(?:ed|ion)|active|joined|joining"
    r"|join|belongs?|on\sthe\sboard|mitglied|kassenwart|vorsitzende[rn]?|ehrenamtlich|membre|tr\xe9sori(?:er|\xe8re)"
    r"|b\xe9n\xe9vole|miembro|socio|socia|voluntari[oa]|tesorer[oa]|soci[oa]|volontari[oa]|membro|lid|vrijwilliger)"
)
_OF = (
    r"\s(?:of|in|at|for|with|to|im|in|bei|beim|der|des|de|du|del|della|da|do|van|bij|chez|en|auprès)?\s?"
    r"(?:(?:the|our|my|a|an|local|la|le|el|l'|il|de|het|der|dem)\s){0,2}[\"']?"
)
_BODY = (
    r"(?:association|society|honou?r\ssociety|club|fraternity|sorority|alliance|chapter|league|council|committee"
    r"|guild|federation|alumni\s(?:association|network|club|group)|troop|choir|orchestra|marching\sband|food\s(?:bank|pantry)"
    r"|animal\sshelter|support\sgroup|meetup(?:\sgroup)?|debate\steam|book\sclub|neighbou?rhood\swatch(?:\sgroup)?|pta"
    r"|parish|congregation|verein|schachclub|sportverein|feuerwehr|association\ssportive|asociaci\xf3n|associazione"
    r"|associa\xe7\xe3o|vereniging|stowarzyszenie)"
)
_GREEK = (
    r"(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|upsilon|phi"
    r"|chi|psi|omega)"
)

_CONTEXT = (*PERSONAL, *far_words("i am, i'm, i volunteer, i volunteered, i joined, i run, we are, we're"))

TIES: tuple[Pattern, ...] = (
    Pattern(
        name="body that someone belongs to",
        entity="ORGANIZATION",
        regex=rf"{WORD_START}{_PART}{_OF}(?P<span>(?:[{WORD}'&.-]+\s){{0,5}}?{_BODY}(?:\s{_BODY})?){_EDGE}",
        score=0.3,
        context=_CONTEXT,
    ),
    Pattern(
        name="body with a name that someone belongs to",
        entity="ORGANIZATION",
        regex=(
            rf"{WORD_START}(?:members?(?:hip)?|treasurer|mentor|volunteer(?:s|ed|ing)?|on\sthe\sboard|mitglied|membre"
            r"|miembro|socio|membro)"
            rf"{_OF}(?:non-?profit\s[\"']?)?(?P<span>(?-i:{UPPER})[{LETTERS}'&.-]+(?:\s(?:of|for|and|the|in|&|a)){{0,2}}"
            rf"(?:\s(?:(?:of|for|and|the|in|&|a)\s){{0,2}}(?-i:{UPPER})[{LETTERS}'&.-]*){{1,6}}){_EDGE}"
        ),
        score=0.3,
        context=_CONTEXT,
        fit=lambda value: len(value.rstrip(".,'")),
    ),
    Pattern(
        name="fraternity",
        entity="ORGANIZATION",
        regex=(
            rf"\b(?P<span>{_GREEK}\s{_GREEK}(?:\s{_GREEK})?"
            rf"(?:\s(?:[a-z-]+\s){{0,3}}?(?:fraternity|sorority|honou?r\ssociety))?){_EDGE}"
        ),
        score=0.3,
        context=_CONTEXT,
    ),
)
"""``ORGANIZATION`` by the part that someone has in it."""
