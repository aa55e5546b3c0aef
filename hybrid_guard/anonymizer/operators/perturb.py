"""Shift the numbers and dates of a span."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta

from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.anonymizer.operators.quantities import numbers_of
from hybrid_guard.anonymizer.operators.redact import label

__all__ = ["Perturb"]

_DAYS, _YEARS = 30, 5
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_LEAST_SHARE, _MOST_SHARE = 5, 20
_LEADING_ZEROS = re.compile(r"\A0+(?:[.,'\u00a0\u202f](?=[0-9]{3}))?(?=[0-9])")


class Perturb:
    """
    Puts another number or day in the place of the value.

    A date moves by 1 to 30 days, a date without a day by 31 to 90 days, a bare year by 1 to 5 years, a number by 5 to
    20 % and by 1 at least in its last digit; the way of writing stays. The noise depends on the value, its type and a
    key alone, so asking again does not average it away. Identifiers (more than 9 digits, or digits joined by dashes,
    slashes or colons), values with words that are no units or with signs that amounts are not written with, and values
    without a number become their label.

    Keeps the order of magnitude and which values are equal. Leaks both, with a hard bound on the error: this is not
    differential privacy and claims none of its guarantees. `Noise` is, where the policy gives an epsilon.

    Args:
        key: At least 16 bytes.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def apply(self, text: str, *, entity: str) -> str:
        """A near value in the same form, or the label of *entity*."""
        moved = self._date(text, entity) or self._numbers(text, entity)
        return moved if moved is not None and moved != text else label(entity, instead_of=text)

    def _date(self, text: str, entity: str) -> str | None:
        if _YEAR.fullmatch(text):
            noise = self._noise(text, entity, 0)
            years = 1 + noise % _YEARS
            return str(int(text) + (years if noise >> 32 & 1 else -years))
        written = read_date(text)
        if written is None or written.text != text.strip():
            return None
        noise = self._noise(text, entity, 0)
        days = 1 + noise % _DAYS if written.exact else 31 + noise % (2 * _DAYS)
        shifted = written.day + timedelta(days=days if noise >> 32 & 1 else -days)
        return text.replace(written.text, written.rewrite(shifted))

    def _numbers(self, text: str, entity: str) -> str | None:
        matches = numbers_of(text)
        if matches is None:
            return None
        pieces: list[str] = []
        done = 0
        for place, match in enumerate(matches):
            pieces += (text[done : match.start()], self._number(match.group(), self._noise(text, entity, place)))
            done = match.end()
        return "".join((*pieces, text[done:]))

    def _number(self, number: str, noise: int) -> str:
        digits = re.sub("[^0-9]", "", number)
        value = int(digits)
        share = _LEAST_SHARE + noise % (_MOST_SHARE - _LEAST_SHARE + 1)
        step = max(1, value * share // 100)
        moved = value + step if noise >> 32 & 1 or value < step + 1 else value - step
        new = str(moved).zfill(len(digits))
        # From the right, so that decimals and groups stay where they are when a digit is gained.
        rest = list(new)
        pieces = [rest.pop() if char.isdigit() else char for char in reversed(number)]
        written = "".join(rest) + "".join(reversed(pieces))
        return written if number.startswith("0") else _LEADING_ZEROS.sub("", written)

    def _noise(self, text: str, entity: str, place: int) -> int:
        message = f"perturb\0{entity}\0{place}\0{text}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self._key, message, hashlib.sha256)[:8])
