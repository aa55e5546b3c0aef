"""
T28, the acceptance lists: each item is found in at least ten texts, and in none of at least ten that look alike.

Found means that findings of the default detectors cover every letter and digit of the private part, under whatever
name: the part is masked then. A false alarm is a finding that bears one of the item's own names.
"""

from __future__ import annotations

import pytest

from hybrid_guard.detectors import build_detector
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment
from tests.promises.acceptance.cards import CARDS
from tests.promises.acceptance.hipaa import HIPAA
from tests.promises.acceptance.items import LEAST, Item, written
from tests.promises.acceptance.keys import KEYS
from tests.promises.acceptance.special import SPECIAL

ITEMS = (*HIPAA, *CARDS, *SPECIAL, *KEYS)


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The default detectors."""
    return build_detector(DetectionSettings())


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name.replace(" ", "-"))
def test_every_item_is_found_and_look_alikes_are_not(item: Item, detector: Detector) -> None:
    """All that is wrong with an item is told at once."""
    assert min(len(set(item.positives)), len(set(item.negatives))) >= LEAST
    wrong = []
    for marked in item.positives:
        text, spans = written(marked)
        assert spans, marked
        covered = bytearray(len(text))
        found = detector.detect([Segment(path="", text=text)], language="en").spans[0]
        for one in found:
            covered[one.start : one.end] = b"\1" * (one.end - one.start)
        if any(text[at].isalnum() and not covered[at] for start, end in spans for at in range(start, end)):
            wrong.append(f"missed: {marked} {found}")
    own = item.entities.split()
    for text in item.negatives:
        found = detector.detect([Segment(path="", text=text)], language="en").spans[0]
        if any(one.entity in own for one in found):
            wrong.append(f"false: {text} {found}")
    assert wrong == []
