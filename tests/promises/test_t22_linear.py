"""T22: no text makes detection slow without end: all patterns are linear, work is bounded, and too much work closes."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import pytest
import re2

from hybrid_guard.detectors import patterns as pattern_module
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.engine import OTHER_SECONDS, CompositeDetector
from hybrid_guard.detectors.fragments import find_fragments
from hybrid_guard.detectors.lists import DeniedTexts
from hybrid_guard.detectors.matching import MOST_MATCHES, Pattern, PatternSet
from hybrid_guard.detectors.ner import NameDetector
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.detectors.views import build_views
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import DetectionSettings, Findings, Segment

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
LARGEST_PROGRAM = 40_000
"""Instructions of a pattern in RE2. Its time for a byte is bounded by them, whatever the text."""

UNITS = (
    *("1234567890", "4111 1111 1111 1111 ", "1-", "a.", "a@", "1\n", "a ", "%34", "**1", "a at b dot c ", "DE89"),
    *("\u200b4", "one two three ", "a [at] b [dot] c ", "Aa0b"),
)


class Steps:
    """A clock that moves by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return float(self.looks)


@pytest.fixture(scope="module")
def shipped() -> tuple[Pattern, ...]:
    """Every pattern that ships, in all languages."""
    settings = DetectionSettings(languages=LANGUAGES)
    found: list[Pattern] = []
    for name in ("patterns.v1", "secrets.v1"):
        detector = make_detector(name, settings)
        assert isinstance(detector, PatternDetector)
        found.extend(detector.patterns)
    return tuple(found)


def test_every_shipped_pattern_is_a_bounded_program(shipped: Sequence[Pattern]) -> None:
    """All of them compile in RE2, which has no way to go back, and none is so large that a byte costs much."""
    sizes = {pattern.name: re2.compile(pattern.regex.encode("latin-1"), latin()).programsize for pattern in shipped}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PROGRAM} == {}


def latin() -> re2.Options:
    """As the patterns are compiled."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return options


@pytest.mark.parametrize("unit", UNITS)
def test_what_may_be_hidden_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    """Four times the text gives about four times the bytes to look at again, and not sixteen times."""

    def size(count: int) -> int:
        view = build_views(unit * count)[-1]
        found = find_fragments(view, explained=lambda start, end: False, deadline=Deadline(60.0))
        return sum(len(one.data) for one in found)

    small, large = size(500), size(2000)
    assert large <= 5 * small + 4000


def test_too_many_matches_are_refused_and_not_passed_over() -> None:
    """A text in which one pattern matches too often has no answer, rather than a part of one."""
    patterns = PatternSet([Pattern(name="one", entity="AGE", regex="1", score=0.9)])
    (view,) = build_views("1" * (MOST_MATCHES + 1))
    with pytest.raises(DetectionError, match=r"`one` matches more than 20000 times"):
        list(patterns.find(view, skip=lambda pattern: False, deadline=Deadline(60.0)))


@pytest.mark.parametrize("unit", UNITS)
def test_every_kind_of_work_looks_at_the_clock(shipped: Sequence[Pattern], unit: str) -> None:
    """With a clock that runs out at once, no long text gets an answer: there is no loop that forgets the time."""
    detector = PatternDetector("patterns.v1", shipped, clock=Steps())
    with pytest.raises(DetectionError, match=r"processor time|matches more than"):
        detector.detect([Segment(path="", text=unit * 2000)], language="en")


def test_a_slow_detector_has_failed() -> None:
    """Time that is used up between two detectors closes the request; nothing is answered as if it were found."""

    class Slow:
        name = "slow.v1"

        def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
            clock.now += 3600
            return Findings(spans=((),) * len(segments))

    class Wound:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    clock = Wound()
    composite = CompositeDetector([Slow()], DetectionSettings(), clock=clock)
    with pytest.raises(DetectionError, match="processor time"):
        composite.detect([Segment(path="", text="text")], language="en")


def test_the_time_is_for_all_texts_of_a_request_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request of many texts has no more time than one of a single text."""
    looks = Steps()
    monkeypatch.setattr(pattern_module, "SECONDS", 50.0)
    detector = PatternDetector("patterns.v1", [Pattern(name="one", entity="AGE", regex="1", score=0.9)], clock=looks)
    texts = [Segment(path="", text=f"1 {index}") for index in range(100)]
    assert len(detector.detect(texts[:2], language="en").spans) == 2
    with pytest.raises(DetectionError, match="processor time"):
        detector.detect(texts, language="en")


