"""Mentions that nothing in a text ties to somebody's life: bare ones, which are reported and weigh little."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from hybrid_guard.detectors.public import exercise_cues, private_cues, public_cues, wording
from hybrid_guard.detectors.public.evidence import Evidence, split_words
from hybrid_guard.detectors.public.exercise import is_lone_name
from hybrid_guard.detectors.public.public_names import is_public_name
from hybrid_guard.types import Finding

__all__ = ["find_bare"]

_PLACES = frozenset({"LOCATION", "ORGANIZATION"})
_AMOUNTS = frozenset({"AGE", "MONEY"})
_HARMLESS = _PLACES | {"DATE_TIME", "EDUCATION", "GENDER", "OCCUPATION", "PERSON", "URL"}
# What may stand beside somebody whom nobody knows: an age, an amount or an origin describes him.
_REACH = 60
_NEAR = 5
_BEFORE = 3
_OPENS = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "DATE_TIME"}) | _AMOUNTS
_TIES = private_cues.SOMEBODY | private_cues.ROLES | private_cues.KIN
_INTRODUCES = private_cues.ROLES | private_cues.KIN | private_cues.CALLED | private_cues.SALUTATIONS
# A writer who begins his sentences with capitals gives them to the names of people as well.
_CASED = re.compile(r"[A-Z]")
_SMALL = re.compile(r"[a-z][a-z' -]*")
_OFFICES = wording.words(
    "president minister chancellor senator governor mayor pope king queen emperor prince princess general ceo chairman",
    "author novelist poet playwright philosopher physicist mathematician composer painter sculptor actor actress",
    "singer rapper footballer striker goalkeeper quarterback astronaut economist",
    "präsident präsidentin minister ministerin kanzler kanzlerin könig königin kaiser dichter philosoph",
    "komponist maler",
    "président présidente ministre roi reine empereur écrivain romancier poète philosophe compositeur peintre acteur",
    "presidenta ministro ministra rey reina emperador escritor poeta filósofo compositor pintor actriz",
    "presidente re regina imperatore scrittore filosofo compositore pittore attore attrice",
    "rei rainha escritor pintor ator atriz koning koningin keizer schrijver dichter filosoof schilder",
    "prezydent król królowa cesarz pisarz poeta filozof kompozytor malarz aktor aktorka",
)
"""Offices and professions of which the papers and encyclopaedias write."""

_ATTRIBUTES = wording.words(
    "old age aged born birthday live lives living address phone married single dating lying cheating",
    "alt alter geboren geburtstag wohnt lebt adresse verheiratet âge né née habite vit mariée marié adresse",
    "edad nació vive casado casada dirección età nato nata abita sposata sposato idade nasceu mora casada casado",
    "oud leeftijd geboren woont getrouwd wiek urodził urodziła mieszka żonaty zamężna",
)
"""What one asks of a person in his own life."""

_SEVERAL = 2  # public people who show that a text is of public life: one alone may be somebody with the same name


def find_bare(
    text: str, findings: Sequence[Finding], nobody: Collection[Finding], evidence: Evidence
) -> frozenset[Finding]:
    """
    Those of *findings* that are bare: nothing in *text* says whose they are.

    A place, an organisation, a date, an age or an amount is bare where no person is named, spoken of or addressed and
    the writer does not speak of himself near it. A person is bare if he is a mere given name, if everybody knows him or
    if an office stands beside him that the papers write of, in a request that tells nothing of the writer's life, work
    or letters, and in which nobody is ill, a patient or a tenant, owes or earns.

    All is private beside one person who is not bare. So more private words, or one more finding, make no mention bare.

    Args:
        text: What was read.
        findings: Sure ones, none of them public.
        nobody: Those of them that are no names, for they are ordinary words.
        evidence: Of *text*.
    """
    if evidence.record or not evidence.request or any(one.entity not in _OPENS for one in findings if _weighs(one)):
        return frozenset()
    people = [one for one in findings if one.entity == "PERSON" and one not in nobody]
    known = {text[one.start : one.end] for one in people if _is_known(text, one)}
    if people and not _is_of_nobody(text, findings, evidence):
        return frozenset()
    if not all(_is_bare_person(text, one, evidence, several=len(known) >= _SEVERAL) for one in people):
        return frozenset()
    words = set(split_words(text))
    tied = not _TIES.isdisjoint(words)
    return frozenset(
        one
        for one in findings
        if one.entity == "PERSON"
        or (
            (one.entity in _PLACES or one.entity == "DATE_TIME" or (one.entity in _AMOUNTS and not tied))
            and not evidence.is_personal_at(one.start, reach=1)
        )
    )


def _weighs(finding: Finding) -> bool:
    return finding.entity not in _HARMLESS


def _is_of_nobody(text: str, findings: Sequence[Finding], evidence: Evidence) -> bool:
    """Whether nothing in *text* speaks of the life of those whom it names."""
    return (
        not evidence.personal
        and not any(evidence.near)
        and not evidence.document
        and exercise_cues.GRAVE.isdisjoint(split_words(text))
        and all(one.entity in _HARMLESS for one in findings)
    )


def _is_known(text: str, finding: Finding) -> bool:
    mention = text[finding.start : finding.end]
    return " " in mention and is_public_name(mention, "PERSON")


def _is_bare_person(text: str, finding: Finding, evidence: Evidence, *, several: bool) -> bool:
    before = split_words(text[max(0, finding.start - _REACH) : finding.start])
    after = split_words(text[finding.end : finding.end + _REACH])
    near = [*before[-_NEAR:], *after[:_NEAR]]
    if not private_cues.ROLES.isdisjoint(near) or not _INTRODUCES.isdisjoint(before[-_BEFORE:]):
        return False
    if not private_cues.ADDRESSED.isdisjoint(before[-_BEFORE:]) or not exercise_cues.FOR.isdisjoint(before[-1:]):
        return False
    mention = text[finding.start : finding.end]
    if _SMALL.fullmatch(mention):
        return _CASED.search(text, 0, finding.start) is not None
    return (
        (is_lone_name(text, finding) and _ATTRIBUTES.isdisjoint(split_words(text)))
        or (several and is_public_name(mention, "PERSON"))
        or not _OFFICES.isdisjoint(near)
        or (evidence.made_up and not public_cues.NAMED.isdisjoint(before[-_BEFORE:]))
    )
