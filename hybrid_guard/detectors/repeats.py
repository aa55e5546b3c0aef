"""Names that are found in one place of a text are private in every other place of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hybrid_guard.detectors.merge import merge
from hybrid_guard.types import Finding

__all__ = ["MOST_NAMES", "repeat_names"]

MOST_NAMES = 1000
"""Names of one text that are looked for again; in a text with more, all were found by their own places."""

_LEAST = 4
_ENTITIES = frozenset({"ADDRESS", "ORGANIZATION", "PERSON"})
_WORD = re.compile(r"[^\W_]")
_FIRST = re.compile(r"[^\W_]+")
_TITLE = re.compile(r"(?:[^\W\d_]{1,4}\.\s*)+")


def repeat_names(text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """
    *findings* and every other place where the name of one of them stands, sorted and disjoint.

    A detector that goes by what stands around a name finds it in "Name: Ines Okoye" and misses it in a list. Names of
    persons, firms and addresses are looked for as whole words in the case in which they were found.

    Args:
        text: What was read.
        findings: In *text*, sorted and disjoint.
    """
    known: dict[str, Finding] = {}
    for finding in findings:
        if finding.entity in _ENTITIES:
            name = _TITLE.sub("", text[finding.start : finding.end], count=1).strip()
            if len(name) >= _LEAST and name[0].isupper() and _WORD.search(name):
                known.setdefault(name, finding)
    if not known or len(known) > MOST_NAMES:
        return tuple(findings)
    return merge([*findings, *_search(text, known)])


def _search(text: str, known: dict[str, Finding]) -> Iterator[Finding]:
    # By the word that they begin with, so that the time does not grow with the number of names.
    lengths: dict[str, set[int]] = {}
    for name in known:
        first = _FIRST.match(name)
        if first is not None:
            lengths.setdefault(first[0], set()).add(len(name))
    end = 0
    for word in _FIRST.finditer(text):
        start = word.start()
        for length in sorted(lengths.get(word[0], ()), reverse=True):
            finding = known.get(text[start : start + length])
            if start >= end and finding is not None and not _WORD.match(text, start + length):
                end = start + length
                yield replace(finding, start=start, end=end)
