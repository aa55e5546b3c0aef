"""What a GLiNER model answers becomes findings; the model here is scripted, the real library is in `tests/plugins`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from hybrid_guard.detectors.plugins.gliner_model import GlinerDetector
from hybrid_guard.detectors.plugins.labels import PROMPTS
from hybrid_guard.types import Segment


class ScriptedModel:
    """Finds capitalised words, drops what is behind its last word as the real one does, and notes what it is asked."""

    def __init__(self, most_words: int) -> None:
        self.most_words = most_words
        self.asked: list[tuple[int, tuple[str, ...], float]] = []

    def inference(
        self, texts: list[str], labels: list[str], *, flat_ner: bool, threshold: float, batch_size: int
    ) -> list[list[Mapping[str, Any]]]:
        """See `GlinerModel`."""
        assert flat_ner
        self.asked.append((len(texts), tuple(labels), threshold))
        answers: list[list[Mapping[str, Any]]] = []
        for text in texts:
            words = list(re.finditer(r"\w+(?:[-_]\w+)*|\S", text))[: self.most_words]
            answers.append(
                [
                    {"start": one.start(), "end": one.end(), "label": "person", "score": 0.75}
                    for one in words
                    if one[0].istitle()
                ]
            )
        return answers


@pytest.mark.parametrize("words", [16, 100])
def test_a_text_is_cut_so_that_the_model_drops_nothing(words: int) -> None:
    """Offsets are those of the whole text."""
    text = "we met Otto-Karl, not Ida; " * 60
    detector = GlinerDetector("gliner:scripted", ScriptedModel(words), threshold=0.4, words=words)
    (spans,) = detector.detect([Segment(path="", text=text)], language="en").spans

    assert [text[one.start : one.end] for one in spans] == ["Otto-Karl", "Ida"] * 60
    assert {(one.entity, one.score, one.detector) for one in spans} == {("PERSON", 0.75, "gliner:scripted")}


def test_the_model_is_asked_once_for_all_texts() -> None:
    """With our entities in its words, and the least score of the policy."""
    model = ScriptedModel(100)
    detector = GlinerDetector("gliner:scripted", model, threshold=0.4, words=100)
    answers = detector.detect([Segment(path="", text=text) for text in ("", "Ida", "and \ud800 Otto")], language="en")

    assert [[(one.start, one.end) for one in spans] for spans in answers.spans] == [[], [(0, 3)], [(6, 10)]]
    assert model.asked == [(2, tuple(PROMPTS), 0.4)]
