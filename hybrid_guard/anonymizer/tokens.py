"""
The form of placeholders: how they are made, recognised and told from one another.

A placeholder is the entity without underscores, then nine characters in which digits and letters alternate::

    EMAILADDRESS 7K2M 9X 4Q8
    prefix       |    |  check: keyed hash of everything before it, under the vault's own key
                 |    variant: another spelling of the same value
                 value: one per value and vault, by its key

It is a legal identifier, survives any change of case and needs no escaping in Markdown, HTML, URLs or JSON. Since the
body begins and ends with a digit, alternates strictly and follows at least two letters, a lost, added or swapped
character never leaves a well-formed body, and no placeholder can overlap another or be completed by the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hybrid_guard.types import VaultItem

__all__ = [
    "BODY",
    "BODY_LENGTH",
    "DIGITS",
    "FILLER",
    "JUNK_LIMIT",
    "LETTERS",
    "MORE_FILLER",
    "PARTIAL_REFERENCE",
    "PREFIX_LIMIT",
    "TITLE",
    "TOKEN_LIKE",
    "TOKEN_LITERAL",
    "canonical",
    "compact",
    "fold",
    "prefix",
    "sealed",
    "token_like_spans",
]

TOKEN_LITERAL = "TOKEN_LITERAL"  # noqa: S105 - the name of an entity
"""Entity of a text that looks like a placeholder on input; it is given a placeholder of its own."""

DIGITS = "23456789"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""What bodies are made of: nothing that is mistaken for something else."""

_DIGIT, _LETTER = "[2-9]", "[A-HJKMNP-Z]"

BODY_LENGTH = 9
"""Characters after the prefix."""

BODY: tuple[str, ...] = tuple(_LETTER if place % 2 else _DIGIT for place in range(BODY_LENGTH))
"""One regular expression per character of the body, over folded text."""

PREFIX_LIMIT = 20
"""Most letters before the body."""

_SPACES = " \t\u00a0\u2007\u2008\u2009\u200a\u202f\u3000"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_MARKUP = "_*\\`~"
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)))
)
FILLER, MORE_FILLER = "_", "\x01"
"""What filler is folded to: its first character and the others, if it is a reference of several characters."""

_NAMES = (
    *("NBSP", "SHY", "ZWJ", "ZWNJ", "ZEROWIDTHSPACE", "THINSP", "ENSP", "EMSP"),
    *("DASH", "HYPHEN", "NDASH", "MDASH", "LOWBAR", "UNDERBAR", "AST", "BSOL"),
)
_NAMES_BEGUN = "|".join(sorted({name[:end] for name in _NAMES for end in range(len(name) + 1)}))
_REFERENCE = re.compile(
    rf"&(?:{'|'.join(_NAMES)}|#0?(?:32|42|45|92|95|160|173|820[1-8]|8288|65279)"
    r"|#X0{0,2}(?:20|2A|2D|5C|5F|A0|AD|200[9A-F]|201[0-4]|2060|FEFF));"
)

JUNK_LIMIT = 4
"""Most fillers between two characters of a placeholder that a model has copied."""

PARTIAL_REFERENCE = re.compile(rf"&(?:#[0-9]{{0,5}}|#X[0-9A-F]{{0,6}}|{_NAMES_BEGUN})")
"""The beginning of a character reference, over folded text; what follows ``&`` is never a body."""

_JUNK = rf"(?:{FILLER}{MORE_FILLER}*){{0,{JUNK_LIMIT}}}"

TOKEN_LIKE = re.compile("[A-Z]" + "".join(_JUNK + one for one in BODY))
"""The letter before a body and a body, spread by filler, over folded text."""


def _fold_table() -> dict[int, str]:
    table = {ord(char): char.upper() for char in "abcdefghijklmnopqrstuvwxyz"}
    table |= {ord(char): "I" for char in "ıİ"} | {ord("ſ"): "S", 0x212A: "K"}
    table |= {base + place: chr(ord("A") + place) for base in (0xFF21, 0xFF41) for place in range(26)}
    for zero in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10):
        table |= {zero + digit: str(digit) for digit in range(10)}
    table |= {ord(char): FILLER for char in _SPACES + _DASHES + _MARKUP + _INVISIBLE}
    return table | {ord(MORE_FILLER): "\x02"}


_FOLD = _fold_table()
_NO_FILLER = str.maketrans("", "", FILLER + MORE_FILLER)
TITLE = re.compile(
    r"(?:(?:dr|prof|mrs?|ms|miss|herrn?|frau|mme|madame|monsieur|se[ñn]ora?|sra?)\.?\s+)+", re.IGNORECASE
)
"""What stands in front of a name."""

_SPACE_RUN = re.compile(r"\s+")


def fold(text: str) -> str:
    """
    *text* for comparison, with the same length and places.

    Case, full-width forms and digits of other scripts are folded; spaces, dashes, markup, invisible characters and
    character references to them all become filler.
    """
    folded = text.translate(_FOLD)
    if "&" not in folded:
        return folded
    return _REFERENCE.sub(lambda match: FILLER.ljust(len(match.group()), MORE_FILLER), folded)


def compact(folded: str) -> str:
    """The letters and digits of a folded placeholder, or of the beginning of one."""
    return folded.partition("&")[0].translate(_NO_FILLER)


@lru_cache(maxsize=1024)
def prefix(entity: str) -> str:
    """The readable part of the placeholders of *entity*: 2 to 20 capital letters."""
    letters = "".join(char for char in entity.upper() if "A" <= char <= "Z")[:PREFIX_LIMIT]
    return letters if len(letters) > 1 else "ITEM"


def canonical(entity: str, text: str) -> str:
    """
    What two spellings of one value have in common.

    Values with five digits or more are identifiers, of which only letters and digits count; an e-mail address counts as
    it is; elsewhere runs of white space are one. Titles in front of a name of two words or more do not count: a surname
    alone may be that of another person. Case never counts. Spellings share the value part of their
    placeholders, so a model can see that they belong together, while each is restored exactly.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    if entity == "EMAIL_ADDRESS":
        return folded
    if sum(map(str.isdigit, folded)) >= 5:
        return "".join(filter(str.isalnum, folded))
    plain = _SPACE_RUN.sub(" ", folded).strip()
    if entity == "PERSON":
        name = TITLE.sub("", plain, count=1) if TITLE.match(plain) else plain
        return name if " " in name else plain
    return plain


def sealed(item: VaultItem) -> bool:
    """Whether *item* is a secret that did not come from the person who reads the answer: it is never restored."""
    return item.entity == "SECRET" and item.role in ("system", "tool")


def token_like_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """
    Where something in ``text[start:end]`` could pass for a placeholder, whether it was issued or not.

    Finds everything that `Restorer` might take for a placeholder of any vault, however mangled. Spans are half-open,
    sorted and disjoint. Linear time.
    """
    folded = fold(text[start:end])
    spans = []
    for match in TOKEN_LIKE.finditer(folded):
        first, floor = match.start(), max(0, match.start() - PREFIX_LIMIT + 1)
        while first > floor and "A" <= folded[first - 1] <= "Z":
            first -= 1
        spans.append((start + first, start + match.end()))
    return spans
