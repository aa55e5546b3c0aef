"""
The skeleton of an outgoing body: every string in it is a numbered slot or a literal from a closed set.

What is not in the skeleton cannot leave: `render` has no other source of strings than the slots' treated texts and the
literals that the schema itself spells out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from hybrid_guard.types import Json

__all__ = ["Array", "EncodedJson", "Literal", "Node", "NumberSlot", "Object", "Opaque", "Slot", "render"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value from a closed set: None, a boolean, a plain number, or a string that the schema spells out."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands for the treated text of segment *index*."""

    index: int


@dataclass(frozen=True, slots=True)
class NumberSlot:
    """A number inside free JSON, visited as text: a treated one becomes a string."""

    index: int
    value: int | float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opaque:
    """Bytes that no detector can read, such as an image; a body that has one never leaves the local zone."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """A dict; keys are nodes too, for a caller can hide a value in a key."""

    items: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class EncodedJson:
    """
    A string that holds JSON, such as tool arguments. It is always written anew from its parsed form, since the text as
    given can hold more than its parse shows (a duplicate key, for one).
    """

    content: Node


Node = Literal | Slot | NumberSlot | Opaque | Array | Object | EncodedJson


def render(node: Node, texts: Sequence[str], originals: Sequence[str]) -> tuple[Json, int]:
    """
    Build the JSON value of *node*.

    Args:
        node: The skeleton.
        texts: The treated text of each segment.
        originals: The text of each segment as given.

    Returns:
        The value, and how many strings it has, keys included.
    """
    match node:
        case Literal(value):
            return value, int(isinstance(value, str))
        case Slot(index):
            return texts[index], 1
        case NumberSlot(index, value):
            unchanged = texts[index] == originals[index]
            return (value, 0) if unchanged else (texts[index], 1)
        case Opaque(value):
            return value, 1
        case Array(items):
            rendered = [render(item, texts, originals) for item in items]
            return [value for value, _ in rendered], sum(strings for _, strings in rendered)
        case Object(pairs):
            content: dict[str, Json] = {}
            total = 0
            for key_node, value_node in pairs:
                key, key_strings = render(key_node, texts, originals)
                value, value_strings = render(value_node, texts, originals)
                content[key] = value
                total += key_strings + value_strings
            return content, total
        case EncodedJson(inner):
            value, _ = render(inner, texts, originals)
            return json.dumps(value, ensure_ascii=False), 1
        case _:
            assert_never(node)
