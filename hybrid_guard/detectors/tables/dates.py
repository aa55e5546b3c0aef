"""Dates in words, and dates of birth. Presidio has the other dates in figures."""

from __future__ import annotations

from hybrid_guard.detectors.context import ALONE, far_words, near_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import WORD_START, any_of

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


_FIGURES = r"(?:\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|\d{1,2}\s\d{1,2}\s(?:19|20)\d\d|(?:19|20)\d{6})"
_ANY_DATE = (
    rf"(?:{_FIGURES}|{_DAY}(?:st|nd|rd|th|er|o|\.)?[\s-]?(?:(?:de|of|di)\s)?(?:{_MONTHS}|{_MONTHS_LOWER})\b\.?"
    rf"(?:[,.\s-]{{1,2}}(?:(?:de|del)\s)?(?:{_YEAR}|\d\d))?"
    rf"|(?:{_MONTHS}|{_MONTHS_LOWER})\.?\s{_DAY}(?:st|nd|rd|th)?(?:,?\s{_YEAR})?|(?:{_MONTHS}|{_MONTHS_LOWER})\s{_YEAR}"
    rf"|{_YEAR})"
)
_BIRTH_LABELS = (
    "date of birth, birth date, birthdate, birthday, dob, d.o.b., b-day, born, born on, born in, bday",
    "geburtsdatum, geburtstag, geboren, geboren am, geb., geb. am, geb.-datum",
    "date de naissance, né le, née le, né(e) le, ddn, né en, née en, anniversaire",
    (
        "fecha de nacimiento, nacido el, nacida el, nacido en, nacida en, f. nac., f. nacimiento, fn, f.n."
        ", fecha nacimiento"
    ),
    "data di nascita, nato il, nata il, nato/a il, nato nel, nata nel, d.n.",
    "data de nascimento, nascido em, nascida em, nascido a, nascida a, dn",
    "geboortedatum, geboren op, geboren in, geb.datum",
    "data urodzenia, urodzony, urodzona, ur., ur, data ur., urodzony dnia, urodzona dnia",
)
_DATE_WORDS = (
    ALONE,
    *near_words(
        "appointment, admitted, admission, discharged, discharge, visit, hired, statement, invoice, due"
        ", expires, expiry, born, wedding"
    ),
    *near_words(
        "my, i, me, he, she, his, her, since, surgery, prescribed, diagnosed, died, mein, ich, mon, j'ai"
        ", je, mi, mio, meu, mijn, ik, mój"
    ),
    *far_words(
        "patient, patients name, dob, date of birth, mrn, ssn, diagnosed, admitted, paciente, patiente"
        ", paziente, patiënt, pacjent, pacjentka, patientin, geboren, fecha de nacimiento, nacido, nacida"
        ", pesel, urodzony, urodzona, date of service, employee id, account number"
    ),
)
_HISTORY = (
    *near_words(
        "diagnosed, surgery, operated, moved, married, divorced, hired, graduated, diagnosticado"
        ", diagnosticada, intervenido, intervenida, operado, operada"
    ),
    *near_words(
        "paciente, patiente, pacjent, opera, diagnostiqué, operiert, diagnostiziert, born, bought, my, i"
        ", tratamiento, positiva"
    ),
)


_BIRTH_LINK = (
    r"[\"'\x60*_)]{0,3}\s{0,3}(?:[:=|>\t-]|is|was|on|in|ist|est|es|\xe8|\xe9|to|le|el|il|em|a|op|dnia|am|the)?"
    r"[\s\"'\x60*:|>]{0,4}(?:(?:on|in|the)\s)?"
)

DATES: tuple[Pattern, ...] = (
    Pattern(
        name="date of birth",
        entity="DATE_OF_BIRTH",
        regex=(rf"{WORD_START}{any_of(_BIRTH_LABELS)}{_BIRTH_LINK}(?P<span>{_ANY_DATE})(?:$|[^\w])"),
        score=0.85,
        evidence=2.5,
    ),
    Pattern(
        name="month and day",
        entity="DATE_TIME",
        regex=rf"\b{_MONTHS}\.?\s{_DAY}(?:st|nd|rd|th)?\b(?:,?\s{_YEAR}\b)?",
        score=0.3,
        context=_DATE_WORDS,
        cased=True,
    ),
    Pattern(
        name="day and month",
        entity="DATE_TIME",
        regex=rf"\b{_DAY}(?:st|nd|rd|th|\.)?\s(?:of\s)?{_MONTHS}\b\.?(?:,?\s{_YEAR}\b)?",
        score=0.3,
        context=_DATE_WORDS,
        cased=True,
    ),
    Pattern(
        name="day, month in lower case and year",
        entity="DATE_TIME",
        regex=(rf"\b{_DAY}(?:st|nd|rd|th|er|o)?\s(?:(?:de|of)\s)?{_MONTHS_LOWER}(?:,?\s(?:(?:de|del)\s)?{_YEAR})?\b"),
        score=0.3,
        context=_DATE_WORDS,
    ),
    Pattern(
        name="month in lower case, day and year",
        entity="DATE_TIME",
        regex=rf"\b{_MONTHS_LOWER}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}\b",
        score=0.3,
        context=_DATE_WORDS,
    ),
    Pattern(
        name="month and year",
        entity="DATE_TIME",
        regex=rf"\b{_MONTHS},?\s{_YEAR}\b",
        score=0.3,
        context=_DATE_WORDS,
        cased=True,
    ),
    Pattern(
        name="month and day, or month and year, in figures",
        entity="DATE_TIME",
        regex=(
            r"(?:^|[^\w./+*=-])(?P<span>(?:0?[1-9]|1[0-2])/(?:(?:0?[1-9]|[12]\d|3[01])|(?:19|20)\d\d))(?:$|[^\w/%.]|\."
            r"(?:\s|$))"
        ),
        score=0.3,
        context=(
            "today",
            "tomorrow",
            "yesterday",
            "date",
            "due",
            "deadline",
            "birthday",
            "appointment",
            "since",
            "expires",
            "expiry",
            "exp",
            "valid",
            "until",
        ),
    ),
    Pattern(
        name="month in another language and year",
        entity="DATE_TIME",
        regex=rf"(?:^|[^\w\xff])(?P<span>{_MONTHS_LOWER}\s(?:(?:de|del|do|di)\s)?{_YEAR})\b",
        score=0.3,
        context=_DATE_WORDS,
    ),
    Pattern(
        name="year in a history of someone",
        entity="DATE_TIME",
        regex=(
            rf"\b(?i:since|in|en|desde|depuis|seit|im\sJahr|nel|dal|em|sinds|od|w|a\xf1o|ann\xe9e)\s(?P<span>{_YEAR})\b"
        ),
        score=0.3,
        context=_HISTORY,
    ),
    Pattern(
        name="date in Chinese or Japanese numerals",
        entity="DATE_TIME",
        regex=rf"\b{_YEAR}\x1a\d{{1,2}}\x1a\d{{1,2}}\x1a",
        score=0.5,
    ),
)
"""``DATE_TIME`` and ``DATE_OF_BIRTH``."""
