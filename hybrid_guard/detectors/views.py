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
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["IGNORABLE", "OTHER", "OTHER_LETTER", "WORD", "View", "build_views"]

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
        origins: Code point of the original that each byte stands for; None if they are the same.
    """

    data: bytes = field(repr=False)
    origins: Sequence[int] | None = field(default=None, repr=False)

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that covers [*start*, *end*) of the reading; *start* < *end*."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1

    def read(self, start: int, end: int) -> str:
        """The reading from *start* to *end*."""
        return self.data[start:end].decode("latin-1")


def build_views(text: str) -> tuple[View, ...]:
    """
    One or two views of *text*.

    The first has a byte for each code point. The second is there if *text* holds characters that are invisible,
    combining or stand for several: it leaves them out or spells them out, so that a value they were hidden in is whole
    again.
    """
    if text.isascii():
        aligned = View(data=text.encode("ascii"))
        odd = _CONTROL.search(text) is not None
    else:
        aligned = View(data=text.translate(_ALIGNED).encode("latin-1"))
        odd = not _ODD.isdisjoint(text)
    if not odd:
        return (aligned,)
    pieces: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        piece = _ODD_PIECES.get(character)
        if piece is None:
            pieces.append(chr(aligned.data[index]))
            origins.append(index)
        else:
            pieces.append(piece)
            origins.extend([index] * len(piece))
    return aligned, View(data="".join(pieces).encode("latin-1"), origins=origins)


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
