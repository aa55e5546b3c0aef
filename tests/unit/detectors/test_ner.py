"""The name detector around the bundled pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors import bundled_pipeline_path
from hybrid_guard.detectors.ner import CHUNK, LABELS, SCORE, NameDetector, split_text
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Segment


def test_names_have_exact_places_in_each_segment() -> None:
    """Offsets are code points of the segment, behind emoji and accents too."""
    texts = ["🙂🙂 My name is Mary Jones.", "12345", "", "She moved to Berlin."]
    spans = NameDetector().detect([Segment(path="", text=text) for text in texts], language="en").spans
    found = [[text[span.start : span.end] for span in found] for text, found in zip(texts, spans, strict=True)]
    assert found == [["Mary Jones"], [], [], ["Berlin"]]
    assert all(span.entity in LABELS and span.score == SCORE for found in spans for span in found)


def test_names_behind_the_first_piece_of_a_long_text_are_found() -> None:
    """Offsets go on from piece to piece."""
    text = "It rained all day. " * 700 + "Then Mary Jones came."
    spans = NameDetector().detect([Segment(path="", text=text)], language="en").spans[0]
    assert "Mary Jones" in [text[span.start : span.end] for span in spans]


def test_texts_without_letters_need_no_pipeline(tmp_path: Path) -> None:
    """Nothing is loaded for figures."""
    detector = NameDetector(tmp_path / "missing")
    assert detector.detect([Segment(path="", text="123 + 456")], language="en").spans == ((),)


def test_a_missing_pipeline_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """It names what is missing and what to do, and quotes neither the text nor the path."""
    detector = NameDetector(tmp_path / "missing")
    with pytest.raises(DetectionError, match="no pipeline at `missing`; reinstall") as caught:
        detector.detect([Segment(path="", text="Mary")], language="en")
    assert "Mary" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_the_bundled_pipeline_is_in_the_package() -> None:
    """Beside the module that loads it."""
    assert (bundled_pipeline_path() / "meta.json").is_file()


@given(
    st.lists(st.sampled_from(["word ", "Satz. ", "line\n", "x" * 700, " " * 40, "日本語。"]), max_size=60).map("".join)
)
def test_pieces_make_up_the_text(text: str) -> None:
    """No piece is too long, none overlaps another, and nothing is left out."""
    pieces = list(split_text(text))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text.startswith(piece, offset) and 0 < len(piece) <= CHUNK for offset, piece in pieces)


@pytest.mark.parametrize(("unit", "ending"), [("a line\n", "\n"), ("a sentence. ", ". "), ("word ", " "), ("x", "x")])
def test_pieces_end_where_the_text_has_a_border(unit: str, ending: str) -> None:
    """After a line, else a sentence, else a word, else anywhere."""
    (_, first), *_ = split_text(unit * CHUNK * 2)
    assert first.endswith(ending)
    assert len(first) > CHUNK // 2
