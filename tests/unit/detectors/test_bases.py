"""Digits of a base."""

from __future__ import annotations

import base64
import secrets

import pytest

from hybrid_guard.detectors.bases import has_cases, read_ascii85, read_base64, read_base85, read_number, read_powers

RAW = b"anna.keller72@example.org"


@pytest.mark.parametrize(
    "digits",
    [
        base64.b64encode(RAW).rstrip(b"="),
        base64.b32encode(RAW).rstrip(b"="),
        base64.b32encode(RAW).rstrip(b"=").lower(),
        base64.b32hexencode(RAW).rstrip(b"="),
        base64.b32hexencode(RAW).rstrip(b"=").lower(),
        base64.b16encode(RAW),
        base64.b16encode(RAW).lower(),
    ],
)
def test_bases_of_a_power_of_two_are_read(digits: bytes) -> None:
    """Capitals and small letters, without what fills them up."""
    assert RAW in read_powers(digits)


@pytest.mark.parametrize("word", [b"meeting", b"delivery", b"Meeting", b"", b"well-known", b"under_score"])
def test_words_are_no_digits(word: bytes) -> None:
    """Small letters without a digit among them."""
    assert not has_cases(word)
    assert list(read_powers(word)) == []


@pytest.mark.parametrize("digits", [b"ABCDEFGHIJKLM", b"234567234567234567234", b"A" * 4097])
def test_a_number_of_digits_that_no_bytes_give_is_passed_over(digits: bytes) -> None:
    """Of eight digits of base 32, one, three or six are left over."""
    assert all(isinstance(raw, bytes) for raw in read_powers(digits))


def test_large_bases_are_read_as_one_number() -> None:
    """A number has no digits in front that are zero; one too long is not read."""
    number = secrets.randbits(256) | 1 << 255
    assert number.to_bytes(32, "big") in read_number(str(number).encode())
    assert list(read_number(b"9" * 401)) == []


def test_both_alphabets_are_read() -> None:
    """From `!` and from `0` on, with marks around it or without; what begins otherwise is left alone."""
    assert read_base64(base64.urlsafe_b64encode(b"\xfb\xff\xfe~~~")) == b"\xfb\xff\xfe~~~"
    assert read_base85(base64.b85encode(RAW)) == RAW
    assert read_ascii85(base64.a85encode(RAW, adobe=True)) == RAW
    assert read_base85(base64.b85encode(b"\0" * 8 + RAW)) is None
    assert read_ascii85(b"{{{{{{{{{{") is None
