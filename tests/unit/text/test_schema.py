"""The allow-list: what each argument of a chat completion may be, and what is refused in its place."""

from __future__ import annotations

from typing import Any

import pytest

from hybrid_guard.errors import RequestError
from hybrid_guard.text import MAX_DEPTH, rebuild, visit
from hybrid_guard.types import Treatment

MESSAGE = {"role": "user", "content": "x"}


def sent(**arguments: Any) -> Any:
    """What of *arguments* would be sent."""
    seen = visit({"messages": [MESSAGE], **arguments})
    return rebuild(seen, [segment.text for segment in seen.segments], Treatment()).content


def refused(**arguments: Any) -> RequestError:
    """The error that *arguments* are refused with."""
    with pytest.raises(RequestError) as caught:
        visit({"messages": [MESSAGE], **arguments})
    return caught.value


def tool(**parameters: Any) -> list[dict[str, Any]]:
    """A tool whose schema has *parameters*."""
    return [{"type": "function", "function": {"name": "f", "parameters": parameters}}]


KEPT: dict[str, tuple[str, Any]] = {
    "flag": ("parallel_tool_calls", True),
    "whole number": ("max_tokens", 5),
    "fraction": ("temperature", 0.25),
    "word of a closed set": ("reasoning_effort", "low"),
    "text": ("stop", "END"),
    "list of texts": ("stop", ["a", "b"]),
    "word for a choice": ("tool_choice", "auto"),
    "object for a choice": ("tool_choice", {"type": "function", "function": {"name": "f"}}),
    "functions": ("functions", [{"name": "f", "description": "d", "parameters": {"type": "object"}}]),
    "function call": ("function_call", {"name": "f"}),
    "word for a function call": ("function_call", "none"),
    "format": ("response_format", {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}),
    "prediction": ("prediction", {"type": "content", "content": "maybe"}),
    "prediction in parts": ("prediction", {"type": "content", "content": [{"type": "text", "text": "maybe"}]}),
    "bias": ("logit_bias", {"5": -100, "77": 2.5}),
    "options of streams": ("stream_options", {"include_usage": True}),
    "list of types": ("tools", tool(type=["string", "null"])),
    "flag for a schema": ("tools", tool(type="object", additionalProperties=False)),
    "empty schema": ("tools", tool()),
    "schemas in a schema": ("tools", tool(anyOf=[{"type": "string"}, {"not": {"const": 5}}])),
    "limits": ("tools", tool(type="string", minLength=1, maxLength=9, minimum=0, uniqueItems=True, enum=["a", 1])),
    "definitions": ("tools", tool(**{"$defs": {"d": {"type": "string"}}, "$ref": "#/$defs/d"})),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_on_the_allow_list_is_kept(name: str) -> None:
    """It is sent as it was given."""
    argument, value = KEPT[name]

    assert sent(**{argument: value})[argument] == value


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no flag": ({"parallel_tool_calls": "yes"}, "/parallel_tool_calls", "HG202"),
    "no number": ({"temperature": "hot"}, "/temperature", "HG202"),
    "flag for a number": ({"temperature": True}, "/temperature", "HG202"),
    "number with the digits of an id": ({"max_tokens": 1_000_000}, "/max_tokens", "HG202"),
    "negative one": ({"max_tokens": -1_000_000}, "/max_tokens", "HG202"),
    "NaN": ({"temperature": float("nan")}, "/temperature", "HG202"),
    "text for a seed": ({"seed": "s"}, "/seed", "HG202"),
    "flag for a seed": ({"seed": True}, "/seed", "HG202"),
    "word outside of the set": ({"reasoning_effort": "x"}, "/reasoning_effort", "HG202"),
    "number for a word": ({"reasoning_effort": 1}, "/reasoning_effort", "HG202"),
    "number for a stop": ({"stop": 7}, "/stop", "HG202"),
    "number in a list": ({"stop": ["a", 7]}, "/stop/1", "HG202"),
    "text for a list": ({"tools": "all"}, "/tools", "HG202"),
    "text for an object": ({"tools": ["f"]}, "/tools/0", "HG202"),
    "missing key": ({"tools": [{"type": "function"}]}, "/tools/0/function", "HG201"),
    "null for a key": ({"tools": [{"type": "function", "function": None}]}, "/tools/0/function", "HG201"),
    "unknown kind of tool": ({"tools": [{"type": "custom", "function": {"name": "f"}}]}, "/tools/0/type", "HG202"),
    "unknown choice": ({"tool_choice": "always"}, "/tool_choice", "HG202"),
    "list for a choice": ({"tool_choice": []}, "/tool_choice", "HG202"),
    "list for properties": (
        {"tools": tool(properties=["a"])},
        "/tools/0/function/parameters/properties",
        "HG202",
    ),
    "unknown type": ({"tools": tool(type="secret")}, "/tools/0/function/parameters/type", "HG202"),
    "text for a schema": ({"tools": tool(items="x")}, "/tools/0/function/parameters/items", "HG202"),
    "list for a bias": ({"logit_bias": [1]}, "/logit_bias", "HG202"),
    "text in a bias": ({"logit_bias": {"x": 1}}, "/logit_bias", "HG202"),
    "other digits in a bias": ({"logit_bias": {"٣": 1}}, "/logit_bias", "HG202"),
    "long key of a bias": ({"logit_bias": {"1234567": 1}}, "/logit_bias", "HG202"),
    "fraction for a key of a bias": ({"logit_bias": {1.5: 1}}, "/logit_bias", "HG202"),
    "empty messages": ({"messages": []}, "/messages", "HG202"),
    "no messages": ({"messages": None}, "/messages", "HG201"),
    "message that is none": ({"messages": [7]}, "/messages/0", "HG202"),
    "role that is none": ({"messages": [{"role": "boss"}]}, "/messages/0/role", "HG202"),
    "role of another type": ({"messages": [{"role": 7}]}, "/messages/0/role", "HG202"),
    "unknown part": ({"messages": [{"role": "user", "content": [{"type": "x"}]}]}, "/messages/0/content/0", "HG207"),
    "part that is none": ({"messages": [{"role": "user", "content": ["x"]}]}, "/messages/0/content/0", "HG207"),
    "part of no kind": ({"messages": [{"role": "user", "content": [{"type": 7}]}]}, "/messages/0/content/0", "HG207"),
    "remote image": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "https://x.example/i"}]}]},
        "/messages/0/content/0/image_url",
        "HG206",
    ),
    "number for an image": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": 7}}]}]},
        "/messages/0/content/0/image_url/url",
        "HG206",
    ),
    "number for a file": (
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": 7}}]}]},
        "/messages/0/content/0/file/file_data",
        "HG206",
    ),
    "text for audio": (
        {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "see: you"}}]}]},
        "/messages/0/content/0/input_audio/data",
        "HG206",
    ),
    "number for audio": (
        {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": 7}}]}]},
        "/messages/0/content/0/input_audio/data",
        "HG206",
    ),
    "bias that is too strong": ({"logit_bias": {"7": 101}}, "/logit_bias", "HG202"),
    "flag for a bias": ({"logit_bias": {"7": True}}, "/logit_bias", "HG202"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_carry_something_else_is_refused(name: str) -> None:
    """The error names the place, in names and positions that are ours."""
    arguments, path, code = REFUSED[name]

    error = refused(**arguments)

    assert (error.path, error.code) == (path, code)


def test_a_seed_is_too_short_to_carry_an_id() -> None:
    """It is reduced, the same for the same seed."""
    assert sent(seed=4929641822975133)["seed"] == 4929641822975133 % 65536
    assert sent(seed=7)["seed"] == 7


def test_fractions_are_rounded() -> None:
    """Four decimals are enough for a parameter."""
    assert sent(temperature=0.123456789)["temperature"] == 0.1235


def test_null_means_absent_but_for_content() -> None:
    """An explicit null is what an answer without words has."""
    assert "temperature" not in sent(temperature=None)
    assert sent(messages=[{"role": "assistant", "content": None, "name": None}])["messages"] == [
        {"role": "assistant", "content": None}
    ]


def test_parts_that_no_detector_reads_are_counted() -> None:
    """Images, audio and files are kept and counted; a file's name is a text."""
    content = [
        {"type": "text", "text": "see"},
        {"type": "refusal", "refusal": "no"},
        {"type": "image_url", "image_url": "data:image/png;base64,AA"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA", "detail": "low"}},
        {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}},
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,AA", "filename": "anna.pdf"}},
    ]
    seen = visit({"messages": [{"role": "user", "content": content}]})

    assert (seen.opaque, seen.parts) == (4, 4)
    assert [segment.text for segment in seen.segments] == ["see", "no", "anna.pdf"]
    body = rebuild(seen, ["see", "no", "anna.pdf"], Treatment())
    assert body.content["messages"][0]["content"] == content


def test_unknown_keys_are_dropped_at_every_level() -> None:
    """Their names and values are visited and not sent; a key that is no text is dropped with its value."""
    messages = [{"role": "user", "content": "x", "cache_control": {"a": "b"}, 7: "seven"}]
    seen = visit({"messages": messages, "seed": None})

    assert seen.dropped == 2
    assert [segment.text for segment in seen.segments] == ["x", "cache_control", "a", "b", "seven"]
    assert [segment.role for segment in seen.segments] == ["user"] * 5
    content = rebuild(seen, [segment.text for segment in seen.segments], Treatment()).content
    assert content == {"messages": [{"role": "user", "content": "x"}]}


def test_schemas_have_a_greatest_depth() -> None:
    """The deepest that is allowed is read, one level more is refused, and depth is not length."""
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(MAX_DEPTH - 1):
        schema = {"type": "object", "properties": {"a": schema}}
    assert sent(tools=tool(**schema))
    assert sent(tools=tool(anyOf=[{"type": "string"}] * (2 * MAX_DEPTH)))

    error = refused(tools=tool(type="object", items=schema))
    assert error.code == "HG203"
    assert error.path.startswith("/tools/0/function/parameters/items/properties")
