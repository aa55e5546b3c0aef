"""Mentions that nothing in a text ties to somebody's life: bare ones, which are reported and weigh little."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from hybrid_guard.detectors.public import bare_cues, exercise_cues, private_cues, wording
from hybrid_guard.detectors.public.days import is_day
from hybrid_guard.detectors.public.evidence import Asked, Evidence, split_words
from hybrid_guard.detectors.public.exercise import is_lone_name
from hybrid_guard.detectors.public.public_names import is_public_name
from hybrid_guard.sensitivity import MENTIONS
from hybrid_guard.types import Finding

__all__ = ["find_bare"]

_PLACES = frozenset({"DATE_TIME", "LOCATION", "ORGANIZATION"})
_AMOUNTS = frozenset({"AGE", "MONEY"})
_DESCRIBES = frozenset({"EDUCATION", "GENDER", "OCCUPATION"})
_TELLS_NOTHING = frozenset({"URL"})
_HARMLESS = _PLACES | _DESCRIBES | _TELLS_NOTHING | {"PERSON"}
# What may stand beside somebody whom nobody knows: an age, an amount or an origin tells of his life.
_REACH = 60
_AROUND = 120
_NEAR = 5
_BEFORE = 3
_ORDERED = 12
_WITH = frozenset({"with", "mit", "avec", "con", "com", "met", "z"})
_TIES = private_cues.SOMEBODY | private_cues.ROLES | private_cues.KIN
# Figures of a country count children and families, and are about none of them.
_TIES_TO_ONE = _TIES - wording.words(
    "children kids parents family kinder kindern eltern familie enfants parents famille hijos padres familia figli "
    "genitori famiglia filhos pais kinderen ouders gezin dzieci rodzice rodzina"
)
_RELATIVES = private_cues.KIN - wording.words(
    "cat dog puppy katze hund chat chien gato perro gatto cane kat hond kot pies"
)
_INTRODUCES = private_cues.ROLES | private_cues.KIN | private_cues.CALLED | private_cues.SALUTATIONS
# A writer who begins his sentences with capitals gives them to the names of people as well.
_CASED = re.compile(r"[A-Z]")
# A given name to which a detector has joined the verb behind it.
_TRAILED = re.compile(r"([A-Z][^\W\d_A-Z]+)(?: [^\W\d_A-Z]+){1,3}")
_SENTENCE = re.compile(r"[^.!?\n]*")
_SMALL = re.compile(r"[a-z][a-z' -]*")
_LONG_AGO = re.compile(r"\b1(?:[0-8]\d|9[0-4])\d(?:s|\b)")
_SEVERAL = 2  # public people who show that a text is of public life: one alone may be somebody with the same name


def find_bare(
    text: str,
    findings: Sequence[Finding],
    evidence: Evidence,
    *,
    public: Collection[Finding],
    nobody: Collection[Finding],
) -> frozenset[Finding]:
    """
    Those of *findings* that are bare: nothing in *text* says whose they are.

    A place, an organisation or a date is bare where no person is named and the writer does not speak of himself near
    it; so are an age and an amount where nobody is spoken of. A person is bare

    - if he is a mere given name, in a request that tells nothing of anybody's life, work or letters, in which nobody
      is addressed, ill, a patient or a tenant, owes or earns, of whom no age, amount or origin is told, and for whom
      no question is asked of what he may, must or needs in his life;
    - if everybody knows him, in a text of public life: one that names several such people, or one in a question about
      what was long ago;
    - if an office stands beside him of which the papers write.

    All is private beside one person who is not bare. So more private words, or one more finding of something private,
    make no mention bare.

    Args:
        text: What was read.
        findings: Sure ones.
        evidence: Of *text*.
        public: Those of them that are public, which are never bare as well.
        nobody: Those of them that are no names, for they are ordinary words.
    """
    named = [one for one in findings if one.entity == "PERSON" and one not in nobody]
    people = [one for one in named if one not in public]
    kept = [one for one in findings if one not in public]
    told = not _TIES.isdisjoint(split_words(text))
    if evidence.record or not evidence.request:
        return frozenset()
    if people and not bare_cues.WORKPLACE.isdisjoint(split_words(text)):
        return frozenset()
    known = _find_known(text, named, evidence)
    telling = [one for one in kept if one.entity not in _HARMLESS and (people or one.entity not in _AMOUNTS)]
    famous = any(is_public_name(_mention(text, one), "PERSON") for one in known)
    if telling and not famous:
        return frozenset()
    if any(one.entity != "NRP" and not _TIES.isdisjoint(_beside(text, one)) for one in telling):
        return frozenset()
    quiet = _is_quiet(text, kept, evidence)
    parts = {part for one in known for part in split_words(_mention(text, one))}
    if not all(
        one in known or parts.issuperset(split_words(_mention(text, one))) or _is_mere(text, one, quiet=quiet)
        for one in people
    ):
        return frozenset()
    return frozenset(
        one
        for one in kept
        if one.entity == "PERSON"
        or (
            not evidence.is_personal_at(one.start, reach=1)
            and (
                (one.entity in _PLACES and (people or not _is_of_somebody(text, one)))
                or (one.entity in _AMOUNTS and not told)
                or (famous and one.entity in MENTIONS)
            )
        )
    )


def _is_of_somebody(text: str, finding: Finding) -> bool:
    """Whether something grave is told near a place of somebody without a name: the place says who he is."""
    near = split_words(text[max(0, finding.start - _AROUND) : finding.end + _AROUND])
    return not _TIES_TO_ONE.isdisjoint(near) and not (exercise_cues.GRAVE | bare_cues.WORKPLACE).isdisjoint(near)


def _find_known(text: str, people: Sequence[Finding], evidence: Evidence) -> frozenset[Finding]:
    """Those of *people* who are of public life, if *text* is."""
    if evidence.document:
        return frozenset()
    public = []
    offices = []
    for one in people:
        near = _beside(text, one)
        if evidence.is_personal_at(one.start, reach=1) or not private_cues.ROLES.isdisjoint(near):
            continue
        if _is_addressed(text, one) or not exercise_cues.GRAVE.isdisjoint(near):
            continue
        if is_public_name(_mention(text, one), "PERSON"):
            public.append(one)
        elif _holds_office(text, one):
            offices.append(one)
    names = {_mention(text, one) for one in public}
    whole = {name for name in names if " " in name}
    if not whole:
        names = set()
    if len(names) < _SEVERAL and not (names and _is_of_long_ago(text, evidence)):
        public = []
    return frozenset([*public, *(offices if not any(evidence.near) else ())])


def _holds_office(text: str, finding: Finding) -> bool:
    """Whether an office is what a person is called by, or what is said of him right behind the name."""
    before = split_words(text[max(0, finding.start - _REACH) : finding.start])
    after = split_words(text[finding.end : finding.end + _REACH])
    return not bare_cues.OFFICES.isdisjoint([*split_words(_mention(text, finding)), *before[-2:], *after[:_NEAR]])


def _is_of_long_ago(text: str, evidence: Evidence) -> bool:
    if evidence.request < Asked.KNOWLEDGE or evidence.personal:
        return False
    return _LONG_AGO.search(text) is not None or not bare_cues.LONG_AGO.isdisjoint(split_words(text))


def _is_quiet(text: str, findings: Sequence[Finding], evidence: Evidence) -> bool:
    """Whether nothing in *text* speaks of the life of those whom it names."""
    if evidence.personal or evidence.document or any(evidence.near):
        return False
    words = split_words(text)
    return (
        (exercise_cues.GRAVE | _RELATIVES).isdisjoint(words)
        and bare_cues.ATTRIBUTES.isdisjoint(words)
        and bare_cues.ATTRIBUTE_PAIRS.isdisjoint(pairwise(words))
        # What is told of a day has happened to somebody.
        and all(one.entity in _HARMLESS and not is_day(text, one) for one in findings)
    )


def _is_mere(text: str, finding: Finding, *, quiet: bool) -> bool:
    """Whether a person is a given name in a text that tells nothing of him, one that a story makes up, or no name."""
    if not quiet or _is_addressed(text, finding) or not private_cues.ROLES.isdisjoint(_beside(text, finding)):
        return False
    if _is_cared_for(text, finding):
        return False
    if _SMALL.fullmatch(_mention(text, finding)):
        return _CASED.search(text, 0, finding.start) is not None
    trailed = _TRAILED.fullmatch(_mention(text, finding))
    return is_lone_name(text, replace(finding, end=finding.start + len(trailed[1])) if trailed else finding)


def _is_cared_for(text: str, finding: Finding) -> bool:
    """Whether a question is about what a person may, must or needs in his own life: the writer asks it for him."""
    before = split_words(text[max(0, finding.start - _REACH) : finding.start])
    if bare_cues.MODALS.isdisjoint(before[-1:]):
        return False
    behind = _SENTENCE.match(text, finding.end, finding.end + _AROUND)
    return behind is not None and not (bare_cues.HIS_OWN | bare_cues.MOVES).isdisjoint(split_words(behind[0]))


def _is_addressed(text: str, finding: Finding) -> bool:
    """Whether the words before a person say that the writer knows him, or wants something done to him."""
    before = split_words(text[max(0, finding.start - _REACH) : finding.start])
    if not (_INTRODUCES | private_cues.ADDRESSED).isdisjoint(before[-_BEFORE:]):
        return True
    if not bare_cues.ACTS.isdisjoint(before[-1:]):
        return True
    meant = not (exercise_cues.FOR | _WITH).isdisjoint(before[-1:])
    return meant and not (bare_cues.ACTS | bare_cues.GIVEN).isdisjoint(before[-_ORDERED:])


def _mention(text: str, finding: Finding) -> str:
    return text[finding.start : finding.end]


def _beside(text: str, finding: Finding) -> list[str]:
    before = split_words(text[max(0, finding.start - _REACH) : finding.start])
    return [*before[-_NEAR:], *split_words(text[finding.end : finding.end + _REACH])[:_NEAR]]
