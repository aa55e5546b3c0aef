"""Every text of a body becomes a segment with its place and its speaker; what is no text is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hybrid_guard.errors import RequestError
from hybrid_guard.text import MAX_DEPTH, MAX_FIELD, MAX_REQUEST, Visit, visit
from hybrid_guard.text.visitor import Visitor, exact


def say(content: Any, **more: Any) -> dict[str, Any]:
    """A body of one message, with *more* beside it."""
    return {"messages": [{"role": "user", "content": content}], **more}


def texts(seen: Visit) -> dict[str, str]:
    """Path to text."""
    return {segment.path: segment.text for segment in seen.segments}


def refused(body: dict[str, Any]) -> RequestError:
    """The error that *body* is refused with."""
    with pytest.raises(RequestError) as caught:
        visit(body)
    return caught.value


def test_segments_come_in_the_order_of_the_body_with_their_speakers() -> None:
    """Each text is met once, and provenance is that of its message."""
    roles = ("system", "developer", "user", "assistant", "tool", "function")
    seen = visit({"messages": [{"role": role, "content": role} for role in roles], "stop": "END"})

    assert [segment.text for segment in seen.segments] == [*roles, "END"]
    assert [segment.role for segment in seen.segments] == [
        "system",
        "system",
        "user",
        "assistant",
        "tool",
        "tool",
        "other",
    ]
    assert seen.segments[0].path == "/messages/0/content"


def test_free_json_is_visited_with_its_keys_and_numbers() -> None:
    """In a default, keys, texts and numbers are all texts; true, false and null say nothing."""
    default = {"k": ["v", 12, 1.5, True, None, ("t",)]}
    seen = visit(say("x", tools=[tool({"type": "object", "default": default})]))

    found = [segment.text for segment in seen.segments]
    assert found == ["x", "f", "k", "v", "12", "1.5", "t"]
    base = "/tools/0/function/parameters/default"
    assert texts(seen)[f"{base}/0#key"] == "k"
    assert texts(seen)[f"{base}/0/1"] == "12"


def tool(parameters: Any) -> dict[str, Any]:
    """A tool with the schema *parameters*."""
    return {"type": "function", "function": {"name": "f", "parameters": parameters}}


def arguments_of(text: Any) -> dict[str, Any]:
    """A body with tool arguments in its history."""
    call = {"id": "i", "type": "function", "index": 0, "function": {"name": "f", "arguments": text}}
    return {"messages": [{"role": "assistant", "content": None, "tool_calls": [call]}]}


def test_arguments_are_visited_inside() -> None:
    """Arguments that are JSON are visited string by string, and any other as one text."""
    inside = texts(visit(arguments_of(json.dumps({"a": ["b"]}))))
    base = "/messages/0/tool_calls/0/function/arguments"
    assert inside[f"{base}/0#key"] == "a"
    assert inside[f"{base}/0/0"] == "b"

    for whole in ("not JSON", "7", "null", '{"a": ' + "9" * 5000 + "}"):
        assert texts(visit(arguments_of(whole)))[base] == whole
    assert texts(visit(arguments_of('"an\\u006ea"')))[base] == "anna"
    assert [segment.text for segment in visit(arguments_of('{"a": NaN}')).segments] == ["i", "0", "f", "a"]


def test_what_a_tool_answered_is_visited_inside_too() -> None:
    """Escapes hide nothing in it; the same text of a person is one text."""
    answer = json.dumps({"name": "anna"}, indent=1)
    seen = visit({"messages": [{"role": "tool", "content": answer}, {"role": "user", "content": answer}]})

    assert [(segment.role, segment.text) for segment in seen.segments] == [
        ("tool", "name"),
        ("tool", "anna"),
        ("user", answer),
    ]


def test_whole_numbers_are_read_as_people_write_them() -> None:
    """A card number is one with and without a decimal point."""
    seen = visit(say("x", tools=[tool({"type": "object", "default": [4929641822975133.0, 1e30, 0.5]})]))

    assert [segment.text for segment in seen.segments][-3:] == ["4929641822975133", "1e+30", "0.5"]
    assert texts(visit(say("x", temperature=2.0)))["/temperature"] == "2"


def test_the_first_of_two_equal_keys_is_visited_and_dropped() -> None:
    """It was said, so it counts; it is not sent, for a parser keeps the last."""
    seen = visit(arguments_of('{"a": "first", "a": "second"}'))

    assert {"first", "second"} <= {segment.text for segment in seen.segments}
    assert seen.dropped == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [(7, "HG202"), ("x" * (MAX_REQUEST + 1), "HG203"), ("[" * 100_000, "HG203"), ('[{"a": "\\ud800"}]', "HG204")],
    ids=["number", "too long", "too deep", "surrogate"],
)
def test_arguments_that_cannot_be_read_are_refused(text: Any, code: str) -> None:
    """What no detector could read is not sent."""
    error = refused(arguments_of(text))

    assert error.code == code
    assert error.path.startswith("/messages/0/tool_calls/0/function/arguments")


@pytest.mark.parametrize(
    ("content", "code"),
    [("a\ud83d", "HG204"), ("a\x00", "HG205"), ("x" * (MAX_REQUEST + 1), "HG203"), (7, "HG202"), ({"a": 1}, "HG202")],
    ids=["surrogate", "NUL", "too long", "number", "object"],
)
def test_content_that_cannot_be_read_is_refused(content: Any, code: str) -> None:
    """The error names the place and never the text."""
    error = refused(say(content))

    assert (error.code, error.path) == (code, "/messages/0/content")


def test_the_limit_is_on_all_texts_together() -> None:
    """A request in many small pieces is as long as their sum."""
    half = "x" * (MAX_REQUEST // 2)
    assert len(visit({"messages": [{"role": "user", "content": half}] * 2}).segments) == 2
    assert refused({"messages": [{"role": "user", "content": half}] * 2 + [{"role": "user", "content": "x"}]}).code


def test_a_text_that_is_too_long_for_detectors_is_opaque_and_no_picture() -> None:
    """It keeps the request local, and asks for no model that sees."""
    assert (visit(say("x" * MAX_FIELD)).opaque, visit(say("x" * MAX_FIELD)).parts) == (0, 0)
    assert (visit(say("x" * (MAX_FIELD + 1))).opaque, visit(say("x" * (MAX_FIELD + 1))).parts) == (1, 0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("nan"), "HG202"),
        (float("inf"), "HG202"),
        (1 << 5000, "HG203"),
        ({1: 2}, "HG202"),
        (b"x", "HG202"),
        (object(), "HG202"),
    ],
    ids=["NaN", "infinity", "huge", "key", "bytes", "object"],
)
def test_a_value_that_is_no_json_is_refused(value: Any, code: str) -> None:
    """Where any JSON may stand, nothing else may."""
    error = refused(say("x", tools=[tool({"type": "object", "default": value})]))

    assert error.code == code
    assert error.path.startswith("/tools/0/function/parameters/default")


def nested(depth: int) -> Any:
    """Lists in lists."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def test_free_json_has_a_greatest_depth() -> None:
    """The deepest that is allowed is read, and one level more is refused."""
    visit(say("x", tools=[tool({"type": "object", "default": nested(MAX_DEPTH)})]))
    assert refused(say("x", tools=[tool({"type": "object", "default": nested(MAX_DEPTH + 1)})])).code == "HG203"
    assert refused(say("x", tools=[tool({"type": "object", "default": nested(5 * MAX_DEPTH)})])).code == "HG203"


