"""Replace a value by an invented one of the same type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hybrid_guard.anonymizer.operators.checks import CHECKED
from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.anonymizer.operators.invent import Inventor
from hybrid_guard.anonymizer.operators.keys import keyed
from hybrid_guard.anonymizer.operators.numbers import renumber
from hybrid_guard.anonymizer.tokens import canonical

__all__ = ["Surrogate"]

_CHOICES = 3
_LEAST_DAYS, _SPAN_DAYS = 30, 335
_DATES = frozenset({"DATE_TIME", "DATE_OF_BIRTH"})


class Surrogate:
    """
    Puts an invented value of the same type in the place of the value: another name, another address, another card.

    Keeps the type, the language, the gender of a first name, the country of an account, all but the last digits of a
    phone number, whether check digits are right, and the days between two dates: all dates of a conversation move by
    the same number of days, and the time of day stays. Leaks that, and a reader cannot see that something was replaced;
    a date that a model computes from moved ones is moved, too. Invented values are the same within a conversation and
    others in the next one; e-mail and network addresses are of ranges that belong to nobody, other numbers may be
    somebody's.

    Only values for which an invented one cannot be mistaken for something else are treated: a bare year, an age, an
    IPv4 address, a town or an occupation where the locale only has a list of real ones, or a type that nothing can be
    invented for is not.

    Args:
        key: At least 16 bytes, of one conversation.
        locale: Of Faker, such as ``de_DE``.
    """

    def __init__(self, key: bytes, *, locale: str = "en_US") -> None:
        self._key = key
        self._locale = locale
        days = keyed(key, "dates")
        self._shift = timedelta(days=(_LEAST_DAYS + days % _SPAN_DAYS) * (1 if days >> 32 & 1 else -1))

    def propose(self, text: str, *, entity: str) -> Iterator[str]:
        """Up to three invented values; nothing for a text that none can be invented for."""
        if entity in _DATES:
            yield from self._date(text)
            return
        shared = canonical(entity, text)
        invent = self._number if entity in CHECKED or entity == "PHONE_NUMBER" else self._value
        for place in range(_CHOICES):
            invented = invent(text, entity, keyed(self._key, "surrogate", entity, shared, str(place)))
            if invented is None:
                return
            if invented != text:
                yield invented

    def memory(self, text: str, *, entity: str) -> str:
        """A fingerprint of the value."""
        return f"{keyed(self._key, 'memory', entity, text):064x}"

    def _value(self, text: str, entity: str, seed: int) -> str | None:
        return Inventor.of(self._locale).invent(text, entity, seed)

    def _number(self, text: str, entity: str, seed: int) -> str | None:
        return renumber(text, entity, seed, region=self._locale[-2:])

    def _date(self, text: str) -> Iterator[str]:
        written = read_date(text)
        if written is not None and written.exact and written.sure and written.is_all_of(text):
            yield text.replace(written.text, written.rewrite(written.day + self._shift))
