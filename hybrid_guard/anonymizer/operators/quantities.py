"""The numbers of a span, if the span is a quantity and nothing else."""

from __future__ import annotations

import re

__all__ = ["numbers_of"]

_NUMBER = re.compile(r"[0-9]+(?:[.,'\u00a0\u202f][0-9]+)*")
_WORDS = re.compile(r"[^\W\d_]+")
_UNITS = frozenset(
    word
    for words in (
        "usd eur gbp chf jpy cad aud inr pln sek nok dkk brl dollar dollars euro euros pound pounds franc francs cent",
        "cents k m bn thousand million billion year years old yr yrs month months week weeks day days hour hours",
        "minute minutes kg g mg lb lbs cm mm km mile miles percent jahre jahr alt ans años anni anos jaar",
    )
    for word in words.split()
)
# What may stay beside numbers and units; a sign of any other kind may stand for a letter.
_FORM = re.compile(r"[0-9A-Za-z\u00f1\s.,:;/+()\[\]#_'*%\u00b0<>=~$\u20ac\u00a3\u00a5\u20b9\u2010-\u2015\u2019-]+")
_MOST_DIGITS = 9
_LOOSE = re.compile(r"[0-9]\s*[-/:]\s*[0-9]")


def numbers_of(text: str) -> list[re.Match[str]] | None:
    """
    Where the numbers of *text* are, with their separators.

    Returns:
        None for what is no quantity: more than 9 digits, digits joined by dashes, slashes or colons, words that are no
        units, signs that could stand for letters, digits of other scripts, or no digit at all.
    """
    digits = sum(map(str.isdigit, text))
    words = {word.casefold() for word in _WORDS.findall(text)}
    if (
        not 0 < digits <= _MOST_DIGITS
        or not words <= _UNITS
        or _LOOSE.search(text)
        or not _FORM.fullmatch(text)
        or not text.isprintable()
    ):
        return None
    matches = list(_NUMBER.finditer(text))
    return matches if sum(len(re.sub("[^0-9]", "", match.group())) for match in matches) == digits else None
