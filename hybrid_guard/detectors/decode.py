"""What encodings hide: escapes of characters, blobs of text, markup inside of values."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hybrid_guard.detectors.blobs import BLOB_TRIGGER, find_blobs
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.views import OTHER, View, disjoin, edit, fold_text
from hybrid_guard.linear import compile_linear

__all__ = ["DEPTH", "Decoded", "Hidden", "count_hidden", "decode", "decode_all", "find_encoded"]

DEPTH = 4
"""Encodings inside of encodings that are opened."""

_UNIT = re.compile("u([0-9A-Fa-f]{4})")
_NAME = re.compile("[{]([^}]+)[}]")

_PAIR = rb"[0-9A-Fa-f]{2}"
_ESCAPES = {
    "percent": compile_linear(rb"(?:%" + _PAIR + rb")+"),
    "byte": compile_linear(rb"(?:\\x" + _PAIR + rb")+"),
    "octal": compile_linear(rb"(?:\\[0-3][0-7]{2})+"),
    "printable": compile_linear(rb"(?:=[0-9A-F]{2}){2,}"),
    "unicode": compile_linear(rb"(?:(?:\\+|%)u[0-9A-Fa-f]{4})+"),
    "named": compile_linear(rb"(?:\\N\{[A-Z0-9 -]{3,60}\})+"),
    "spaced": compile_linear(rb"(?:\\[0-9A-Fa-f]{2,6} ){3,}"),
    "braced": compile_linear(rb"(?:\\u\{[0-9A-Fa-f]{1,6}\})+|(?:\\U[0-9A-Fa-f]{8})+"),
    "entity": compile_linear(rb"(?:&(?:#[0-9]{1,9};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][A-Za-z0-9]{1,30};))+"),
}
_INERT = (
    rb"\{\}|\[\]|\(\)|\*{2,3}|_{2,3}|~~|`{1,3}|</?[A-Za-z][^<>\x1a]{0,300}>|<!--[^<>]{0,300}-->|/\*[^*/]{0,100}\*/"
    rb"|\[/?(?:b|i|u|s|url|code|color|size|font|quote|img|center)\]|\[[0-9;]{1,8}m|\]\([^()\s]{0,100}\)|\}\\[a-z]{2,12}\{|=\r?\n"
)
_MARKUP = compile_linear(rb"(?:" + _INERT + rb")+|\\[^A-Za-z0-9\s\x80-\xff]")
_MARKED = compile_linear(
    rb"[0-9A-Za-z@.:+_\x80-\xff-](?:(?:" + _INERT + rb")+|\\[^A-Za-z0-9\s\x80-\xff])[0-9A-Za-z@.:+_\x80-\xff-]"
    rb"|[0-9] ?(?:" + _INERT + rb")+ ?[0-9]"
)
_ESCAPED = compile_linear(
    rb"%" + _PAIR + rb"|%u|\\(?:x" + _PAIR + rb"|u|U|N\{|[0-3][0-7]{2}|[0-9A-Fa-f]{2,6} )|=[0-9A-F]{2}=[0-9A-F]{2}"
    rb"|&(?:#|[A-Za-z][A-Za-z0-9]{1,30};)"
)
# Matches where one of the escapes may be.

_TRIGGER = compile_linear(_ESCAPED.pattern + rb"|" + BLOB_TRIGGER + rb"|" + _MARKED.pattern)


_LONE = compile_linear(rb"(?:=(?:[0-9A-F]{2}|\r?\n))+")
# A single one may be an equation, so it is no trigger; who looks for a certain text reads it as well.
_SOFT_BREAK = re.compile(rb"=\r?\n")


class Decoded(NamedTuple):
    """
    What came out.

    Attributes:
        view: The text with its encoded parts in plain, in their places.
        escaped: ASCII letters and digits that were escaped though no format asks for it.
        blobs: Characters of readable text that came out of blobs.
        marked: Whether markup stood inside of words or numbers.
    """

    view: View
    escaped: int
    blobs: int
    marked: bool

    @property
    def odd(self) -> bool:
        """Whether a value in it was hidden, and not only written as its format asks for (JSON: ``Z\\u00fcrich``)."""
        return bool(self.escaped or self.blobs or self.marked)


class Hidden(NamedTuple):
    """
    How much of a text was encoded, on all levels.

    Attributes:
        escaped: As in `Decoded`.
        blobs: As in `Decoded`.
    """

    escaped: int
    blobs: int


def decode_all(view: View, deadline: Deadline) -> list[Decoded]:
    """
    *view* with its encodings opened, level by level, up to `DEPTH`; none if nothing in it is encoded.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    levels: list[Decoded] = []
    while len(levels) < DEPTH and (decoded := decode(view, deadline)) is not None:
        levels.append(decoded)
        view = decoded.view
    return levels


