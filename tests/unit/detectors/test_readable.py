"""Bytes that are text."""

from __future__ import annotations

import bz2
import gzip
import lzma
import secrets
import zlib

import pytest

from hybrid_guard.detectors.readable import MEDIA, count_alnum, read_plain, read_text

TEXT = "Anna Meyer, Ring 5, 10115 Berlin"


def deflate(raw: bytes, level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """Without a header."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, strategy=strategy)
    return packer.compress(raw) + packer.flush()


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        gzip.compress(TEXT.encode()),
        zlib.compress(TEXT.encode()),
        bz2.compress(TEXT.encode()),
        lzma.compress(TEXT.encode()),
        deflate(TEXT.encode(), 0),
        deflate(TEXT.encode(), 9, zlib.Z_FIXED),
        deflate(TEXT.encode() + secrets.token_hex(2000).encode(), 9),
    ],
    ids=lambda raw: raw[:3].hex(),
)
def test_text_is_read_however_it_is_stored(raw: bytes) -> None:
    """Wide, and in each kind of block of what is compressed."""
    plain = read_text(raw)
    assert plain is not None
    assert plain.startswith(TEXT.encode())


@pytest.mark.parametrize("raw", [b"", b"short", b"\xff\xfe\xfd\xfc\xfb\xfa\xf9", b"tab\x07bell", b"-- -- --", None])
def test_other_bytes_are_none(raw: bytes | None) -> None:
    """Too short, no UTF-8, signs that control, and hardly a letter."""
    assert read_text(raw) is None


def test_letters_are_shown_as_in_a_view() -> None:
    """One byte for each character; those that look like a digit count as one."""
    assert read_plain("Zürich １２".encode()) == "Zürich 12".encode("latin-1")
    assert count_alnum(b"a-1 \xfc Z") == 3


@pytest.mark.parametrize(
    ("blob", "is_one"), [(b"data,iVBORw0KGgo", True), (b"aiVBORw0KGgo", False), (b"SGVsbG8=", False)]
)
def test_media_begin_as_they_do(blob: bytes, is_one: bool) -> None:
    """At the beginning of a blob, and not inside of it."""
    assert (MEDIA.search(blob) is not None) is is_one
