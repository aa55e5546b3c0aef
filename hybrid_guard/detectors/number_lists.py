"""Texts that are written as the numbers of their characters."""

from __future__ import annotations

from hybrid_guard.detectors.deadline import Deadline
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


def read_numbers(blob: bytes, deadline: Deadline) -> bytes | None:
    """
    What the numbers say, decimal and octal, with a break between if both say something; None if neither does.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    decimal: bytearray | None = bytearray()
    octal: bytearray | None = bytearray()
    for found in deadline.watch(_EACH.finditer(blob)):
        decimal = _add(decimal, _value(found[0]))
        octal = _add(octal, int(found[0], 8) if _OCTAL.search(found[0]) is not None else -1)
        if decimal is None and octal is None:
            return None
    return _BREAK.join(bytes(reading) for reading in (decimal, octal) if reading) or None


def _add(reading: bytearray | None, code: int) -> bytearray | None:
    """*reading* with one character more; None if the numbers are none."""
    if reading is None or not _LOWEST <= code <= _HIGHEST:
        return None
    reading.append(code)
    return reading


def _value(item: bytes) -> int:
    text = item.decode().lower()
    if text.startswith("u+"):
        return int(f"0x{text[2:]}", 0)
    if text[:2] in {"0x", "0b", "0o"}:
        return int(text, 0)
    return int(text, 2) if len(text) == 7 else int(text)
