"""Tags of tokens become spans of whole words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.engine import CompositeDetector
from hybrid_guard.detectors.plugins.labels import PROMPTS, entity_of
from hybrid_guard.detectors.plugins.tokens import Token, join
from hybrid_guard.detectors.plugins.transformers_model import TaggingDetector
from hybrid_guard.policies.names import KNOWN_ENTITIES
from hybrid_guard.types import DetectionSettings, Segment


def tokens(*parts: tuple[str, int, str, float]) -> tuple[str, list[Token]]:
    """A text of parts, each (text, word, label, score); a new word has a blank in front of it."""
    text, made, last = "", [], -1
    for part, word, label, score in parts:
        text += " " if text and word != last else ""
        made.append(Token(start=len(text), end=len(text) + len(part), word=word, label=label, score=score))
        text, last = text + part, word
    return text, made


def spans(parts: Sequence[tuple[str, int, str, float]]) -> list[tuple[str, str, float]]:
    """Entities of the text of *parts*, what they cover, and their scores."""
    text, made = tokens(*parts)
    return [(one.entity, text[one.start : one.end], one.score) for one in join(text, made, detector="x")]


def test_a_word_is_private_if_a_part_of_it_is() -> None:
    """The parts that the model is less sure of are covered, too."""
    assert spans([("Bran", 0, "O", 0.6), ("dt", 0, "I-PER", 0.7), ("lives", 1, "O", 0.9)]) == [
        ("PERSON", "Brandt", 0.7)
    ]


def test_words_of_one_name_are_one_span_and_a_new_name_is_another() -> None:
    """`B-` begins a span even where no word stands between."""
    words = [
        ("Mary", 0, "B-PER", 0.9),
        ("Jones", 1, "I-PER", 0.7),
        ("Otto", 2, "B-PER", 0.8),
        ("Berlin", 3, "LOC", 1.0),
    ]
    assert spans(words) == [("PERSON", "Mary Jones", 0.8), ("PERSON", "Otto", 0.8), ("LOCATION", "Berlin", 1.0)]


def test_the_surest_label_of_a_word_wins() -> None:
    """Parts of one word need not agree."""
    assert spans([("Ber", 0, "B-PER", 0.6), ("lin", 0, "I-LOC", 0.8)]) == [("LOCATION", "Berlin", 0.8)]


def test_a_blank_in_front_of_a_word_is_no_part_of_it() -> None:
    """As SentencePiece has it."""
    made = [Token(start=1, end=6, word=0, label="PER", score=0.5)]
    (found,) = join("a Mary", made, detector="x")
    assert (found.start, found.end) == (2, 6)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ab", "c", "é"]),
            st.integers(0, 3),
            st.sampled_from(["O", "B-PER", "I-PER", "LOC", "DATE"]),
            st.floats(0, 1),
        ),
        max_size=12,
    )
)
def test_every_private_token_is_covered_and_spans_are_disjoint(parts: list[tuple[str, int, str, float]]) -> None:
    """Whatever a model answers."""
    ordered = sorted(parts, key=lambda part: part[1])
    text, made = tokens(*ordered)
    found = join(text, made, detector="x")

    assert all(one.end <= two.start for one, two in pairwise(found))
    for token in made:
        if token.label != "O":
            assert any(one.start <= token.start and token.end <= one.end for one in found)


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("B-PER", "PERSON"),
        ("PERSON", "PERSON"),
        ("GPE", "LOCATION"),
        ("S-loc", "LOCATION"),
        ("I-STREET", "ADDRESS"),
        ("NORP", "NRP"),
        ("Date of Birth", "DATE_OF_BIRTH"),
        ("DE_ID_CARD", "DE_ID_CARD"),
        ("badge-number", "BADGE_NUMBER"),
        ("O", None),
        ("CARDINAL", None),
        ("B-MISC", None),
        ("42", None),
    ],
)
def test_labels_of_others_are_read(label: str, entity: str | None) -> None:
    """Known ones become ours, numbers and works of art nothing, and the rest stays what it is."""
    assert entity_of(label) == entity


def test_what_gliner_is_asked_for_is_known_to_policies() -> None:
    """A rule can name each of them."""
    assert set(PROMPTS.values()) <= set(KNOWN_ENTITIES)


def test_windows_that_overlap_give_each_name_once() -> None:
    """A name that the border of one window cuts is whole in the next one."""
    text = "so Mary Jones came"
    first = [Token(start=0, end=2, word=0, label="O", score=1.0), Token(start=3, end=7, word=1, label="PER", score=0.9)]
    second = [
        Token(start=3, end=7, word=1, label="PER", score=0.8),
        Token(start=8, end=13, word=2, label="PER", score=0.8),
        Token(start=14, end=18, word=3, label="O", score=1.0),
    ]
    detector = TaggingDetector("transformers:scripted", lambda texts: [[first, second] for _ in texts])
    (found,) = detector.detect([Segment(path="", text=text)], language="en").spans

    assert [(one.start, one.end, one.entity) for one in found] == [(3, 13, "PERSON")]


def test_it_can_be_one_of_several() -> None:
    """The engine takes its answer for what it is."""
    detector = TaggingDetector(
        "transformers:scripted",
        lambda texts: [[[Token(start=0, end=4, word=0, label="PER", score=0.3)]] for _ in texts],
    )
    segments = [Segment(path="", text="Mary")]

    assert CompositeDetector([detector], DetectionSettings()).detect(segments, language="en").spans == ((),)
    (kept,) = CompositeDetector([detector], DetectionSettings(min_score=0.2)).detect(segments, language="en").spans
    assert [(one.entity, one.detector) for one in kept] == [("PERSON", "transformers:scripted")]
