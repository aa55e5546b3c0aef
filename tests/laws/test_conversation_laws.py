"""Laws of conversations: what is remembered of the turns before changes no finding."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid_guard.detectors.cache import FindingCache
from hybrid_guard.detectors.engine import CompositeDetector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.types import DetectionSettings, Segment

TEXTS = (
    *("4111", "1111", "4111 1111", "1111 1111", "4111 1111 1111 1111", "my card is", "the card 4111 1111 1111"),
    *(
        "anna.k",
        "anna.keller@",
        "@example.org",
        "example.org",
        "write to anna",
        "thanks",
        "",
        " ",
        "4\u200b1\u200b1\u200b1",
    ),
    *("the report says that our team has moved the meeting to another day", f"{'it goes on and on ' * 5}4111 1111 11"),
    *("11 1111, it said, and went on for so long that nobody could tell when it would come", "7", "12"),
)
SHAPES = make_detector("patterns.v1", DetectionSettings())
SAID = st.tuples(st.sampled_from(TEXTS), st.sampled_from(("user", "user", "assistant", "assistant", "system", "tool")))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(SAID, min_size=1, max_size=4), min_size=1, max_size=6), st.lists(st.sampled_from(TEXTS)))
def test_a_conversation_is_read_as_if_it_were_new(turns: list[list[tuple[str, str]]], beside: list[str]) -> None:
    """However it grows, and whatever stands beside its messages."""
    fresh = CompositeDetector([SHAPES], DetectionSettings())
    remembering = CompositeDetector([SHAPES], DetectionSettings(), cache=FindingCache())
    said: list[Segment] = []
    for number, turn in enumerate(turns):
        for text, role in turn:
            said.append(Segment(path=f"/messages/{len(said)}/content", text=text, role=role))  # type: ignore[arg-type]
        others = [Segment(path=f"/{index}", text=text) for index, text in enumerate(beside[: number + 1])]
        for request in ([*said, *others], [*others, *said]):
            assert remembering.detect(request, language="en") == fresh.detect(request, language="en")
