"""Whatever a caller hands over is refused with its place or kept local; nothing of it is sent outside or logged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import HybridGuardError, RequestError
from hybrid_guard.testing import Sinks, TaintOracle
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.text import MAX_DEPTH, MAX_FIELD, MAX_REQUEST
from hybrid_guard.text.visitor import LEAST_SIZE
from tests.promises.rig import STRICT, WAYS, Rig, Way, call, rig

CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
SAID = f"My card is {CARD.value}."
FLOOD = MAX_REQUEST // LEAST_SIZE
"""More texts than a request may hold, however short they are, beside one that says something."""

Bad = Callable[[], dict[str, Any]]


def message(content: Any) -> dict[str, Any]:
    """A request of one message."""
    return {"messages": [{"role": "user", "content": content}]}


def parts(text: str, count: int) -> list[dict[str, str]]:
    """So many parts that say *text*."""
    return [{"type": "text", "text": text}] * count


def with_arguments(arguments: Any) -> dict[str, Any]:
    """A request with a tool call in its history."""
    call_ = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    return {"messages": [{"role": "user", "content": SAID}, {"role": "assistant", "tool_calls": [call_]}]}


def with_schema(schema: Any) -> dict[str, Any]:
    """A request with a tool."""
    return message(SAID) | {"tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}]}


def nested(depth: int) -> dict[str, Any]:
    """An object in an object, and so on."""
    value: dict[str, Any] = {"a": CARD.value}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def nested_schema(depth: int) -> dict[str, Any]:
    """A schema of an object with an object in it, and so on."""
    schema: dict[str, Any] = {"type": "string", "description": CARD.value}
    for _ in range(depth - 1):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def recursive_list() -> list[Any]:
    """A list that holds itself."""
    value: list[Any] = [CARD.value]
    value.append(value)
    return value


def recursive_dict() -> dict[str, Any]:
    """A dict that holds itself."""
    value: dict[str, Any] = {"card": CARD.value}
    value["self"] = value
    return value


def recursive_message() -> list[Any]:
    """Messages that hold themselves."""
    messages: list[Any] = [{"role": "user", "content": SAID}]
    messages.append({"role": "user", "content": messages})
    return messages


class Hostile:
    """An object whose every look at it says too much."""

    def __repr__(self) -> str:
        return CARD.value

    __str__ = __repr__


class Failing(Hostile):
    """An object that cannot be read."""

    def model_dump(self, **_: Any) -> Any:
        raise ValueError(CARD.value)


class Number(int):
    """A number whose text says too much."""

    def __repr__(self) -> str:
        return CARD.value

    __str__ = __repr__


REFUSED: dict[str, tuple[Bad, str]] = {
    "lone surrogate": (lambda: message(f"{SAID} \ud83d"), "/messages/0/content"),
    "lone surrogate in arguments": (lambda: with_arguments(f'{{"{CARD.value}": "\\udc00"}}'), "arguments"),
    "NUL": (lambda: message(f"{SAID}\x00"), "/messages/0/content"),
    "NUL in a schema": (lambda: with_schema({"type": "object", "description": f"{SAID}\x00"}), "description"),
    "more than 1 MiB": (lambda: message(SAID + "x" * MAX_REQUEST), "/messages/0/content"),
    "more than 1 MiB in parts": (
        lambda: {"messages": [{"role": "user", "content": SAID + "x" * 1024} for _ in range(1025)]},
        "/messages/",
    ),
    "a flood of empty parts": (lambda: message(parts("", FLOOD) + parts(SAID, 1)), "/messages/0/content"),
    "a flood of tiny parts": (lambda: message(parts("x", FLOOD) + parts(SAID, 1)), "/messages/0/content"),
    "a flood of empty messages": (
        lambda: {"messages": [{"role": "user", "content": SAID}, *[{"role": "user", "content": ""}] * FLOOD]},
        "/messages/",
    ),
    "a flood of empty names": (lambda: with_schema({"type": "object", "required": [""] * FLOOD}), "required"),
    "a flood in arguments": (lambda: with_arguments(json.dumps([CARD.value, *[""] * FLOOD])), "arguments"),
    "a flood of digits in arguments": (lambda: with_arguments(json.dumps([CARD.value, *[1] * FLOOD])), "arguments"),
    "a flood of keys": (
        lambda: message(SAID) | {"unknown": {CARD.value: {str(at): None for at in range(FLOOD)}}},
        "/1/0",
    ),
    "a flood in an unknown argument": (lambda: message(SAID) | {"unknown": [SAID, *[""] * FLOOD]}, "/1/"),
    "arguments too deep": (lambda: with_arguments(json.dumps(nested(MAX_DEPTH + 1))), "arguments"),
    "arguments far too deep": (lambda: with_arguments('{"a":' * 100_000 + "1" + "}" * 100_000), "arguments"),
    "arguments of lists far too deep": (lambda: with_arguments("[" * 100_000 + "]" * 100_000), "arguments"),
    "schema too deep": (lambda: with_schema(nested_schema(MAX_DEPTH + 1)), "/tools"),
    "schema far too deep": (lambda: with_schema(nested_schema(2000)), ""),
    "default too deep": (lambda: with_schema({"type": "object", "default": nested(MAX_DEPTH + 1)}), "default"),
    "default far too deep": (lambda: with_schema({"type": "object", "default": nested(5000)}), ""),
    "unknown argument too deep": (lambda: message(SAID) | {"unknown": nested(MAX_DEPTH + 1)}, "/1/0"),
    "unknown argument far too deep": (lambda: message(SAID) | {"unknown": nested(5000)}, ""),
    "key that is a tuple": (lambda: with_schema({"type": "object", "default": {(1, CARD.value): 1}}), "default"),
    "key that is a number": (lambda: with_schema({"type": "object", "default": {1: CARD.value}}), "default"),
    "property that is a number": (lambda: with_schema({"type": "object", "properties": {1: {}}}), "properties"),
    "NaN": (lambda: message(SAID) | {"temperature": float("nan")}, "/temperature"),
    "infinity": (lambda: message(SAID) | {"top_p": float("inf")}, "/top_p"),
    "NaN in a default": (lambda: with_schema({"type": "object", "default": float("nan")}), "default"),
    "bytes": (lambda: message(SAID.encode()), "/messages/0/content"),
    "set": (lambda: message({SAID}), "/messages/0/content"),
    "object": (lambda: message(Hostile()), "/messages/0/content"),
    "object in a default": (lambda: with_schema({"type": "object", "default": Hostile()}), "default"),
    "bytes as arguments": (lambda: with_arguments(SAID.encode()), "arguments"),
    "dict as arguments": (lambda: with_arguments({"card": CARD.value}), "arguments"),
    "huge number": (lambda: message(SAID) | {"seed": 10**5000, "max_tokens": 10**5000}, "/max_tokens"),
    "huge number in a default": (lambda: with_schema({"type": "object", "default": 10**5000}), "default"),
    "list that holds itself": (lambda: with_schema({"type": "object", "default": recursive_list()}), ""),
    "dict that holds itself": (lambda: with_schema({"type": "object", "default": recursive_dict()}), ""),
    "schema that holds itself": (lambda: with_schema(recursive_schema()), ""),
    "content that holds itself": (lambda: message(recursive_list()), ""),
    "messages that hold themselves": (lambda: {"messages": recursive_message()}, ""),
    "unknown argument that holds itself": (lambda: message(SAID) | {"unknown": recursive_dict()}, ""),
    "tools that hold themselves": (lambda: message(SAID) | {"tools": recursive_list()}, ""),
    "no message": (lambda: {"messages": [None]}, "/messages/0"),
    "text for a message": (lambda: {"messages": [SAID]}, "/messages/0"),
    "no messages": (dict, "/messages"),
    "empty messages": (lambda: {"messages": []}, "/messages"),
    "None for messages": (lambda: {"messages": None}, "/messages"),
    "text for messages": (lambda: {"messages": SAID}, "/messages"),
    "dict for messages": (lambda: {"messages": {"role": "user", "content": SAID}}, "/messages"),
    "generator for messages": (lambda: {"messages": (one for one in message(SAID)["messages"])}, "/messages"),
    "message without a role": (lambda: {"messages": [{"content": SAID}]}, "/messages/0/role"),
    "role that is none": (lambda: {"messages": [{"role": SAID, "content": "x"}]}, "/messages/0/role"),
    "role that cannot be hashed": (lambda: {"messages": [{"role": [SAID], "content": "x"}]}, "/messages/0/role"),
    "part without a type": (lambda: message([{"text": SAID}]), "/messages/0/content/0"),
    "part that is none": (lambda: message([None]), "/messages/0/content/0"),
    "part of an unknown type": (lambda: message([{"type": SAID}]), "/messages/0/content/0"),
    "remote image": (
        lambda: message([{"type": "image_url", "image_url": {"url": f"https://x.example/{CARD.value}"}}]),
        "/messages/0/content/0",
    ),
    "number for a session": (lambda: message(SAID) | {"hybrid_guard": {"session": 7}}, "/hybrid_guard/session"),
    "empty session": (lambda: message(SAID) | {"hybrid_guard": {"session": ""}}, "/hybrid_guard/session"),
    "unknown option": (lambda: message(SAID) | {"hybrid_guard": {CARD.value: 1}}, "/hybrid_guard"),
    "option that is no text": (lambda: message(SAID) | {"hybrid_guard": {7: 1}}, "/hybrid_guard"),
    "list for options": (lambda: message(SAID) | {"hybrid_guard": [CARD.value]}, "/hybrid_guard"),
    "unknown mode": (lambda: message(SAID) | {"hybrid_guard": {"mode": CARD.value}}, "/hybrid_guard/mode"),
    "mode that cannot be hashed": (lambda: message(SAID) | {"hybrid_guard": {"mode": []}}, "/hybrid_guard/mode"),
    "unknown zone": (lambda: message(SAID) | {"hybrid_guard": {"zones": [CARD.value]}}, "/hybrid_guard/zones"),
    "text for zones": (lambda: message(SAID) | {"hybrid_guard": {"zones": "local"}}, "/hybrid_guard/zones"),
    "numbers for tags": (lambda: message(SAID) | {"hybrid_guard": {"tags": [1]}}, "/hybrid_guard/tags"),
    "unknown model": (lambda: message(SAID) | {"model": CARD.value}, "/model"),
    "number for a model": (lambda: message(SAID) | {"model": 7}, "/model"),
    "text for a timeout": (lambda: message(SAID) | {"timeout": CARD.value}, "/timeout"),
    "timeout that is no number": (lambda: message(SAID) | {"timeout": float("nan")}, "/timeout"),
    "endless timeout": (lambda: message(SAID) | {"timeout": float("inf")}, "/timeout"),
    "no time": (lambda: message(SAID) | {"timeout": 0}, "/timeout"),
    "object that fails": (lambda: message(SAID) | {"tools": [{"type": Failing()}]}, ""),
    "number whose text says too much": (lambda: message(SAID) | {"max_tokens": "9" * 30}, "/max_tokens"),
    "bias with a text": (lambda: message(SAID) | {"logit_bias": {CARD.value: 1}}, "/logit_bias"),
}
"""What is refused: the request, and what the place that the error names must hold."""

KEPT: dict[str, Bad] = {
    "field of 300 KiB": lambda: message(SAID + "x" * (300 * 1024)),
    "field of just too much": lambda: message("x" * (MAX_FIELD + 1 - len(SAID)) + SAID),
    "just 1 MiB": lambda: message(SAID + "x" * (MAX_REQUEST - len(SAID))),
    "1 MiB in parts": lambda: {
        "messages": [{"role": "user", "content": SAID + "x" * (1024 - len(SAID))} for _ in range(1024)]
    },
    "10000 messages": lambda: {"messages": [{"role": "user", "content": SAID} for _ in range(10_000)]},
    "arguments just deep enough": lambda: with_arguments(json.dumps(nested(MAX_DEPTH))),
    "schema just deep enough": lambda: with_schema(nested_schema(MAX_DEPTH)),
    "arguments that are no JSON": lambda: with_arguments(f'{{"card": "{CARD.value}'),
    "huge number in arguments": lambda: with_arguments('{"a": ' + "9" * 100_000 + "}"),
    "arguments with NaN": lambda: with_arguments(f'{{"card": "{CARD.value}", "x": NaN}}'),
    "arguments with two equal keys": lambda: with_arguments(f'{{"a": "{CARD.value}", "a": "b"}}'),
    "unknown bytes": lambda: message(SAID) | {"unknown": SAID.encode()},
    "unknown set": lambda: message(SAID) | {"unknown": {SAID}},
    "unknown object": lambda: message(SAID) | {"unknown": Hostile()},
    "unknown NaN": lambda: message(SAID) | {"unknown": float("nan")},
    "unknown key that is a number": lambda: {"messages": [{"role": "user", "content": SAID, 7: CARD.value}]},
    "number that says too much": lambda: message(SAID) | {"seed": Number(7), "max_tokens": Number(9)},
    "tags that say too much": lambda: message(SAID) | {"hybrid_guard": {"tags": [SAID, "\ud800"]}},
    "session that says too much": lambda: message(SAID) | {"hybrid_guard": {"session": SAID, "principal": SAID}},
    "session of a surrogate": lambda: message(SAID) | {"hybrid_guard": {"session": "\ud800"}},
    "message that is a tuple of parts": lambda: message(({"type": "text", "text": SAID},)),
    "messages that are a tuple": lambda: {"messages": tuple(message(SAID)["messages"])},
}
"""What is unusual and yet answered, by the local server alone."""


def recursive_schema() -> dict[str, Any]:
    """A schema that holds itself."""
    schema: dict[str, Any] = {"type": "object", "description": SAID}
    schema["properties"] = {"a": schema}
    return schema


@pytest.fixture(name="strict", scope="module")
def open_strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, Path]]:
    """A guard that keeps what it finds."""
    folder = tmp_path_factory.mktemp("bad")
    with rig(folder, rules=STRICT) as opened:
        call(opened.guard, "sync", messages=[{"role": "user", "content": SAID}])
        yield opened, folder


def attempt(setup: Rig, folder: Path, way: Way, bad: Bad) -> HybridGuardError | None:
    """Make a call; it leaves nothing behind outside of the local server."""
    sent = setup.calls_outside
    with Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[folder]) as sinks:
        failure: HybridGuardError | None = None
        request = bad()
        try:
            call(setup.guard, way, **request)
        except HybridGuardError as error:
            failure = error
            sinks.add_exception("error", error)
            sinks.add("path", getattr(error, "path", ""))
        sinks.assert_clean(ORACLE, strict=True)
    assert setup.calls_outside == sent
    return failure


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused(strict: tuple[Rig, Path], name: str, way: Way) -> None:
    """The error names the place and nothing else, and no server is called."""
    setup, folder = strict
    bad, place = REFUSED[name]
    before = len(setup.local.requests)

    error = attempt(setup, folder, way, bad)

    assert isinstance(error, RequestError), repr(error)
    assert place in error.path
    assert error.code.startswith("HG2")
    assert error.__cause__ is None
    assert error.__context__ is None
    assert len(setup.local.requests) == before


@pytest.mark.parametrize("name", [name for name in REFUSED if "flood" in name])
def test_a_flood_of_tiny_texts_is_told_to_be_too_large(strict: tuple[Rig, Path], name: str) -> None:
    """The remedy is to send less; a few texts less would have been answered."""
    error = attempt(*strict, "sync", REFUSED[name][0])

    assert error is not None
    assert (error.code, "send it in parts" in str(error)) == ("HG203", True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", KEPT)
def test_what_is_unusual_stays_local(strict: tuple[Rig, Path], name: str, way: Way) -> None:
    """What can be read, or must not be read, goes to the local server alone."""
    setup, folder = strict
    before = len(setup.local.requests)

    assert attempt(setup, folder, way, KEPT[name]) is None

    assert len(setup.local.requests) == before + 1
