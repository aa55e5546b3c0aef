"""What becomes of findings that share characters."""

from __future__ import annotations

from hybrid_guard.detectors.merge import merge, prefer_named
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


def test_a_named_number_stands_for_a_number_of_any_kind() -> None:
    """Also one inside of it, and whichever came first: a rule about addresses of machines is about this one, too."""
    named, vague = finding(3, 12, "IP_ADDRESS", 0.6), finding(3, 12, "ID_NUMBER", 0.9)
    assert list(prefer_named([vague, named, finding(5, 9, "ID_NUMBER")])) == [named]
    assert list(prefer_named([finding(0, 20, "URL"), finding(30, 40, "URL"), finding(5, 15, "ID_NUMBER")])) == [
        finding(0, 20, "URL"),
        finding(30, 40, "URL"),
    ]


def test_a_number_that_reaches_further_than_the_named_one_stays() -> None:
    """What only the general kind covers would be left bare otherwise."""
    for vague in (finding(2, 12, "ID_NUMBER"), finding(3, 13, "ID_NUMBER"), finding(14, 20, "ID_NUMBER")):
        assert list(prefer_named([vague, finding(3, 12, "MAC_ADDRESS")])) == [vague, finding(3, 12, "MAC_ADDRESS")]


def test_words_do_not_name_a_number() -> None:
    """A company around a number says less than the number."""
    both = [finding(0, 12, "ORGANIZATION"), finding(2, 9, "ID_NUMBER")]
    assert list(prefer_named(both)) == both
