"""Denied texts that begin in one text and end in another."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.denied_splits import DeniedSplits
from hybrid_guard.types import Segment, SegmentRole

DENIED = DeniedSplits(["Klinik Zürwkzvbq Qvxhtz", "47112"])


def parts(*told: str, role: SegmentRole = "user") -> list[str]:
    """What is found in texts of one role, in turn."""
    segments = [Segment(path=f"/messages/{index}/content", text=text, role=role) for index, text in enumerate(told)]
    return [segments[index].text[start:end] for index, start, end in sorted(set(DENIED.find(segments, Deadline(60.0))))]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (("at Klinik Zürw", "kzvbq Qvxhtz, please"), ["Klinik", "Zürw", "kzvbq", "Qvxhtz"]),
        (("at klinik", "ZURWKZVBQ", "qvxhtz, please"), ["klinik", "ZURWKZVBQ", "qvxhtz"]),
        (("at Klinik \u2026", "\u2026 Zürwkzv", "bq\nQvxhtz."), ["Klinik", "Zürwkzv", "bq", "Qvxhtz"]),
        (("it is 47", "112"), ["47", "112"]),
        (tuple("47112"), list("47112")),
        (("x" * 5000 + " 47", "112 " + "y" * 5000), ["47", "112"]),
    ],
)
def test_it_is_put_together_over_borders(told: tuple[str, ...], found: list[str]) -> None:
    """With or without the blank between words, in any case, over two texts or more, and at the ends of long ones."""
    assert parts(*told) == found


def test_it_is_put_together_over_the_texts_of_others() -> None:
    """What a person says in two messages is joined across the answer between them."""
    told: tuple[tuple[SegmentRole, str], ...] = (("user", "it is 47"), ("assistant", "go on"), ("user", "112"))
    segments = [Segment(path=f"/messages/{at}/content", text=text, role=role) for at, (role, text) in enumerate(told)]
    assert sorted(DENIED.find(segments, Deadline(60.0))) == [(0, 6, 8), (2, 0, 3)]


def test_three_characters_are_too_few() -> None:
    """Two texts end and begin with them by chance; four are put together."""
    segments = [Segment(path="/messages/0/content", text="abc", role="user"),
                Segment(path="/messages/1/content", text="def", role="user")]  # fmt: skip
    for denied, found in (("bcd", []), ("cde", []), ("bcde", [(0, 1, 3), (1, 0, 2)])):
        assert sorted(DeniedSplits([denied]).find(segments, Deadline(60.0))) == found


@pytest.mark.parametrize(
    "told",
    [
        ("it is 47112", "and no more"),
        ("it is 47", "and 112"),
        ("47" + "x" * 5000, "112"),
        ("x47" + "y" * 5000 + "112x", "z"),
    ],
)
def test_what_stands_in_one_text_or_apart_is_not(told: tuple[str, ...]) -> None:
    """One text is searched by itself; the edges of a long one are not put together."""
    assert parts(*told) == []
