"""Collects every text of a body as a numbered segment while the schema is walked."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hybrid_guard.errors import RequestError
from hybrid_guard.text.nodes import Array, EncodedJson, Literal, Node, NumberSlot, Object, Slot
from hybrid_guard.types import Json, Segment, SegmentRole

__all__ = ["MAX_DEPTH", "MAX_FIELD", "MAX_REQUEST", "Spec", "Visitor", "exact"]

MAX_DEPTH = 64
"""Deepest nesting of a body, in levels."""

MAX_FIELD = 256 * 1024
"""Longest text that is read by detectors, in code points; a longer one is opaque and keeps the request local."""

MAX_REQUEST = 1024 * 1024
"""Most text that a request may hold, in code points."""


LEAST_SIZE = 16
"""What a text counts towards `MAX_REQUEST` at least."""


@dataclass(slots=True)
class Visitor:
    """
    The state of one walk.

    Attributes:
        segments: Texts met so far.
        dropped: Pointers of values that are not on the allow-list; they were visited, but are not in the skeleton.
        parts: Number of parts that are not text.
        opaque: Number of parts and texts that no detector can read.
        size: Code points so far.
        depth: Number of JSON Schemas that the walk is inside of.
        role: Who supplies the texts that are being visited.
    """

    segments: list[Segment] = field(default_factory=list, repr=False)
    dropped: list[str] = field(default_factory=list, repr=False)
    parts: int = 0
    opaque: int = 0
    size: int = 0
    depth: int = 0
    role: SegmentRole = "other"

    def text(self, value: Json, path: str) -> Slot:
        """Visit a string."""
        if not isinstance(value, str):
            raise RequestError(f"`{path}` must be a string", path=path, code="HG202")
        # Even an empty text takes time to read, so that a request of nothing but empty ones is bounded, too.
        self.size += max(len(value), LEAST_SIZE)
        if self.size > MAX_REQUEST:
            raise RequestError(
                f"the request holds more than {MAX_REQUEST} characters; send it in parts", path=path, code="HG203"
            )
        if not value.isascii():
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                raise RequestError(
                    f"`{path}` holds a lone surrogate, which is not text; decode it with errors='replace'",
                    path=path,
                    code="HG204",
                ) from None
        if "\x00" in value:
            raise RequestError(f"`{path}` holds a NUL character; remove it", path=path, code="HG205")
        if len(value) > MAX_FIELD:
            self.opaque += 1
        self.segments.append(Segment(path=path, text=value, role=self.role))
        return Slot(len(self.segments) - 1)

    def number(self, value: int | float, path: str) -> NumberSlot:
        """Visit a number inside free JSON: a card number needs no quotes."""
        if isinstance(value, float) and not math.isfinite(value):
            raise RequestError(f"`{path}` is not a finite number", path=path, code="HG202")
        if isinstance(value, int) and value.bit_length() > 4096:
            raise RequestError(f"`{path}` has too many digits", path=path, code="HG203")
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e16
        return NumberSlot(self.text(str(int(value) if whole else value), path).index, value)

    def free(self, value: Json, path: str, depth: int = 0) -> Node:
        """Visit any JSON value, its keys included. Pointers name the position of a key, never the key."""
        if depth > MAX_DEPTH:
            raise RequestError(f"`{path}` is nested deeper than {MAX_DEPTH} levels", path=path, code="HG203")
        match value:
            case None | bool():
                return Literal(value)
            case str():
                return self.text(value, path)
            case int() | float():
                return self.number(value, path)
            case list():
                return Array(tuple(self.free(item, f"{path}/{i}", depth + 1) for i, item in enumerate(value)))
            case Mapping():
                pairs: list[tuple[Node, Node]] = []
                for i, (key, item) in enumerate(value.items()):
                    if not isinstance(key, str):
                        raise RequestError(f"a key of `{path}` is not a string", path=path, code="HG202")
                    pairs.append((self.text(key, f"{path}/{i}#key"), self.free(item, f"{path}/{i}", depth + 1)))
                return Object(tuple(pairs))
            case _:
                raise RequestError(f"`{path}` is not a JSON value", path=path, code="HG202")

    def drop(self, value: Json, path: str) -> None:
        """
        Visit what is not on the allow-list. Its texts count for the sensitivity of the request, and go nowhere.

        A value that is no JSON (a callback object, a client) holds no text of the prompt and is only counted.
        """
        self.dropped.append(path)
        before = len(self.segments), self.size, self.opaque
        try:
            self.free(value, path)
        except RequestError as error:
            if error.code != "HG202":
                raise
            del self.segments[before[0] :]
            self.size, self.opaque = before[1], before[2]

    def encoded(self, value: Json, path: str) -> Node:
        """Visit a string that should hold JSON; one that does not is visited as text."""
        if not isinstance(value, str):
            raise RequestError(f"`{path}` must be a string of JSON", path=path, code="HG202")
        if len(value) > MAX_REQUEST:
            raise RequestError(
                f"the request holds more than {MAX_REQUEST} characters; send it in parts", path=path, code="HG203"
            )
        lost: list[Json] = []

        def keep_last(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
            content: dict[str, Json] = {}
            for key, item in pairs:
                if key in content:
                    lost.append(content[key])
                content[key] = item
            return content

        try:
            parsed = json.loads(value, parse_constant=lambda _: None, object_pairs_hook=keep_last)
        except RecursionError:
            raise RequestError(f"`{path}` is nested deeper than {MAX_DEPTH} levels", path=path, code="HG203") from None
        except ValueError:
            return self.text(value, path)
        if not isinstance(parsed, dict | list | str):
            return self.text(value, path)
        for item in lost:
            # The first of two equal keys is not sent, but it was said.
            self.drop(item, path)
        return EncodedJson(self.free(parsed, path))


Spec = Callable[[Visitor, Json, str], Node]
"""Visits a value of one shape and gives its skeleton, or raises `RequestError`."""


def exact(value: Json, path: str = "", depth: int = 0) -> Json:
    """
    A copy of *value* made of the plain JSON types alone; what is no JSON stays as it is.

    A caller's object can change while it is read, and a subclass of str can be equal to a keyword and hold something
    else. What is walked, judged and sent is therefore one copy, taken once.
    """
    if depth > 4 * MAX_DEPTH:
        raise RequestError("the request is nested too deep", path=path, code="HG203")
    match value:
        case str():
            return str.__str__(value)
        case None | bool():
            return value
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case Mapping():
            return {
                exact(key) if isinstance(key, str) else key: exact(item, path, depth + 1) for key, item in value.items()
            }
        case list() | tuple():
            return [exact(item, path, depth + 1) for item in value]
        case _:
            return value
