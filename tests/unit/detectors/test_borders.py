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
    assert sorted(border.joint for border in borders) == list(range(1, 16))


def test_what_stands_beyond_a_value_is_also_read_apart_from_it() -> None:
    """A word does not stay glued to the number after it; the border itself is closed in but one reading."""
    borders = list(find_borders([segment(text) for text in ("my card is", "4111", "2222", "3333", "thanks")]))
    middle = [border for border in borders if list(border.spans(border.joint, border.joint + 1)) == [(2, 0, 1)]]
    assert [(border.text, border.strict) for border in middle] == [
        ("my card is411122223333thanks", False),
        ("my card is 411122223333 thanks", False),
        ("411122223333", True),
    ]
    assert [list(border.spans(11, 12)) for border in middle[:2]] == [[(1, 1, 2)], [(1, 0, 1)]]
    assert list(middle[2].spans(0, 12)) == [(1, 0, 4), (2, 0, 4), (3, 0, 4)]


def test_a_list_in_arguments_is_read_apart_from_what_stands_beside_it() -> None:
    """Its items are joined, and the number before it is not glued to them."""
    call = "/messages/1/tool_calls/0/function/arguments"
    told = (("30", "/0"), ("4111", "/1/0"), ("2222", "/1/1"), ("7", "/2"))
    borders = find_borders([segment(text, "assistant", call + path) for text, path in told])
    assert "30 41112222 7" in [border.text for border in borders if border.strict]


def test_the_same_two_texts_are_read_again_where_others_stand_beside_them() -> None:
    """What one person says is joined though all of it begins with a pair that was read with an answer behind it."""
    told = (segment("1"), segment("2"), segment("ok", "assistant"), segment("3"))
    assert {("123", 1), ("123", 2)} <= {(border.text, border.joint) for border in find_borders(told)}


def test_a_key_of_arguments_has_a_strict_border_with_its_value() -> None:
    """A value may stand half in the key and half in what it names; other keys are not read on from."""
    call = "/messages/1/tool_calls/0/function/arguments/0"
    told = (segment("4111", "assistant", f"{call}#key"), segment("2222", "assistant", call))
    assert [(border.text, border.strict) for border in find_borders(told)] == [("41112222", True)]
    elsewhere = (segment("4111", "assistant", "/a/0#key"), segment("2222", "assistant", "/a/0"))
    assert list(find_borders(elsewhere)) == []


def test_only_the_edges_of_long_texts_are_read() -> None:
    """The size of a border does not grow with the texts."""
    (border,) = find_borders([segment("x" * 5000 + "1"), segment("2" + "y" * 5000)])
    assert len(border.text) == 2 * REACH
    assert "4111" not in repr(next(find_borders([segment("4111"), segment("2222")])))


def numbers(*texts: str, path: str = "/messages/1/content/0") -> list[Segment]:
    """The items of a list in the answer of a tool."""
    return [segment(text, "tool", f"{path}/{at}") for at, text in enumerate(texts)]


def test_counts_and_measures_of_a_tool_are_not_read_on_from_one_to_the_next() -> None:
    """Short and broken numbers stand side by side in any data; a longer one is read with one of them on each side."""
    assert list(find_borders(numbers("438", "309", "216", "-5"))) == []
    assert list(find_borders(numbers("0.541", "0.55", ".25", "3.5e-2"))) == []
    assert {border.text for border in find_borders(numbers("438", "309", "4111222333", "216", "17"))} == {
        "3094111222333216"
    }


def test_a_list_of_as_many_digits_as_a_card_has_is_read() -> None:
    """Whichever its items are; what stands in another list does not belong to it."""
    card = numbers("411", "122", "223", "333", "444", "4")
    other = numbers("17", "4", path="/messages/1/content/1")

    texts = {border.text for border in find_borders([*card, *other])}

    assert "4111222233334444" in texts
    assert not any("17" in text for text in texts)
    assert list(find_borders(card[:4])) == []
    assert [border.text for border in find_borders([segment("438"), segment("309")])] == ["438309"]
