"""What becomes of findings that share characters."""

from __future__ import annotations

from hybrid_guard.detectors.merge import merge
from hybrid_guard.types import Finding


def finding(start: int, end: int, entity: str, score: float = 0.5, detector: str = "test.v1") -> Finding:
    """A finding in short."""
    return Finding(start=start, end=end, entity=entity, score=score, detector=detector)


def test_findings_that_touch_stay_apart() -> None:
    """Two values without a gap are two values."""
    one, two = finding(0, 4, "PERSON"), finding(4, 8, "PERSON")
    assert merge([two, one]) == (one, two)


def test_overlap_takes_the_union_and_the_heavier_entity() -> None:
    """A date inside half of a secret is part of the secret."""
    assert merge([finding(0, 6, "DATE_TIME", 1.0), finding(4, 10, "SECRET", 0.4, "secrets.v1")]) == (
        finding(0, 10, "SECRET", 0.4, "secrets.v1"),
    )


def test_a_text_on_the_deny_list_wins_over_a_secret() -> None:
    """The deny list is a person's word, so it is heavier than everything of the same weight."""
    assert merge([finding(0, 9, "SECRET", 1.0), finding(2, 4, "DENIED_TEXT", 1.0)]) == (
        finding(0, 9, "DENIED_TEXT", 1.0),
    )


def test_the_surer_of_two_equals_wins_then_the_longer() -> None:
    """Score decides between entities of the same weight, then length."""
    assert merge([finding(0, 3, "PERSON", 0.6), finding(1, 5, "EMAIL_ADDRESS", 0.9)])[0].entity == "EMAIL_ADDRESS"
    assert merge([finding(0, 3, "PERSON", 0.9), finding(1, 9, "EMAIL_ADDRESS", 0.9)])[0].entity == "EMAIL_ADDRESS"


def test_a_chain_of_overlaps_is_one_span() -> None:
    """Overlap is followed from finding to finding; the ends need not meet."""
    assert merge([finding(0, 4, "AGE"), finding(3, 8, "AGE"), finding(7, 12, "AGE"), finding(12, 13, "AGE")]) == (
        finding(0, 12, "AGE"),
        finding(12, 13, "AGE"),
    )


def test_nothing_merges_to_nothing() -> None:
    """No findings, no spans."""
    assert merge([]) == ()
