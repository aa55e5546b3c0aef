"""
The allow-list: which arguments of a chat completion may leave, and what shape each has.

Source: OpenAI's chat completion request. What is not named here is visited (it counts for the sensitivity) and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.errors import RequestError
from hybrid_guard.text.json_schema import schema
from hybrid_guard.text.nodes import Node, Object, Opaque
from hybrid_guard.text.specs import boolean, either, encoded, list_of, nullable, number, one_of, record, seed, text
from hybrid_guard.text.visitor import Spec, Visitor
from hybrid_guard.types import Json, SegmentRole

__all__ = ["CHAT"]

BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}", re.ASCII)
"""Base64 in either alphabet."""

FUNCTION = record(
    {"name": text, "description": text, "parameters": schema, "strict": boolean},
    required=("name",),
)
TOOL = record({"type": one_of("function"), "function": FUNCTION}, required=("type", "function"))
NAMED = record({"name": text}, required=("name",))
TOOL_CHOICE = either(
    {
        str: one_of("none", "auto", "required"),
        Mapping: record({"type": one_of("function"), "function": NAMED}, required=("function",)),
    },
    "none, auto, required or an object",
)
TOOL_CALL = record(
    {
        "id": text,
        "type": one_of("function"),
        "index": number,
        "function": record({"name": text, "arguments": encoded}, required=("name",)),
    },
    required=("function",),
)


def opaque(visitor: Visitor, value: str) -> Node:
    """Bytes in text form that no detector can read."""
    visitor.parts += 1
    visitor.opaque += 1
    return Opaque(value)


def data_url(visitor: Visitor, value: Json, path: str) -> Node:
    """A file inside the request. One that has to be fetched is refused: fetching it tells somebody about it."""
    if not isinstance(value, str) or not value.startswith("data:"):
        raise RequestError(f"`{path}` must be a `data:` URL: nothing is fetched", path=path, code="HG206")
    return opaque(visitor, value)


def base64_text(visitor: Visitor, value: Json, path: str) -> Node:
    """Bytes in base64."""
    if not isinstance(value, str) or not BASE64.fullmatch(value):
        raise RequestError(f"`{path}` must be base64", path=path, code="HG206")
    return opaque(visitor, value)


PARTS: Mapping[str, Spec] = MappingProxyType(
    {
        "text": record({"type": one_of("text"), "text": text}, required=("text",)),
        "refusal": record({"type": one_of("refusal"), "refusal": text}, required=("refusal",)),
        "image_url": record(
            {
                "type": one_of("image_url"),
                "image_url": either(
                    {
                        str: data_url,
                        Mapping: record({"url": data_url, "detail": one_of("auto", "low", "high")}, required=("url",)),
                    },
                    "an object with a `url`",
                ),
            },
            required=("image_url",),
        ),
        "input_audio": record(
            {
                "type": one_of("input_audio"),
                "input_audio": record({"data": base64_text, "format": one_of("wav", "mp3")}, required=("data",)),
            },
            required=("input_audio",),
        ),
        "file": record(
            {
                "type": one_of("file"),
                "file": record({"file_data": data_url, "filename": text}, required=("file_data",)),
            },
            required=("file",),
        ),
    }
)


def part(visitor: Visitor, value: Json, path: str) -> Node:
    """One part of a message."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    spec = PARTS.get(kind) if isinstance(kind, str) else None
    if spec is None:
        raise RequestError(f"`{path}/type` must be one of {', '.join(sorted(PARTS))}", path=path, code="HG207")
    return spec(visitor, value, path)


def result(visitor: Visitor, value: Json, path: str) -> Node:
    """What a tool answered: JSON is read as such, so that names in it stand for themselves and escapes hide nothing."""
    return visitor.encoded(value, path)


CONTENT = nullable(either({str: text, list: list_of(part)}, "a string or a list of parts"))
RESULT_CONTENT = nullable(either({str: result, list: list_of(part)}, "a string or a list of parts"))

MESSAGE_FIELDS: Mapping[str, Spec] = MappingProxyType(
    {
        "role": one_of("system", "developer", "user", "assistant", "tool", "function"),
        "content": CONTENT,
        "name": text,
        "refusal": text,
        "tool_call_id": text,
        "tool_calls": list_of(TOOL_CALL),
        "function_call": record({"name": text, "arguments": encoded}, required=("name",)),
    },
)
MESSAGE = record(MESSAGE_FIELDS, required=("role",))
RESULT = record({**MESSAGE_FIELDS, "content": RESULT_CONTENT}, required=("role",))

ROLES: Mapping[str, SegmentRole] = MappingProxyType(
    {
        "system": "system",
        "developer": "system",
        "user": "user",
        "assistant": "assistant",
        "tool": "tool",
        "function": "tool",
    }
)


def message(visitor: Visitor, value: Json, path: str) -> Node:
    """One message; its texts are marked with who supplied them."""
    role = value.get("role") if isinstance(value, Mapping) else None
    visitor.role = ROLES.get(role, "other") if isinstance(role, str) else "other"
    node = (RESULT if visitor.role == "tool" else MESSAGE)(visitor, value, path)
    visitor.role = "other"
    return node


def bias(visitor: Visitor, value: Json, path: str) -> Node:
    """A number from -100 to 100."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -100 <= value <= 100:
        raise RequestError(f"`{path}` must be from -100 to 100", path=path, code="HG202")
    return visitor.number(value if isinstance(value, int) else round(value, 4), path)


def logit_bias(visitor: Visitor, value: Json, path: str) -> Node:
    """A dict from token ids to numbers."""
    if not isinstance(value, Mapping):
        raise RequestError(f"`{path}` must be an object", path=path, code="HG202")
    pairs: list[tuple[Node, Node]] = []
    for key, item in value.items():
        # INVARIANT: no vocabulary has a million tokens; a key of more than six digits could carry an id.
        if not isinstance(key, str | int) or not str(key).isdecimal() or not str(key).isascii() or len(str(key)) > 6:
            raise RequestError(f"a key of `{path}` is not a token id", path=path, code="HG202")
        pairs.append((visitor.text(str(int(key)), path), bias(visitor, item, path)))
    return Object(tuple(pairs))


CHAT = record(
    {
        "messages": list_of(message, least=1),
        "tools": list_of(TOOL),
        "tool_choice": TOOL_CHOICE,
        "parallel_tool_calls": boolean,
        "functions": list_of(FUNCTION),
        "function_call": either({str: one_of("none", "auto"), Mapping: NAMED}, "none, auto or an object"),
        "response_format": record(
            {
                "type": one_of("text", "json_object", "json_schema"),
                "json_schema": record(
                    {"name": text, "description": text, "schema": schema, "strict": boolean}, required=("name",)
                ),
            },
            required=("type",),
        ),
        "prediction": record(
            {"type": one_of("content"), "content": either({str: text, list: list_of(part)}, "a string or parts")},
            required=("content",),
        ),
        "stop": either({str: text, list: list_of(text)}, "a string or a list of strings"),
        "stream_options": record({"include_usage": boolean}),
        "logit_bias": logit_bias,
        "logprobs": boolean,
        "seed": seed,
        "reasoning_effort": one_of("none", "minimal", "low", "medium", "high", "xhigh"),
        "verbosity": one_of("low", "medium", "high"),
        **dict.fromkeys(
            (
                "frequency_penalty",
                "max_completion_tokens",
                "max_tokens",
                "n",
                "presence_penalty",
                "temperature",
                "top_k",
                "top_logprobs",
                "top_p",
            ),
            number,
        ),
    },
    required=("messages",),
)
"""A chat completion."""
