"""What restoring costs: long texts without placeholders, and the chunks of a stream."""

from __future__ import annotations

import itertools

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.texts import prose
from hybrid_guard.anonymizer import JsonRestorer, Restorer
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import VaultItem

MEBIBYTE = 1 << 20
ENTRIES = Book(key=b"b" * 32, limit=100).put(
    [VaultItem(entity="PERSON", original=f"name {number}", role="user") for number in range(50)]
)
CHUNKS = {
    "words": ["the ", "report ", "says, ", "in 2024. "],
    "placeholders": [f"{ENTRIES[0].placeholder}, "],
    "halves": [ENTRIES[0].placeholder[:9], ENTRIES[0].placeholder[9:] + ", "],
    "links": ["[x](https://e.example/", ENTRIES[0].placeholder, ") "],
}


@pytest.mark.parametrize("private", [0, 2], ids=["no digits", "a few digits"])
def test_a_mebibyte_without_placeholders(benchmark: BenchmarkFixture, private: int) -> None:
    """Bytes in a second are a mebibyte through the median."""
    text = prose(MEBIBYTE, private=private).ljust(MEBIBYTE)
    restorer = Restorer(ENTRIES)

    assert benchmark(lambda: restorer.restore(text)) == text


@pytest.mark.parametrize("kind", CHUNKS)
@pytest.mark.parametrize("make", [Restorer, JsonRestorer])
def test_a_chunk(benchmark: BenchmarkFixture, make: type[Restorer | JsonRestorer], kind: str) -> None:
    """One delta of a stream that began long ago."""
    restorer = make(ENTRIES)
    restorer.feed('{"text": "' if make is JsonRestorer else "")
    chunks = itertools.cycle(CHUNKS[kind])

    benchmark(lambda: restorer.feed(next(chunks)))
