"""
The allow-list: which arguments of a chat completion may leave, and what shape each has.

Source: OpenAI's chat completion request, and the JSON Schema vocabulary that tools and response formats use. What is
not named here is visited (it counts for the sensitivity) and dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.errors import RequestError
from hybrid_guard.text.nodes import Array, Literal, Node, Object, Opaque
from hybrid_guard.text.visitor import MAX_DEPTH, Spec, Visitor
from hybrid_guard.types import Json, SegmentRole

__all__ = ["CHAT"]


def boolean(visitor: Visitor, value: Json, path: str) -> Node:
    """True or False."""
    del visitor
    if not isinstance(value, bool):
        raise RequestError(f"`{path}` must be true or false", path=path, code="HG202")
    return Literal(value)


def number(visitor: Visitor, value: Json, path: str) -> Node:
    """
    A plain number below a million, with at most four decimals: a parameter.

    Longer numbers are refused, and longer fractions rounded, because they could carry an id that no detector reads.
    """
    del visitor
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        raise RequestError(f"`{path}` must be a number below 1000000", path=path, code="HG202")
    return Literal(value if isinstance(value, int) else round(value, 4))


def seed(visitor: Visitor, value: Json, path: str) -> Node:
    """A whole number, reduced modulo 65536: as reproducible as before, and too short to carry an id."""
    del visitor
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestError(f"`{path}` must be a whole number", path=path, code="HG202")
    return Literal(value % 65536)


def text(visitor: Visitor, value: Json, path: str) -> Node:
    """A string."""
    return visitor.text(value, path)


def free(visitor: Visitor, value: Json, path: str) -> Node:
    """Any JSON value."""
    return visitor.free(value, path)


def encoded(visitor: Visitor, value: Json, path: str) -> Node:
    """A string of JSON."""
    return visitor.encoded(value, path)


def one_of(*values: str) -> Spec:
    """One string of a closed set."""
    allowed = frozenset(values)

    def spec(visitor: Visitor, value: Json, path: str) -> Node:
        del visitor
        if not isinstance(value, str) or value not in allowed:
            raise RequestError(f"`{path}` must be one of {', '.join(sorted(allowed))}", path=path, code="HG202")
        return Literal(value)

    return spec


def nullable(inner: Spec) -> Spec:
    """None, or *inner*."""

    def spec(visitor: Visitor, value: Json, path: str) -> Node:
        return Literal(None) if value is None else inner(visitor, value, path)

    return spec


def list_of(inner: Spec, *, least: int = 0) -> Spec:
    """A list of *least* or more items, each of which is *inner*."""

    def spec(visitor: Visitor, value: Json, path: str) -> Node:
        if not isinstance(value, list):
            raise RequestError(f"`{path}` must be a list", path=path, code="HG202")
        if len(value) < least:
            raise RequestError(f"`{path}` must not be empty", path=path, code="HG202")
        return Array(tuple(inner(visitor, item, f"{path}/{i}") for i, item in enumerate(value)))

    return spec


def either(kinds: Mapping[type, Spec], names: str) -> Spec:
    """The spec that the value's type selects."""

    def spec(visitor: Visitor, value: Json, path: str) -> Node:
        for kind, inner in kinds.items():
            if isinstance(value, kind):
                return inner(visitor, value, path)
        raise RequestError(f"`{path}` must be {names}", path=path, code="HG202")

    return spec


def record(fields: Mapping[str, Spec], required: tuple[str, ...] = ()) -> Spec:
    """A dict; keys that *fields* does not name are dropped, and None means absent unless the field is nullable."""

    def spec(visitor: Visitor, value: Json, path: str) -> Node:
        if not isinstance(value, Mapping):
            raise RequestError(f"`{path or '/'}` must be an object", path=path, code="HG202")
        for name in required:
            if value.get(name) is None:
                raise RequestError(f"`{path}/{name}` is missing", path=f"{path}/{name}", code="HG201")
        pairs: list[tuple[Node, Node]] = []
        for i, (key, item) in enumerate(value.items()):
            inner = fields.get(key) if isinstance(key, str) else None
            if inner is None:
                if isinstance(key, str):
                    visitor.text(key, f"{path}/{i}#key")
                visitor.drop(item, f"{path}/{i}")
            elif item is not None or inner in NULLABLE:
                pairs.append((Literal(key), inner(visitor, item, f"{path}/{key}")))
        return Object(tuple(pairs))

    return spec


def names(visitor: Visitor, value: Json, path: str) -> Node:
    """A dict from names that the caller chose to JSON Schemas."""
    if not isinstance(value, Mapping):
        raise RequestError(f"`{path}` must be an object", path=path, code="HG202")
    return Object(
        tuple(
            (visitor.text(key, f"{path}/{i}#key"), schema(visitor, item, f"{path}/{i}"))
            for i, (key, item) in enumerate(value.items())
        )
    )


