"""Amounts of money."""

from __future__ import annotations

import re

from hybrid_guard.detectors.matching import Pattern

__all__ = ["MONEY"]

_AMOUNT = r"(?:\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_SCALE = r"(?:\s?(?:k|m|mn|bn|thousand|million|billion|trillion|Mio\.?|Mrd\.?)\b)?"
_TIMES = r"(?:k\s?|(?:thousand|million|billion|Mio\.?|Mrd\.?)\s)?"
_SIGN = r"[$\xa2-\xa5]"
_CODES = r"(?:USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|BRL|MXN|CNY|RMB|KRW|TRY|ZAR)"
_UNITS = r"(?:dollars?|euros?|bucks|rupees|yen|francs?|reais|pesos|z\xff?o?tych|kronor)"
_MONEY_WORDS = (
    *(
        "cost",
        "price",
        "pay",
        "paid",
        "worth",
        "salary",
        "fee",
        "spend",
        "spent",
        "buy",
        "bought",
        "earn",
        "owe",
        "rent",
    ),
    *("budget", "cheap"),
)

MONEY: tuple[Pattern, ...] = (
    Pattern(
        name="amount after its currency",
        entity="MONEY",
        regex=rf"(?:^|[^\w$])(?P<span>(?:(?:US|CA|AU|NZ|HK|S|R)?{_SIGN}|{_CODES}|Rs\.?)\s?{_AMOUNT}{_SCALE})",
        score=0.6,
        # One digit after a sign is an argument in many languages.
        check=lambda value: False if re.fullmatch(r"\W\s?\d", value) else None,
    ),
    Pattern(
        name="one digit after its currency",
        entity="MONEY",
        regex=r"(?:^|[^\w$])(?P<span>[$\xa2-\xa5]\s?\d)\b",
        score=0.3,
        context=_MONEY_WORDS,
    ),
    Pattern(
        name="amount before its sign",
        entity="MONEY",
        regex=rf"(?:^|[^\w$.,\xa2-\xa5])(?P<span>{_AMOUNT}\s?{_TIMES}{_SIGN})(?:$|[^\w$])",
        score=0.6,
    ),
    Pattern(
        name="amount before its currency",
        entity="MONEY",
        regex=rf"\b{_AMOUNT}\s?{_TIMES}(?:{_CODES}|{_UNITS})\b",
        score=0.6,
    ),
)
"""``MONEY``."""