def count_hidden(levels: Sequence[Decoded]) -> Hidden:
    """What was hidden on all *levels* together."""
    return Hidden(sum(level.escaped for level in levels), sum(level.blobs for level in levels))


def decode(view: View, deadline: Deadline) -> Decoded | None:
    """
    *view* with one level of encodings opened; None if nothing in it is encoded.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    if _TRIGGER.search(view.data) is None:
        return None
    edits: list[tuple[int, int, bytes]] = []
    escaped = 0
    hidden: dict[tuple[int, int], int] = {}
    for start, end, text in _find_escapes(view.data, deadline):
        plain = fold_text(text)
        if plain != view.data[start:end]:
            edits.append((start, end, plain))
            escaped += sum(one.isascii() and one.isalnum() for one in text)
    marked = False
    if _MARKED.search(view.data) is not None:
        marked = True
        edits.extend(_find_markup(view.data, deadline))
    if not edits:
        # A blob that is broken by markup is no blob yet.
        for start, end, opened, count in find_blobs(view.data, deadline):
            edits.append((start, end, opened))
            hidden[start, end] = count
    disjoint = disjoin(edits)
    blobs = sum(hidden.get((start, end), 0) for start, end, _ in disjoint)
    return Decoded(edit(view, disjoint), escaped, blobs, marked) if disjoint else None


def find_encoded(data: bytes, deadline: Deadline) -> list[tuple[int, int, str]]:
    """
    Start and end of each escape and blob in *data*, one byte per character, and what it holds in letters of any script;
    for markup inside of words, nothing.

    Sorted and disjoint; blobs only where there is nothing else.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    lone = [
        (*one.span(), _unescape("printable", _SOFT_BREAK.sub(b"", one[0])))
        for one in deadline.watch(_LONE.finditer(data))
    ]
    if not lone and _TRIGGER.search(data) is None:
        return []
    found = [*lone, *_find_escapes(data, deadline)]
    if _MARKED.search(data) is not None:
        found.extend((*one, plain.decode("latin-1")) for *one, plain in _find_markup(data, deadline))
    if not found:
        found = [(start, end, opened.decode("latin-1")) for start, end, opened, _ in find_blobs(data, deadline)]
    return disjoin(found)


def _find_escapes(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, str]]:
    if _ESCAPED.search(data) is None:
        return
    for kind, regex in _ESCAPES.items():
        for found in deadline.watch(regex.finditer(data)):
            yield *found.span(), _unescape(kind, found[0])


def _find_markup(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, bytes]]:
    for found in deadline.watch(_MARKUP.finditer(data)):
        # An escaped sign stays, without the backslash before it.
        yield *found.span(), found[0][1:] if found[0].startswith(b"\\") else b""


def _unescape(kind: str, escape: bytes) -> str:
    text = escape.decode("latin-1")
    match kind:
        case "entity":
            return html.unescape(text)
        case "unicode":
            return bytes.fromhex("".join(_UNIT.findall(text))).decode("utf-16-be", "replace")
        case "named":
            return "".join(map(_named, _NAME.findall(text)))
        case "spaced":
            return "".join(_character(int(code, 16)) for code in text.replace("\\", "").split())
        case "braced":
            codes = text.replace("\\u{", " ").replace("}", "").replace("\\U", " ").split()
            return "".join(_character(int(code, 16)) for code in codes)
        case "octal":
            return _read_bytes(bytes(int(code, 8) for code in text.split("\\")[1:]))
        case _:
            return _read_bytes(bytes.fromhex(text.replace("%", "").replace("\\x", "").replace("=", "")))


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else OTHER


def _named(name: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return OTHER


def _read_bytes(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
