"""Several detectors as one: lists, scores, and every way in which a detector can fail."""

from __future__ import annotations

import base64
import random
import string
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import pytest

from hybrid_guard.detectors import borders, build_detector, decode, detector_for_benchmarks
from hybrid_guard.detectors.blobs import find_blobs
from hybrid_guard.detectors.cache import FindingCache
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.engine import CompositeDetector
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.detectors.tables import build_pattern_table
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment

CANARY = "zebra-7731-private"
WORDS = ("delivery", "meeting", "harbour", "garden", "morning", "window", "village", "letter")


class ScriptedDetector:
    """Answers with what a function makes of the segments, and remembers what it was asked."""

    name = "scripted.v1"

    def __init__(self, answer: Callable[[Sequence[Segment]], object]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        self.asked.extend(segment.text for segment in segments)
        return cast("Findings", self.answer(segments))


def finding(start: int, end: int, entity: str = "PERSON", score: float = 0.9) -> Finding:
    """A finding in short."""
    return Finding(start=start, end=end, entity=entity, score=score, detector="scripted.v1")


def always(*found: Finding, suspicious: bool = False) -> Callable[[Sequence[Segment]], Findings]:
    """The same findings in every segment."""
    return lambda segments: Findings(spans=tuple(found for _ in segments), suspicious=suspicious)


def detect(detector: ScriptedDetector, *texts: str, settings: DetectionSettings | None = None) -> Findings:
    """Ask a composite of one detector."""
    composite = CompositeDetector([detector], settings or DetectionSettings())
    return composite.detect([Segment(path="", text=text) for text in texts], language="en")


def test_weak_findings_are_dropped() -> None:
    """A finding counts from the least score on."""
    detector = ScriptedDetector(always(finding(0, 2, score=0.39), finding(3, 5, score=0.4)))
    assert detect(detector, "ab cd").spans == ((finding(3, 5, score=0.4),),)


def test_a_text_on_the_allow_list_is_not_private() -> None:
    """The whole span is compared, without regard to case; a longer span stays."""
    settings = DetectionSettings(allow=("Mercy Clinic",))
    assert detect(ScriptedDetector(always(finding(0, 12))), "MERCY clinic", settings=settings).spans == ((),)
    assert detect(ScriptedDetector(always(finding(0, 15))), "Mercy Clinic II", settings=settings).spans != ((),)


def test_an_allowed_text_under_another_finding_stays_covered() -> None:
    """The allow list takes back one reading, not what else was found there."""
    settings = DetectionSettings(allow=("Clinic",))
    found = detect(ScriptedDetector(always(finding(0, 6), finding(0, 9, "ADDRESS"))), "Clinic 12", settings=settings)
    assert [(span.start, span.end, span.entity) for span in found.spans[0]] == [(0, 9, "ADDRESS")]


@pytest.mark.parametrize(
    ("text", "place"),
    [("about FALCON", (6, 12)), ("unfalconed", (2, 8)), ("ｆａｌｃｏｎ!", (0, 6)), ("🙂falcon", (1, 7))],
)
def test_a_text_on_the_deny_list_is_found_everywhere(text: str, place: tuple[int, int]) -> None:
    """Any case, full width, inside other words; the offsets are those of the original."""
    found = detect(ScriptedDetector(always()), text, settings=DetectionSettings(deny=("Falcon",)))
    assert found.spans == ((Finding(start=place[0], end=place[1], entity="DENIED_TEXT", score=1.0, detector="deny"),),)


def test_the_deny_list_wins_over_the_allow_list_and_the_least_score() -> None:
    """What is denied stays denied."""
    settings = DetectionSettings(allow=("Falcon",), deny=("Falcon",), min_score=1.0)
    found = detect(ScriptedDetector(always(finding(0, 6, "SECRET", 1.0))), "Falcon", settings=settings)
    assert [span.entity for span in found.spans[0]] == ["DENIED_TEXT"]


def test_one_character_may_fold_to_two() -> None:
    """``ß`` is found by ``ss`` and covers its whole character; every overlapping occurrence is covered."""
    found = detect(ScriptedDetector(always()), "Große aaa", settings=DetectionSettings(deny=("grosse", "aa", "")))
    assert [(span.start, span.end) for span in found.spans[0]] == [(0, 5), (6, 9)]


def test_equal_texts_are_read_once() -> None:
    """The detector meets each text once, and every segment has its findings."""
    detector = ScriptedDetector(always(finding(0, 2)))
    found = detect(detector, "ab", "cd", "ab")
    assert detector.asked == ["ab", "cd"]
    assert found.spans == ((finding(0, 2),),) * 3


def by_place(segments: Sequence[Segment]) -> Findings:
    """A finding where a person speaks, and below one path."""
    return Findings(
        spans=tuple((finding(0, 2),) if segment.role == "user" or segment.path == "/b" else () for segment in segments)
    )


def test_a_detector_of_others_is_asked_for_each_role_and_path() -> None:
    """It may answer by them, so that what it said of the same text elsewhere is not used again, nor remembered so."""
    told = [Segment(path="/a", text="ab", role="assistant"), Segment(path="/a", text="ab", role="user")]
    told.append(Segment(path="/b", text="ab", role="assistant"))
    composite = CompositeDetector([ScriptedDetector(by_place)], DetectionSettings(), cache=FindingCache())
    for _ in range(2):
        assert composite.detect(told, language="en").spans == ((), (finding(0, 2),), (finding(0, 2),))
        assert composite.detect(told[:1], language="en").spans == ((),)


def test_findings_of_several_detectors_are_merged() -> None:
    """Overlap between detectors becomes one span; the names are joined."""
    one, two = ScriptedDetector(always(finding(0, 4, "AGE"))), ScriptedDetector(always(finding(2, 6, "SECRET")))
    composite = CompositeDetector([one, two], DetectionSettings())
    assert composite.name == "scripted.v1+scripted.v1"
    assert composite.detect([Segment(path="", text="abcdef")], language="en").spans == ((finding(0, 6, "SECRET"),),)


def test_suspicion_is_that_of_the_text_or_of_a_detector() -> None:
    """Either is enough."""
    assert not detect(ScriptedDetector(always()), "plain").suspicious
    assert detect(ScriptedDetector(always(suspicious=True)), "plain").suspicious
    assert detect(ScriptedDetector(always()), "pаypal").suspicious


def explode(segments: Sequence[Segment]) -> object:
    """Fails as a careless detector does: with the text in the message."""
    raise RuntimeError(f"cannot read {segments[0].text}")


def test_a_crash_is_an_error_without_the_text() -> None:
    """Neither the message nor the traceback quotes what was read."""
    with pytest.raises(DetectionError) as caught:
        detect(ScriptedDetector(explode), CANARY)
    assert "`scripted.v1` failed (18 characters in 1 texts)" in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_the_detector_itself_is_kept() -> None:
    """A detector that knows its remedy may say so."""

    def refuse(segments: Sequence[Segment]) -> object:
        raise DetectionError("no model; install it")

    with pytest.raises(DetectionError, match="install it"):
        detect(ScriptedDetector(refuse), "x")


def test_an_interrupt_is_not_swallowed() -> None:
    """Only failures become errors of detection."""

    def interrupt(segments: Sequence[Segment]) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect(ScriptedDetector(interrupt), "x")


def spoilt(**change: object) -> Callable[[Sequence[Segment]], Findings]:
    """An answer whose only finding has one wrong field."""
    fields = {"start": 0, "end": 2, "entity": "PERSON", "score": 0.9, "detector": "scripted.v1"} | change
    return always(cast("Callable[..., Finding]", Finding)(**fields))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(spoilt(score=float("nan")), id="score is not a number"),
        pytest.param(spoilt(score=float("inf")), id="infinite score"),
        pytest.param(spoilt(score=1.01), id="score above 1"),
        pytest.param(spoilt(score=-0.1), id="score below 0"),
        pytest.param(spoilt(score="1"), id="score is a text"),
        pytest.param(spoilt(start=-1), id="before the text"),
        pytest.param(spoilt(end=6), id="after the text"),
        pytest.param(spoilt(end=0), id="empty span"),
        pytest.param(spoilt(start=0.0), id="offset is a fraction"),
        pytest.param(spoilt(start=True), id="offset is a truth value"),
        pytest.param(spoilt(entity="person"), id="entity in lower case"),
        pytest.param(spoilt(entity=None), id="no entity"),
        pytest.param(lambda segments: None, id="no answer"),
        pytest.param(lambda segments: Findings(spans=()), id="too few segments"),
        pytest.param(lambda segments: Findings(spans=((), ())), id="too many segments"),
        pytest.param(lambda segments: Findings(spans=cast("tuple[tuple[Finding, ...], ...]", [()])), id="a list"),
        pytest.param(lambda segments: Findings(spans=cast("tuple[tuple[Finding, ...]]", ([],))), id="a list inside"),
        pytest.param(lambda segments: Findings(spans=(cast("tuple[Finding]", ("PERSON",)),)), id="not a finding"),
        pytest.param(lambda segments: Findings(spans=((),), suspicious=cast("bool", None)), id="no suspicion"),
    ],
)
def test_nonsense_is_an_error_and_not_an_empty_answer(answer: Callable[[Sequence[Segment]], object]) -> None:
    """An answer that breaks the promise of the port fails the request."""
    with pytest.raises(DetectionError, match=r"`scripted\.v1` answered"):
        detect(ScriptedDetector(answer), "abcde")


