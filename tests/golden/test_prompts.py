"""Prompts of users, read by the detectors and the weights that ship: private ones are noticed, clean ones are not."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hybrid_guard.detectors import build_detector
from hybrid_guard.ports import Detector
from hybrid_guard.sensitivity import score
from hybrid_guard.types import DetectionSettings, Segment, SensitivitySettings

SETTINGS = SensitivitySettings()
MOST_ALARMS = 0.05
"""Share of the clean prompts that may be above the lowest level: the network errs at times."""


def read_prompts(kind: str) -> list[tuple[str, str]]:
    """Language and text of each line of one list."""
    lines = (Path(__file__).with_name("prompts") / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(language, text.replace("\\n", "\n")) for language, text in rows]


@cache
def make_detector() -> Detector:
    """The default detectors, made once."""
    return build_detector(DetectionSettings())


def is_raised(language: str, text: str) -> bool:
    """Whether a text is above the lowest level."""
    segments = [Segment(path="", text=text)]
    found = make_detector().detect(segments, language=language)
    return score(found, segments, SETTINGS).level != SETTINGS.levels[0][0]


@pytest.mark.parametrize(("language", "text"), read_prompts("private"))
def test_a_private_prompt_is_above_the_lowest_level(language: str, text: str) -> None:
    """Names of people nobody knows, illnesses, addresses, pay and numbers are noticed, however short the prompt."""
    assert is_raised(language, text)


def test_few_clean_prompts_are_above_the_lowest_level() -> None:
    """Sums, questions, stories and code are not taken for somebody's life."""
    prompts = read_prompts("clean")
    raised = [text for language, text in prompts if is_raised(language, text)]

    assert len(raised) <= MOST_ALARMS * len(prompts), raised
