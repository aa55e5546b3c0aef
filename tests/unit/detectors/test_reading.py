"""What is made of the matches in one text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.matching import Match, Pattern, PatternSet
from hybrid_guard.detectors.reading import Reading
from hybrid_guard.detectors.views import build_views


def pattern(name: str, check: Callable[[str], bool | None], evidence: float | None = None) -> Pattern:
    """Four digits, or two."""
    return Pattern(name=name, entity=name.upper(), regex=r"\d+", score=0.5, check=check, evidence=evidence)


@pytest.mark.parametrize(
    ("strong", "weak", "asked"),
    [
        ((0, 4), (0, 4), False),
        ((0, 4), (2, 4), False),
        ((0, 3), (0, 4), True),
        ((0, 2), (2, 4), True),
    ],
)
def test_a_check_that_cannot_matter_is_not_made(strong: tuple[int, int], weak: tuple[int, int], asked: bool) -> None:
    """Where a value with better evidence covers all of it, the answer would change nothing."""
    values: list[str] = []

    def ask(value: str) -> bool:
        values.append(value)
        return True

    (view,) = build_views("1234")
    reading = Reading("1234")
    reading.weigh(Match(pattern("strong", lambda value: True, evidence=3.0), *strong), view, "one")
    reading.weigh(Match(pattern("weak", ask), *weak), view, "one")
    assert bool(values) is asked
    assert ("WEAK" in [finding.entity for finding in reading.choose()]) is asked


def test_a_check_that_may_win_is_made() -> None:
    """A check that passes adds to the evidence, so that a little less without it is not beaten yet."""
    (view,) = build_views("1234")
    reading = Reading("1234")
    reading.weigh(Match(pattern("first", lambda value: None, evidence=0.7), 0, 4), view, "one")
    reading.weigh(Match(pattern("second", lambda value: True, evidence=0.5), 0, 4), view, "one")
    assert [finding.entity for finding in reading.choose()] == ["SECOND"]


def test_what_has_the_most_evidence_comes_first() -> None:
    """Whatever the order in which the patterns are named."""
    patterns = [pattern("weak", bool), pattern("strong", bool, evidence=2.0), pattern("middle", bool, evidence=1.0)]
    (view,) = build_views("one 12 and 34")
    found = PatternSet(patterns).find(view, skip=lambda one: False, deadline=Deadline(60.0))
    assert [match.pattern.name for match in found] == [*["strong"] * 2, *["middle"] * 2, *["weak"] * 2]
