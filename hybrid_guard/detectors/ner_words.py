"""Words as the name finder sees them: where they are in a text, and the numbers that describe each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PLACES", "SHAPES", "WordNumbers", "describe_words", "hash_word", "places_of", "shape_of", "split_words"]

PLACES = 12
"""Kinds of places that a word can have: see `places_of`."""

SHAPES = 256
"""Kinds of words by their letters: see `shape_of`."""

_WORD = re.compile(r"[^\W\d_]{1,32}|\d{1,12}|([^\w\s]|_)\1{0,31}")
_ORDERS = (3, 4, 5)
_GAPS = 4
_LONGEST_RUN = 3
_FIRST_SYMBOL = "\u2190"
_BEGIN, _END = "\x02", "\x03"
_LENGTHS = (0, 0, 1, 2, 3, 3, 3, 4)  # One letter, two, three, four to six, more.
_LETTER_SHAPES = 5 * 5
_DIGIT_SHAPES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WordNumbers:
    """
    What describes each of n words.

    Attributes:
        hashes: uint32, shape (n,): `hash_word` of each, for look-up in a lexicon.
        shapes: int64, shape (n,), in [0, `SHAPES`).
        grams: int64, shape (m,): rows of the table of letter groups, word after word.
        starts: int64, shape (n,): where the groups of each word begin in *grams*; every word has at least one.
    """

    hashes: NDArray[np.uint32]
    shapes: NDArray[np.int64]
    grams: NDArray[np.int64]
    starts: NDArray[np.int64]


def split_words(text: str) -> list[tuple[int, int]]:
    """
    Words of *text* as half-open spans: runs of letters, of digits or of one other visible character, of bounded length.
    """
    return [match.span() for match in _WORD.finditer(text)]


def places_of(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """
    Kind of the place of each word of *text*, in [0, `PLACES`).

    It tells what stands before the word (nothing, blanks, one line break, several or the start of the text), and
    whether the text has small letters only, capitals only, or both: then a capital says more.
    """
    case = _GAPS * (0 if text == text.lower() else 1 if text == text.upper() else 2)
    places = []
    last = 0
    for start, end in spans:
        if last == start:
            gap = 0 if start else 3
        else:
            lines = text.count("\n", last, start)
            gap = 1 if not lines else min(lines, 2) + 1
        places.append(case + gap)
        last = end
    return places


def hash_word(word: str) -> int:
    """Number in [0, 2**32) of a word in any case; long numbers keep length and century only, symbols nothing."""
    return crc32(_plain(word).encode("utf-8", "surrogatepass"))


def shape_of(word: str) -> int:
    """Kind in [0, `SHAPES`): case and length of letters, length of digits, else the sign itself."""
    if word.isalpha():
        length = _LENGTHS[min(len(word), 7)]
        if word.islower():
            case = 0
        elif word.isupper():
            case = 1 if len(word) > 1 else 2
        elif word[0].isupper() and word[1:].islower():
            case = 3
        else:
            case = 4
        return case * 5 + length
    if word.isdigit():
        return _LETTER_SHAPES + min(len(word), _DIGIT_SHAPES) - 1
    rest = _LETTER_SHAPES + _DIGIT_SHAPES
    return rest + crc32(_plain(word).encode("utf-8", "surrogatepass")) % (SHAPES - rest)


def describe_words(words: Sequence[str], rows: int) -> WordNumbers:
    """
    Describe *words* (at least one), all at once.

    Args:
        words: As `split_words` cuts them.
        rows: Number of rows in the table of letter groups (three to five letters, with marks for both ends).
    """
    import numpy as np

    plain = [_plain(word) for word in words]
    joined = "".join(f"{_BEGIN}{word}{_END}" for word in plain)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owners = np.repeat(np.arange(len(plain)), [len(word) + 2 for word in plain])
    hashed = letters * np.uint32(0x9E3779B1)
    groups, of_words = [], []
    rolling = hashed
    for order in range(2, _ORDERS[-1] + 1):
        rolling = (rolling[:-1] ^ (rolling[:-1] >> np.uint32(15))) * np.uint32(0x2C1B3C6D) + hashed[order - 1 :]
        if order in _ORDERS:
            whole = owners[: len(rolling)] == owners[order - 1 :]
            groups.append(_mix(rolling[whole]) % np.uint32(rows))
            of_words.append(owners[: len(rolling)][whole])
    owner = np.concatenate(of_words)
    order_of = np.argsort(owner, kind="stable")
    return WordNumbers(
        hashes=np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in plain], dtype=np.uint32),
        shapes=np.array([shape_of(word) for word in words], dtype=np.int64),
        grams=np.concatenate(groups)[order_of].astype(np.int64),
        starts=np.searchsorted(owner[order_of], np.arange(len(words))),
    )


def _plain(word: str) -> str:
    if word.isdigit() and len(word) > 2:
        return word[:2] + "00" if len(word) == 4 else "0" * len(word)
    if word[0].isalnum():
        return word.lower()
    # One emoji says as little about its neighbours as another, and a line of dashes as much as a longer one.
    return _FIRST_SYMBOL if word >= _FIRST_SYMBOL else word[:_LONGEST_RUN]


def _mix(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    import numpy as np

    numbers = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x7FEB352D)
    numbers = (numbers ^ (numbers >> np.uint32(15))) * np.uint32(0x846CA68B)
    return numbers ^ (numbers >> np.uint32(16))
