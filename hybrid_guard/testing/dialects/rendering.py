"""
What the dialects share: JSON and event streams as bytes.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hybrid_guard.testing.replies import Answer
from hybrid_guard.testing.wire import RecordedRequest

__all__ = [
    "CREATED",
    "Rendered",
    "count_words",
    "cut",
    "render_error",
    "render_events",
    "render_json",
    "serial_number",
    "signed_by",
]

CREATED = 1_700_000_000
_PIECE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """
    An HTTP answer before it is put on the wire.

    Attributes:
        status: The HTTP status code.
        content_type: Of the body.
        pieces: The body; one piece, or the events of a stream.
        streamed: The body is sent in chunks, for its length is not announced.
        headers: Further headers.
    """

    status: int = 200
    content_type: str = "application/json"
    pieces: tuple[bytes, ...] = field(default=(), repr=False)
    streamed: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def render_json(body: Mapping[str, object] | Sequence[object], *, status: int = 200) -> Rendered:
    """
    *body* as a JSON answer.
    """
    return Rendered(status=status, pieces=(_dump(body),))


def render_events(events: Iterable[Mapping[str, object]], *, named: bool) -> Rendered:
    """
    *events* as a server-sent event stream.

    Args:
        events: The data of each event.
        named: Put each event's `type` on an `event:` line; otherwise end with `[DONE]`.
    """
    pieces = []
    for event in events:
        name = f"event: {event['type']}\n".encode() if named else b""
        pieces.append(name + b"data: " + _dump(event) + b"\n\n")
    if not named:
        pieces.append(b"data: [DONE]\n\n")
    return Rendered(content_type="text/event-stream", pieces=tuple(pieces), streamed=True)


def render_error(request: RecordedRequest, status: int, message: str) -> Rendered:
    """
    An error in the form that the request's API uses.
    """
    if request.path.endswith("/messages"):
        return render_json({"type": "error", "error": {"type": "api_error", "message": message}}, status=status)
    error = {"message": message, "type": "api_error", "param": None, "code": None}
    return render_json({"error": error}, status=status)


def serial_number(request: RecordedRequest) -> str:
    """
    A number for the ids in an answer; the same request always gets the same.
    """
    return f"{zlib.crc32(request.body):08x}"


def signed_by(asked: Mapping[str, object], answer: Answer) -> str:
    """
    The name of the model that the answer claims to come from.
    """
    return answer.model or str(asked.get("model", "stub"))


def count_words(value: object) -> int:
    """
    How many words there are in *value*, a text or JSON; at least one. It stands for a token count.
    """
    text = value if isinstance(value, str) else json.dumps(value)
    return max(1, len(text.split()))


def cut(text: str) -> list[str]:
    """
    *text* in pieces of a few characters, as arguments of function calls are streamed.
    """
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


def _dump(value: Mapping[str, object] | Sequence[object]) -> bytes:
    # A lone surrogate is legal in JSON as an escape and in UTF-8 not at all.
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()