DETECTORS = ("patterns.v1", "ner.v2", "secrets.v1")
MANY = tuple(f"entry {number:05} of the list" for number in range(5000))
MIXED = "Anna Meyer, DE89, 078-05, a@b, 4111 1111 1111 111, Ring 5, "
ADVERSE: dict[str, Sequence[str]] = {
    "a list of denied texts and near ones": ["entry 0499 of the list\n" * 2000],
    "values that are not quite": [MIXED * 1000],
    "one name after the other": ["Anna Meyer met Ines Okoye. " * 2000],
    "a border at every word": [f"{number} x {number}" for number in range(2000)],
    "fifty tools": [f"{number}: {'the report of Ines Okoye says so. ' * 40}" for number in range(50)],
}


@pytest.mark.parametrize("case", ADVERSE)
def test_a_request_is_closed_when_its_time_is_over(case: str) -> None:
    """Whatever it is made of: with a clock that runs out at once, hardly anything is done."""
    segments = [
        Segment(path=f"/messages/{number}/content", text=text, role="user") for number, text in enumerate(ADVERSE[case])
    ]
    clock = Steps()
    detector = CompositeDetector(
        [make_detector(name, DetectionSettings()) for name in DETECTORS], DetectionSettings(deny=MANY), clock=clock
    )
    with pytest.raises(DetectionError, match="processor time"):
        detector.detect(segments, language="en")
    assert clock.looks <= 5


@pytest.mark.parametrize("unit", ["entry\n0499", "ä0499 ", "\\n0499"])
def test_a_long_list_of_denied_texts_takes_no_longer_than_a_short_one(unit: str) -> None:
    """The clock is looked at as often, and the text is gone through once."""

    def looks(count: int) -> int:
        clock = Steps()
        DeniedTexts(MANY[:count]).find(unit * 5000, Deadline(1e9, clock=clock))
        return clock.looks

    assert looks(5000) == looks(1)


def test_names_look_at_the_clock_on_the_way() -> None:
    """The bundled pipeline does not go through a long text to its end when the time is over."""
    detector = NameDetector()
    text = "Anna Meyer met Ines Okoye. " * 4000

    def looks(seconds: float) -> int:
        clock = Steps()
        with contextlib.suppress(DetectionError):
            detector.detect_until([Segment(path="", text=text)], Deadline(seconds, clock=clock))
        return clock.looks

    assert looks(1e9) >= 50
    assert looks(7.5) <= 10


def test_a_detector_of_others_has_time_of_its_own() -> None:
    """What it takes is not missing for ours, and a bound holds for it, too."""

    class Others:
        name = "others.v1"

        def __init__(self, seconds: float) -> None:
            self.seconds = seconds

        def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
            clock.now += self.seconds
            return Findings(spans=((),) * len(segments))

    class Wound:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    clock = Wound()
    shapes = make_detector("patterns.v1", DetectionSettings())
    text = [Segment(path="", text="nothing")]
    composite = CompositeDetector([Others(OTHER_SECONDS - 1), shapes], DetectionSettings(), clock=clock)
    assert composite.detect(text, language="en").spans == ((),)
    with pytest.raises(DetectionError, match="processor time"):
        CompositeDetector([Others(OTHER_SECONDS + 1), shapes], DetectionSettings(), clock=clock).detect(
            text, language="en"
        )
