"""Replace a value by one that is drawn with local differential privacy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from hybrid_guard.anonymizer.operators.chance import choose, choose_in_groups, move
from hybrid_guard.anonymizer.operators.choices import CHOICES
from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.anonymizer.operators.keys import keyed
from hybrid_guard.anonymizer.operators.quantities import numbers_of

__all__ = ["Noise"]

_DATES = frozenset({"DATE_TIME", "DATE_OF_BIRTH"})
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_DECADE = 10
_MONTHS = 12


class Noise:
    """
    Puts a value in the place of another one, so that what leaves tells any two values of a domain apart by a factor of
    e^epsilon at most.

    The domains are: the days, months or years of one decade, written ``2024-03-12``, ``2024-03`` or ``2024``; numbers
    that have as many digits, not counting zeros in front, and the same words and signs around them; of a category the
    values of `CHOICES`, in which a value that is none of them counts as well. The numbers of one text share epsilon.

    Keeps the domain: the decade, the number of digits, the unit, the category. Leaks it, and which values of a
    conversation are written alike: what was drawn is remembered, so asking again draws nothing new. The claim is for
    one value, one way of writing it and one conversation; n of them together have n times epsilon. A value that was
    not found has none. What is drawn may be the value itself. Everything else, such as names and identifiers, is not
    treated, and becomes its label.

    Args:
        key: At least 16 bytes, of one conversation; for remembering alone.
        epsilon: Greater than 0.
        group_share: Draw a category in two layers, and spend this share of epsilon on the group; None for one layer.
    """

    def __init__(self, key: bytes, *, epsilon: float, group_share: float | None = None) -> None:
        self._key = key
        self._epsilon = epsilon
        self._group_share = group_share

    def propose(self, text: str, *, entity: str) -> Iterator[str]:
        """One drawn value; nothing for a text that is in no domain."""
        if entity in CHOICES:
            yield self._category(text, entity)
            return
        drawn = self._date(text) if entity in _DATES else None
        drawn = drawn or self._numbers(text)
        if drawn is not None:
            yield drawn

    def memory(self, text: str, *, entity: str) -> str:
        """A fingerprint of the value."""
        return f"{keyed(self._key, 'noise', entity, text):064x}"

    def _category(self, text: str, entity: str) -> str:
        groups = CHOICES[entity]
        like = " ".join(text.split()).casefold()
        known = {
            value.casefold(): (row, column) for row, group in enumerate(groups) for column, value in enumerate(group)
        }
        place = known.get(like)
        if self._group_share is not None:
            sizes = tuple(map(len, groups))
            row, column = choose_in_groups(place, sizes, epsilon=self._epsilon, group_share=self._group_share)
            return groups[row][column]
        every = [value for group in groups for value in group]
        flat = None if place is None else every.index(groups[place[0]][place[1]])
        return every[choose(flat, len(every), epsilon=self._epsilon)]

    def _date(self, text: str) -> str | None:
        if _YEAR.fullmatch(text):
            year = int(text)
            first = year - year % _DECADE
            return f"{first + move(year - first, _DECADE, epsilon=self._epsilon):04}"
        written = read_date(text)
        if written is None or written.text != text.strip():
            return None
        # Written in one way alone: whether a day was written by one digit or two would tell something about it.
        first = written.day.year - written.day.year % _DECADE
        if not written.exact:
            month = (written.day.year - first) * _MONTHS + written.day.month - 1
            years, month = divmod(move(month, _DECADE * _MONTHS, epsilon=self._epsilon), _MONTHS)
            return f"{first + years:04}-{month + 1:02}"
        begin = date(first, 1, 1)
        days = (date(first + _DECADE, 1, 1) - begin).days
        return (begin + timedelta(days=move((written.day - begin).days, days, epsilon=self._epsilon))).isoformat()

    def _numbers(self, text: str) -> str | None:
        matches = numbers_of(text)
        if matches is None:
            return None
        pieces: list[str] = []
        done = 0
        for match in matches:
            number = _number(match.group(), self._epsilon / len(matches))
            if number is None:
                return None
            pieces += (text[done : match.start()], number)
            done = match.end()
        return "".join((*pieces, text[done:]))


def _number(number: str, epsilon: float) -> str | None:
    digits = re.sub("[^0-9]", "", number)
    shown = digits if len(digits) == 1 else digits.lstrip("0")
    if not shown:
        return None
    least = 0 if len(digits) == 1 else 10 ** (len(shown) - 1)
    drawn = least + move(int(shown) - least, 10 ** len(shown) - least, epsilon=epsilon)
    rest = iter(str(drawn).zfill(len(digits)))
    return "".join(next(rest) if char.isdigit() else char for char in number)
