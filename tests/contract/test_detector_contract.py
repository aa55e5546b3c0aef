"""What every detector promises."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.registry import SHIPPED, make_detector
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Findings, Segment

PASSWORD = "Zx9" + "qwErty" * 3
TEXTS = (
    "Mary Jones <mary.jones@example.com> moved to Berlin on 3 May 2021.",
    "🙂 josé@example.com, Łódź, 4111 1111 1111 1111 🙂",
    f"PASSWORD={PASSWORD}",
    "4111\u200b1111\u200b1111\u200b1111",
    "",
    "我的邮箱是john@example.com谢谢",
    "\ud800 \x00 \ufdd0",
)

texts = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from([*TEXTS, "4", "1", "-", ".", "@", " ", "é", "\u200b", "🙂", "DE89", "+49", "://", "a"]),
        max_size=25,
    ).map("".join),
)


@pytest.fixture(scope="module", params=[*SHIPPED, "all of them"])
def detector(request: pytest.FixtureRequest) -> Iterator[Detector]:
    """Each shipped detector, and all of them as one."""
    if request.param == "all of them":
        yield build_detector(DetectionSettings(deny=("Berlin",)))
    else:
        yield make_detector(request.param, DetectionSettings())


def segments(*texts: str) -> list[Segment]:
    """Segments with nothing but a text."""
    return [Segment(path="/messages/0/content", text=text) for text in texts]


def check(findings: Findings, texts: list[str]) -> None:
    """Spans per segment, in order, inside the text, sorted and disjoint, with a score."""
    assert len(findings.spans) == len(texts)
    for text, spans in zip(texts, findings.spans, strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.end <= two.start for one, two in pairwise(spans))
        assert all(0.0 <= span.score <= 1.0 and span.entity.isupper() and span.detector for span in spans)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, max_size=4))
def test_spans_lie_in_their_text_sorted_and_disjoint(detector: Detector, texts: list[str]) -> None:
    """On any text at all."""
    check(detector.detect(segments(*texts), language="en"), texts)


def test_the_same_question_has_the_same_answer(detector: Detector) -> None:
    """Again, in another order, and alone: an answer depends on the text only."""
    first = detector.detect(segments(*TEXTS), language="en")
    check(first, list(TEXTS))
    assert detector.detect(segments(*TEXTS), language="en") == first
    assert detector.detect(segments(*TEXTS[::-1]), language="en").spans == first.spans[::-1]
    assert tuple(detector.detect(segments(text), language="en").spans[0] for text in TEXTS) == first.spans


def test_it_finds_something_and_nothing_in_nothing(detector: Detector) -> None:
    """It works, and an empty text has no spans."""
    assert any(detector.detect(segments(*TEXTS), language="en").spans)
    assert detector.detect(segments(""), language="en").spans == ((),)
    assert detector.detect([], language="en").spans == ()


def test_threads_do_not_disturb_each_other(detector: Detector) -> None:
    """Eight threads get the answers that one gets."""
    expected = [detector.detect(segments(text), language="en") for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: detector.detect(segments(text), language="en"), TEXTS * 20))
    assert answers == expected * 20


def test_the_name_carries_a_version(detector: Detector) -> None:
    """So that a policy keeps its meaning."""
    assert all(".v" in name for name in detector.name.split("+"))


def test_nothing_of_the_text_is_shown(detector: Detector) -> None:
    """Findings and detectors have reprs without text."""
    findings = detector.detect(segments(*TEXTS), language="en")
    shown = repr(detector) + repr(findings) + repr(findings.spans)
    assert not any(word in shown for word in ("Mary", "4111", PASSWORD, "example.com"))
