"""Names of fields and identifiers as parts of regular expressions over views."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from hybrid_guard.detectors.views import WORD, build_views

__all__ = ["DIGIT_GROUPS", "FIELD_START", "LETTERS", "SEPARATOR", "UPPER", "WORD_START", "any_of", "count_digits"]

LETTERS = r"A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\xff"
"""Body of a character class for views: letters."""

UPPER = r"[A-Z\xc0-\xd6\xd8-\xde\xff]"
"""A capital. Letters beyond Latin-1 are all the same in a view, and may be one."""

WORD_START = rf"(?:^|[^{WORD}])"
"""What stands before a name that is met in running text, too."""

FIELD_START = r"(?:^|\s\s|[\n\r\t|;,.:(){}\[\]<>\"'`*/-]\s{0,3}|\d\s)"
"""What stands before the name of a field: the start of a line, a bracket, a quote or the end of another field."""

SEPARATOR = r"(?:\s?\([^()\n]{0,20}\))?[\"'`*_)\]]{0,3}\s{0,3}(?:[:=|>\t]|\s[-\x1a]\s)\s{0,4}[\"'`*(\[#]{0,2}\s{0,2}"
"""What stands between the name of a field and its value, in forms, tables, JSON, XML and Markdown."""

DIGIT_GROUPS = (
    r"(?:[A-Z]*\d[A-Z0-9]*|[A-Z]+[./_-]{1,2}[A-Z0-9]+)(?:[./_-]{1,2}[A-Z0-9]+)*"
    r"(?:\s?[-/]?\s?\d[A-Z0-9]*(?:[./_-][A-Z0-9]+)*)*"
)
"""Letters and digits, joined by punctuation: a word is none, and after a space a group begins with a digit."""

# Umlauts are also written with an e.
_SPELLED = {"ä": "(?:ae?|[\xe4\xc4])", "ö": "(?:oe?|[\xf6\xd6])", "ü": "(?:ue?|[\xfc\xdc])", "ß": "(?:ss|\xdf)"}


def any_of(names: Sequence[str]) -> str:
    """
    An expression for any of *names*, longest first; accents may be missing, and spaces be ``_``, ``-`` or nothing.

    Every name is a string of words; several are separated by commas.
    """
    single = {name.strip() for several in names for name in several.split(",")} - {""}
    return "(?:" + "|".join(_spell(name) for name in sorted(single, key=lambda one: (-len(one), one))) + ")"


def _spell(name: str) -> str:
    pieces = []
    for character in name:
        if character == " ":
            pieces.append(r"[\s_-]?")
        elif character in _SPELLED:
            pieces.append(_SPELLED[character])
        elif character.isascii():
            pieces.append(re.escape(character))
        else:
            (view, *_) = build_views(character)
            seen = view.data.decode("latin-1")
            plain = unicodedata.normalize("NFD", character)[0].translate({0x142: "l", 0x141: "L"})
            # RE2 takes capitals and small letters for the same in ASCII only.
            both = seen + capital if (capital := character.upper()) <= "\xde" and capital != character else seen
            pieces.append(f"[{both}{plain}]" if plain.isascii() else re.escape(seen))
    return "".join(pieces)


def count_digits(value: str) -> int:
    """Digits of ASCII in *value*."""
    return sum(map(str.isdigit, value))
