"""Encodings of whole texts."""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import lzma
import zlib
from collections.abc import Callable

import pytest

from hybrid_guard.detectors.blobs import find_blobs
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.errors import DetectionError

MAIL = b"anna.keller72@example.org"


def code(raw: bytes) -> str:
    """Base64."""
    return base64.b64encode(raw).decode()


def grouped(text: str, size: int, separator: str) -> str:
    """*text* in groups."""
    return separator.join(text[at : at + size] for at in range(0, len(text), size))


def number(raw: bytes, alphabet: str) -> str:
    """*raw* as one number."""
    value, text = int.from_bytes(raw, "big"), ""
    while value:
        value, digit = divmod(value, len(alphabet))
        text = alphabet[digit] + text
    return text


def read(text: str) -> list[bytes]:
    """What blobs in *text* say."""
    return [opened for _, _, opened, _ in find_blobs(text.encode("latin-1"), Deadline(60.0))]


WAYS: dict[str, Callable[[bytes], str]] = {
    "base64": code,
    "groups of four": lambda raw: grouped(code(raw), 4, " "),
    "groups over lines": lambda raw: grouped(code(raw), 8, "\n    "),
    "groups in quotes": lambda raw: grouped(code(raw), 6, '" + "'),
    "backwards": lambda raw: code(raw)[::-1],
    "rot13 of it": lambda raw: codecs.encode(code(raw), "rot13"),
    "two bytes": lambda raw: code(raw.decode().encode("utf-16-le")),
    "two bytes, the other way": lambda raw: code(raw.decode().encode("utf-16-be")),
    "two bytes with a mark": lambda raw: code(raw.decode().encode("utf-16")),
    "four bytes": lambda raw: code(raw.decode().encode("utf-32-le")),
    "UTF-7": lambda raw: f"+{code(raw.decode().encode('utf-16-be')).rstrip('=')}-",
    "gzip": lambda raw: code(gzip.compress(raw)),
    "zlib": lambda raw: code(zlib.compress(raw)),
    "deflate": lambda raw: code(zlib.compress(raw, wbits=-15)),
    "bzip2": lambda raw: code(bz2.compress(raw)),
    "xz": lambda raw: code(lzma.compress(raw)),
    "behind a label": lambda raw: f"sha256-{code(raw)}",
    "behind the beginning of a picture": lambda raw: f"iVBORw0KGgo{code(raw)}",
    "base32 in small letters": lambda raw: base64.b32encode(raw).decode().lower().rstrip("="),
    "base32 with another alphabet": lambda raw: base64.b32hexencode(raw).decode(),
    "base32 in groups": lambda raw: grouped(base64.b32encode(raw).decode().rstrip("="), 4, " "),
    "base85": lambda raw: base64.b85encode(raw).decode(),
    "base85 of Adobe": lambda raw: base64.a85encode(raw, adobe=True).decode(),
    "base58": lambda raw: number(raw, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
    "base62": lambda raw: number(raw, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    "base10": lambda raw: number(raw, "0123456789"),
    "hexadecimal in groups": lambda raw: grouped(raw.hex(), 4, " "),
    "hexadecimal in larger groups": lambda raw: grouped(raw.hex().upper(), 8, "-"),
    "hexadecimal backwards": lambda raw: raw.hex()[::-1],
    "hexadecimal of gzip": lambda raw: gzip.compress(raw).hex(),
    "calls": lambda raw: "+".join(f"chr({one})" for one in raw),
    "calls of another language": lambda raw: " & ".join(f"Chr({one})" for one in raw),
    "numbers in a list": lambda raw: str(list(raw)),
    "numbers with dashes": lambda raw: "-".join(map(str, raw)),
    "quoted numbers": lambda raw: str([hex(one) for one in raw]),
    "octal numbers": lambda raw: " ".join(f"{one:03o}" for one in raw),
    "binary numbers": lambda raw: ", ".join(bin(one) for one in raw),
    "seven bits": lambda raw: " ".join(f"{one:07b}" for one in raw),
    "code points": lambda raw: " ".join(f"U+{one:04X}" for one in raw),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_blob_says_is_read(way: str) -> None:
    """In a sentence, whatever base, width, order, compression or grouping it has."""
    assert any(MAIL in opened for opened in read(f"it is {WAYS[way](MAIL)} there")), way


def test_a_bomb_is_cut_off() -> None:
    """A blob that unpacks to much more than it is takes bounded memory."""
    text = code(gzip.compress(b"anna 72 " * (1 << 21)))
    assert max(map(len, read(text))) <= 1 << 16


@pytest.mark.parametrize(
    "text",
    [
        "this that with from some more like that",
        "internationalization of getElementsByClassNameAndTagName",
        "deadbeef00deadbeef00",
        "took 0.1438595867742 s for 3804733 rows on 2024-05-11T10:22:33Z",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
        '"(?:[A-Za-z0-9]+)(?:[_-][a-z]{2,4})?$"',
        "marks: 185 190 178 192 188 176 195 189",
    ],
)
def test_words_and_numbers_say_nothing_else(text: str) -> None:
    """Prose, identifiers, times, patterns and lists of numbers."""
    assert read(text) == []


def test_marks_and_ages_do_not_count_as_hidden() -> None:
    """Two digits each, they would spell capitals."""
    counts = [count for _, _, _, count in find_blobs(b"85, 90, 78, 92, 88, 76, 89, 77, 81, 84", Deadline(60.0))]
    assert sum(counts) == 0


@pytest.mark.parametrize("blob", [b"4" * 10_000 + b"7", b"12ab" * 5000, b"aB3-" * 5000])
def test_every_way_to_read_a_blob_looks_at_the_clock(blob: bytes) -> None:
    """One blob may be as long as the text, and each base takes its time."""
    looks = iter(range(1000))
    deadline = Deadline(2.5, clock=lambda: float(next(looks)))
    with pytest.raises(DetectionError, match="processor time"):
        list(find_blobs(blob, deadline))
    assert next(looks) == 4
