"""What is remembered of texts that were read."""

from __future__ import annotations

from collections.abc import Sequence

from hybrid_guard.detectors import detector_for_benchmarks
from hybrid_guard.detectors.cache import FindingCache
from hybrid_guard.detectors.engine import CompositeDetector
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment

FOUND = Finding(start=0, end=3, entity="PERSON", score=0.9, detector="counting.v1")


class Counting:
    """Finds the same in every text, and remembers what it was asked."""

    name = "counting.v1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        self.read.extend(segment.text for segment in segments)
        return Findings(spans=((FOUND,),) * len(segments))


def turns(count: int) -> list[Segment]:
    """A conversation."""
    return [
        Segment(path=f"/messages/{index}/content", text=f"turn {index} of ours", role="user") for index in range(count)
    ]


def test_a_conversation_pays_for_its_last_message() -> None:
    """Fifty turns are read once each, and every request has the findings of all of them."""
    detector = Counting()
    composite = CompositeDetector([detector], DetectionSettings(), cache=FindingCache())
    for count in range(1, 51):
        assert composite.detect(turns(count), language="en").spans == ((FOUND,),) * count
    assert detector.read == [segment.text for segment in turns(50)]


def test_another_language_is_another_question() -> None:
    """What was found for one language says nothing for another."""
    detector = Counting()
    composite = CompositeDetector([detector], DetectionSettings(), cache=FindingCache())
    for language in ("en", "de", "en"):
        composite.detect(turns(1), language=language)
    assert len(detector.read) == 2


def test_suspicion_is_remembered_too() -> None:
    """A text that hides something stays suspicious when it is met again."""
    composite = CompositeDetector([Counting()], DetectionSettings(), cache=FindingCache())
    hidden = [Segment(path="", text="4\u200b1\u200b1\u200b1")]
    assert [composite.detect(hidden, language="en").suspicious for _ in range(2)] == [True, True]
    assert not composite.detect(turns(2), language="en").suspicious


def test_the_least_recently_used_text_makes_room() -> None:
    """The size is bounded, and so is what one text may take."""
    cache = FindingCache(entries=2)
    names = [cache.sign(text) for text in "abc"]
    cache.put(names[0], ((FOUND,), False))
    cache.put(names[1], ((), False))
    assert cache.get(names[0]) == ((FOUND,), False)
    cache.put(names[2], ((), True))
    cache.put(cache.sign("d"), ((FOUND,) * 1001, False))
    assert [cache.get(name) is None for name in names] == [False, True, False]
    assert len(cache) == 2


def test_names_tell_nothing_of_the_text() -> None:
    """Each process has names of its own, and parts are told apart."""
    cache = FindingCache()
    assert cache.sign("text") != FindingCache().sign("text")
    assert cache.sign("a", "bc") != cache.sign("ab", "c")
    assert cache.sign("\ud800") != cache.sign("secret")


def test_the_callable_for_benchmarks_remembers_nothing() -> None:
    """It is to be timed."""
    find = detector_for_benchmarks()
    composite = next(cell.cell_contents for cell in find.__closure__ or () if hasattr(cell.cell_contents, "detect"))
    assert isinstance(composite, CompositeDetector)
    assert composite._cache is None
