"""Long texts are read in pieces, and nothing is lost where they meet."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.plugins.pieces import cut, readable, trim

TEXTS = st.text(alphabet=st.sampled_from("ab. \n\té👩5_"), max_size=300)


@given(TEXTS, st.integers(4, 20))
def test_pieces_are_parts_of_the_text_and_hold_every_word(text: str, words: int) -> None:
    """Each lies where it says, and none of the words is left out."""
    pieces = list(cut(text, words=words, overlap=words // 2))
    covered: set[int] = set()
    for offset, piece in pieces:
        assert text[offset : offset + len(piece)] == piece
        covered.update(range(offset, offset + len(piece)))
    assert all(index in covered for index, char in enumerate(text) if not char.isspace())


@given(TEXTS, st.integers(4, 20))
def test_a_short_span_is_whole_in_some_piece(text: str, words: int) -> None:
    """A span of as many words as pieces share is cut by no border."""
    overlap = words // 2
    pieces = [(offset, offset + len(piece)) for offset, piece in cut(text, words=words, overlap=overlap)]
    places = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
    for first in range(max(0, len(places) - overlap + 1)):
        start, end = places[first][0], places[first + overlap - 1][1]
        assert any(low <= start and end <= high for low, high in pieces)


@given(TEXTS, st.integers(2, 20), st.integers(4, 40))
def test_pieces_are_as_short_as_was_asked(text: str, words: int, characters: int) -> None:
    """In words, and in characters too: a word without end is cut."""
    for _, piece in cut(text, words=words, overlap=words // 2, characters=characters):
        assert len(re.findall(rf"\w{{1,{characters // 2}}}|[^\w\s]", piece)) <= words
        assert len(piece) <= max(characters, characters // 2)


def test_a_text_without_end_and_without_blanks_is_cut() -> None:
    """A megabyte of one letter is no single piece."""
    pieces = list(cut("a" * 100_000, words=10, overlap=2, characters=1000))
    assert len(pieces) > 100
    assert pieces[-1][0] + len(pieces[-1][1]) == 100_000


def test_half_a_character_is_made_readable_at_the_same_length() -> None:
    """Offsets stay what they are."""
    assert readable("a\ud800b") == "a\ufffdb"


def test_white_space_at_the_edges_is_no_part_of_a_span() -> None:
    """Some tokenizers count the blank in front of a word as the word's."""
    assert trim(" ab ", 0, 4) == (1, 3)
    assert trim("   ", 0, 3) == (3, 3)
