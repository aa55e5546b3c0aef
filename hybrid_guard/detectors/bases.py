"""Digits of a base as the bytes that they stand for."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

__all__ = ["has_cases", "read_ascii85", "read_base64", "read_base85", "read_number", "read_powers"]

_MOST_DIGITS = 400
# Of a number in a base that is no power of two: to read it takes time that grows with the square of them.

_LEAST_CAPITALS = 12
# Digits of a base of up to 32, where they are capitals: a word in capitals is shorter.

# Of the standard library: for so short a text it takes a tenth of the time. Linear, for each try ends where the next
# begins.
_CASES = re.compile(rb"[a-z0-9+/_-][A-Z0-9+/]|[A-Z][a-z0-9]*[A-Z]")

_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_HEXADECIMAL = b"0123456789ABCDEFabcdef"
_DECIMAL, _FROM_TWO = b"0123456789", b"234567"
_BASE32, _SMALL_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"abcdefghijklmnopqrstuvwxyz234567"
_BASE32_HEX, _SMALL_BASE32_HEX = b"0123456789ABCDEFGHIJKLMNOPQRSTUV", b"0123456789abcdefghijklmnopqrstuv"
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ALPHABETS = tuple(
    (alphabet, bytes.maketrans(alphabet, bytes(range(len(alphabet)))))
    for alphabet in (_BASE58, _BASE62, _BASE62.swapcase())
)
_FROM_BASE85 = bytes.maketrans(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~", bytes(range(33, 118))
)


def has_cases(digits: bytes) -> bool:
    """Whether *digits* are mixed as those of a large base are: words are not."""
    return _CASES.search(digits) is not None


def read_powers(digits: bytes) -> Iterator[bytes]:
    """*digits* in bases of a power of two, whose digits are letters and digits alike: 64, 32, and 16."""
    if has_cases(digits):
        yield read_base64(digits)
    for capitals, small, needed, decode in (
        (_BASE32, _SMALL_BASE32, _FROM_TWO, base64.b32decode),
        (_BASE32_HEX, _SMALL_BASE32_HEX, _DECIMAL, base64.b32hexdecode),
    ):
        if _are_digits(digits, capitals, small, needed):
            try:
                yield decode(digits.upper() + b"=" * (-len(digits) % 8))
            except binascii.Error:
                continue
    if len(digits) >= _LEAST_CAPITALS and len(digits) % 2 == 0 and _consists_of(digits, _HEXADECIMAL):
        yield bytes.fromhex(digits.decode())


def _are_digits(digits: bytes, capitals: bytes, small: bytes, needed: bytes) -> bool:
    if len(digits) >= _LEAST_CAPITALS and _consists_of(digits, capitals):
        return True
    # Small letters without a digit among them are a word.
    return _consists_of(digits, small) and len(digits.translate(None, needed)) < len(digits)


def _consists_of(digits: bytes, alphabet: bytes) -> bool:
    return not digits.translate(None, alphabet)


def read_base64(digits: bytes) -> bytes:
    """*digits* in base 64, of either alphabet, without what fills it up; one digit too many is left out."""
    digits = digits.translate(_FROM_URL_SAFE)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + b"=" * (-len(digits) % 4))


def read_number(digits: bytes) -> Iterator[bytes]:
    """*digits* as one number in base 10, 58 or 62."""
    if len(digits) > _MOST_DIGITS:
        return
    if digits.isdigit():
        yield _to_bytes(int(digits))
    elif has_cases(digits):
        for alphabet, values in _ALPHABETS:
            if _consists_of(digits, alphabet):
                number = 0
                for value in digits.translate(values):
                    number = number * len(alphabet) + value
                yield _to_bytes(number)


def _to_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def read_base85(token: bytes) -> bytes | None:
    """*token* in base 85 with digits from `0` on, if what it begins with is printable; None if not."""
    if not _begins_printable(token.translate(_FROM_BASE85)):
        return None
    try:
        return base64.b85decode(token)
    except (ValueError, OverflowError):
        return None


def read_ascii85(token: bytes) -> bytes | None:
    """*token* in base 85 with digits from `!` on, if what it begins with is printable; None if not."""
    inner = token.removeprefix(b"<~").removesuffix(b"~>")
    if not _begins_printable(inner):
        return None
    try:
        return base64.a85decode(inner)
    except (ValueError, OverflowError):
        return None


def _begins_printable(token: bytes) -> bool:
    """Whether the first eight bytes that *token* says in base 85, with digits from `!` on, are printable."""
    for group in (token[:5], token[5:10]):
        value = 0
        for code in group:
            value = value * 85 + code - 33
        if not 0 <= value < 1 << 32 or any(not 32 <= one < 127 for one in value.to_bytes(4, "big")):
            return False
    return True
