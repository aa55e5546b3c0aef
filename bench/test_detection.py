"""What detection costs: ordinary texts, texts that are made to be slow, and the last turn of a conversation."""

from __future__ import annotations

import contextlib

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.texts import prose
from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.suspicion import is_suspicious
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment

PATTERNS = ("patterns.v1", "secrets.v1")
MEBIBYTE = 1 << 20
UNITS = {
    "prose": "the report says that our team has moved the meeting ",
    "digits": "1234567890",
    "cards": "4111 1111 1111 1111 ",
    "dashes": "1-",
    "dots": "a.",
    "lines": "1\n",
    "escapes": "%34",
    "words": "one two three four ",
    "addresses in words": "a at b dot c ",
    "invisible": "4\u200b",
}


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Without names: patterns and views only."""
    return build_detector(DetectionSettings(detectors=PATTERNS))


@pytest.mark.parametrize("private", [0, 2])
@pytest.mark.parametrize("size", [200, 1000, 10_000])
def test_patterns_and_views(benchmark: BenchmarkFixture, detector: Detector, size: int, private: int) -> None:
    """One text that was not met before: another number at its end each time."""
    texts = (f"{prose(size, private=private)} and {number} more" for number in range(10**9))

    benchmark(lambda: detector.detect([Segment(path="", text=next(texts))], language="en"))


@pytest.mark.parametrize("size", [1000, 10_000])
def test_suspicion(benchmark: BenchmarkFixture, size: int) -> None:
    """The question whether a text hides something."""
    text = prose(size)

    benchmark(lambda: is_suspicious(text, Deadline(60.0)))


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_a_mebibyte(benchmark: BenchmarkFixture, detector: Detector, unit: str) -> None:
    """Read, or refused: either way it ends."""
    text = (unit * (MEBIBYTE // len(unit) + 1))[:MEBIBYTE]

    def read() -> None:
        with contextlib.suppress(DetectionError):
            detector.detect([Segment(path="", text=text)], language="en")

    benchmark.pedantic(read, rounds=1)  # type: ignore[no-untyped-call]  # the plug-in has no types there


@pytest.mark.parametrize("turns", [1, 50])
def test_the_last_turn_of_a_conversation(benchmark: BenchmarkFixture, turns: int) -> None:
    """All but the last turn were read before; the last is new each time."""
    detector = build_detector(DetectionSettings(detectors=PATTERNS))
    before = [Segment(path=f"/messages/{i}/content", text=f"{i}: {prose(1000)}", role="user") for i in range(turns - 1)]
    detector.detect(before, language="en")
    last = (f"{prose(1000)} and {number} more" for number in range(10**9))

    def turn() -> None:
        detector.detect([*before, Segment(path="/messages/last/content", text=next(last), role="user")], language="en")

    benchmark(turn)
