"""Laws of readings: whatever the text, every form of it leads back into it, in order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import decode
from hybrid_guard.detectors.fragments import find_fragments, join_fragments
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.respell import respell
from hybrid_guard.detectors.suspicion import is_suspicious
from hybrid_guard.detectors.views import View, build_views, disjoin, edit, fold_text
from hybrid_guard.types import Segment

PIECES = [
    *(
        "4",
        "11",
        "A",
        "ann",
        " ",
        "  ",
        "-",
        ".",
        "@",
        "\n",
        "\u200b",
        "\u202e",
        "%41",
        "%4",
        "&#52;",
        "&amp;",
        "\\u0041",
    ),
    *(
        "\\x34",
        "**",
        "<b>",
        "</b>",
        "YW5uYS5rZWxsZXI=",
        "616e6e612e6b",
        "one ",
        "two-",
        "double ",
        " at ",
        " dot ",
        "[at]",
    ),
    *(
        "🙂",
        "é",
        "Ж",
        "аb",
        "中",
        "٣",
        "ﬁ",
        "²",
        "\ud800",
        "\x00",
        "\x1a",
        "DE89",
        "l0O",
        "0x",
        "=41=42",
        "+",
        ":",
        "/",
    ),
]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
DETECTOR = PatternDetector(
    "patterns.v1", [Pattern(name="n", entity="US_SSN", regex=r"\b\d{3}-\d{2}-\d{4}\b", score=0.5)]
)


def forms(text: str) -> list[View]:
    """Every form in which *text* is read."""
    views = list(build_views(text))
    for _ in range(3):
        decoded = decode(views[-1], Deadline(60.0))
        if decoded is None:
            break
        views.append(decoded.view)
    respelled = respell(views[-1], Deadline(60.0))
    if respelled is not None:
        views.append(respelled)
    for view in tuple(views):
        found = find_fragments(view, explained=lambda start, end: False, deadline=Deadline(60.0))
        if found:
            views.append(join_fragments(found).view)
    return views


@settings(deadline=None)
@given(texts)
def test_every_byte_of_every_form_lies_in_the_text(text: str) -> None:
    """And no form has more origins than bytes, or fewer."""
    for view in forms(text):
        places = [view.locate(index, index + 1) for index in range(len(view.data))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert view.origins is None or len(view.origins) == len(view.data)
        assert view.ends is None or len(view.ends) == len(view.data)


@settings(deadline=None)
@given(texts)
def test_forms_of_the_whole_text_keep_its_order(text: str) -> None:
    """What stands later in a form does not stand earlier in the text."""
    views = list(build_views(text))
    decoded = decode(views[-1], Deadline(60.0))
    for view in [*views, *([decoded.view] if decoded else [])]:
        places = [view.locate(index, index + 1) for index in range(len(view.data))]
        assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(places))


@given(texts)
def test_folding_is_done_once(text: str) -> None:
    """A folded text folds to itself."""
    folded = fold_text(text)
    assert fold_text(folded.decode("latin-1")) == folded or not text.isascii()
    ascii_only = bytes(code for code in folded if code < 0x80)
    assert build_views(ascii_only.decode("ascii"))[0].data == ascii_only


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 5), st.binary(max_size=3)), max_size=8),
)
def test_an_edited_view_is_the_text_with_its_parts_replaced(data: bytes, raw: list[tuple[int, int, bytes]]) -> None:
    """As by hand, from the end backwards."""
    edits = disjoin((start, min(start + size, len(data)), piece) for start, size, piece in raw if start < len(data))
    expected = bytearray(data)
    for start, end, piece in reversed(edits):
        expected[start:end] = piece
    assert edit(View(data=data), edits).data == bytes(expected)


@settings(deadline=None)
@given(texts)
def test_any_text_is_read_and_judged(text: str) -> None:
    """Without an error, and the same each time."""
    segments = [Segment(path="", text=text)]
    assert DETECTOR.detect(segments, language="en") == DETECTOR.detect(segments, language="en")
    assert is_suspicious(text, Deadline(60.0)) == is_suspicious(text, Deadline(60.0))


@given(st.lists(st.sampled_from(["536-22-1120", "on", " ", ", ", "x", "12", "\n"]), max_size=12).map("".join))
def test_the_short_way_of_ascii_finds_what_the_long_way_finds(text: str) -> None:
    """A text that is read once has the findings that it has when a sign at its end asks for every reading."""
    short = DETECTOR.detect([Segment(path="", text=text)], language="en").spans[0]
    long = DETECTOR.detect([Segment(path="", text=text + " ;\u200b &amp;")], language="en").spans[0]
    assert [(one.start, one.end) for one in short] == [(one.start, one.end) for one in long]
