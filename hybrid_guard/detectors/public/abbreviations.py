"""Abbreviations that a text explains: they look like names and are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from hybrid_guard.types import Finding

__all__ = ["find_abbreviations"]

# What an abbreviation may be taken for and is not, and what it may well be.
_NO_NAMES = frozenset({"PERSON", "USERNAME"})
_NAMES = frozenset({"LOCATION", "ORGANIZATION"})

_EXPLAINED = re.compile(r"\(([A-Z]{2,6})s?\)")
_MOST = 32  # brackets that are read: the time stays linear in the findings
_REACH = 100
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = 4  # letters of a word that an abbreviation leaves out, such as "of" and "with"


def find_abbreviations(text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
    """
    Those of *findings* that are an abbreviation which *text* explains: "Health Savings Account (HSA)".

    The words before the bracket must begin with its letters. Initials of a person are no abbreviation, and that of an
    organisation or of a place which was found is as private as its name.
    """
    names: dict[str, set[str]] = {}
    for explained in islice(_EXPLAINED.finditer(text), _MOST):
        start = _find_expansion(text, explained)
        if start is not None:
            names.setdefault(explained[1], set()).update(
                one.entity for one in findings if one.start < explained.start() and start < one.end
            )
    return frozenset(
        one
        for one in findings
        if (parts := names.get(text[one.start : one.end].removesuffix("s"))) is not None
        and "PERSON" not in parts
        and (one.entity in _NO_NAMES or (one.entity in _NAMES and _NAMES.isdisjoint(parts)))
    )


def _find_expansion(text: str, explained: re.Match[str]) -> int | None:
    """Where the words begin whose first letters the bracket holds, if they do."""
    words = list(_WORD.finditer(text, max(0, explained.start() - _REACH), explained.start()))
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
