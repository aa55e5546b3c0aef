"""Names of people, places and organisations that general knowledge knows."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType

from hybrid_guard.detectors.public import wording

__all__ = ["KINDS", "fold_name", "is_public_name", "load_public_names"]

KINDS = ("organisation", "person", "place")
"""Sections of the file, in their order."""

_FILE = Path(__file__).with_name("public_names.txt.gz")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})
_LONGEST = 6  # words; what is longer is no name
# Read with the entity of the finding: a university is a place to one detector and an organisation to another.
_READ = MappingProxyType(
    {
        "PERSON": ("person",),
        "ORGANIZATION": ("organisation", "place", "person"),
        "LOCATION": ("place", "organisation", "person"),
    }
)
_TITLES = wording.words(
    "president presidente prezydent präsident président sir lord lady king queen prince princess emperor pope saint st "
    "könig königin kaiser papst roi reine pape rey reina papa re regina król królowa koning koningin paus dr doctor "
    "professor prof general captain chancellor senator the der die das le la les el il lo o de het mr mrs ms"
)
# Endings of Polish cases, of the German genitive and of possessives, with what the name ends with without them.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("owskiego", ("owski",)),
    ("skiego", ("ski",)),
    ("skiej", ("ska",)),
    ("iego", ("i",)),
    ("ego", ("y", "")),
    ("iej", ("a", "ia")),
    ("owi", ("",)),
    ("iem", ("", "i")),
    ("ii", ("ia",)),
    ("ie", ("", "a")),
    ("em", ("", "y")),
    ("im", ("i",)),
    ("ej", ("a",)),
    ("a", ("",)),
    ("u", ("",)),
    ("y", ("a",)),
    ("i", ("a", "")),
    ("e", ("a",)),
    ("s", ("",)),
)
_STEM = 3


def fold_name(text: str) -> str:
    """*text* as names are compared: its words in lower case, without accents and punctuation, parted by blanks."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    if not folded.isascii():
        folded = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join(_WORD.findall(folded))


@cache
def load_public_names() -> Mapping[str, frozenset[str]]:
    """The folded names by kind, read once; about 10 ms."""
    sections = gzip.decompress(_FILE.read_bytes()).decode().split("\n\n")
    return MappingProxyType(
        {kind: frozenset(section.split("\n")) for kind, section in zip(KINDS, sections, strict=True)}
    )


def is_public_name(text: str, entity: str) -> bool:
    """
    Whether *text*, a mention of *entity*, names someone or something that general knowledge knows.

    Titles before the name, a possessive after it and the endings of Polish cases do not matter.
    """
    words = fold_name(text).split()
    if not words or len(words) > _LONGEST:
        return False
    names = load_public_names()
    sets = [names[kind] for kind in _READ.get(entity, ())]
    if entity == "PERSON" and len(words) > 1:
        # What is no person at all, such as a treaty named after a place.
        sets += [names["organisation"], names["place"]]
    return any(form in known for form in _forms(words) for known in sets)


def _forms(words: list[str]) -> Iterator[str]:
    yield " ".join(words)
    if len(words) > 1 and words[-1] == "s":
        words = words[:-1]
        yield " ".join(words)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
        yield " ".join(words)
    for chosen in product(*map(_stems, words)):
        yield " ".join(chosen)


def _stems(word: str) -> tuple[str, ...]:
    """*word* and what it may be without an ending."""
    found = [word]
    for ending, replacements in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            found += [word[: -len(ending)] + replacement for replacement in replacements]
    return tuple(dict.fromkeys(found))[:5]
