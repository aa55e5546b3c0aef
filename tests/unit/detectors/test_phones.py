"""Telephone numbers: where they end, and which plan they must fit."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.tables.phones import build_phone_patterns
from hybrid_guard.types import Segment


def find(text: str, *languages: str) -> list[tuple[str, float]]:
    """Numbers in *text* with their scores."""
    detector = PatternDetector("test.v1", build_phone_patterns(languages))
    findings = detector.detect([Segment(path="", text=text)], language="en").spans[0]
    return [(text[finding.start : finding.end], finding.score) for finding in findings]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+1 415 555 0132 2024", "+1 415 555 0132"),
        ("+1 415 555 0132. 2 apples", "+1 415 555 0132"),
        ("(+44 20 7946 0958)", "+44 20 7946 0958"),
        ("+55 11 98456 5666", "+55 11 98456 5666"),
    ],
)
def test_an_international_number_ends_with_its_last_valid_group(text: str, number: str) -> None:
    """What follows is left out; a valid number is certain."""
    assert find(text) == [(number, 1.0)]


def test_an_invalid_international_number_is_one_all_the_same() -> None:
    """A plus sign and so many digits are meant as a number; it has fifteen digits at most."""
    assert find("it is +999 1234 5678") == [("+999 1234 5678", 0.5)]
    assert find("it is +999 1234 5678 9012 3456") == [("+999 1234 5678 9012", 0.5)]


@pytest.mark.parametrize(
    "number",
    ["030 1234567", "01 42 68 53 00", "0532 123 45 67", "09-7625400", "06 12345678", "020 7946 0958", "0917 123 4567"],
)
def test_a_national_number_must_be_valid_somewhere(number: str) -> None:
    """Numbers of many countries count without a country code."""
    assert find(f"it is {number}") == [(number, 0.45)]
    assert find("it is 00 12 34 56 78") == []


@pytest.mark.parametrize("text", ["phone 5321234567", "call 532 123 45 67", "전화 5321234567", "532-1234 is my number"])
def test_bare_digits_are_a_number_when_somebody_says_so(text: str) -> None:
    """Context words of several languages."""
    assert len(find(text)) == 1


@pytest.mark.parametrize(
    "text", ["it is 5321234567", "so 532 123 45 67", "in 532-1234", "on 2021-03-15", "a532-555-01321"]
)
def test_bare_digits_in_a_sentence_are_left_alone(text: str) -> None:
    """They may be anything."""
    assert find(text) == []


@pytest.mark.parametrize("text", ["5321234567", "532 123 45 67", "532.123.45.67"])
def test_bare_digits_that_are_the_whole_text_may_be_a_number(text: str) -> None:
    """A cell of a table has no words that could say so."""
    assert [number for number, _ in find(text)] == [text]
