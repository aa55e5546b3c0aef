"""Texts of a given length, made by a fixed seed."""

from __future__ import annotations

import random

SENTENCE = (
    "the report says that our team has moved the meeting to another day because a part of the order did not arrive "
    "in time and nobody could tell when the next delivery would come so we wrote to them and asked for a new date"
)
WORDS = SENTENCE.split()
PRIVATE = ("anna.meyer@example.org", "4111 1111 1111 1111", "+1 415 555 0134", "John Whitaker", "192.0.2.44")


def prose(length: int, *, private: int = 2) -> str:
    """About *length* characters of plain English with *private* private values in it."""
    rng = random.Random(length)
    words: list[str] = []
    size = 0
    while size < length:
        words.append(rng.choice(WORDS))
        size += len(words[-1]) + 1
    for value in PRIVATE[:private]:
        words.insert(rng.randrange(len(words)), value)
    return " ".join(words)[:length]