def test_an_unknown_detector_is_refused_when_it_is_built() -> None:
    """The message names those that exist."""
    with pytest.raises(DetectionError, match=r"unknown detector `paterns\.v1`; known detectors: .*patterns\.v1"):
        build_detector(DetectionSettings(detectors=("paterns.v1",)))


def test_the_default_detectors_are_a_function_for_benchmarks() -> None:
    """Text in, findings out, from all three shipped detectors."""
    find = detector_for_benchmarks()
    text = "Mary Jones, mary@example.com, password=Tr0ub4dor"
    assert {finding.detector.partition(".")[0] for finding in find(text)} == {"ner", "patterns", "secrets"}
    assert find("") == ()


def test_only_what_shipped_detectors_found_can_be_public() -> None:
    """A question about a famous person needs the name; a detector of somebody else has its own reasons."""
    text = "What did Johannes Kepler discover about planets?"

    assert build_detector(DetectionSettings()).detect([Segment(path="", text=text)], language="en").spans == ((),)
    assert detect(ScriptedDetector(always(finding(9, 24))), text).spans == ((finding(9, 24),),)


def test_a_name_that_is_found_once_is_found_everywhere() -> None:
    """Also where nothing around it says that it is a name."""
    assert detect(ScriptedDetector(always(finding(6, 16))), "Name: Ines Okoye; cc Ines Okoye").spans == (
        (finding(6, 16), finding(21, 31)),
    )


