"""
HTTP/1.1 as bytes: a request parser without input or output of its own.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ChunkDecoder", "RecordedRequest", "RequestParser", "dechunk"]

_START = re.compile(rb"[A-Z]{1,20}(?: |\Z)")
_LONGEST_SIZE_LINE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """
    One HTTP request as a recording server has received it.

    Attributes:
        method: As on the wire, such as `POST` or `CONNECT`.
        target: The request target with its query, in the form it was sent: a path, an absolute URL, or `host:port`.
        headers: Name and value in the order of the wire, names as sent.
        body: The payload without chunk framing, still in its content encoding; what had arrived when *complete* is
            false.
        complete: False when the peer stopped before the end of the body.
    """

    method: str
    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    complete: bool = True

    @property
    def path(self) -> str:
        """
        The target without scheme, host and query.
        """
        path = re.sub(r"\A[a-z]+://[^/?]*", "", self.target, flags=re.IGNORECASE)
        return path.partition("?")[0] or "/"

    def header(self, name: str) -> str:
        """
        The first value of the header *name*, whatever its case; empty when it was not sent.
        """
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def json(self) -> Any:
        """
        The body read as JSON. The shape is the sender's, so the type is open as it is in the standard library.

        Raises:
            ValueError: The body is no JSON.
        """
        return json.loads(self.body)


class ChunkDecoder:
    """
    Takes the framing off a chunked body, a piece at a time.

    Attributes:
        payload: What has been decoded so far.
        done: The last chunk and its trailers have been read.
    """

    def __init__(self) -> None:
        self.payload = bytearray()
        self.done = False
        self._left = 0
        self._in_trailers = False

    def feed(self, buffer: bytearray) -> None:
        """
        Consume what can be read from the front of *buffer*.

        Raises:
            ValueError: The bytes are not chunk framing.
        """
        while buffer and not self.done:
            if self._left:
                piece = bytes(buffer[: self._left])
                del buffer[: len(piece)]
                # The last two bytes of a chunk are its line end, not payload.
                keep = max(0, min(len(piece), self._left - 2))
                self.payload += piece[:keep]
                self._left -= len(piece)
                continue
            end = buffer.find(b"\n")
            if end < 0:
                if len(buffer) > _LONGEST_SIZE_LINE:
                    raise ValueError("a chunk size line is too long")
                return
            line = bytes(buffer[:end]).strip()
            del buffer[: end + 1]
            if self._in_trailers:
                self.done = not line
                continue
            size = int(line.partition(b";")[0], 16)
            self._in_trailers = size == 0
            self._left = size + 2 if size else 0


def dechunk(data: bytes) -> bytes:
    """
    The payload of a chunked body, as far as *data* holds well-formed framing.
    """
    decoder = ChunkDecoder()
    # What came before a malformed line counts: callers look for leaks, not for correctness.
    with contextlib.suppress(ValueError):
        decoder.feed(bytearray(data))
    return bytes(decoder.payload)


@dataclass(slots=True)
class _Draft:
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    chunks: ChunkDecoder | None
    left: int
    body: bytearray

    def settle(self, *, complete: bool) -> RecordedRequest:
        body = self.chunks.payload if self.chunks else self.body
        return RecordedRequest(
            method=self.method,
            target=self.target,
            headers=self.headers,
            body=bytes(body),
            complete=complete,
        )


class RequestParser:
    """
    Cuts the bytes of one connection into requests.

    Attributes:
        broken: The bytes are not HTTP, such as the first bytes of TLS; nothing more is parsed.
        wants_continue: The request being read waits for `100 Continue`; the caller resets it.
    """

    def __init__(self) -> None:
        self.broken = False
        self.wants_continue = False
        self._buffer = bytearray()
        self._draft: _Draft | None = None

    @property
    def partial(self) -> RecordedRequest | None:
        """
        The request whose head has been read and whose body has not ended, if there is one.
        """
        return self._draft.settle(complete=False) if self._draft else None

    def feed(self, data: bytes) -> list[RecordedRequest]:
        """
        Take the next bytes; answer the requests that they complete.
        """
        self._buffer += data
        finished: list[RecordedRequest] = []
        try:
            while not self.broken and self._advance(finished):
                pass
        except ValueError:
            self.broken = True
        return finished

    def _advance(self, finished: list[RecordedRequest]) -> bool:
        if self._draft is None:
            self._draft = self._read_head()
            if self._draft is None:
                return False
        draft = self._draft
        if draft.chunks:
            draft.chunks.feed(self._buffer)
            done = draft.chunks.done
        else:
            piece = self._buffer[: draft.left]
            del self._buffer[: len(piece)]
            draft.body += piece
            draft.left -= len(piece)
            done = draft.left == 0
        if not done:
            return False
        self._draft = None
        self.wants_continue = False
        finished.append(draft.settle(complete=True))
        return bool(self._buffer)

    def _read_head(self) -> _Draft | None:
        while self._buffer[:2] == b"\r\n":
            del self._buffer[:2]
        if self._buffer and not _START.match(bytes(self._buffer[:21])):
            self.broken = True
            return None
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        method, _, rest = lines[0].partition(" ")
        headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:]))
        known = {name.lower(): value for name, value in headers}
        chunked = "chunked" in known.get("transfer-encoding", "").lower()
        self.wants_continue = known.get("expect", "").lower() == "100-continue"
        return _Draft(
            method=method,
            target=rest.rpartition(" ")[0],
            headers=headers,
            chunks=ChunkDecoder() if chunked else None,
            left=0 if chunked else int(known.get("content-length", "0")),
            body=bytearray(),
        )
