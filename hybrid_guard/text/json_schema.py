"""JSON Schemas of tools and response formats: keywords are literals, everything that an author wrote is text."""

from __future__ import annotations

from collections.abc import Mapping

from hybrid_guard.errors import RequestError
from hybrid_guard.text.nodes import Literal, Node, Object
from hybrid_guard.text.specs import boolean, either, free, list_of, number, one_of, record, text
from hybrid_guard.text.visitor import MAX_DEPTH, Visitor
from hybrid_guard.types import Json

__all__ = ["schema"]


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
