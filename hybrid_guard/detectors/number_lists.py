"""Texts that are written as the numbers of their characters."""

from __future__ import annotations

from hybrid_guard.linear import compile_linear

__all__ = ["NUMBER_LIST", "read_numbers"]

_NUMBER = rb"(?:0[xX][0-9A-Fa-f]{1,4}|0[bB][01]{5,8}|0[oO][0-7]{1,3}|[Uu]\+[0-9A-Fa-f]{4,6}|[01]{7}|[0-9]{1,3})"
_ITEM = rb"(?:[A-Za-z.]{1,20}\( ?)?['\"]?" + _NUMBER + rb"['\"]?(?: ?\))?"
_SEPARATOR = rb"[ ,;&|+./_\r\n-]{1,4}"

NUMBER_LIST = _ITEM + rb"(?:" + _SEPARATOR + _ITEM + rb"){7,}"
"""Eight numbers and more, each alone, quoted, or in a call such as ``chr(65)``."""

_EACH = compile_linear(_NUMBER)
_OCTAL = compile_linear(rb"^[0-7]{2,3}$")
_BREAK = b"\x1a"
_LOWEST, _HIGHEST = 0x20, 0x7E


def read_numbers(blob: bytes) -> bytes | None:
    """What the numbers say, decimal and octal, with a break between if both say something; None if neither does."""
    items = [found[0] for found in _EACH.finditer(blob)]
    readings = [reading for reading in (_decimal(items), _octal(items)) if reading]
    return _BREAK.join(readings) if readings else None


def _decimal(items: list[bytes]) -> bytes | None:
    return _spell([_value(item) for item in items])


def _octal(items: list[bytes]) -> bytes | None:
    if not all(_OCTAL.search(item) for item in items):
        return None
    return _spell([int(item, 8) for item in items])


def _value(item: bytes) -> int:
    text = item.decode().lower()
    if text.startswith("u+"):
        return int(f"0x{text[2:]}", 0)
    if text[:2] in {"0x", "0b", "0o"}:
        return int(text, 0)
    return int(text, 2) if len(text) == 7 else int(text)


def _spell(codes: list[int]) -> bytes | None:
    return bytes(codes) if all(_LOWEST <= code <= _HIGHEST for code in codes) else None
