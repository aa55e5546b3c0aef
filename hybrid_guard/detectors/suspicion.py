"""Texts that look as if they hid something from detectors."""

from __future__ import annotations

import re

from hybrid_guard.detectors.views import IGNORABLE

__all__ = ["HIDDEN_LIMIT", "is_suspicious"]

HIDDEN_LIMIT = 3
"""So many invisible characters at letters and digits are no accident."""

_FLAG_TAGS = 7  # the flag of a region: a black flag, at most six tag characters and the one that ends them
_RUN = re.compile(f"[{IGNORABLE}]+")
_LETTERS = "A-Za-z\u00c0-\u024f"
_CYRILLIC = "\u0400-\u052f"
# Only capitals that look like Latin ones, and omicron: words such as kΩ, TNFα and NFκB are ordinary.
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_MIXED = re.compile(f"[{_LETTERS}][{_CYRILLIC}{_GREEK}]|[{_CYRILLIC}{_GREEK}][{_LETTERS}]")


def is_suspicious(text: str) -> bool:
    """
    Whether *text* holds invisible characters inside Latin words and numbers, or a word of two scripts.

    Emoji sequences, flags, joiners of Persian and Indic scripts and direction marks around words are ordinary.
    """
    if text.isascii():
        return False
    if _MIXED.search(text):
        return True
    hidden = 0
    for run in _RUN.finditer(text):
        hidden += _count_hidden(text, run.start(), run.end())
        if hidden >= HIDDEN_LIMIT:
            return True
    return False


def _count_hidden(text: str, start: int, end: int) -> int:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    run = text[start:end]
    if before == "\U0001f3f4" and end - start <= _FLAG_TAGS:
        return 0
    if run == "\ufe0f":
        # Asks for the coloured form of the character before it; a keycap is a digit, this and a frame.
        return int(before.isascii() and before.isalnum() and after != "\u20e3")
    at_value = (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum())
    # Two in a row join emoji; more carry a message.
    return end - start if at_value or end - start > 2 else 0
