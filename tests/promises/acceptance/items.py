"""One entry of a list of what has to be found, with texts that hold it and texts that only look so."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["LEAST", "Item", "digits", "fill", "letters", "written"]

LEAST = 10
"""Texts of either kind that each item has at least."""

_MARKED = re.compile("«(.*?)»", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    What has to be found.

    Attributes:
        name: As the list calls it.
        entities: Findings that would be a false alarm in a look-alike, separated by spaces.
        positives: Texts in which the private part stands between « and ».
        negatives: Texts that look alike and hold nothing of it.
    """

    name: str
    entities: str
    positives: Sequence[str]
    negatives: Sequence[str]


def written(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and where the marked parts stand in it."""
    spans = []
    for shift, found in enumerate(_MARKED.finditer(marked)):
        start = found.start() - 2 * shift
        spans.append((start, start + len(found[1])))
    return _MARKED.sub(r"\1", marked), spans


def fill(seed: int, frames: Sequence[str], make: Callable[[random.Random], str]) -> list[str]:
    """Each of *frames* twice, with a new value of *make* in place of ``{}``."""
    rng = random.Random(seed)
    return [frame.replace("{}", make(rng)) for frame in (*frames, *frames)]


def digits(rng: random.Random, count: int) -> str:
    """A number of *count* digits that does not begin with a zero."""
    return rng.choice("123456789") + "".join(rng.choices(string.digits, k=count - 1))


def letters(rng: random.Random, count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    """*count* of the characters in *alphabet*."""
    return "".join(rng.choices(alphabet, k=count))
