"""Say less exactly what a span says."""

from __future__ import annotations

import re

from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.anonymizer.operators.redact import label

__all__ = ["Generalize"]

_AGE = re.compile(
    r"(?<![\d.,])(\d{1,3})(?:\s|-)*(?:years?|yrs?|yo\b|y/o|jahr|ans\b|años|anni\b|anos\b|jaar|lat\b)", re.IGNORECASE
)
_AGE_ENTITIES = frozenset({"AGE"})
_MONEY_ENTITIES = frozenset({"MONEY", "AMOUNT", "SALARY"})
_OLDEST_BAND = 90
_NUMBER = re.compile(r"[0-9]+(?:[.,' \u00a0\u202f][0-9]+)*")
_CURRENCY = re.compile(
    r"[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|CAD|AUD|INR|PLN|SEK|NOK|DKK|BRL)\b|\b(?:dollars?|euros?|pounds?|francs?)\b",
    re.IGNORECASE,
)
_FACTORS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "mio": 1e6, "bn": 1e9, "billion": 1e9}
_FACTOR = re.compile(r"(?<=[0-9])\s?(k|m|bn|mio|thousand|million|billion)\b", re.IGNORECASE)
_MOST_DIGITS = 12
_STEPS = tuple(step * 10.0**power for power in range(-3, 23) for step in (1, 2, 5))


class Generalize:
    """
    Puts the class of a value in its place.

    A day becomes its month (``2020-03``), or its year if day and month could be mistaken for one another; a month
    becomes its year; an age a span of ten years (``between 39 and 50``), from 90 on ``90 or older``; an amount of
    money a range (``between 1000 and 2000 EUR``). Everything else, a bare year, places and addresses included,
    becomes its label.

    Keeps the class. Leaks it: several classes together can still single a person out.
    """

    def apply(self, text: str, *, entity: str) -> str:
        """The class of *text*, or the label of *entity* where none is known or the value would show in it."""
        general = _age(text, entity) or _date(text) or _money(text, entity)
        hidden = general is not None and text.strip() not in general
        return general if general is not None and hidden else label(entity, instead_of=text)


def _age(text: str, entity: str) -> str | None:
    match = _AGE.search(text) or (re.fullmatch(r"\s*([0-9]{1,3})\s*", text) if entity in _AGE_ENTITIES else None)
    if match is None:
        return None
    age = int(match.group(1))
    low = age - age % 10
    # The bounds lie outside the span, so that they never show an age that lies in it.
    return (
        f"between {low - 1} and {low + 10}" if 10 <= age < _OLDEST_BAND else "under 10" if age < 10 else "90 or older"
    )


def _date(text: str) -> str | None:
    written = read_date(text)
    if written is None:
        return None
    return f"{written.day:%Y-%m}" if written.exact and written.sure else f"{written.day:%Y}"


def _money(text: str, entity: str) -> str | None:
    currency = _CURRENCY.search(text)
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1 or (currency is None and entity not in _MONEY_ENTITIES):
        return None
    value = _amount(numbers[0])
    factor = _FACTOR.search(text)
    value *= _FACTORS[factor.group(1).lower()] if factor is not None else 1
    if not 0.01 <= value < 10.0**_MOST_DIGITS:
        return None
    low = max(step for step in _STEPS if step < value)
    high = min(step for step in _STEPS if step > value)
    return f"between {_write(low)} and {_write(high)} {currency.group() if currency else ''}".rstrip()


def _amount(number: str) -> float:
    """The last separator is a decimal one if one or two digits follow it; the others group thousands."""
    groups = re.split(r"[^0-9]", number)
    if len(groups) > 1 and len(groups[-1]) < 3:
        return float("".join(groups[:-1]) + "." + groups[-1])
    return float("".join(groups))


def _write(number: float) -> str:
    return f"{number:.0f}" if number >= 1 else f"{number:g}"
