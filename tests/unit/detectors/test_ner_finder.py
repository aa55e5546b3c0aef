"""Mentions of a text, from the probabilities of its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from hybrid_guard.detectors.ner_finder import ECHO_SCORE, LEAST_ODDS, SURE, NameFinder
from hybrid_guard.detectors.ner_network import Network

LABELS = ("PERSON", "LOCATION")
EVEN = np.ones(2, dtype=np.float32)


class _Odds:
    """A network to which a word begins a name of a person with the given probability, else with none."""

    def __init__(self, begins: dict[str, float]) -> None:
        self._begins = begins
        self._counts: dict[str, int] = {}

    def __call__(self, text: str, spans: Sequence[tuple[int, int]], _: object) -> np.ndarray:
        odds = np.zeros((len(spans), 5), dtype=np.float32)
        for row, (start, end) in zip(odds, spans, strict=True):
            word = text[start:end]
            self._counts[word] = self._counts.get(word, 0) + 1
            row[1] = self._begins.get(f"{word}_{self._counts[word]}", self._begins.get(word, 0))
            row[0] = 1 - row[1]
        return odds

    def is_name(self, word: str) -> bool:
        return word in {"denver", "mary"}

    def is_given_name(self, word: str) -> bool:
        return word == "mary"


def _finder(**begins: float) -> NameFinder:
    return NameFinder(cast(Network, _Odds(begins)), LABELS, EVEN)


def test_mentions_lie_where_the_words_are() -> None:
    """With label and score; a text without words has none."""
    assert [tuple(mention) for mention in _finder(Mary=0.75)("🙂 so Mary came")] == [(5, 9, "PERSON", 0.75)]
    assert _finder(Mary=0.75)(" \n ") == []


def test_signs_alone_are_no_mentions() -> None:
    """Whatever the network thinks of dots; with a letter they may be a name."""
    assert _finder(**{"…": 0.9})("well … no") == []
    assert [(mention.start, mention.end) for mention in _finder(Mary=0.9)("… Mary …")] == [(2, 6)]


def test_a_known_place_is_no_person() -> None:
    """Unless people have its name."""
    mentions = _finder(Ljubljana=0.9, Denver=0.9)("Ljubljana met Denver")
    assert [mention.label for mention in mentions] == ["LOCATION", "PERSON"]


def test_handles_of_tweets_are_people() -> None:
    """Though the network knows nothing of them."""
    assert [tuple(mention)[:3] for mention in _finder()("RT @ zorvex_1 : hi")] == [(3, 13, "PERSON")]


def test_a_sure_name_is_found_wherever_it_may_be_one() -> None:
    """The second "Rachel" alone would have been missed."""
    mentions = _finder(Rachel_1=0.9, Rachel_2=LEAST_ODDS * 1.5)("Rachel came. Tell Rachel now")
    assert [(mention.start, mention.end) for mention in mentions] == [(0, 6), (18, 24)]
    assert mentions[1].score == ECHO_SCORE


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (SURE - 0.05, LEAST_ODDS * 1.5, "Rachel came. Tell Rachel now"),
        (0.9, LEAST_ODDS * 0.5, "Rachel came. Tell Rachel now"),
        (0.9, LEAST_ODDS * 1.5, "Rachel came. Tell RACHEL now"),
    ],
)
def test_a_name_in_doubt_is_not_looked_for(first: float, second: float, text: str) -> None:
    """Nor where it can hardly be a name, nor in another case."""
    assert len(_finder(Rachel_1=first, Rachel_2=second, RACHEL=second)(text)) == 1


def test_small_words_of_a_name_are_not_looked_for() -> None:
    """ "de" and "Al" stand in other places for other reasons."""
    assert len(_finder(de=0.3, de_1=0.9, Al=0.3, Al_1=0.9)("de Al; later de Al")) == 2
