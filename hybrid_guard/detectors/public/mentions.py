"""Whether what was found belongs to somebody's life or is what everybody knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from hybrid_guard.detectors.public import private_cues, public_cues, wording
from hybrid_guard.detectors.public.abbreviations import find_abbreviations
from hybrid_guard.detectors.public.bare import find_bare
from hybrid_guard.detectors.public.days import is_day
from hybrid_guard.detectors.public.evidence import Asked, Evidence, read_evidence, split_words
from hybrid_guard.detectors.public.exercise import HARMLESS, is_exercise, is_lone_name, is_story_figure
from hybrid_guard.detectors.public.formulas import find_formulas
from hybrid_guard.detectors.public.nameless import find_code_words, find_nameless
from hybrid_guard.detectors.public.public_names import is_public_name
from hybrid_guard.sensitivity import BARE_SCORE, MENTIONS
from hybrid_guard.types import Finding

__all__ = ["PRIVATE_SCORE", "PUBLIC_SCORE", "judge_mentions"]

PUBLIC_SCORE = 0.2
"""Highest score of a public mention, below the least score that policies ask for by default."""

PRIVATE_SCORE = 0.6
"""Lowest score of a person whom the words before the name show to be a private one."""

_PLACES = frozenset({"LOCATION", "ORGANIZATION"})
_AMOUNTS = frozenset({"AGE", "MONEY"})
_TRAITS = wording.words(
    "BIOMETRIC EDUCATION GENDER MARITAL_STATUS MEDICAL_CONDITION MEDICATION NRP OCCUPATION",
    "SEXUAL_ORIENTATION TRADE_UNION",
)

_INTIMATE = _AMOUNTS | {"MEDICAL_CONDITION", "MEDICATION"}
_TELLS_NOTHING = frozenset({"URL"})
_SURE = 0.4
_REACH = 48
_NEAR = 5
_BEFORE = 3
_BRIEF = 1000  # characters of a question in which every place and amount is part of the question
_SHORT = 160  # characters of an order in which every public place is part of the order
_LONGEST = 100  # characters of a mention that are read
# A writer who begins sentences with capitals, and one who begins names inside of them with capitals too.
_SENTENCE_IN_CAPITALS = re.compile(r"^[A-Z]|[.!?]\s+[A-Z]|\bI\b")
_NAME_IN_CAPITALS = re.compile(r"[a-z,;] [\"'‘“(]?[A-Z](?:[a-z]{2,}|[A-Z]+\b)")
_CASED = {
    "LOCATION": _SENTENCE_IN_CAPITALS,
    "ORGANIZATION": _SENTENCE_IN_CAPITALS,
    "PERSON": _NAME_IN_CAPITALS,
}
_PASTED = re.compile(r"[:\n]\s?[\"'“‘„«]|\n")
_ORDINARY = re.compile(r"[a-z][a-z' -]*")


def judge_mentions(text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """
    *findings* of *text*, in their order, with the scores that their surroundings give them.

    A public mention gets a score of at most `PUBLIC_SCORE`: a person, place or organisation that everybody knows, an
    illness, a year or an amount, in a text that asks about them. Nothing in the text may be private then: no
    identifier, no person unknown to the public, no letter or record, nobody whom the writer knows; nor, near the
    mention, anything that the writer says about himself. So are the given names of a sum, a riddle or a story in which
    nothing speaks of somebody's life, an abbreviation that the text explains, and a formula. So more private words
    or findings never make a mention more public. A private person's score is at least `PRIVATE_SCORE`. Entities that
    are not `MENTIONS` keep their scores, save such an abbreviation and a word of code.

    Takes time linear in the text, and next to none without findings.
    """
    # A word of code is none of somebody's life, whatever stands around it.
    code = find_code_words(text, findings)
    if code:
        rest = iter(judge_mentions(text, [finding for finding in findings if finding not in code]))
        return tuple(
            replace(finding, score=min(finding.score, PUBLIC_SCORE)) if finding in code else next(rest)
            for finding in findings
        )
    unlike = find_abbreviations(text, findings) | find_formulas(text, findings)
    if not unlike and not any(finding.entity in MENTIONS for finding in findings):
        return tuple(findings)
    sure = [finding for finding in findings if finding.score >= _SURE and finding not in unlike]
    if any(map(_identifies, sure)):
        return _raise_private(text, findings)
    evidence = read_evidence(text)
    if evidence.record or not evidence.request:
        return _raise_private(text, findings)
    plain = _find_plain(text, findings) | find_nameless(text, findings)
    exercise = is_exercise(text, sure, evidence)
    somebody = any(finding.entity == "PERSON" and finding not in plain for finding in sure)
    if not exercise and any(map(_is_intimate, sure)) and (somebody or evidence.request == Asked.SERVICE):
        # Whoever asks about the health or the money of somebody may well know him.
        bare = find_bare(text, sure, evidence, public=(), nobody=plain) or _find_subjects(text, sure, evidence)
        return _lower(_raise_private(text, findings), findings, bare, BARE_SCORE)
    public = {
        *unlike,
        *(
            finding
            for finding in findings
            if finding.entity == "PERSON"
            and (
                (exercise and is_lone_name(text, finding))
                or is_story_figure(text, finding, sure, evidence)
                or _is_public_person(text, finding, evidence)
            )
        ),
    }
    if any(finding.entity == "PERSON" and finding not in public and finding not in plain for finding in sure):
        bare = find_bare(text, sure, evidence, public=public, nobody=plain)
        # Beside bare people whom everybody knows are bare too, and beside private ones they are private.
        chosen = bare | public if bare else bare
        return _lower(_raise_private(text, findings), findings, chosen, BARE_SCORE)
    public |= {
        finding
        for finding in findings
        if _is_general(text, finding, evidence)
        or (exercise and finding.entity in HARMLESS - {"LOCATION", "PERSON"})
        or (finding in plain and not evidence.is_personal_at(finding.start, groups=False))
    }
    bare = find_bare(text, sure, evidence, public=public, nobody=plain)
    return _lower(_lower(findings, findings, bare, BARE_SCORE), findings, public, PUBLIC_SCORE)


def _lower(
    judged: Sequence[Finding], findings: Sequence[Finding], chosen: Collection[Finding], score: float
) -> tuple[Finding, ...]:
    """*judged*, with at most *score* where *findings*, of which they come, are *chosen*."""
    return tuple(
        replace(new, score=min(new.score, score)) if old in chosen else new
        for old, new in zip(findings, judged, strict=True)
    )


def _identifies(finding: Finding) -> bool:
    return finding.entity not in MENTIONS and finding.entity not in _TELLS_NOTHING


def _is_intimate(finding: Finding) -> bool:
    return finding.entity in _INTIMATE


def _raise_private(text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(
        replace(finding, score=PRIVATE_SCORE) if _is_introduced(text, finding) else finding for finding in findings
    )


def _is_public_person(text: str, finding: Finding, evidence: Evidence) -> bool:
    """Whether a person is named in a request about what everybody knows, or made up for it."""
    if not evidence.request or evidence.document or evidence.is_personal_at(finding.start, reach=1):
        return False
    before, after = _words_beside(text, finding)
    if not private_cues.ROLES.isdisjoint([*before[-_NEAR:], *after[:_NEAR]]):
        return False
    if not private_cues.ADDRESSED.isdisjoint(before[-_BEFORE:]):
        return False
    mention = _mention(text, finding)
    if is_public_name(mention, "PERSON"):
        # A question behind what was pasted is about somebody of whom it tells.
        return evidence.asks_before(finding.end, Asked.SERVICE if evidence.topical else Asked.KNOWLEDGE)
    if evidence.personal:
        return False
    # A role or a work beside a name does not make somebody known to everybody: it may be the neighbour's.
    return evidence.made_up and not public_cues.NAMED.isdisjoint(before[-_BEFORE:])


def _is_general(text: str, finding: Finding, evidence: Evidence) -> bool:
    """Whether a mention other than a person is one of general knowledge, in a text where nothing is private."""
    asks = evidence.request == Asked.KNOWLEDGE
    quiet = not evidence.document and not evidence.personal
    # Whoever pastes pages into a question has them from somewhere.
    general = asks and quiet and len(text) <= _BRIEF
    mention = _mention(text, finding)
    near = evidence.is_personal_at(finding.start)
    if finding.entity in _PLACES:
        if near or not (asks or (quiet and (evidence.topical or len(text) <= _SHORT))):
            return False
        return is_public_name(mention, finding.entity) or (
            general and public_cues.WHERE.isdisjoint(_words_beside(text, finding)[0])
        )
    if finding.entity == "DATE_TIME":
        return general or (not is_day(text, finding) and not near)
    if finding.entity in _AMOUNTS:
        return general
    if finding.entity in _INTIMATE and not private_cues.SOMEBODY.isdisjoint(split_words(text)):
        return False
    return finding.entity in _TRAITS and quiet and not near and (asks or _PASTED.search(text) is None)


def _find_subjects(text: str, sure: Sequence[Finding], evidence: Evidence) -> frozenset[Finding]:
    """Illnesses that a short order has as its subject, where nobody is spoken of."""
    words = split_words(text)
    quiet = not evidence.document and not evidence.personal and not any(evidence.near)
    if not quiet or len(text) > _SHORT or ":" in text or _PASTED.search(text) is not None:
        return frozenset()
    if not (private_cues.SOMEBODY | private_cues.KIN | private_cues.ROLES).isdisjoint(words):
        return frozenset()
    if any(finding.entity not in _INTIMATE - _AMOUNTS and finding.entity not in _PLACES for finding in sure):
        return frozenset()
    ill = [finding for finding in sure if finding.entity in _INTIMATE]
    if any(public_cues.ABOUT.isdisjoint(_words_beside(text, finding)[0][-1:]) for finding in ill):
        return frozenset()
    return frozenset(sure)


def _is_introduced(text: str, finding: Finding) -> bool:
    """Whether the words before a person say that the writer knows him."""
    if finding.entity != "PERSON" or finding.score >= PRIVATE_SCORE:
        return False
    near = _words_beside(text, finding)[0][-_BEFORE:]
    return not (private_cues.ROLES | private_cues.KIN | private_cues.CALLED | private_cues.SALUTATIONS).isdisjoint(near)


def _find_plain(text: str, findings: Sequence[Finding]) -> set[Finding]:
    """Names that are ordinary words, without a capital or a figure, in a text that has given capitals to names."""
    # INVARIANT: only what stands before a name counts, so that more text behind it changes nothing.
    first = {entity: pattern.search(text) for entity, pattern in _CASED.items()}
    found = set()
    for finding in findings:
        cased = first.get(finding.entity)
        mention = _mention(text, finding)
        if (
            cased is not None
            and cased.start() < finding.start
            and _ORDINARY.fullmatch(mention) is not None
            and public_cues.NAMED.isdisjoint(_words_beside(text, finding)[0][-2:])
        ):
            found.add(finding)
    return found


def _mention(text: str, finding: Finding) -> str:
    return text[finding.start : min(finding.end, finding.start + _LONGEST)]


def _words_beside(text: str, finding: Finding) -> tuple[list[str], list[str]]:
    """Words before and after *finding* on its line."""
    before = text[max(0, finding.start - _REACH) : finding.start].rpartition("\n")[2]
    after = text[finding.end : finding.end + _REACH].partition("\n")[0]
    return split_words(before), split_words(after)