def schema(visitor: Visitor, value: Json, path: str) -> Node:
    """A JSON Schema: its keywords are literals, everything that the author wrote is text."""
    if isinstance(value, bool):
        return Literal(value)
    if visitor.depth >= MAX_DEPTH:
        raise RequestError(f"`{path}` is nested deeper than {MAX_DEPTH} levels", path=path, code="HG203")
    visitor.depth += 1
    node = SCHEMA(visitor, value, path)
    visitor.depth -= 1
    return node


TYPE_NAMES = ("string", "number", "integer", "boolean", "object", "array", "null")

SCHEMA = record(
    {
        "type": either({str: one_of(*TYPE_NAMES), list: list_of(one_of(*TYPE_NAMES))}, "a type name or a list of them"),
        "properties": names,
        "patternProperties": names,
        "$defs": names,
        "definitions": names,
        "required": list_of(text),
        "additionalProperties": schema,
        "items": schema,
        "prefixItems": list_of(schema),
        "anyOf": list_of(schema),
        "oneOf": list_of(schema),
        "allOf": list_of(schema),
        "not": schema,
        "enum": list_of(free),
        "const": free,
        "default": free,
        "examples": list_of(free),
        "title": text,
        "description": text,
        "format": text,
        "pattern": text,
        "$ref": text,
        "minimum": free,
        "maximum": free,
        "exclusiveMinimum": free,
        "exclusiveMaximum": free,
        "multipleOf": free,
        "minLength": number,
        "maxLength": number,
        "minItems": number,
        "maxItems": number,
        "minProperties": number,
        "maxProperties": number,
        "uniqueItems": boolean,
        "nullable": boolean,
    }
)

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


def opaque(visitor: Visitor, value: Json, path: str) -> Node:
    """Bytes in text form that no detector can read."""
    if not isinstance(value, str):
        raise RequestError(f"`{path}` must be a string", path=path, code="HG202")
    visitor.parts += 1
    visitor.opaque += 1
    return Opaque(value)


def image_url(visitor: Visitor, value: Json, path: str) -> Node:
    """An image inside the request. One that has to be fetched is refused: fetching it tells somebody about it."""
    if not isinstance(value, str) or not value.startswith("data:"):
        raise RequestError(f"`{path}` must be a `data:` URL: remote images are not fetched", path=path, code="HG206")
    return opaque(visitor, value, path)


PARTS: Mapping[str, Spec] = MappingProxyType(
    {
        "text": record({"type": one_of("text"), "text": text}, required=("text",)),
        "refusal": record({"type": one_of("refusal"), "refusal": text}, required=("refusal",)),
        "image_url": record(
            {
                "type": one_of("image_url"),
                "image_url": either(
                    {
                        str: image_url,
                        Mapping: record({"url": image_url, "detail": one_of("auto", "low", "high")}, required=("url",)),
                    },
                    "an object with a `url`",
                ),
            },
            required=("image_url",),
        ),
        "input_audio": record(
            {
                "type": one_of("input_audio"),
                "input_audio": record({"data": opaque, "format": one_of("wav", "mp3")}, required=("data",)),
            },
            required=("input_audio",),
        ),
        "file": record(
            {
                "type": one_of("file"),
                "file": record({"file_data": opaque, "filename": text}, required=("file_data",)),
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


CONTENT = nullable(either({str: text, list: list_of(part)}, "a string or a list of parts"))
NULLABLE = (CONTENT,)
"""Fields in which an explicit None differs from an absent key."""

MESSAGE = record(
    {
        "role": one_of("system", "developer", "user", "assistant", "tool", "function"),
        "content": CONTENT,
        "name": text,
        "refusal": text,
        "tool_call_id": text,
        "tool_calls": list_of(TOOL_CALL),
        "function_call": record({"name": text, "arguments": encoded}, required=("name",)),
    },
    required=("role",),
)

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
    node = MESSAGE(visitor, value, path)
    visitor.role = "other"
    return node


def logit_bias(visitor: Visitor, value: Json, path: str) -> Node:
    """A dict from token ids to numbers."""
    if not isinstance(value, Mapping):
        raise RequestError(f"`{path}` must be an object", path=path, code="HG202")
    pairs: list[tuple[Node, Node]] = []
    for key, item in value.items():
        # INVARIANT: no vocabulary has a million tokens; a key of more than six digits could carry an id.
        if not isinstance(key, str | int) or not str(key).isdecimal() or not str(key).isascii() or len(str(key)) > 6:
            raise RequestError(f"a key of `{path}` is not a token id", path=path, code="HG202")
        pairs.append((Literal(str(int(key))), number(visitor, item, path)))
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