def test_nothing_that_a_tool_reports_is_public() -> None:
    """Others can write into a document, so a question at its end is no sign of what the user asks."""
    text = "What did Johannes Kepler discover about planets?"
    detector = build_detector(DetectionSettings())

    told = detector.detect([Segment(path="/messages/0/content", text=text, role="user")], language="en")
    reported = detector.detect([Segment(path="/messages/1/content", text=text, role="tool")], language="en")

    assert told.spans == ((),)
    assert [one.entity for one in reported.spans[0]] == ["PERSON"]


def test_a_key_is_not_suspicious_for_having_no_order() -> None:
    """It is found, so it is hidden from nobody; the same signs without a meaning are suspicious."""
    key = "sk-" + "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=41))

    found = build_detector(DetectionSettings()).detect([Segment(path="", text=key)], language="en")

    assert [one.entity for one in found.spans[0]] == ["SECRET"]
    assert not found.suspicious


@pytest.mark.parametrize(
    ("text", "odd"),
    [('{"mail": "Zo\\u00eb@example.org"}', False), ('{"mail": "\\u0061nna@example.org"}', True)],
)
def test_an_escape_that_its_format_asks_for_is_no_disguise(text: str, odd: bool) -> None:
    """JSON writes letters beyond ASCII so; nobody has to write an `a` so."""
    findings = build_detector(DetectionSettings(detectors=("patterns.v1",))).detect(
        [Segment(path="", text=text)], language="en"
    )

    assert "EMAIL_ADDRESS" in [one.entity for one in findings.spans[0]]
    assert findings.suspicious is odd


