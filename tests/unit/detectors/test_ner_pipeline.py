"""The name finder as a spaCy pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.ner import bundled_pipeline_path
from hybrid_guard.detectors.ner_finder import load_finder
from hybrid_guard.detectors.ner_pipeline import NamesComponent, WordTokenizer

TOKENIZER = WordTokenizer(spacy.blank("en").vocab)
TEXT = "  Hello,\n\n I am  Leonie Brandauer\tfrom Valencia. \n"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_documents_have_the_text_they_were_made_of(text: str) -> None:
    """Blanks of any kind and number are kept."""
    assert TOKENIZER(text).text == text


def test_spacy_loads_the_bundled_pipeline_and_finds_what_the_detector_finds() -> None:
    """The same spans with the same labels."""
    doc = spacy.load(bundled_pipeline_path())(TEXT)
    found = load_finder(bundled_pipeline_path() / "names")(TEXT)
    assert [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents] == [mention[:3] for mention in found]
    assert found


def test_a_pipeline_that_was_saved_finds_the_same(tmp_path: Path) -> None:
    """The weights travel with it."""
    nlp = spacy.load(bundled_pipeline_path())
    nlp.to_disk(tmp_path / "copy")
    again = spacy.load(tmp_path / "copy")
    assert [ent.text for ent in again(TEXT).ents] == [ent.text for ent in nlp(TEXT).ents]


def test_a_component_without_weights_says_so() -> None:
    """Rather than to find nothing."""
    with pytest.raises(ValueError, match="no weights"):
        NamesComponent()(spacy.blank("en")("Mary"))
