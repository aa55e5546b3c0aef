"""What is remembered of the beginnings of conversations."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hybrid_guard.detectors.beginnings import Beginnings
from hybrid_guard.detectors.cache import FindingCache
from hybrid_guard.detectors.engine import CompositeDetector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment

FOUND = Finding(start=0, end=4, entity="PERSON", score=0.9, detector="one")


def conversation(count: int, begin: int = 0) -> list[Segment]:
    """Turns, one after the other."""
    return [
        Segment(path=f"/messages/{index}/content", text=f"turn {begin + index}", role=("user", "assistant")[index % 2])
        for index in range(count)
    ]


@pytest.mark.parametrize(("before", "now", "known"), [(5, 5, 5), (5, 6, 5), (5, 8, 5), (5, 9, 0), (2, 3, 2), (0, 2, 0)])
def test_a_beginning_is_known_again(before: int, now: int, known: int) -> None:
    """If the conversation grew by no more than a turn."""
    beginnings = Beginnings()
    findings = Findings(spans=((FOUND,),) * before, suspicious=True)
    beginnings.note(beginnings.sign(conversation(before), "en")[0], findings)
    count, recalled = beginnings.recall(beginnings.sign(conversation(now), "en"), now)
    assert count == known
    assert (recalled == findings) is (known == before)


@pytest.mark.parametrize(
    "other",
    [
        [Segment(path="/a", text="bc", role="user")],
        [Segment(path="/ab", text="c", role="user")],
        [Segment(path="/a", text="b", role="system"), Segment(path="", text="c", role="user")],
        [Segment(path="/a", text="b", role="assistant")],
        [],
    ],
)
def test_another_conversation_has_another_name(other: Sequence[Segment]) -> None:
    """Texts, places, roles, and where one ends and the next begins."""
    beginnings = Beginnings()
    names = beginnings.sign([Segment(path="/a", text="b", role="user")], "en")
    assert names[0] not in beginnings.sign(other, "en")
    assert not set(names) & set(beginnings.sign([Segment(path="/a", text="b", role="user")], "de"))
    assert not set(names) & set(Beginnings().sign([Segment(path="/a", text="b", role="user")], "en"))


def test_the_least_recently_used_makes_room() -> None:
    """The number of conversations is bounded, and so is what one may take."""
    beginnings = Beginnings(entries=2)
    talks = [conversation(2, begin=begin) for begin in (10, 20, 30)]
    names = [beginnings.sign(talk, "en") for talk in talks]
    for name in names[:2]:
        beginnings.note(name[0], Findings(spans=((), ())))
    assert beginnings.recall(names[0], 2)[0] == 2
    beginnings.note(names[2][0], Findings(spans=((), ())))
    assert [beginnings.recall(name, 2)[0] for name in names] == [2, 0, 2]
    beginnings.note(names[1][0], Findings(spans=((FOUND,) * 2000,)))
    assert beginnings.recall(names[1], 2)[0] == 0


def test_texts_before_the_last_turn_are_not_looked_at() -> None:
    """Neither by their names, nor at their borders, but for those next to what is new."""
    cache = FindingCache()
    signed: set[str] = set()
    sign = cache.sign

    def note(*parts: str) -> bytes:
        signed.add(parts[1])
        return sign(*parts)

    cache.sign = note  # type: ignore[method-assign]
    detector = CompositeDetector([make_detector("patterns.v1", DetectionSettings())], DetectionSettings(), cache=cache)
    detector.detect(conversation(50), language="en")
    signed.clear()
    findings = detector.detect(conversation(52), language="en")
    assert len(findings.spans) == 52
    assert {"turn 50", "turn 51", "turn 49"} <= signed
    assert not signed & {f"turn {number}" for number in range(20)}


def test_a_value_that_is_split_over_earlier_texts_stays_found() -> None:
    """In each of them, however the conversation goes on."""
    texts = ("my card is 4111 1111", "1111 1111", "thanks", "you are welcome", "and now")
    said = [Segment(path=f"/messages/{index}/content", text=text, role="user") for index, text in enumerate(texts)]
    shapes = make_detector("patterns.v1", DetectionSettings())
    detector = CompositeDetector([shapes], DetectionSettings(), cache=FindingCache())
    for count in range(2, len(said) + 1):
        findings = detector.detect(said[:count], language="en")
        assert [[one.entity for one in spans] for spans in findings.spans[:3]] == [
            ["CREDIT_CARD"],
            ["CREDIT_CARD"],
            [],
        ][:count]
        assert findings.suspicious
