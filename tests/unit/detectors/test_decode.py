"""Encodings that hide a value."""

from __future__ import annotations

import base64

import pytest

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import decode
from hybrid_guard.detectors.views import build_views

MAIL = "anna.keller@example.org"


def opened(text: str) -> tuple[str, int, int] | None:
    """One level opened: what is read, letters escaped without need, letters in blobs."""
    decoded = decode(build_views(text)[-1], Deadline(60.0))
    return None if decoded is None else (decoded.view.data.decode("latin-1"), decoded.escaped, decoded.blobs)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("anna%40example.org", "anna@example.org"),
        ("anna&#64;example&#x2e;org", "anna@example.org"),
        ("anna&commat;example.org", "anna@example.org"),
        ("room 12&sup2;", "room 12\x1a"),
        ("anna\\u0040example.org", "anna@example.org"),
        ("anna\\u{40}example.org", "anna@example.org"),
        ("anna\\x40example.org", "anna@example.org"),
        ("anna\\100example.org", "anna@example.org"),
        ("caf%C3%A9", "caf\xe9"),
        ("caf%E9", "caf\xe9"),
        ("41**11** 1111", "4111 1111"),
        ("41<b>11</b> 1111", "4111 1111"),
        ("a\\_b\\@c", "a_b@c"),
        ("=61=6E=6E=61 x", "anna x"),
        ("61 6e 6e 61 40 65 78", "anna@ex"),
        ("01100001 01101110 01101110 01100001 01000000 01111000", "anna@x"),
        ("97, 110, 110, 97, 64, 101, 120, 46", "anna@ex."),
    ],
)
def test_an_encoded_part_is_read_in_its_place(text: str, reading: str) -> None:
    """Escapes, markup and blobs."""
    found = opened(text)
    assert found is not None
    assert found[0] == reading


@pytest.mark.parametrize(
    "blob",
    [
        base64.b64encode(MAIL.encode()).decode(),
        base64.urlsafe_b64encode(MAIL.encode()).decode().rstrip("="),
        base64.b32encode(MAIL.encode()).decode(),
        MAIL.encode().hex(),
        base64.encodebytes(f"{MAIL} and {MAIL} and {MAIL} and so on".encode()).decode().rstrip("\n"),
    ],
)
def test_a_blob_of_text_is_opened_and_covered_whole(blob: str) -> None:
    """A span in what came out leads back to all of the blob."""
    decoded = decode(build_views(f"see {blob} there")[-1], Deadline(60.0))
    assert decoded is not None
    start = decoded.view.data.index(MAIL.encode())
    assert decoded.view.locate(start, start + len(MAIL)) == (4, 4 + len(blob))
    assert decoded.blobs >= 20


@pytest.mark.parametrize(
    "text",
    [
        "plain words, communication and responsibility",
        "commit 8f953371d3e85eddb89b05ed6b9e680791055315",
        "00:1b:44:11:3a:b7",
        "100 % of a & b; c = d",
        "a * b * c and **bold** words",
        "123e4567-e89b-12d3-a456-426614174000",
        base64.b64encode(bytes(range(128, 200))).decode(),
    ],
)
def test_what_is_no_text_is_left_alone(text: str) -> None:
    """Words, hashes, addresses, pictures."""
    assert opened(text) is None


def test_letters_that_need_no_escape_are_counted() -> None:
    """An escaped letter is odd, an escaped sign is not."""
    assert opened("%61%62%63 %20 &amp; &eacute;") == ("abc   & \xe9", 3, 0)
