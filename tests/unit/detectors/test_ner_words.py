"""How the name finder cuts and describes words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.ner_words import PLACES, SHAPES, describe_words, hash_word, places_of, shape_of, split_words

ROWS = 1009
ANY_TEXT = st.text(st.characters(), max_size=80)


@given(ANY_TEXT)
def test_words_are_all_that_can_be_seen(text: str) -> None:
    """Sorted, disjoint, never empty; between them there are only blanks."""
    at = 0
    for start, end in split_words(text):
        assert at <= start < end
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O'Brien's flat", ["O", "'", "Brien", "'", "s", "flat"]),
        ("john_doe99@x.org", ["john", "_", "doe", "99", "@", "x", ".", "org"]),
        ("Łódź, 12.03.", ["Łódź", ",", "12", ".", "03", "."]),
        ("🙂🙂!", ["🙂🙂", "!"]),
        ("a...__b--", ["a", "...", "__", "b", "--"]),
        ("\ud800a", ["\ud800", "a"]),
    ],
)
def test_letters_digits_and_signs_are_words_of_their_own(text: str, words: list[str]) -> None:
    """Whatever their script; half a character is a sign."""
    assert [text[start:end] for start, end in split_words(text)] == words


@pytest.mark.parametrize("text", ["x" * 100_000, "7" * 100_000, "é" * 5000, "." * 5000])
def test_no_word_is_long(text: str) -> None:
    """A text without blanks is cut all the same."""
    assert max(end - start for start, end in split_words(text)) <= 32


def test_what_stands_before_a_word_is_told_apart() -> None:
    """Nothing, blanks, one line break, several; the start of a text is like several."""
    text = "a b\nc\n \nd.e"
    assert places_of(text, split_words(text)) == [3, 1, 2, 3, 0, 0]
    assert places_of(" a", [(1, 2)]) == [1]


def test_the_case_of_the_whole_text_is_told_apart() -> None:
    """Small letters only, capitals only, both; a text without letters has small ones."""
    kinds = [places_of(text, split_words(text))[0] for text in ("so", "SO", "So", "7!")]
    assert len(set(kinds)) == 3
    assert kinds[0] == kinds[3]
    assert all(0 <= kind < PLACES for kind in kinds)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Berlin", "berlin", True),
        ("2024", "2031", True),
        ("2024", "1974", False),
        ("12", "13", False),
        ("123456", "987654", True),
        ("123456", "1234567", False),
        ("Bern", "Berlin", False),
        ("🙂", "🚗🚗", True),
        ("----", "---", True),
        ("--", "---", False),
    ],
)
def test_hashes_ignore_case_and_most_digits(one: str, other: str, same: bool) -> None:
    """Numbers keep their length, and years their century."""
    assert (hash_word(one) == hash_word(other)) is same


@pytest.mark.parametrize(
    "words", [["a", "Z", "is", "Is", "IS", "iS", "ward", "wardens"], ["1", "12", "123"], [",", "€"]]
)
def test_shapes_tell_case_and_length_apart(words: list[str]) -> None:
    """One number for each kind."""
    assert len({shape_of(word) for word in words}) == len(words)


@given(st.lists(st.text(st.characters(), min_size=1, max_size=40), min_size=1, max_size=12))
def test_a_word_is_described_alike_in_any_company(words: list[str]) -> None:
    """Neighbours in the list do not change the numbers of a word, and the numbers are in their ranges."""
    together = describe_words(words, ROWS)
    bounds = [*together.starts, len(together.grams)]
    for index, word in enumerate(words):
        alone = describe_words([word], ROWS)
        assert alone.hashes[0] == together.hashes[index]
        assert alone.shapes[0] == together.shapes[index]
        assert alone.grams.tolist() == together.grams[bounds[index] : bounds[index + 1]].tolist()
        assert len(alone.grams)
    assert together.grams.max() < ROWS
    assert together.grams.min() >= 0
    assert np.all((together.shapes >= 0) & (together.shapes < SHAPES))


def test_letter_groups_know_where_a_word_begins() -> None:
    """A prefix and the same letters inside of a word are different groups; two words share what they share."""
    described = describe_words(["stein", "einstein", "steinberg"], 65536)
    stein, einstein, steinberg = (set(part.tolist()) for part in np.split(described.grams, described.starts[1:]))
    assert stein & einstein
    assert stein & steinberg
    assert (stein & einstein) != (stein & steinberg)
