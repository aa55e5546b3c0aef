"""Texts that a policy calls always private, or never."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["find_denied", "fold"]


def fold(text: str) -> str:
    """*text* without differences of case and of compatible characters; what `find_denied` and allow lists compare."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def find_denied(text: str, denied: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Spans of *text* where one of *denied* stands, in any case; each of those is folded and not empty."""
    if not denied:
        return
    folded = fold(text)
    origins: Sequence[int] = range(len(text))
    if not text.isascii():
        origins = [index for index, character in enumerate(text) for _ in _fold_character(character)]
    for needle in denied:
        position = folded.find(needle)
        while position >= 0:
            yield origins[position], origins[position + len(needle) - 1] + 1
            position = folded.find(needle, position + 1)


def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
