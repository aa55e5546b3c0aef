"""Long texts in pieces that overlap, so that what a border cuts is whole in the next piece."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["cut", "readable", "trim"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """*text* at the same length, with a mark for each half of a surrogate pair, which has no UTF-8 form."""
    return _SURROGATE.sub("\ufffd", text)


def cut(text: str, *, words: int, overlap: int, characters: int = 8000) -> Iterator[tuple[int, str]]:
    """
    Pieces of *text* with their offsets. Every span of up to *overlap* words lies whole in one of them.

    Args:
        text: Any text.
        words: Most words and marks in a piece; at least twice *overlap*.
        overlap: Words that a piece shares with the one before it.
        characters: Most characters; a piece with longer words has fewer of them.
    """
    borders = [(found.start(), found.end()) for found in _pieces_of_words(text, characters // 2)]
    first = 0
    while first < len(borders):
        last = min(first + words, len(borders))
        while last > first + 1 and borders[last - 1][1] - borders[first][0] > characters:
            last -= 1
        yield borders[first][0], text[borders[first][0] : borders[last - 1][1]]
        if last == len(borders):
            return
        first = max(last - overlap, first + 1)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """*start* and *end* without the white space at the edges between them; equal if there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _pieces_of_words(text: str, longest: int) -> Iterator[re.Match[str]]:
    return re.compile(rf"\w{{1,{longest}}}|[^\w\s]").finditer(text)
