"""Texts that a policy calls always private, or never."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from hybrid_guard.detectors.views import IGNORABLE

__all__ = ["find_denied", "fold", "squash"]

# A character as it stands, or escaped as JSON escapes it, any number of times over: each time doubles backslashes.
_CHARACTER = re.compile(
    r"\\+u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\+u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|\\+u(?P<code>[0-9a-fA-F]{4})"
    # INVARIANT: a run of backslashes is read at once, or it would be looked through from each of them.
    r"|\\+|.",
    re.DOTALL,
)
_ESCAPED_SPACE = re.compile(r"(?<!\\)(\\+)[nrtf]")
_DEPTHS = (1, 2, 4, 8)
# Backslashes before the letter of a line break in JSON, in JSON in a string of JSON, and so on.
_ODD = re.compile(r"\s\s|[^\S ]|[\x00-\x1f\x7f\\]")
_IGNORED = re.compile(f"[{IGNORABLE}]")
_SILENT = frozenset({"Cc", "Cf", "Me", "Mn"})
"""Categories of characters that are not seen, or only on another one."""


def fold(text: str) -> str:
    """*text* without differences of case and of compatible characters; what allow lists compare."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


def squash(text: str) -> str:
    """*text* as `find_denied` compares it: also without accents, invisible characters, backslashes and wide gaps."""
    return _squash(text)[0].strip()


def find_denied(text: str, denied: Sequence[str]) -> Iterator[tuple[int, int]]:
    """
    Spans of *text* where one of *denied* stands; each of those is squashed and not empty.

    It is found in any case, with or without accents, in composed or decomposed letters, with invisible characters or
    line breaks inside, and in JSON escapes, also in those of JSON in a string of JSON. Spans are widened to whole
    characters of *text*.
    """
    if not denied:
        return
    # A backslash and an `n` are a line break in JSON, and begin a name in a path. In JSON that is in a string
    # of JSON, the one has as many backslashes as the other has outside, so each depth is read by itself.
    runs = {len(run) for run in _ESCAPED_SPACE.findall(text)}
    breaks = {frozenset(run for run in runs if run % (2 * depth) == depth) for depth in _DEPTHS} | {frozenset(runs)}
    readings = [_squash(text), *(_squash(text, escapes=escapes) for escapes in breaks if escapes)]
    for folded, starts, ends in readings:
        for needle in denied:
            position = folded.find(needle)
            while position >= 0:
                yield starts[position], ends[position + len(needle) - 1]
                position = folded.find(needle, position + 1)


def _squash(text: str, *, escapes: AbstractSet[int] = frozenset()) -> tuple[str, Sequence[int], Sequence[int]]:
    """
    The squashed text, and where each of its characters begins and ends in *text*.

    Args:
        text: As it stands.
        escapes: How many backslashes make white space of the letter after them.
    """
    if text.isascii() and not _ODD.search(text):
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for character, start, end in _read(text):
        spaced = character in "nrtf" and end - start - 1 in escapes
        spelled = " " if spaced else _spell(character)
        if not spelled and ends:
            ends[-1] = end
        for one in spelled:
            if one == " " and pieces and pieces[-1] == " ":
                ends[-1] = end
                continue
            pieces.append(one)
            starts.append(start)
            ends.append(end)
    return "".join(pieces), starts, ends


def _read(text: str) -> Iterator[tuple[str, int, int]]:
    """Each character that *text* stands for, and where it begins, with the backslashes before it, and ends."""
    begin = -1
    for found in _CHARACTER.finditer(text):
        high, low, code = found.groups()
        character = found[0] if not (high or code) else chr(int(code or high, 16))
        if low:
            character = chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
        begin = found.start() if begin < 0 else begin
        if character[0] != "\\":
            yield character, begin, found.end()
            begin = -1


@lru_cache(maxsize=4096)
def _spell(character: str) -> str:
    """What is left of *character*: letters, digits and signs in small letters without accents, and blanks."""
    if _IGNORED.match(character):
        return ""
    normal = unicodedata.normalize("NFKD", _fold_character(character))
    blank = [" " if one.isspace() else one for one in normal]
    return "".join(one for one in blank if unicodedata.category(one) not in _SILENT)


def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
