"""What a second scan finds and still needs an operator, told in places of the original text."""

from __future__ import annotations

import pytest

from hybrid_guard.anonymizer import Treated
from hybrid_guard.core.prepare import residue
from hybrid_guard.types import Finding, Operator, Treatment

ALL = Treatment(default=Operator.PLACEHOLDER)
# "I am anna and bert, ok" with both names replaced by longer words.
TREATED = Treated(text="I am XXXXXXX and YYYYYY, ok", replaced=((5, 12, 5, 9), (17, 23, 14, 18)))


def found(start: int, end: int, entity: str = "PERSON") -> Finding:
    """A span of the treated text."""
    return Finding(start=start, end=end, entity=entity, score=1.0, detector="d")


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([], []),
        ([(0, 4)], [(0, 4)]),
        ([(5, 12)], []),
        ([(6, 11)], []),
        ([(3, 14)], [(3, 5), (9, 11)]),
        ([(12, 13)], []),
        ([(13, 16)], [(10, 13)]),
        ([(24, 27)], [(19, 22)]),
        ([(2, 27)], [(2, 5), (9, 14), (18, 22)]),
        ([(0, 1), (13, 16), (25, 27)], [(0, 1), (10, 13), (20, 22)]),
        ([(8, 16), (18, 20), (22, 27)], [(9, 13), (18, 22)]),
    ],
    ids=[
        "nothing",
        "before",
        "a replacement",
        "inside of one",
        "around one",
        "a space",
        "between",
        "behind",
        "around both",
        "three",
        "across borders",
    ],
)
def test_parts_outside_of_replacements_are_left(spans: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    """A replacement is passed over, and so is a part without a letter or digit."""
    given = [(one.start, one.end) for one in residue(TREATED, [found(*span) for span in spans], ALL)]

    assert given == left


def test_what_the_treatment_keeps_is_not_left() -> None:
    """It needs no operator."""
    treatment = Treatment(default=Operator.PLACEHOLDER, entities={"URL": Operator.KEEP})

    kept = residue(TREATED, [found(0, 1, "URL"), found(13, 16)], treatment)

    assert [(one.start, one.entity) for one in kept] == [(10, "PERSON")]


def test_a_text_without_replacements_is_told_as_it_is() -> None:
    """Places are the same."""
    whole = Treated(text="bert", replaced=())

    assert [(one.start, one.end) for one in residue(whole, [found(0, 4)], ALL)] == [(0, 4)]
