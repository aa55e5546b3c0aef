"""Where one text of a request ends and the next begins."""

from __future__ import annotations

from hybrid_guard.detectors.borders import REACH, find_borders
from hybrid_guard.types import Segment, SegmentRole


def segment(text: str, role: SegmentRole = "user", path: str = "/messages/0/content") -> Segment:
    """A segment in short."""
    return Segment(path=path, text=text, role=role)


def test_neighbours_have_a_border() -> None:
    """What only separates them is left out, and a span leads back to both."""
    (border,) = find_borders([segment("it is 4111 "), segment(" 2222 ok")])
    assert (border.text, border.joint) == ("it is 41112222 ok", 10)
    assert list(border.spans(6, 14)) == [(0, 6, 10), (1, 1, 5)]


def test_texts_of_one_role_have_a_border_over_those_of_another() -> None:
    """What a person says in two messages is joined across the answer between them."""
    borders = list(find_borders([segment("it is 4111"), segment("go on", "assistant"), segment("2222 ok")]))
    assert [border.text for border in borders if len(border.places) == 2][-1] == "it is 41112222 ok"


def test_values_of_a_tool_are_joined_without_their_keys() -> None:
    """A key between two arguments does not part them."""
    told = (("4111", "/a/0"), ("b", "/a/1#key"), ("2222", "/a/1"))
    borders = find_borders([segment(text, "assistant", path) for text, path in told])
    assert "41112222" in [border.text for border in borders]


def test_what_is_outside_of_messages_or_holds_no_digit_has_none() -> None:
    """Settings are not joined, nor are sentences."""
    assert list(find_borders([segment("4111", "other"), segment("2222", "other")])) == []
    assert list(find_borders([segment("one sentence."), segment("Another one.")])) == []
    assert list(find_borders([segment("4111"), segment("   "), segment("")])) == []


def test_short_texts_are_joined_with_those_beyond_them() -> None:
    """Sixteen texts of one digit are one number, at each of the borders."""
    borders = list(find_borders([segment(str(index % 10)) for index in range(16)]))
    assert {border.text for border in borders} == {"0123456789012345"}
    assert sorted({border.joint for border in borders}) == list(range(1, 16))


def test_only_the_edges_of_long_texts_are_read() -> None:
    """The size of a border does not grow with the texts."""
    (border,) = find_borders([segment("x" * 5000 + "1"), segment("2" + "y" * 5000)])
    assert len(border.text) == 2 * REACH
    assert "4111" not in repr(next(find_borders([segment("4111"), segment("2222")])))