def test_what_is_not_on_the_allow_list_is_visited_and_dropped() -> None:
    """Unknown arguments count for the sensitivity, and their names too."""
    seen = visit(say("x", metadata={"a": "b"}))

    assert seen.dropped == 1
    assert [segment.text for segment in seen.segments] == ["x", "metadata", "a", "b"]


def test_what_is_dropped_and_no_json_is_only_counted() -> None:
    """A callback holds no text of the prompt; what was read of it before is forgotten."""
    seen = visit(say("x", metadata=["a" * (MAX_FIELD + 1), object()]))

    assert (seen.dropped, seen.opaque) == (1, 0)
    assert [segment.text for segment in seen.segments] == ["x", "metadata"]


def test_what_is_dropped_can_still_be_too_much() -> None:
    """A limit is a limit."""
    assert refused(say("x", metadata="x" * MAX_REQUEST)).code == "HG203"


def test_a_visitor_refuses_what_is_no_text() -> None:
    """The visitor does not trust its callers."""
    with pytest.raises(RequestError):
        Visitor().text(7, "/x")


class Keyword(str):
    """A text that is equal to a keyword and prints as another."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Moody(Mapping[str, Any]):
    """A mapping that answers differently every time."""

    def __init__(self) -> None:
        self.asked = 0

    def __getitem__(self, name: str) -> Any:
        self.asked += 1
        return f"answer {self.asked}"

    def __iter__(self) -> Iterator[str]:
        return iter(("content",))

    def __len__(self) -> int:
        return 1


def test_what_is_read_is_one_copy_of_plain_types() -> None:
    """A subclass becomes the type that it extends, and a mapping is asked once."""
    moody = Moody()
    copy = exact({"a": Keyword("user"), "b": (1, True, 2.5, None), "c": moody, (1, 2): 3})

    assert type(copy["a"]) is str
    assert copy["a"] == "user"
    assert copy["b"] == [1, True, 2.5, None]
    assert copy["c"] == {"content": "answer 1"}
    assert copy[(1, 2)] == 3
    assert moody.asked == 1


def test_reprs_show_no_text() -> None:
    """What a walk saw can be printed."""
    seen = visit(say("very private", stop=["very private"], metadata={"very private": 1}))

    assert "very private" not in repr(seen)
