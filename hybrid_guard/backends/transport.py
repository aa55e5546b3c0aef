"""
HTTP transports behind a fence: one origin, no proxies, no redirects, a deadline, a bounded answer.

litellm's and OpenAI's own clients obey ``HTTP_PROXY`` and follow redirects, so "127.0.0.1" can be another machine.
These do not: they read nothing from the environment and let a request through to the one origin that the policy names.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any, TypeVar, cast
from weakref import WeakSet

import httpx

from hybrid_guard.backends.endpoints import Endpoint

__all__ = ["MAX_ANSWER", "AsyncFence", "Fence", "FenceError", "fence_in", "is_tracked", "own", "tracked"]

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

MAX_ANSWER = 64 * 1024 * 1024
"""Most bytes that an answer may have."""

MAX_IDLE = 16
"""Most connections to one endpoint that are kept open for later."""

HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "anthropic-beta",
        "anthropic-version",
        "api-key",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
        "x-api-key",
        "x-goog-api-key",
    }
)
"""Request headers that get through; beside these only those that name the client's own version."""

ANSWERS: ContextVar[list[httpx.Response] | None] = ContextVar("answers", default=None)


@contextmanager
def tracked() -> Iterator[list[httpx.Response]]:
    """
    Every answer that begins inside, so that whoever asked can close it.

    litellm's streams have no close that reaches the connection.
    """
    answers: list[httpx.Response] = []
    token = ANSWERS.set(answers)
    try:
        yield answers
    finally:
        ANSWERS.reset(token)


def is_tracked() -> bool:
    """Whether a guarded call runs here, which is the only one that may use litellm's own functions."""
    return ANSWERS.get() is not None


OWN: WeakSet[httpx.Client | httpx.AsyncClient] = WeakSet()
"""The clients that stand behind a fence."""


def own(client: Client) -> Client:
    """Note that *client* stands behind a fence."""
    OWN.add(client)
    return client


def fence_in() -> None:
    """
    Make any other client refuse to send while a guarded call runs.

    litellm makes clients of its own when it does not like the one that it is given, and has ways to come to that (its
    bridge to the Responses API, for one) that no list of its settings can be sure to name.
    """
    if getattr(httpx.Client.send, "fenced", False):
        return
    send, asend = httpx.Client.send, httpx.AsyncClient.send

    @wraps(send)
    def fenced(self: httpx.Client, *args: Any, **kwargs: Any) -> httpx.Response:
        refuse_stranger(self)
        return send(self, *args, **kwargs)

    @wraps(asend)
    async def afenced(self: httpx.AsyncClient, *args: Any, **kwargs: Any) -> httpx.Response:
        refuse_stranger(self)
        return await asend(self, *args, **kwargs)

    vars(fenced)["fenced"] = True
    httpx.Client.send = fenced  # type: ignore[method-assign]  # the one place through which every request of httpx goes
    httpx.AsyncClient.send = afenced  # type: ignore[method-assign]


def refuse_stranger(client: httpx.Client | httpx.AsyncClient) -> None:
    """Stop a client that is not ours inside of a guarded call."""
    if ANSWERS.get() is not None and client not in OWN:
        raise FenceError("litellm tried to send a request with a client of its own")


def track(response: httpx.Response) -> None:
    """Note an answer that begins."""
    answers = ANSWERS.get()
    if answers is not None:
        answers.append(response)


class FenceError(httpx.TransportError):
    """A request or an answer that the fence does not let through. Its message holds no address and no text."""


class Limits:
    """What one exchange may still take."""

    __slots__ = ("deadline", "left")

    def __init__(self, request: httpx.Request) -> None:
        seconds = cast("dict[str, float | None]", request.extensions.get("timeout", {})).get("read")
        self.deadline = time.monotonic() + (600.0 if seconds is None else seconds)
        self.left = MAX_ANSWER

    def check(self, chunk: bytes) -> bytes:
        """Count *chunk*; an answer that drips is as late as one that does not come."""
        self.left -= len(chunk)
        if self.left < 0:
            raise FenceError("the answer is too large")
        if time.monotonic() > self.deadline:
            raise httpx.ReadTimeout("the answer took too long")
        return chunk


def admit(request: httpx.Request, endpoint: Endpoint) -> None:
    """Let *request* through only to the origin of *endpoint*."""
    url = request.url
    port = url.port or (443 if url.scheme == "https" else 80)
    if (url.scheme, url.host.casefold(), port) != endpoint.origin:
        raise FenceError("a request was headed for another origin than the policy names")
    for name in list(request.headers):
        # Cookies would tie one caller to another; other headers come from the environment or from litellm's settings.
        if name.lower() not in HEADERS and not name.lower().startswith("x-stainless-"):
            del request.headers[name]