def test_a_whole_address_does_not_begin_in_a_sentence_before_it() -> None:
    """Short texts before a border are read together, and their full stops are not those of an address."""
    texts = ["Be brief. Hello there. One moment.", "it", "found", "anna.keller@example.org"]
    findings = build_detector(DetectionSettings(detectors=("patterns.v1",))).detect(
        [Segment(path=f"/messages/{i}/content", text=text, role="user") for i, text in enumerate(texts)], language="en"
    )

    assert findings.spans[:3] == ((), (), ())
    assert not findings.suspicious


LONG = "the report says that our team has moved the meeting to another day "


def test_a_border_that_is_known_to_be_quiet_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those at which something was found, or which are new, are put together."""
    texts = [f"{number} {LONG}{number}" for number in range(20)]
    texts[7], texts[8] = f"{LONG}to anna.meyer@exam", f"ple.org {LONG}"
    told = [Segment(path=f"/messages/{number}/content", text=text, role="user") for number, text in enumerate(texts)]
    settings = DetectionSettings(detectors=("patterns.v1",))
    shapes = PatternDetector("patterns.v1", build_pattern_table(settings.languages))
    composite = CompositeDetector([shapes], settings, cache=FindingCache())
    plain = CompositeDetector([shapes], settings)
    read: list[int] = []
    join = borders._join

    def watched(*arguments: Any, **options: Any) -> borders.Border:
        read.append(1)
        return join(*arguments, **options)

    monkeypatch.setattr(borders, "_join", watched)
    first = composite.detect(told, language="en")
    assert len(read) >= 19
    for number in range(2):
        read.clear()
        assert composite.detect(told, language="en") == first
        assert len(read) == 1, number
    assert first == plain.detect(told, language="en")
    assert [bool(spans) for spans in first.spans[7:9]] == [True, True]
    # The same texts in another order have other borders.
    read.clear()
    composite.detect(told[::-1], language="en")
    assert len(read) >= 18


@pytest.mark.parametrize("text", ["read aGVsbG8gdGhlcmUgbXkgZnJpZW5k today", "%68%65%6c%6c%6f%20%79%6f%75 and me"])
def test_what_is_encoded_is_opened_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the patterns and for the question whether it hides something."""
    opened: list[bytes] = []

    def note(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, bytes, int]]:
        opened.append(data)
        return find_blobs(data, deadline)

    monkeypatch.setattr(decode, "find_blobs", note)
    detector = CompositeDetector([make_detector("patterns.v1", DetectionSettings())], DetectionSettings())
    assert detector.detect([Segment(path="", text=text)], language="en").suspicious
    assert opened
    assert len(opened) == len(set(opened))


def test_a_key_that_can_be_opened_is_no_disguise() -> None:
    """What was encoded in it does not count, and what is encoded beside it does."""
    detector = build_detector(DetectionSettings(detectors=("patterns.v1", "secrets.v1")))
    key, note = (base64.b64encode(" ".join(random.sample(WORDS, 4)).encode()).decode() for _ in range(2))

    def ask(text: str) -> tuple[list[str], bool]:
        found = detector.detect([Segment(path="", text=text)], language="en")
        return [one.entity for one in found.spans[0]], found.suspicious

    assert ask(f'api_key = "{key}"') == (["SECRET"], False)
    assert ask(f'api_key = "{key}" and {note}') == (["SECRET"], True)
