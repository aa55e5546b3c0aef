"""Replace the digits of a number by other digits, so that only the key brings them back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from hybrid_guard.anonymizer.operators.checks import is_valid
from hybrid_guard.anonymizer.operators.keys import derive

__all__ = ["LEAST_DIGITS", "FormatPreserving"]

LEAST_DIGITS = 6
"""Fewest digits that may be encrypted: FF1 asks for a domain of a million values (NIST SP 800-38G)."""

_MOST_DIGITS = 56
_MOST_LETTERS = 2
_DIGITS = "0123456789"
_DIGIT = re.compile("[0-9]")
# What numbers are written with, and what may stay; a sign of any other kind may stand for a letter.
_FORM = re.compile(r"[0-9A-Za-z\s.,:;/+()\[\]#_'*\u2010-\u2015-]+")
_LONGEST_WALK = 2_000


class FormatPreserving:
    """
    Puts other digits in the place of those of a number, by FF1 (NIST SP 800-38G): ``4929 7102 5513 8048``.

    Keeps the number of digits, all other characters, and whether the check digits are right. Leaks that, and which
    values are equal wherever the same key is used; up to two letters, such as those of a country, stay. Values with
    fewer than 6 digits, with more letters or with signs that numbers are not written with are not treated: padding
    them would change their form.

    With ``checksum="keep"`` a value is encrypted again and again until its check digits are as right, or as wrong, as
    they were (cycle walking), which is undone in the same way. The type of the value is the tweak, so a number has
    another form as a card than as an identifier; a tweak per conversation would keep it from being reversed without
    the vault.

    Args:
        key: 32 bytes, the policy's own.
        checksum: Whether the check digits keep being right or wrong, or are left to chance.
    """

    def __init__(self, key: bytes, *, checksum: Literal["keep", "ignore"] = "keep") -> None:
        self._key = derive(key, "format_preserving").hex()
        self._checksum = checksum

    def propose(self, text: str, *, entity: str) -> Sequence[str]:
        """The same text with other digits; nothing for a text that cannot be treated."""
        from fastfpe import ff1

        new = self._turn(text, entity, ff1.encrypt)
        return () if new is None or new == text else (new,)

    def memory(self, text: str, *, entity: str) -> str:
        """The text with other digits: it is no copy without the key."""
        return "".join(self.propose(text, entity=entity))

    def reverse(self, written: str, *, entity: str) -> str | None:
        """The value that *written* stands for; None for a text that is never a result."""
        from fastfpe import ff1

        return self._turn(written, entity, ff1.decrypt)

    def _turn(self, text: str, entity: str, step: Callable[[str, str, str, str], str]) -> str | None:
        digits = "".join(_DIGIT.findall(text))
        letters = sum(map(str.isalpha, text))
        if not LEAST_DIGITS <= len(digits) <= _MOST_DIGITS or letters > _MOST_LETTERS or not _FORM.fullmatch(text):
            return None
        tweak = entity.encode("utf-8", "surrogatepass").hex()
        wanted = is_valid(text, entity=entity)
        for _ in range(_LONGEST_WALK):
            digits = step(self._key, tweak, _DIGITS, digits)
            new = _write(text, digits)
            if self._checksum == "ignore" or is_valid(new, entity=entity) == wanted:
                return new
        return None


def _write(like: str, digits: str) -> str:
    """*digits* in the places of those of *like*."""
    rest = iter(digits)
    return _DIGIT.sub(lambda _: next(rest), like)