def refuse_redirect(response: httpx.Response) -> None:
    """A redirect would send the body to somebody whom the policy does not name."""
    if 300 <= response.status_code < 400:
        raise FenceError("the server answered with a redirect")


@contextmanager
def one_attempt() -> Iterator[None]:
    """
    Make every broken connection a `FenceError`.

    litellm's async handler sends a request again when it meets httpx's own errors for them; nobody decided that it may.
    """
    try:
        yield
    except (httpx.NetworkError, httpx.ProtocolError) as error:
        raise FenceError(f"the connection broke off: {type(error).__name__}") from None


class Pieces(httpx.SyncByteStream):
    """The bytes of an answer, within limits; whoever closes it gives the connection back with *release*."""

    def __init__(self, stream: httpx.SyncByteStream, limits: Limits, release: Callable[[], None]) -> None:
        self.stream = stream
        self.limits = limits
        # INVARIANT: called once, or two exchanges could come to have the same connection.
        self.releases = [release]

    def __iter__(self) -> Iterator[bytes]:
        with one_attempt():
            for chunk in self.stream:
                yield self.limits.check(chunk)

    def close(self) -> None:
        self.stream.close()
        for release in self.releases[:1]:
            self.releases.clear()
            release()


class AsyncPieces(httpx.AsyncByteStream):
    """The bytes of an answer, within limits."""

    def __init__(self, stream: httpx.AsyncByteStream, limits: Limits) -> None:
        self.stream = stream
        self.limits = limits

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with one_attempt():
            async for chunk in self.stream:
                yield self.limits.check(chunk)

    async def aclose(self) -> None:
        await self.stream.aclose()


class Fence(httpx.BaseTransport):
    """
    A transport to one endpoint.

    Each exchange has a transport underneath to itself, taken from those that are idle. A transport that exchanges share
    has a lock, which is not reentrant: an answer that somebody leaves open is closed by the garbage collector, at any
    moment, and if that is while another exchange of the same thread holds the lock, the thread waits for itself.

    Args:
        endpoint: The only one that requests are let through to.
        connect: Makes a transport underneath; the default reads nothing from the environment and never retries.
    """

    def __init__(self, endpoint: Endpoint, connect: Callable[[], httpx.BaseTransport] | None = None) -> None:
        self.endpoint = endpoint
        self.connect = connect or partial(
            httpx.HTTPTransport, verify=httpx.create_ssl_context(trust_env=False), trust_env=False, retries=0
        )
        self.idle: deque[httpx.BaseTransport] = deque()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        admit(request, self.endpoint)
        limits = Limits(request)
        inner = self.take()
        try:
            with one_attempt():
                response = inner.handle_request(request)
            try:
                refuse_redirect(response)
            except FenceError:
                response.close()
                raise
        except BaseException:
            inner.close()
            raise
        track(response)
        stream = cast(httpx.SyncByteStream, response.stream)
        response.stream = Pieces(stream, limits, partial(self.give_back, inner))
        return response

    def take(self) -> httpx.BaseTransport:
        """The transport that was used last, whose connection is the likeliest to be open still, or a new one."""
        try:
            return self.idle.pop()
        except IndexError:
            return self.connect()

    def give_back(self, inner: httpx.BaseTransport) -> None:
        """Keep *inner* for the next exchange, if there are not enough already."""
        if len(self.idle) < MAX_IDLE:
            self.idle.append(inner)
        else:
            inner.close()

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()


class AsyncFence(httpx.AsyncBaseTransport):
    """A transport to one endpoint, for an event loop. See `Fence`."""

    def __init__(
        self,
        endpoint: Endpoint,
        connect: Callable[[], httpx.AsyncBaseTransport] = lambda: httpx.AsyncHTTPTransport(trust_env=False, retries=0),
    ) -> None:
        self.endpoint = endpoint
        self.inner = connect()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        admit(request, self.endpoint)
        limits = Limits(request)
        with one_attempt():
            response = await self.inner.handle_async_request(request)
        try:
            refuse_redirect(response)
        except FenceError:
            await response.aclose()
            raise
        track(response)
        response.stream = AsyncPieces(cast(httpx.AsyncByteStream, response.stream), limits)
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()
