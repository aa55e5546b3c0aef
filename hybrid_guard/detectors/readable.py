"""Bytes that are text: plain, in two or four bytes for each character, or compressed."""

from __future__ import annotations

import bz2
import lzma
import zlib

from hybrid_guard.detectors.views import fold_text
from hybrid_guard.linear import compile_linear

__all__ = ["MEDIA", "count_alnum", "read_plain", "read_text"]

MEDIA = compile_linear(
    rb"(?:^|[^A-Za-z0-9+/])(?:iVBORw0|/9j/|R0lGOD|UklGR|Qk[0-9A-Za-z]|JVBERi|SUkq|T2dnUw|d09G|MII|AAAA)"
)
"""First bytes of what is no text but ordinary all the same, in base64: pictures, sound, documents, certificates."""

_LEAST = 6
# Bytes. Random ones are printable text of that length one time in four hundred.

_MOST_UNPACKED = 1 << 16
# Bytes that compressed ones are unpacked to: more is cut off.

_MOST_MEMORY = 1 << 24
# Bytes that unpacking may take.

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NOT_ALNUM = bytes(code for code in range(256) if code not in _ALNUM)
_READABLE = bytes((*b"\t\n\r", *range(0x20, 0x7F), *range(0xA0, 0x100)))
_HEADERS = frozenset({b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda"})
_STORED, _RESERVED = 0, 3
# Kinds of the first block of what is compressed without a header.


def count_alnum(plain: bytes) -> int:
    """ASCII letters and digits in *plain*."""
    return len(plain.translate(None, _NOT_ALNUM))


def read_plain(raw: bytes) -> bytes | None:
    """*raw* as a view shows it, if it is text in UTF-8 of some length; None if not."""
    if len(raw) < _LEAST:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    plain = fold_text(text)
    return plain if not plain.translate(None, _READABLE) and count_alnum(plain) * 2 >= len(plain) else None


def read_text(raw: bytes | None) -> bytes | None:
    """The text that *raw* is, also in two or four bytes for each character, or compressed; None if it is none."""
    if raw is None or len(raw) < _LEAST:
        return None
    if raw.count(0) * 5 >= len(raw) * 2:
        return read_plain(raw.translate(None, b"\0").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"))
    return read_plain(raw) or read_plain(_unpack(raw))


def _unpack(raw: bytes) -> bytes:
    """What *raw* is compressed from, cut off at a bound; nothing if it is not compressed."""
    try:
        if raw.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(raw, _MOST_UNPACKED)
        if raw.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor(memlimit=_MOST_MEMORY).decompress(raw, _MOST_UNPACKED)
        if raw[:2] in _HEADERS:
            return zlib.decompressobj(47).decompress(raw, _MOST_UNPACKED)
        if not _may_be_bare(raw):
            return b""
        # Without a header, only what ends where it says counts.
        bare = zlib.decompressobj(-15)
        unpacked = bare.decompress(raw, _MOST_UNPACKED)
        return unpacked if bare.eof and not bare.unused_data else b""
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        return b""


def _may_be_bare(raw: bytes) -> bool:
    """Whether *raw* may begin with a block of deflate (RFC 1951, 3.2.3), which costs less to see than to try."""
    kind = raw[0] >> 1 & 3
    if kind == _STORED:
        # The length, and its complement.
        return raw[1] ^ raw[3] == raw[2] ^ raw[4] == 0xFF
    return kind != _RESERVED
