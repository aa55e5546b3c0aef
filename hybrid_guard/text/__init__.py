"""
Bodies and their texts: `visit` turns a body into numbered segments and a skeleton, `rebuild` makes the outgoing body.

Nothing of the caller's body is passed through. The outgoing body is made from the allow-list alone, and each of its
strings is either a visited segment's treated text or a literal that the schema spells out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hybrid_guard.text.nodes import Literal, Node, Object, render
from hybrid_guard.text.schema import CHAT
from hybrid_guard.text.visitor import MAX_DEPTH, MAX_FIELD, MAX_REQUEST, Spec, Visitor, exact
from hybrid_guard.types import Body, Json, Segment, Treatment

__all__ = ["ENDPOINTS", "MAX_DEPTH", "MAX_FIELD", "MAX_REQUEST", "Visit", "rebuild", "visit"]

ENDPOINTS: Mapping[str, Spec] = MappingProxyType({"chat": CHAT})
"""The endpoints whose bodies can be read; a request to any other is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    What a walk over a body saw.

    Attributes:
        body: The body as it was read: a copy made of plain JSON types.
        segments: Every text, kept or dropped, in the order of the body.
        skeleton: The outgoing body with a slot for each kept text.
        dropped: Number of values that are not on the allow-list.
        parts: Number of parts that are not text.
        opaque: Number of parts and texts that no detector can read.
    """

    body: Mapping[str, Json] = field(repr=False)
    segments: tuple[Segment, ...]
    skeleton: Node = field(repr=False)
    dropped: int = 0
    parts: int = 0
    opaque: int = 0


def visit(body: Mapping[str, Json], *, endpoint: str = "chat") -> Visit:
    """
    Walk *body*.

    Raises:
        RequestError: HG201 a key is missing, HG202 a value has the wrong type, HG203 too large or too deep, HG204 a
            lone surrogate, HG205 a NUL character, HG206 a remote image, HG207 an unknown part.
    """
    visitor = Visitor()
    copy = exact(body)
    skeleton = ENDPOINTS[endpoint](visitor, copy, "")
    return Visit(
        body=copy,
        segments=tuple(visitor.segments),
        skeleton=skeleton,
        dropped=len(visitor.dropped),
        parts=visitor.parts,
        opaque=visitor.opaque,
    )


def rebuild(
    seen: Visit, texts: Sequence[str], treatment: Treatment, *, extra: Mapping[str, bool | int] | None = None
) -> Body:
    """
    Make the outgoing body.

    Args:
        seen: From `visit`.
        texts: The treated text of each segment of *seen*.
        treatment: What was done to them.
        extra: Parameters that the chain itself adds, such as ``logprobs``.
    """
    if len(texts) != len(seen.segments):
        raise ValueError("there must be one text per segment")
    skeleton = seen.skeleton
    if extra and isinstance(skeleton, Object):
        kept = tuple(pair for pair in skeleton.items if not (isinstance(pair[0], Literal) and pair[0].value in extra))
        added = tuple((Literal(name), Literal(value)) for name, value in extra.items())
        skeleton = Object((*kept, *added))
    content, strings = render(skeleton, texts, [segment.text for segment in seen.segments])
    return Body(content=content, treatment=treatment, strings=strings)
