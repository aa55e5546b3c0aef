"""Names of parameters are nobody's names."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.public.parameters import is_parameter
from hybrid_guard.types import DetectionSettings, Segment

PARAMETERS = (
    "max_tokens",
    "cron",
    "lang",
    "max",
    "lon",
    "radius",
    "temp",
    "loss",
    "createdAt",
    "top-k",
    "col_2",
    "x_min",
)
OTHERS = ("Max", "anna", "john_smith", "max mustermann", "user_anna", "userAnna", "x", "12", "", "lon 52", "a" * 60)


@pytest.mark.parametrize("text", PARAMETERS)
def test_a_parameter_is_told_by_its_words(text: str) -> None:
    """In any of the usual spellings."""
    assert is_parameter(text)


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_is_none(text: str) -> None:
    """A name, with or without such a word beside it, a number, and running text."""
    assert not is_parameter(text)


def test_no_parameter_is_a_finding_and_names_stay() -> None:
    """As the keys and values of a tool's arguments."""
    detector = build_detector(DetectionSettings(detectors=("ner.v2",)))
    segments = [Segment(path=f"/{at}", text=text, role="assistant") for at, text in enumerate((*PARAMETERS, "Max"))]

    found = detector.detect(segments, language="en")

    assert [[one.entity for one in spans] for spans in found.spans] == [*([] for _ in PARAMETERS), ["PERSON"]]
