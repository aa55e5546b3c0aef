"""The pieces that an allow-list is made of: each visits a value of one shape and gives its skeleton."""

from __future__ import annotations

from collections.abc import Mapping

from hybrid_guard.errors import RequestError
from hybrid_guard.text.nodes import Array, Literal, Node, Object
from hybrid_guard.text.visitor import Spec, Visitor
from hybrid_guard.types import Json

__all__ = [
    "boolean",
    "either",
    "encoded",
    "free",
    "list_of",
    "nullable",
    "number",
    "one_of",
    "record",
    "seed",
    "text",
]

NULLABLE: set[Spec] = set()
"""Specs for which an explicit None differs from an absent key."""


def boolean(visitor: Visitor, value: Json, path: str) -> Node:
    """True or False."""
    del visitor
    if not isinstance(value, bool):
        raise RequestError(f"`{path}` must be true or false", path=path, code="HG202")
    return Literal(value)


def number(visitor: Visitor, value: Json, path: str) -> Node:
    """
    A plain number from 0 (or -2, for penalties) to a million, with at most four decimals: a parameter.

    Longer numbers are refused, and longer fractions rounded, because they could carry an id that no detector reads.
    What is left is visited as a text, for a policy can deny a number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not -2 <= value < 1e6:
        raise RequestError(f"`{path}` must be a number from -2 to 999999", path=path, code="HG202")
    return visitor.number(value if isinstance(value, int) else round(value, 4), path)


def seed(visitor: Visitor, value: Json, path: str) -> Node:
    """A whole number, reduced modulo 65536: as reproducible as before, and too short to carry an id."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestError(f"`{path}` must be a whole number", path=path, code="HG202")
    return visitor.number(value % 65536, path)


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

    NULLABLE.add(spec)
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
