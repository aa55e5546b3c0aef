"""Whether a text is a sum or a riddle, or asks for a story: the given names in it are nobody's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hybrid_guard.detectors.public import exercise_cues, private_cues, public_cues
from hybrid_guard.detectors.public.evidence import Evidence, split_words
from hybrid_guard.types import Finding

__all__ = ["HARMLESS", "is_exercise", "is_lone_name", "is_story_figure"]

HARMLESS = frozenset({"AGE", "DATE_TIME", "EDUCATION", "GENDER", "LOCATION", "MONEY", "OCCUPATION", "PERSON"})
"""Entities that may stand beside the names of a sum or of a story; others are of somebody's life."""

_LONGEST = 800  # characters of a sum
_OPENING = 200  # characters in which a sum, a riddle or a story says what it is
_NUMBERS = 2  # least numbers of a sum
_BEFORE = 3
_NAME = re.compile(r"[^\W\d_]{2,20}(?:['’]s?)?[.,;:]?")
_FIGURE = re.compile(r"\d+")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)(\.?) $")
_NAME_AFTER = re.compile(r"[ -][^\W\d_]")


def is_exercise(text: str, findings: Sequence[Finding], evidence: Evidence) -> bool:
    """
    Whether *text* is a sum or a riddle about people who are mere given names.

    It must ask, be short, have two numbers and a question for an amount or call itself a riddle. Nothing may speak of
    somebody's life: no record, letter, work or writer who speaks of himself, nobody who is a patient or a tenant to
    somebody, no income, debt or illness, no surname or title, and no *findings* but `HARMLESS` ones. *findings* are
    those that are sure. So more private words, or one more finding, never make a text an exercise.
    """
    if not evidence.request or len(text) > _LONGEST or not _is_nobodys(text, findings, evidence):
        return False
    words = split_words(text)
    if not exercise_cues.PUZZLES.isdisjoint(split_words(text[:_OPENING])):
        return True
    numbers = len(_FIGURE.findall(text)) + sum(word in exercise_cues.NUMBERS for word in words)
    asks = not exercise_cues.AMOUNTS.isdisjoint(words) or not exercise_cues.AMOUNT_PAIRS.isdisjoint(pairwise(words))
    return asks and numbers >= _NUMBERS


def is_story_figure(text: str, finding: Finding, findings: Sequence[Finding], evidence: Evidence) -> bool:
    """Whether *finding* is a given name in a story that the beginning of *text* orders; *findings* are sure."""
    before = split_words(text[: min(finding.start, _OPENING)])
    return (
        bool(evidence.request)
        and not public_cues.STORIES.isdisjoint(before)
        and before[-1] not in exercise_cues.FOR
        and len(text) <= _LONGEST
        and _is_nobodys(text, findings, evidence)
    )


def is_lone_name(text: str, finding: Finding) -> bool:
    """Whether a person is a given name alone: one word with a capital, no title before it and no name beside it."""
    mention = text[finding.start : finding.end]
    if not mention[0].isupper() or _NAME.fullmatch(mention) is None:
        return False
    after = _NAME_AFTER.match(text, finding.end)
    if after and after[0][1].isupper() and mention[-1].isalpha():
        return False
    before = _WORD_BEFORE.search(text, max(0, finding.start - 24), finding.start)
    if before is None:
        return not text[: finding.start].endswith("-")
    word = before[1].lower()
    if word in exercise_cues.TITLES:
        return False
    return not before[1][0].isupper() or bool(before[2]) or word in exercise_cues.BEGINNINGS


def _is_nobodys(text: str, findings: Sequence[Finding], evidence: Evidence) -> bool:
    """Whether nothing in *text* and *findings* speaks of somebody's life."""
    if evidence.record or evidence.personal or evidence.document or any(evidence.near):
        return False
    words = set(split_words(text))
    if not exercise_cues.GRAVE.isdisjoint(words) or not private_cues.ROLES.isdisjoint(words):
        return False
    for finding in findings:
        if finding.entity not in HARMLESS:
            return False
        if finding.entity == "PERSON":
            before = split_words(text[max(0, finding.start - 32) : finding.start])[-_BEFORE:]
            compared = before[-1:] == ["than"]
            if not (compared or private_cues.ADDRESSED.isdisjoint(before)) or not is_lone_name(text, finding):
                return False
    return True
