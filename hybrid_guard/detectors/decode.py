"""What encodings hide: escapes of characters, blobs of text, markup inside of values."""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Callable
from typing import NamedTuple

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.views import OTHER, View, disjoin, edit, fold_text
from hybrid_guard.linear import compile_linear

__all__ = ["DEPTH", "Decoded", "decode"]

DEPTH = 4
"""Encodings inside of encodings that are opened."""

_LEAST_PAIRS = 3
_LEAST_BLOB = 6
# Bytes that a blob decodes to. Random bytes are printable text of that length one time in four hundred.

_READABLE = compile_linear(rb"^[\t\n\r -~\xa0-\xff]+$")
_ALNUM = compile_linear(rb"[A-Za-z0-9]")

_PAIR = rb"[0-9A-Fa-f]{2}"
_ESCAPES = {
    "percent": compile_linear(rb"(?:%" + _PAIR + rb")+"),
    "byte": compile_linear(rb"(?:\\x" + _PAIR + rb")+"),
    "octal": compile_linear(rb"(?:\\[0-3][0-7]{2})+"),
    "printable": compile_linear(rb"(?:=[0-9A-F]{2}){2,}"),
    "unicode": compile_linear(rb"(?:\\u[0-9A-Fa-f]{4})+"),
    "braced": compile_linear(rb"(?:\\u\{[0-9A-Fa-f]{1,6}\})+|(?:\\U[0-9A-Fa-f]{8})+"),
    "entity": compile_linear(rb"(?:&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)+"),
}
_BLOBS = {
    # Before pairs of hexadecimal digits, which these may be, too.
    "code points": compile_linear(rb"[0-9]{2,3}(?:[ ,;]{1,2}[0-9]{2,3}){7,}"),
    "hexadecimal": compile_linear(rb"(?:0x)?(?:" + _PAIR + rb"){6,}"),
    "spaced hexadecimal": compile_linear(rb"(?:0[xX])?" + _PAIR + rb"(?:[ ,:-]{1,2}(?:0[xX])?" + _PAIR + rb"){5,}"),
    "binary": compile_linear(rb"[01]{8}(?:[ ,]?[01]{8}){5,}"),
    "base64": compile_linear(rb"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}"),
    "base32": compile_linear(rb"[A-Z2-7]{14,}={0,6}"),
}
_INERT = rb"\{\}|\[\]|\(\)|\*{2,3}|_{2,3}|~~|`{1,3}|</?[A-Za-z][^<>\x1a]{0,60}>|<!--[^<>]{0,60}-->"
_MARKUP = compile_linear(rb"(?:" + _INERT + rb")+|\\[^A-Za-z0-9\s\x80-\xff]")
_MARKED = compile_linear(
    rb"[0-9A-Za-z@.:+_\x80-\xff-](?:(?:" + _INERT + rb")+|\\[^A-Za-z0-9\s\x80-\xff])[0-9A-Za-z@.:+_\x80-\xff-]"
    rb"|[0-9] ?(?:" + _INERT + rb")+ ?[0-9]"
)
_TRIGGER = compile_linear(
    rb"%" + _PAIR + rb"|\\(?:x" + _PAIR + rb"|u|U|[0-3][0-7]{2})|=[0-9A-F]{2}=[0-9A-F]{2}|&(?:#|[A-Za-z]{2,30};)"
    rb"|[A-Za-z0-9+/_-]{12,}|" + _PAIR + rb"[ ,:-]{1,2}" + _PAIR + rb"[ ,:-]{1,2}" + _PAIR + rb"[ ,:-]{1,2}"
    rb"|0[xX]" + _PAIR + rb"|(?:[0-9]{2,3}[ ,;]{1,2}){7}|[01]{8}[ ,][01]{8}|" + _MARKED.pattern
)
_CASES = compile_linear(rb"[a-z0-9+/_-][A-Z0-9+/]|[A-Z][a-z0-9]*[A-Z]")


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


