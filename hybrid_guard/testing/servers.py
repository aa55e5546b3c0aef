"""
Servers on the loopback interface that keep every byte they receive.

Each runs in a thread and an event loop of its own, so that it can answer blocking and asynchronous clients alike::

    with RecordingServer("cloud-a", say("Paris")) as server:
        ...  # call server.base_url
    assert server.requests == []
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from hybrid_guard.testing.delivery import Delivery, plan
from hybrid_guard.testing.replies import Reply, echo
from hybrid_guard.testing.wire import RecordedRequest, RequestParser

__all__ = ["RecordingProxy", "RecordingServer"]

_T = TypeVar("_T")

_HOST = "127.0.0.1"
# So many turns of the loop without news mean that what clients have sent so far has been read.
_QUIET_TURNS = 10
# A server that does not answer its own test in that time is broken, and an error beats a test that hangs.
_PATIENCE = 60


class RecordingServer:
    """
    An HTTP server that speaks OpenAI's and Anthropic's APIs and records what it is sent.

    Attributes:
        name: For reports.
        reply: The script of its answers; may be replaced at any time.
        models: The names that `GET /v1/models` lists.
    """

    def __init__(self, name: str, reply: Reply = echo, *, models: tuple[str, ...] = ("stub",)) -> None:
        self.name = name
        self.reply = reply
        self.models = models
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"recording-{name}", daemon=True)
        self._listener: asyncio.Server | None = None
        self._port = 0
        self._connections: list[_Connection] = []
        self._finished: list[RecordedRequest] = []
        self._script_error: Exception | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} port {self._port}>"

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()
        if self._script_error is not None and error is None:
            raise self._script_error

    @property
    def address(self) -> tuple[str, int]:
        """
        Host and port, as sockets name them.
        """
        return _HOST, self._port

    @property
    def url(self) -> str:
        """
        The URL of the root, without a slash at its end.
        """
        return f"http://{_HOST}:{self._port}"

    @property
    def base_url(self) -> str:
        """
        The URL under which OpenAI's paths lie.
        """
        return f"{self.url}/v1"

    @property
    def received(self) -> bytes:
        """
        Every byte that clients have sent so far, connection by connection.
        """
        self._settle()
        return b"\n".join(bytes(connection.raw) for connection in self._connections)

    @property
    def requests(self) -> list[RecordedRequest]:
        """
        The requests so far in the order they were completed; the incomplete ones last.
        """
        self._settle()
        partial = [connection.parser.partial for connection in self._connections]
        return [*self._finished, *(request for request in partial if request is not None)]

    @property
    def connections(self) -> int:
        """
        How many connections have been accepted, those that carried nothing included.
        """
        self._settle()
        return len(self._connections)

    def prepare(self, request: RecordedRequest) -> Delivery:
        """
        Decide what is sent back for *request*.
        """
        return plan(request, self.reply(request), models=self.models)

    def accept(self, connection: _Connection) -> None:
        """
        Take note of a new connection.
        """
        self._connections.append(connection)

    def record(self, request: RecordedRequest) -> None:
        """
        Take note of a completed request.
        """
        self._finished.append(request)

    def blame_script(self, error: Exception) -> None:
        """
        Take note of an exception that the reply script raised; leaving the context raises it.
        """
        self._script_error = self._script_error or error

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    def _settle(self) -> None:
        if self._thread.is_alive():
            self._run(self._catch_up())

    async def _catch_up(self) -> None:
        quiet, known = 0, -1
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0)
            news = len(self._connections) + sum(len(connection.raw) for connection in self._connections)
            quiet, known = (quiet + 1, known) if news == known else (0, news)

    async def _open(self) -> None:
        self._listener = await self._loop.create_server(lambda: _Connection(self), _HOST, 0)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        await self._catch_up()
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()
        for connection in self._connections:
            connection.abort()
        tasks = [connection.task for connection in self._connections if connection.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)


class RecordingProxy(RecordingServer):
    """
    An HTTP proxy that forwards nothing: it answers plain requests itself and lets tunnels end in it.
    """

    @property
    def attempts(self) -> list[str]:
        """
        Where clients wanted to be taken: the URLs of plain requests and the `host:port` of tunnels.
        """
        return [
            request.target
            for request in self.requests
            if request.method == "CONNECT" or "://" in request.target.partition("?")[0]
        ]

    def prepare(self, request: RecordedRequest) -> Delivery:
        """
        Decide what is sent back for *request*; a tunnel is granted so that what follows is recorded too.
        """
        if request.method == "CONNECT":
            return Delivery(writes=(b"HTTP/1.1 200 Connection established\r\n\r\n",))
        return super().prepare(request)


class _Connection(asyncio.Protocol):
    """
    One client's connection. Reading never waits for answering, so nothing that arrives is missed.
    """

    def __init__(self, server: RecordingServer) -> None:
        self.raw = bytearray()
        self.parser = RequestParser()
        self.task: asyncio.Task[None] | None = None
        self._server = server
        self._waiting: asyncio.Queue[RecordedRequest | None] = asyncio.Queue()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.accept(self)
        self.task = asyncio.get_running_loop().create_task(self._serve(self._transport))

    def data_received(self, data: bytes) -> None:
        self.raw += data
        for request in self.parser.feed(data):
            self._server.record(request)
            self._waiting.put_nowait(request)
        if self.parser.wants_continue and self._transport is not None:
            self.parser.wants_continue = False
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.parser.broken:
            self._waiting.put_nowait(None)

    def eof_received(self) -> bool:
        # The peer may still read, so requests that wait are answered before the connection is closed.
        self._waiting.put_nowait(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio calls it by this signature
        if self.task is not None:
            self.task.cancel()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        if self.task is not None:
            self.task.cancel()

    async def _serve(self, transport: asyncio.Transport) -> None:
        while (request := await self._waiting.get()) is not None:
            try:
                delivery = self._server.prepare(request)
            except Exception as error:
                self._server.blame_script(error)
                break
            await self._deliver(transport, delivery)
            if delivery.ending != "keep" or request.header("connection").lower() == "close":
                break
        transport.close()

    async def _deliver(self, transport: asyncio.Transport, delivery: Delivery) -> None:
        for piece in delivery.writes:
            transport.write(piece)
            await asyncio.sleep(delivery.pause)
        if delivery.ending == "hang":
            await asyncio.Event().wait()
        if delivery.ending == "reset":
            # What was written has to leave first, for a reset throws away what still waits.
            while transport.get_write_buffer_size():  # noqa: ASYNC110  no event tells that it is empty
                await asyncio.sleep(0)
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            transport.abort()
