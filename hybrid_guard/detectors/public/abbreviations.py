"""Abbreviations that a text explains: they look like names and are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hybrid_guard.types import Finding

__all__ = ["ABBREVIATED", "find_abbreviations"]

ABBREVIATED = frozenset({"LOCATION", "ORGANIZATION", "PERSON", "USERNAME"})
"""Entities for which detectors may take an abbreviation."""

_EXPLAINED = re.compile(r"\(([A-Z]{2,6})s?\)")
_REACH = 100
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = 4  # letters of a word that an abbreviation leaves out, such as "of" and "with"


def find_abbreviations(text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
    """
    Those of *findings* that are an abbreviation which *text* explains: "Health Savings Account (HSA)".

    The words before the bracket must begin with its letters, and none of them may be part of a person.
    """
    names = {}
    for explained in _EXPLAINED.finditer(text):
        begin = max(0, explained.start() - _REACH)
        start = _find_expansion(text, begin, explained)
        if start is not None:
            names[explained[1]] = names.get(explained[1], True) and not any(
                one.entity == "PERSON" and one.start < explained.start() and start < one.end for one in findings
            )
    return frozenset(
        one
        for one in findings
        if one.entity in ABBREVIATED and names.get(text[one.start : one.end].removesuffix("s"), False)
    )


def _find_expansion(text: str, begin: int, explained: re.Match[str]) -> int | None:
    """Where the words begin whose first letters the bracket holds, if they do."""
    words = list(_WORD.finditer(text, begin, explained.start()))
    letters = explained[1].lower()
    while letters and words:
        word = words.pop()
        if word[0][0].lower() == letters[-1]:
            letters = letters[:-1]
            if not letters:
                return word.start()
        elif len(word[0]) > _SMALL:
            return None
    return None
