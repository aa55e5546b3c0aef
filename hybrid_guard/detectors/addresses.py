"""Street addresses in the languages that the package speaks."""

from __future__ import annotations

import re

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.views import WORD

__all__ = ["ADDRESSES"]

_UPPER = r"[A-Z\xc0-\xd6\xd8-\xde\xff]"

_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter|Square|Sq|Highway"
    r"|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Crescent|Cres|Close|Row|Mews|Alley|Loop|Pike|Plaza)\b\.?"
)
_STREET_LOWER = r"(?:street|avenue|ave|road|blvd|boulevard|lane|drive|court|terrace|highway|parkway)"
_NAME_WORD = rf"(?:{_UPPER}[{WORD}'.-]*|\d{{1,3}}(?:st|nd|rd|th))"
_UNIT = r"(?:,?\s{1,2}(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.?\s?#?[\w-]{1,6})?"
_NAMES = rf"{_UPPER}[{WORD}.'-]+(?:\s{_UPPER}[{WORD}.'-]+){{0,2}}"
_TOWN = rf"(?:,\s{{0,2}}{_NAMES})?(?:,?\s[A-Z]{{2}}\b)?(?:,?\s\d{{5}}(?:-\d{{4}})?\b)?"
_CODE_AND_TOWN = rf"(?:,?\s\d{{4,5}}\s{_UPPER}[{WORD}-]+)?"
_NUMBER = r"\s\d{1,4}\s?[a-zA-Z]?\b"
_OF = r"(?:(?:de\sla|de\sl'|de|du|des|del|della|dei|da|do|dos|das|di|d'|la|le|el|e)\s?)?"
_NAME = rf"{_OF}{_UPPER}[{WORD}'.-]*(?:\s{_OF}{_UPPER}[{WORD}'.-]*){{0,3}}"
_ADDRESS_WORDS = ("address", "live", "lives", "lived", "reside", "home", "house", "ship", "deliver", "mail", "moved")
_NO_STREET_NAME = re.compile(
    r"\b(?:the|a|an|of|down|up|this|that|my|your|our|way|mile|miles|on|in|to|and|or|per|lane|other)\b", re.IGNORECASE
)


def _refute_lower_street(value: str) -> bool | None:
    return False if _NO_STREET_NAME.search(value.rpartition(" ")[0]) else None


ADDRESSES: tuple[Pattern, ...] = (
    Pattern(
        name="street address",
        entity="ADDRESS",
        regex=(
            r"\b\d{1,6}[A-Za-z]?\s{1,2}(?:[NSEW]{1,2}\.?\s|(?:North|South|East|West)\s)?"
            rf"(?:{_NAME_WORD}\s){{1,4}}{_STREET}{_UNIT}{_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address in lower case",
        entity="ADDRESS",
        regex=rf"\b\d{{1,5}}\s(?:[a-z'.-]+\s){{1,2}}{_STREET_LOWER}\b",
        score=0.4,
        context=_ADDRESS_WORDS,
        check=_refute_lower_street,
    ),
    Pattern(name="post-office box", entity="ADDRESS", regex=r"\bP\.?\s?O\.?\s?Box\s\d{1,7}\b", score=0.7),
    Pattern(
        name="town, state and ZIP code",
        entity="ADDRESS",
        regex=rf"{_NAMES},\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b",
        score=0.6,
        cased=True,
    ),
    Pattern(
        name="street address in German or Dutch",
        entity="ADDRESS",
        regex=(
            rf"{_UPPER}[{WORD}.-]*(?:stra(?:\xdf|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein)"
            rf"{_NUMBER}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address in German with a street word of its own",
        entity="ADDRESS",
        regex=(
            rf"{_UPPER}[{WORD}.-]*(?:er|-)\s?(?:Stra(?:\xdf|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm)"
            rf"{_NUMBER}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address that begins with the street word",
        entity="ADDRESS",
        regex=(
            r"\b(?:Calle|C/|Avenida|Avda\.?|Plaza|Paseo|Carrer|Rua|Travessa|Via|Viale|Piazza|Corso|[Uu]l\.|[Aa]l\.|[Oo]s\.)"
            rf"\s?{_NAME},?\s(?:n[.\xba\xb0]*\s?)?\d{{1,4}}[a-zA-Z]?\b"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address in French",
        entity="ADDRESS",
        regex=(
            r"\b\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|place|chemin|all\xe9e|impasse|quai|cours)\s"
            rf"{_NAME}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
)
"""``ADDRESS``."""
