"""Every place of a chat completion in which a caller, a document or a tool can put a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Body = dict[str, Any]
Place = Callable[[Body, str], None]
"""Puts a value into a body."""


def blank() -> Body:
    """A request that has one of everything, and nothing private in it."""
    return {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "name": "someone", "content": [{"type": "text", "text": "Hello there."}]},
            {
                "role": "assistant",
                "content": "One moment.",
                "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": '{"what": "it"}'}}
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "found"},
            {"role": "user", "content": "Go on."},
        ],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "look_up",
                    "description": "Looks something up.",
                    "parameters": {
                        "type": "object",
                        "properties": {"what": {"type": "string", "description": "What to look up."}},
                        "required": ["what"],
                    },
                },
            }
        ],
        "tool_choice": "auto",
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reply", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
        },
        "stop": ["END"],
        "prediction": {"type": "content", "content": "maybe"},
        "temperature": 0.5,
    }


def function(body: Body) -> Body:
    """The function of the first tool."""
    return body["tools"][0]["function"]  # type: ignore[no-any-return]


def parameter(body: Body) -> Body:
    """The one parameter of the first tool."""
    return function(body)["parameters"]["properties"]["what"]  # type: ignore[no-any-return]


def schema(body: Body) -> Body:
    """The schema of the response format."""
    return body["response_format"]["json_schema"]  # type: ignore[no-any-return]


def called(body: Body) -> Body:
    """The function that the assistant called."""
    return body["messages"][2]["tool_calls"][0]["function"]  # type: ignore[no-any-return]


def at(*path: str | int) -> Place:
    """Replace the value at *path*."""

    def put(body: Body, value: str) -> None:
        target: Any = body
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return put


def nested_arguments(body: Body, value: str) -> None:
    called(body)["arguments"] = json.dumps({"a": [{"b": {"c": value}}]})


def argument_key(body: Body, value: str) -> None:
    called(body)["arguments"] = json.dumps({value: "x"})


def duplicate_argument(body: Body, value: str) -> None:
    called(body)["arguments"] = '{"a": ' + json.dumps(value) + ', "a": "harmless"}'


def escaped_argument(body: Body, value: str) -> None:
    called(body)["arguments"] = '{"a": "' + "".join(f"\\u{ord(one):04x}" for one in value) + '"}'


def property_name(body: Body, value: str) -> None:
    function(body)["parameters"]["properties"][value] = {"type": "string"}


def required_name(body: Body, value: str) -> None:
    function(body)["parameters"]["required"].append(value)


def part(body: Body, value: str) -> None:
    body["messages"][1]["content"].append({"type": "text", "text": value})


def part_extra(body: Body, value: str) -> None:
    body["messages"][1]["content"][0]["cache_control"] = {"type": value}


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "system content": at("messages", 0, "content"),
        "user content": at("messages", 4, "content"),
        "assistant content": at("messages", 2, "content"),
        "tool result": at("messages", 3, "content"),
        "content part": part,
        "unknown key of a part": part_extra,
        "message name": at("messages", 1, "name"),
        "message refusal": at("messages", 2, "refusal"),
        "reasoning_content": at("messages", 2, "reasoning_content"),
        "provider_specific_fields": lambda body, value: body["messages"][2].update(
            provider_specific_fields={"x": value}
        ),
        "unknown message key": lambda body, value: body["messages"][4].update({"extra": value}),
        "unknown message key itself": lambda body, value: body["messages"][4].update({value: "x"}),
        "tool call id": at("messages", 2, "tool_calls", 0, "id"),
        "tool call name": lambda body, value: called(body).update(name=value),
        "tool call arguments": nested_arguments,
        "tool call argument key": argument_key,
        "tool call duplicate argument": duplicate_argument,
        "tool call escaped argument": escaped_argument,
        "tool call arguments that are no JSON": lambda body, value: called(body).update(arguments=f"({value})"),
        "tool_call_id": at("messages", 3, "tool_call_id"),
        "tool name": lambda body, value: function(body).update(name=value),
        "tool description": lambda body, value: function(body).update(description=value),
        "property description": lambda body, value: parameter(body).update(description=value),
        "property name": property_name,
        "required name": required_name,
        "property enum": lambda body, value: parameter(body).update(enum=[value]),
        "property default": lambda body, value: parameter(body).update(default=value),
        "property const": lambda body, value: parameter(body).update(const=value),
        "property examples": lambda body, value: parameter(body).update(examples=[{"a": value}, {value: 1}]),
        "property pattern": lambda body, value: parameter(body).update(pattern=value),
        "unknown schema keyword": lambda body, value: parameter(body).update({"x-note": value}),
        "tool_choice name": lambda body, value: body.update(
            tool_choice={"type": "function", "function": {"name": value}}
        ),
        "response_format name": lambda body, value: schema(body).update(name=value),
        "response_format description": lambda body, value: schema(body).update(description=value),
        "response_format property": lambda body, value: schema(body)["schema"]["properties"].update({value: {}}),
        "response_format enum": lambda body, value: schema(body)["schema"]["properties"]["a"].update(enum=[value]),
        "stop": at("stop", 0),
        "prediction": at("prediction", "content"),
        "user": at("user"),
        "metadata": lambda body, value: body.update(metadata={"note": value, value: "x"}),
        "safety_identifier": at("safety_identifier"),
        "prompt_cache_key": at("prompt_cache_key"),
        "service_tier": at("service_tier"),
        "extra_headers": lambda body, value: body.update(extra_headers={"x-note": value}),
        "headers": lambda body, value: body.update(headers={"x-note": value}),
        "extra_body": lambda body, value: body.update(extra_body={"note": value}),
        "extra_query": lambda body, value: body.update(extra_query={"note": value}),
        "unknown argument": at("anything"),
        "unknown argument name": lambda body, value: body.update({value: "x"}),
        "api_key": at("api_key"),
        "api_base": lambda body, value: body.update(api_base=f"http://127.0.0.1:9/{value}"),
        "organization": at("organization"),
    }
)
"""Places that a request may have a text in and still be answered."""

REFUSED: Mapping[str, Place] = MappingProxyType(
    {
        "role": at("messages", 4, "role"),
        "part type": at("messages", 1, "content", 0, "type"),
        "image detail": lambda body, value: body["messages"][1]["content"].append(
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": value}}
        ),
        "image URL": lambda body, value: body["messages"][1]["content"].append(
            {"type": "image_url", "image_url": {"url": f"https://example.com/{value}"}}
        ),
        "tool type": at("tools", 0, "type"),
        "tool_choice": at("tool_choice"),
        "response_format type": at("response_format", "type"),
        "schema type": lambda body, value: parameter(body).update(type=value),
        "reasoning_effort": at("reasoning_effort"),
        "temperature": at("temperature"),
        "logit_bias key": lambda body, value: body.update(logit_bias={value: 1}),
        "n": at("n"),
        "model": at("model"),
        "option": lambda body, value: body.update(hybrid_guard={"tags": value}),
        "option name": lambda body, value: body.update(hybrid_guard={value: "x"}),
    }
)
"""Places that a request may not have a free text in: it is refused as a whole."""

LOCAL_ONLY: Mapping[str, Place] = MappingProxyType(
    {
        "filename": lambda body, value: body["messages"][1]["content"].append(
            {"type": "file", "file": {"filename": value, "file_data": "data:text/plain;base64,AA=="}}
        ),
        "file bytes": lambda body, value: body["messages"][1]["content"].append(
            {"type": "file", "file": {"filename": "a.txt", "file_data": value}}
        ),
        "image bytes": lambda body, value: body["messages"][1]["content"].append(
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{value}"}}
        ),
    }
)
"""Places in parts that no detector can read: such a request never leaves."""
