"""From probabilities to spans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hybrid_guard.detectors.ner_tags import read_tags

EVEN = np.ones(2, dtype=np.float32)
OUT, BEGIN, BEGIN_OTHER, GO_ON, GO_ON_OTHER = range(5)


def _odds(*tags: int, sure: float = 0.9) -> np.ndarray:
    """Each word is *tags* of it with probability *sure*."""
    odds = np.full((len(tags), 5), (1 - sure) / 4, dtype=np.float32)
    odds[np.arange(len(tags)), tags] = sure
    return odds


def test_a_span_reaches_from_its_beginning_to_where_nothing_goes_on() -> None:
    """Two spans side by side stay two."""
    found = read_tags(_odds(OUT, BEGIN, GO_ON, BEGIN, OUT, BEGIN_OTHER), EVEN)
    assert [(first, last, label) for first, last, label, _ in found] == [(1, 3, 0), (3, 4, 0), (5, 6, 1)]


def test_what_goes_on_must_have_begun_with_the_same_label() -> None:
    """The likeliest tags alone would say that the second word goes on from nowhere."""
    odds = _odds(OUT, GO_ON, OUT)
    odds[0] = [0.5, 0.4, 0.04, 0.03, 0.03]
    assert [(first, last, label) for first, last, label, _ in read_tags(odds, EVEN)] == [(0, 2, 0)]
    assert read_tags(_odds(BEGIN_OTHER, GO_ON_OTHER, OUT), EVEN)[0][:3] == (0, 2, 1)


def test_doubt_between_two_labels_is_no_doubt_that_it_is_one() -> None:
    """The word is marked although "outside" is the likeliest single tag; the score is that of any label."""
    odds = np.array([[0.4, 0.35, 0.25, 0, 0]], dtype=np.float32)
    assert [(label, round(score, 2)) for _, _, label, score in read_tags(odds, EVEN)] == [(0, 0.6)]


@pytest.mark.parametrize(("bias", "found"), [(0.5, 0), (1.0, 0), (2.0, 1)])
def test_a_bias_above_one_finds_more(bias: float, found: int) -> None:
    """It multiplies the odds of its label."""
    odds = np.array([[0.6, 0.4, 0, 0, 0]], dtype=np.float32)
    assert len(read_tags(odds, np.array([bias, 1.0], dtype=np.float32))) == found


def test_nothing_is_found_among_words_that_are_surely_outside() -> None:
    """The usual case."""
    assert read_tags(_odds(OUT, OUT, sure=0.99), EVEN) == []


@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(5)), elements=st.floats(2**-10, 1, width=32)))
def test_any_odds_give_sorted_disjoint_spans_with_probabilities(weights: np.ndarray) -> None:
    """Scores are in [0, 1] whatever the odds are."""
    odds = weights / weights.sum(axis=1, keepdims=True)
    at = 0
    for first, last, label, score in read_tags(odds, EVEN):
        assert at <= first < last <= len(odds)
        assert label in {0, 1}
        assert 0 <= score <= 1
        at = last


@given(arrays.arrays(np.float32, (6, 5), elements=st.floats(2**-6, 1, width=32)))
def test_no_other_allowed_sequence_is_likelier(weights: np.ndarray) -> None:
    """Compared with all sequences of six words, tag by tag."""
    weights[:, OUT] = np.minimum(weights[:, OUT], 0.9 * weights[:, 1:].sum(axis=1))
    odds = weights / weights.sum(axis=1, keepdims=True)
    best = odds[:, 1:].max(axis=1)
    scores = np.log(odds)
    scores[:, 1:] += np.log((1 - odds[:, OUT]) / best)[:, None]
    paths: dict[int, float] = {tag: float(scores[0, tag]) for tag in (OUT, BEGIN, BEGIN_OTHER)}
    for row in scores[1:]:
        paths = {
            tag: max(value for before, value in paths.items() if tag <= 2 or before in {tag, tag - 2}) + float(row[tag])
            for tag in range(5)
            if tag <= 2 or any(before in {tag, tag - 2} for before in paths)
        }
    tags = [OUT] * 6
    for first, last, label, _ in read_tags(odds, EVEN):
        tags[first:last] = [BEGIN + label] + [GO_ON + label] * (last - first - 1)
    assert sum(float(scores[at, tag]) for at, tag in enumerate(tags)) == pytest.approx(max(paths.values()), abs=1e-3)
