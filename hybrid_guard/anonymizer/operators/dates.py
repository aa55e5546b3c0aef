"""Dates as people write them: read one, and write another day in the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

__all__ = ["WrittenDate", "read_date"]

_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
)
_NAME = "(?P<name>" + "|".join(sorted({name for names in _MONTHS for name in names}, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![0-9])"
_DAY = r"(?P<day>[0-9]{1,2})"
_FORMS = tuple(
    re.compile(rf"(?<![0-9]){form}", re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<month>[0-9]{{1,2}})[-/.]{_DAY}(?![0-9])",
        rf"(?P<one>[0-9]{{1,2}})(?P<mark>[-/.])(?P<two>[0-9]{{1,2}})(?P=mark){_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th|\.|º)?\s(?:(?:of|de)\s)?{_NAME},?\s(?:(?:de|del)\s)?{_YEAR}",
        rf"\b{_NAME}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"\b{_NAME},?\s(?:(?:de|del|of)\s)?{_YEAR}",
    )
)
_TIME = re.compile(
    r"(?:(?:T|,?\s+(?:at\s|um\s|à\s)?)[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:\s?(?:Z|[ap]\.?m\.?|Uhr|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """
    A date in a text.

    Attributes:
        day: The date; the first of the month if only the month was given.
        exact: Whether a day was given, and not only a month.
        sure: Whether day and month cannot be mistaken for one another.
        text: As it was written.
        places: Start, end and meaning (``year``, ``month``, ``day`` or ``name``) of its parts in *text*, in order.
    """

    day: date
    exact: bool
    sure: bool
    text: str = field(repr=False)
    places: tuple[tuple[int, int, str], ...] = field(repr=False)

    def is_all_of(self, text: str) -> bool:
        """Whether *text* is this date and nothing else but a time of the day behind it."""
        before, _, after = text.partition(self.text)
        return not before.strip() and _TIME.fullmatch(after) is not None

    def rewrite(self, day: date) -> str:
        """*day*, written as this date was."""
        pieces: list[str] = []
        done = 0
        for start, end, part in self.places:
            old = self.text[start:end]
            new = _month_name(old, day.month) if part == "name" else str(getattr(day, part)).zfill(len(old))
            pieces += (self.text[done:start], new)
            done = end
        return "".join((*pieces, self.text[done:]))


def read_date(text: str) -> WrittenDate | None:
    """The first date in *text* that has a year of four digits, or None."""
    for form in _FORMS:
        match = form.search(text)
        if match is not None:
            return _read(match)
    return None


def _read(match: re.Match[str]) -> WrittenDate | None:
    groups = {part: value for part, value in match.groupdict().items() if value is not None}
    parts: dict[str, str] = {part: part for part in ("year", "month", "day", "name") if part in groups}
    sure = True
    if "one" in groups:
        # A dot or a dash puts the day first; a slash puts it second unless that cannot be.
        one, two = int(groups["one"]), int(groups["two"])
        day_first = one > 12 or (two <= 12 and groups["mark"] != "/")
        sure = one > 12 or two > 12
        parts |= {"one": "day", "two": "month"} if day_first else {"one": "month", "two": "day"}
    numbers = {part: int(groups[group]) for group, part in parts.items() if part != "name"}
    if "name" in groups:
        numbers["month"] = _month_number(groups["name"])
    try:
        day = date(numbers["year"], numbers["month"], numbers.get("day", 1))
    except ValueError:
        return None
    places = sorted(
        (match.start(group) - match.start(), match.end(group) - match.start(), part) for group, part in parts.items()
    )
    return WrittenDate(day=day, exact="day" in numbers, sure=sure, text=match.group(), places=tuple(places))


def _month_number(name: str) -> int:
    return next(names.index(name.lower()) + 1 for names in _MONTHS if name.lower() in names)


def _month_name(like: str, month: int) -> str:
    name = next(names[month - 1] for names in _MONTHS if like.lower() in names)
    return name.capitalize() if like[0].isupper() else name
