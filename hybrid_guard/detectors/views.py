"""
A text as detectors read it: one byte per character, look-alikes of ASCII folded, with the way back to the original.

RE2 knows word boundaries, digits and spaces of ASCII only. A view therefore has one Latin-1 byte per character: ASCII
and Latin-1 stay, full-width and mathematical letters, foreign digits, dashes, quotes and spaces become their ASCII
counterparts, other letters of alphabetic scripts become `OTHER_LETTER`, and everything else `OTHER`. Offsets in such a
view are code points of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import AnyStr

from hybrid_guard.detectors.confusables import CONFUSABLES

__all__ = ["IGNORABLE", "OTHER", "OTHER_LETTER", "WORD", "View", "build_views", "disjoin", "edit", "fold_text"]

OTHER = "\x1a"
"""Stands for a character that is no part of any value."""

OTHER_LETTER = "\xff"
"""Stands for a letter beyond Latin-1 of a script that separates its words."""

WORD = r"\w\xaa\xb5\xba\xc0-\xd6\xd8-\xf6\xf8-\xff"
"""Body of a character class for views: letters, digits and the underscore. Those of RE2 know ASCII only."""

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Body of a character class: code points that are shown as nothing (Default_Ignorable_Code_Point of Unicode 16)."""

_IGNORABLE = re.compile(f"[{IGNORABLE}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_COMBINING = re.compile("[\u0300-\u036f\u20d0-\u20ff\ufe20-\ufe2f]")

# Scripts that do not separate words by spaces: a value that stands between such letters ends there.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)

# A look-alike in a run that also holds ASCII letters or digits; a word of one other script stays what it is.
_LOOK_ALIKE = re.compile(f"[{''.join(sorted(CONFUSABLES))}]")
_RUN = re.compile(r"\S+")
_ASCII_WORD = re.compile("[A-Za-z0-9]")
_LONGEST_CODE = 4

_FOLDED = {
    **dict.fromkeys("‘’‚‛′ʼ´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("−⁃", "-"),
    **dict.fromkeys("。｡․", "."),
    # These are part of ordinary writing, not of a value.
    **dict.fromkeys("…™℠½¼¾", OTHER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    One reading of a text.

    Attributes:
        data: One byte per character of the reading.
        origins: First code point of the original that each byte stands for, never falling; None if they are the same.
        ends: One past the last code point that each byte stands for, never falling; None if each stands for one.
    """

    data: bytes = field(repr=False)
    origins: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that covers [*start*, *end*) of the reading; *start* < *end*."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1 if self.ends is None else self.ends[end - 1]

    def read(self, start: int, end: int) -> str:
        """The reading from *start* to *end*."""
        return self.data[start:end].decode("latin-1")


def build_views(text: str) -> tuple[View, ...]:
    """
    One or two views of *text*.

    The first has a byte for each code point. The second is there if *text* holds characters that are invisible,
    combining or stand for several, or look-alikes of Latin letters among ASCII: it leaves them out or spells them out,
    so that a value they were hidden in is whole again.
    """
    if text.isascii():
        aligned = View(data=text.encode("ascii"))
        odd = _CONTROL.search(text) is not None
        alike: dict[int, str] = {}
    else:
        aligned = View(data=fold_text(text))
        odd = not _ODD.isdisjoint(text)
        alike = _find_alike(text)
    if not odd and not alike:
        return (aligned,)
    edits = [
        (index, index + 1, (alike.get(index) or _ODD_PIECES[character]).encode("latin-1"))
        for index, character in enumerate(text)
        if character in _ODD or index in alike
    ]
    return aligned, edit(aligned, edits)


def fold_text(text: str) -> bytes:
    """One byte for each code point of *text*."""
    return text.translate(_ALIGNED).encode("latin-1")


def edit(view: View, edits: Iterable[tuple[int, int, bytes]]) -> View:
    """
    *view* with spans replaced: each byte of a replacement stands for the whole span.

    Args:
        view: What is changed.
        edits: Start and end in *view*, and what stands in place of it; sorted and disjoint, none of them empty.
    """
    pieces: list[bytes] = []
    origins: list[int] = []
    ends: list[int] = []
    position = 0

    def copy(start: int, end: int) -> None:
        pieces.append(view.data[start:end])
        origins.extend(range(start, end) if view.origins is None else view.origins[start:end])
        if view.ends is not None:
            ends.extend(view.ends[start:end])
        elif view.origins is not None:
            ends.extend([origin + 1 for origin in view.origins[start:end]])
        else:
            ends.extend(range(start + 1, end + 1))

    for start, end, piece in edits:
        copy(position, start)
        if piece:
            first, last = view.locate(start, end)
            pieces.append(piece)
            origins.extend([first] * len(piece))
            ends.extend([last] * len(piece))
        position = end
    copy(position, len(view.data))
    return View(data=b"".join(pieces), origins=origins, ends=ends)


def disjoin(edits: Iterable[tuple[int, int, AnyStr]]) -> list[tuple[int, int, AnyStr]]:
    """The edits in order; of those that overlap, the first, and the longest of those."""
    kept: list[tuple[int, int, AnyStr]] = []
    position = 0
    for start, end, piece in sorted(edits, key=lambda one: (one[0], -one[1])):
        if start >= position:
            kept.append((start, end, piece))
            position = end
    return kept


def _find_alike(text: str) -> dict[int, str]:
    """Offset to ASCII letter, for the look-alikes that stand in one run with ASCII letters or digits."""
    if not _LOOK_ALIKE.search(text):
        return {}
    return {
        index: CONFUSABLES[text[index]]
        for run in _RUN.finditer(text)
        if not run[0].isascii() and (_ASCII_WORD.search(run[0]) or _is_code(text, run))
        for index in range(run.start(), run.end())
        if text[index] in CONFUSABLES
    }


def _is_code(text: str, run: re.Match[str]) -> bool:
    """Whether *run* may be the letters of a number: a few look-alikes and nothing else, with a digit beside them."""
    beside = text[run.end() : run.end() + 2] + text[max(0, run.start() - 2) : run.start()]
    return len(run[0]) <= _LONGEST_CODE and any(map(str.isdigit, beside)) and all(one in CONFUSABLES for one in run[0])


class _Aligned(dict[int, str]):
    """Code point to the one character that stands for it, worked out when first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        piece = _spell(character)
        if len(piece) != 1 or (unicodedata.category(character) == "No" and piece.isdigit()):
            # A superscript or circled digit may end a number as well as belong to it, so both readings are tried.
            _ODD_PIECES[character] = piece
            _ODD.add(character)
            piece = OTHER
        self[code] = piece
        return piece


def _spell(character: str) -> str:
    """What *character* reads as: characters up to U+00FF, none for an invisible one."""
    code = ord(character)
    if _CONTROL.match(character):
        return ""
    if code < 0x80:
        return character
    if 0xE0020 <= code <= 0xE007E:
        return chr(code - 0xE0000)
    if _IGNORABLE.match(character) or _COMBINING.match(character):
        return ""
    if character in _FOLDED:
        return _FOLDED[character]
    match unicodedata.category(character):
        case "Nd":
            return str(unicodedata.decimal(character))
        case "Zs" | "Zl" | "Zp":
            return " "
        case "Pd":
            return "-"
        case "Sc" if code > 0xFF:
            return "¤"
    normal = unicodedata.normalize("NFKC", character)
    if normal.isascii() and normal.isprintable():
        return normal
    if code <= 0xFF:
        return character
    return OTHER_LETTER if character.isalpha() and not _UNSPACED.match(character) else OTHER


_ODD_PIECES: dict[str, str] = {chr(code): "" for code in (*range(9), 11, *range(14, 32), 127)}
_ODD: set[str] = set(_ODD_PIECES)
_ALIGNED = _Aligned()
