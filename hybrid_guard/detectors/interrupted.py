"""Values in pieces with something between them that is no part of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.linear import compile_linear

__all__ = ["INTERRUPTED_TRIGGER", "find_interrupted"]

_MOST_DIGITS = 40
_JOINT = rb"[\"'] ?[+.&|]{1,2}\s{0,9}[\"']"
_DIGITS = compile_linear(rb"[0-9]{1,6}(?:[^0-9\x1a\n]{1,12}[0-9]{1,6}){2,}")
_GROUP = compile_linear(rb"[0-9]+")
_BETWEEN = compile_linear(rb"[A-Za-z]")
# Signs alone are taken away elsewhere.

_QUOTED = compile_linear(rb"[\"'][^\"'\s]{1,16}(?:(?:" + _JOINT + rb")[^\"'\s]{1,16}){1,}[\"']")
_PIECE = compile_linear(rb"([^\"'\s]{1,16})(?:" + _JOINT + rb"|[\"']$)")

INTERRUPTED_TRIGGER = rb"[0-9][^0-9\n]{1,12}[0-9]{1,6}[^0-9\n]{1,12}[0-9]|" + _JOINT
"""Matches where there may be such pieces."""


def find_interrupted(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, list[int], bool]]:
    """
    Start and end of each run of pieces, offsets in it of what belongs to them, and whether the shape was there.

    Runs are digits with one and the same word or mark between all of them, and strings that code puts together.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    for found in deadline.watch(_DIGITS.finditer(data)):
        part = found[0]
        groups = [one.span() for one in _GROUP.finditer(part)]
        between = {part[one[1] : two[0]] for one, two in pairwise(groups)}
        places = [place for first, last in groups for place in range(first, last)]
        if len(between) == 1 and len(places) <= _MOST_DIGITS and _BETWEEN.search(between.pop()) is not None:
            yield found.start(), found.end(), places, False
    for found in deadline.watch(_QUOTED.finditer(data)):
        pieces = [one.span(1) for one in _PIECE.finditer(found[0])]
        yield found.start(), found.end(), [place for first, last in pieces for place in range(first, last)], True
