"""Dates in words, and ages. Presidio has the dates in figures."""

from __future__ import annotations

import re

from hybrid_guard.detectors.matching import Pattern

__all__ = ["DATES"]

_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
    r"|Januar|J\xe4nner|Februar|M\xe4rz|Mai|Juni|Juli|Okt(?:ober)?|Dez(?:ember)?)"
)
_MONTHS_LOWER = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    r"|janvier|f\xe9vrier|mars|avril|mai|juin|juillet|ao\xfbt|septembre|octobre|novembre|d\xe9cembre"
    r"|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    r"|janeiro|fevereiro|mar\xe7o|maio|junho|julho|setembro|outubro|novembro|dezembro"
    r"|januari|februari|maart|mei|augustus|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze\xffnia"
    r"|pa\xffdziernika|listopada|grudnia"
    r"|january|february|march|april|june|july|august|september|october|november|december)"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[89]|20)\d\d"


def _check_age(value: str) -> bool | None:
    return None if 0 < int(re.sub(r"\D", "", value)[:4]) <= 120 else False


DATES: tuple[Pattern, ...] = (
    Pattern(
        name="month and day",
        entity="DATE_TIME",
        regex=rf"\b{_MONTHS}\.?\s{_DAY}(?:st|nd|rd|th)?\b(?:,?\s{_YEAR}\b)?",
        score=0.6,
        cased=True,
    ),
    Pattern(
        name="day and month",
        entity="DATE_TIME",
        regex=rf"\b{_DAY}(?:st|nd|rd|th|\.)?\s(?:of\s)?{_MONTHS}\b\.?(?:,?\s{_YEAR}\b)?",
        score=0.6,
        cased=True,
    ),
    Pattern(
        name="day, month in lower case and year",
        entity="DATE_TIME",
        regex=(
            rf"\b{_DAY}(?:st|nd|rd|th|er|\xba)?\s(?:(?:de|of)\s)?{_MONTHS_LOWER}(?:,?\s(?:(?:de|del)\s)?{_YEAR})?\b"
        ),
        score=0.5,
    ),
    Pattern(
        name="month in lower case, day and year",
        entity="DATE_TIME",
        regex=rf"\b{_MONTHS_LOWER}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}\b",
        score=0.5,
    ),
    Pattern(name="month and year", entity="DATE_TIME", regex=rf"\b{_MONTHS},?\s{_YEAR}\b", score=0.5, cased=True),
    Pattern(
        name="year of birth",
        entity="DATE_TIME",
        regex=(
            r"\b(?:born(?:\sin)?|geboren(?:\sim\sJahr)?|nacid[oa]\sen|n\xe9e?\sen|nat[oa]\snel)"
            rf"\s(?P<span>{_YEAR})\b"
        ),
        score=0.6,
    ),
    Pattern(
        name="date in Chinese or Japanese numerals",
        entity="DATE_TIME",
        regex=rf"\b{_YEAR}\x1a\d{{1,2}}\x1a\d{{1,2}}\x1a",
        score=0.5,
    ),
    Pattern(
        name="age with its unit",
        entity="AGE",
        regex=(
            r"\b(?P<span>1?\d{1,2}(?:[- ]?(?:years?|yrs?)[- ]olds?|\s?(?:yo|y/o|y\.o\.)"
            r"|\s(?:Jahre\salt|jaar\soud|anni\sdi\set\xe0|a\xf1os\sde\sedad)))(?:$|\W)"
        ),
        score=0.7,
        check=_check_age,
    ),
    Pattern(
        name="age after its label",
        entity="AGE",
        regex=(
            r"\b(?:aged?|ages|alter|edad|\xe2ge|et\xe0|idade|leeftijd|wiek)(?:\sof|\sis|\sde|:)?\s{1,2}"
            r"(?P<span>1?\d{1,2})(?:$|[^\w.%-]|\.(?:\s|$))"
        ),
        score=0.6,
        check=_check_age,
    ),
    Pattern(
        name="age of someone",
        entity="AGE",
        regex=(
            r"\b(?:I'?m|I am|he's|she's|he is|she is|who is|just turned|turned|turning)\s"
            r"(?P<span>1?\d{2})(?:\s(?:and|but|now|years)\b|[,.;!?](?:\s|$)|$)"
        ),
        score=0.5,
        check=_check_age,
    ),
    Pattern(
        name="age in Romance languages",
        entity="AGE",
        regex=(
            r"\b(?:tiene|tengo|cumpl\xed|tem|tenho|j'ai|il\sa|elle\sa|\xe2g\xe9e?\sde|de|ho|ha)\s"
            r"(?P<span>1?\d{1,2}\s(?:a\xf1os|anos|ans|anni))\b"
        ),
        score=0.5,
        check=_check_age,
    ),
)
"""``DATE_TIME`` and ``AGE``."""
