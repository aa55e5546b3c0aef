"""Clubs that somebody belongs to, allergies and injuries."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.types import DetectionSettings, Segment


def find(text: str) -> set[str]:
    """Entity and text of each finding, joined by a colon."""
    found = make_detector("patterns.v1", DetectionSettings()).detect([Segment(path="", text=text)], language="en")
    return {f"{one.entity}:{text[one.start : one.end]}" for one in found.spans[0]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am a member of the Harbour Rowing Association.", "ORGANIZATION:Harbour Rowing Association"),
        ("my sister is treasurer of the local knitting club", "ORGANIZATION:knitting club"),
        ("I volunteer with the parish food pantry", "ORGANIZATION:parish food pantry"),
        ("I'm a mentor at Bridges for Youth", "ORGANIZATION:Bridges for Youth"),
        ("I was in Kappa Theta Rho sorority with my cousin", "ORGANIZATION:Kappa Theta Rho sorority"),
        ("my son has a severe allergy to cashew nuts", "MEDICAL_CONDITION:severe allergy to cashew nuts"),
        ("I dislocated my left shoulder", "MEDICAL_CONDITION:dislocated my left shoulder"),
        ("I have morning sickness", "MEDICAL_CONDITION:morning sickness"),
    ],
)
def test_what_is_said_of_someone_is_found(text: str, expected: str) -> None:
    """In the words that people use of themselves."""
    assert expected in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "Which association of tennis players is the oldest?",
        "A member function belongs to a class.",
        "The chi square test and the beta distribution",
        "How does cholera spread?",
        "The team injured its reputation.",
    ],
)
def test_a_question_about_the_world_is_not(text: str) -> None:
    """Nobody is spoken of."""
    assert find(text) == set()
