"""
From an answer to the writes that put it on a socket, faults included.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Literal, assert_never

from hybrid_guard.testing import faults
from hybrid_guard.testing.dialects import Rendered, render, render_error
from hybrid_guard.testing.replies import Answer
from hybrid_guard.testing.wire import RecordedRequest

__all__ = ["Delivery", "Ending", "plan"]

Ending = Literal["keep", "close", "reset", "hang"]
"""What happens to the connection after the last write."""

# A private-use character: it marks where bytes that are not UTF-8 go.
_MARK = "\ue000"
_NOT_UTF8 = b"\xff\xfe\xc3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    The writes that make up one HTTP answer.

    Attributes:
        writes: Bytes, each for a write of its own.
        pause: Seconds between two writes.
        ending: What happens to the connection afterwards.
    """

    writes: tuple[bytes, ...] = field(default=(), repr=False)
    pause: float = 0.0
    ending: Ending = "keep"


def plan(request: RecordedRequest, answer: Answer, *, models: tuple[str, ...]) -> Delivery:
    """
    How to deliver *answer* to *request*.
    """
    fault = answer.fault
    match fault:
        case faults.WrongModel(name=name):
            answer = replace(answer, model=name)
        case faults.LongLine(size=size):
            answer = replace(answer, text="x" * size, chunks=())
        case faults.InvalidUtf8():
            answer = replace(answer, text=f"not {_MARK} text", chunks=())
        case _:
            pass
    rendered = render(request, answer, models=models)
    match fault:
        case None | faults.WrongModel() | faults.LongLine():
            return Delivery(writes=_frame(rendered))
        case faults.InvalidUtf8():
            broken = tuple(piece.replace(_MARK.encode(), _NOT_UTF8) for piece in rendered.pieces)
            return Delivery(writes=_frame(replace(rendered, pieces=broken)))
        case faults.Status(code=code, echo=quotes):
            quoted = request.body.decode("utf-8", "replace") if quotes else ""
            message = f"the server says {code} to: {quoted}" if quotes else f"the server says {code}"
            return Delivery(writes=_frame(render_error(request, code, message)))
        case faults.Redirect(to=to, code=code):
            moved = Rendered(status=code, content_type="text/plain", headers=(("Location", to),))
            return Delivery(writes=_frame(moved))
        case faults.Empty():
            return Delivery(writes=_frame(replace(rendered, pieces=(), streamed=False)))
        case faults.WrongType():
            page = Rendered(content_type="text/html", pieces=(b"<html><body>Welcome</body></html>",))
            return Delivery(writes=_frame(page))
        case faults.BadJson():
            return Delivery(writes=_frame(_spoil(rendered)))
        case faults.OneByte():
            return Delivery(writes=_frame(_slice(rendered, 1), joined=False))
        case faults.Drip(pause=pause, total=total):
            steps = max(1, int(total / pause))
            size = max(1, math.ceil(len(b"".join(rendered.pieces)) / steps))
            return Delivery(writes=_frame(_slice(rendered, size), joined=False), pause=pause)
        case faults.Truncate(after=after):
            return Delivery(writes=_frame(rendered, stop=after), ending="close")
        case faults.Reset(after=after):
            writes = () if after is None else _frame(rendered, stop=after)
            return Delivery(writes=writes, ending="reset")
        case faults.Silent():
            return Delivery(ending="hang")
        case _:
            assert_never(fault)


def _frame(rendered: Rendered, *, stop: int | None = None, joined: bool = True) -> tuple[bytes, ...]:
    # The length is that of the whole body even where the delivery stops before its end.
    total = sum(map(len, rendered.pieces))
    size = [("Transfer-Encoding", "chunked")] if rendered.streamed else [("Content-Length", str(total))]
    headers = [("Content-Type", rendered.content_type), *size, *rendered.headers]
    status = rendered.status
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    pieces = rendered.pieces if stop is None else _keep(rendered.pieces, stop)
    if rendered.streamed:
        pieces = tuple(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
        pieces += (b"0\r\n\r\n",) if stop is None else ()
    elif joined:
        return (head + b"".join(pieces),)
    return (head, *pieces)


def _keep(pieces: tuple[bytes, ...], stop: int) -> tuple[bytes, ...]:
    kept = []
    for piece in pieces:
        kept.append(piece[:stop])
        stop -= len(piece)
        if stop <= 0:
            break
    return tuple(kept)


def _slice(rendered: Rendered, size: int) -> Rendered:
    body = b"".join(rendered.pieces)
    return replace(rendered, pieces=tuple(body[at : at + size] for at in range(0, len(body), size)))


def _spoil(rendered: Rendered) -> Rendered:
    broken = json.dumps({"choices": [{"index": 0}]})[:-4].encode()
    if rendered.streamed:
        return replace(rendered, pieces=(b"data: " + broken + b"\n\n", *rendered.pieces[1:]))
    return replace(rendered, pieces=(broken,))
