"""Texts that a policy calls always private, or never."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

__all__ = ["find_denied", "fold", "squash"]

_CHARACTER = re.compile(r"\\u[0-9a-fA-F]{4}|.", re.DOTALL)
_WIDE_SPACE = re.compile(r"\s\s|[^\S ]")
_ESCAPE = 6
_SILENT = frozenset({"Mn", "Me", "Cf"})
"""Categories of characters that are not seen, or only on another one."""


def fold(text: str) -> str:
    """*text* without differences of case and of compatible characters; what allow lists compare."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def squash(text: str) -> str:
    """*text* as `find_denied` compares it: also without accents, invisible characters and runs of white space."""
    return _squash(text)[0]


def find_denied(text: str, denied: Sequence[str]) -> Iterator[tuple[int, int]]:
    """
    Spans of *text* where one of *denied* stands; each of those is squashed and not empty.

    It is found in any case, with or without accents, in composed or decomposed letters, with invisible characters or
    line breaks inside, and in JSON escapes. Spans are widened to whole characters of *text*.
    """
    if not denied:
        return
    folded, starts, ends = _squash(text)
    for needle in denied:
        position = folded.find(needle)
        while position >= 0:
            yield starts[position], ends[position + len(needle) - 1]
            position = folded.find(needle, position + 1)


def _squash(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The squashed text, and where each of its characters begins and ends in *text*."""
    if text.isascii() and "\\u" not in text and not _WIDE_SPACE.search(text):
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _CHARACTER.finditer(text):
        raw = found[0]
        character = chr(int(f"0x{raw[2:]}", 0)) if len(raw) == _ESCAPE else raw
        for one in unicodedata.normalize("NFKD", _fold_character(character)):
            if unicodedata.category(one) in _SILENT:
                if ends:
                    ends[-1] = found.end()
                continue
            if one.isspace():
                if pieces and pieces[-1] == " ":
                    ends[-1] = found.end()
                    continue
                one = " "  # noqa: PLW2901 - every white space is one blank
            pieces.append(one)
            starts.append(found.start())
            ends.append(found.end())
    return "".join(pieces), starts, ends


def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
