"""Sets of words and of pairs of words, as the lists of cues write them down."""

from __future__ import annotations

__all__ = ["pairs", "words"]


def words(*lines: str) -> frozenset[str]:
    """The words of *lines*, which blanks part."""
    return frozenset(word for line in lines for word in line.split())


def pairs(*lines: str) -> frozenset[tuple[str, str]]:
    """The pairs of *lines*: ``a b|c`` are (a, b) and (a, c)."""
    return frozenset(
        (first, second) for line in lines for first, seconds in [line.split(" ")] for second in seconds.split("|")
    )