def decode(view: View, deadline: Deadline) -> Decoded | None:
    """
    *view* with one level of encodings opened; None if nothing in it is encoded.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    if _TRIGGER.search(view.data) is None:
        return None
    edits: list[tuple[int, int, bytes]] = []
    escaped = blobs = 0
    for kind, regex in _ESCAPES.items():
        for found in deadline.watch(regex.finditer(view.data)):
            text = _unescape(kind, found[0])
            plain = fold_text(text)
            if plain != found[0]:
                edits.append((*found.span(), plain))
                escaped += sum(one.isascii() and one.isalnum() for one in text)
    marked = False
    if _MARKED.search(view.data) is not None:
        marked = True
        # An escaped sign stays, without the backslash before it.
        edits.extend(
            (*found.span(), found[0][1:] if found[0].startswith(b"\\") else b"")
            for found in deadline.watch(_MARKUP.finditer(view.data))
        )
    if not edits:
        # A blob that is broken by markup is no blob yet.
        for kind, regex in _BLOBS.items():
            for found in deadline.watch(regex.finditer(view.data)):
                opened = _open_blob(kind, found[0])
                if opened is not None:
                    edits.append((*found.span(), opened))
                    blobs += len(_ALNUM.findall(opened))
    disjoint = disjoin(edits)
    return Decoded(edit(view, disjoint), escaped, blobs, marked) if disjoint else None


def _unescape(kind: str, escape: bytes) -> str:
    text = escape.decode("latin-1")
    match kind:
        case "entity":
            return html.unescape(text)
        case "unicode":
            units = "".join(text.split("\\u"))
            return bytes.fromhex(units).decode("utf-16-be", "replace")
        case "braced":
            codes = text.replace("\\u{", " ").replace("}", "").replace("\\U", " ").split()
            return "".join(_character(int(code, 16)) for code in codes)
        case "octal":
            return _read_bytes(bytes(int(code, 8) for code in text.split("\\")[1:]))
        case _:
            return _read_bytes(bytes.fromhex(text.replace("%", "").replace("\\x", "").replace("=", "")))


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else OTHER


def _read_bytes(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _open_blob(kind: str, blob: bytes) -> bytes | None:
    """What *blob* says, if that is text."""
    raw = _OPENERS[kind](blob)
    if raw is None or len(raw) < _LEAST_BLOB:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    plain = fold_text(text)
    return plain if _READABLE.search(plain) and len(_ALNUM.findall(plain)) * 2 >= len(plain) else None


def _open_hexadecimal(blob: bytes) -> bytes | None:
    digits = blob.removeprefix(b"0x")
    if len({digits[index : index + 2] for index in range(0, len(digits), 2)}) < _LEAST_PAIRS:
        # A fraction that repeats.
        return None
    return bytes.fromhex(digits.decode()) if len(digits) % 2 == 0 else None


def _open_spaced(blob: bytes) -> bytes | None:
    digits = blob.replace(b"0x", b"").replace(b"0X", b"").translate(None, b" ,:-")
    return bytes.fromhex(digits.decode()) if len(digits) % 2 == 0 else None


def _open_binary(blob: bytes) -> bytes | None:
    bits = blob.translate(None, b" ,")
    return bytes(int(bits[index : index + 8], 2) for index in range(0, len(bits) - 7, 8))


def _open_code_points(blob: bytes) -> bytes | None:
    codes = [int(code) for code in blob.replace(b",", b" ").replace(b";", b" ").split()]
    return bytes(codes) if max(codes) < 0x7F else None


def _open_base64(blob: bytes) -> bytes | None:
    digits = blob.translate(None, b"\r\n=").translate(bytes.maketrans(b"-_", b"+/"))
    if len(digits) % 4 == 1 or not _CASES.search(digits):
        return None
    return base64.b64decode(digits + b"=" * (-len(digits) % 4))


def _open_base32(blob: bytes) -> bytes | None:
    digits = blob.rstrip(b"=")
    try:
        return base64.b32decode(digits + b"=" * (-len(digits) % 8))
    except binascii.Error:
        return None


_OPENERS: dict[str, Callable[[bytes], bytes | None]] = {
    "hexadecimal": _open_hexadecimal,
    "spaced hexadecimal": _open_spaced,
    "binary": _open_binary,
    "code points": _open_code_points,
    "base64": _open_base64,
    "base32": _open_base32,
}
