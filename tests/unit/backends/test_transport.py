"""The fence: one origin, no redirect, one attempt, a deadline and a bounded answer."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest
from httpcore._synchronization import ThreadLock

from hybrid_guard.backends import transport
from hybrid_guard.backends.endpoints import PROVIDERS, Endpoint
from hybrid_guard.backends.transport import AsyncFence, Fence, FenceError, fence_in, own, tracked
from hybrid_guard.testing import RecordingServer

ENDPOINT = Endpoint(base="https://llm.example/v1", origin=("https", "llm.example", 443), provider=PROVIDERS["openai"])


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An answer in pieces, which may break off, and which knows whether it was closed."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self.pieces = pieces
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """The transport below a fence: answers or fails as it is told, and remembers."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.headers: list[httpx.Headers] = []
        self.closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        self.headers.append(request.headers)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


async def exchange(wire: Wire, url: str, *, asynchronous: bool, headers: Mapping[str, str] | None = None) -> bytes:
    """What comes back from *url* through a fence around *wire*."""
    if asynchronous:
        fence = AsyncFence(ENDPOINT, lambda: wire)
        async with own(httpx.AsyncClient(transport=fence, follow_redirects=True)) as client:
            return (await client.get(url, headers=headers)).content
    with own(httpx.Client(transport=Fence(ENDPOINT, lambda: wire), follow_redirects=True)) as one:
        return one.get(url, headers=headers).content


REQUEST = {"model": "m", "messages": [{"role": "user", "content": "hello to you"}], "stream": True}

BOTH = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


@BOTH
@pytest.mark.parametrize("url", ["https://llm.example/v1/chat", "https://LLM.example:443/other"])
async def test_the_named_origin_is_let_through(url: str, asynchronous: bool) -> None:
    """Any path of it, however it is written; what is below is closed with the fence."""
    wire = Wire(httpx.Response(200, stream=Body(b"a", b"b")))

    assert await exchange(wire, url, asynchronous=asynchronous) == b"ab"
    assert wire.closed


@BOTH
@pytest.mark.parametrize(
    "url",
    [
        "http://llm.example/v1",
        "https://llm.example:8443/v1",
        "https://other.example/v1",
        "https://llm.example.other/v1",
        "http://llm.example:443/v1",
    ],
)
async def test_another_origin_is_not(url: str, asynchronous: bool) -> None:
    """Scheme, host and port must all be the policy's; the error holds no address."""
    wire = Wire(httpx.Response(200))

    with pytest.raises(FenceError) as caught:
        await exchange(wire, url, asynchronous=asynchronous)

    assert wire.asked == []
    assert "example" not in str(caught.value)


@BOTH
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 399])
async def test_a_redirect_is_not_followed(status: int, asynchronous: bool) -> None:
    """Not even to the same origin; its body is closed unread."""
    body = Body(b"moved")
    wire = Wire(httpx.Response(status, headers={"location": "https://llm.example/v2"}, stream=body))

    with pytest.raises(FenceError):
        await exchange(wire, "https://llm.example/v1", asynchronous=asynchronous)

    assert len(wire.asked) == 1
    assert body.closed


@BOTH
@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ReadError("x"), httpx.RemoteProtocolError("x")])
async def test_a_broken_connection_is_an_error_that_nobody_repeats(error: Exception, asynchronous: bool) -> None:
    """litellm sends again when it sees httpx's own errors, so it does not see them."""
    for wire in (Wire(error), Wire(httpx.Response(200, stream=Body(b"a", error)))):
        with pytest.raises(FenceError) as caught:
            await exchange(wire, "https://llm.example/v1", asynchronous=asynchronous)
        assert not isinstance(caught.value, httpx.NetworkError | httpx.ProtocolError)
        assert caught.value.__cause__ is None


@BOTH
async def test_other_errors_stay_what_they_are(asynchronous: bool) -> None:
    """A timeout is told as one."""
    with pytest.raises(httpx.ReadTimeout):
        await exchange(Wire(httpx.ReadTimeout("x")), "https://llm.example/v1", asynchronous=asynchronous)


@BOTH
async def test_an_answer_is_bounded(monkeypatch: pytest.MonkeyPatch, asynchronous: bool) -> None:
    """The byte that is too many ends it."""
    monkeypatch.setattr(transport, "MAX_ANSWER", 4)

    whole = Wire(httpx.Response(200, stream=Body(b"ab", b"cd")))
    assert await exchange(whole, "https://llm.example/v1", asynchronous=asynchronous) == b"abcd"
    with pytest.raises(FenceError):
        await exchange(
            Wire(httpx.Response(200, stream=Body(b"abcd", b"e"))), "https://llm.example/v1", asynchronous=asynchronous
        )


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(("timeout", "late"), [(5.0, 5.1), (None, 600.1)], ids=["given", "default"])
def test_an_answer_that_drips_is_late(monkeypatch: pytest.MonkeyPatch, timeout: float | None, late: float) -> None:
    """The deadline is for the whole answer, not for each of its pieces."""
    watch = Watch()
    monkeypatch.setattr(transport, "time", watch)

    class Dripping(Body):
        """Each piece takes its time."""

        def __iter__(self) -> Iterator[bytes]:
            yield b"in time"
            watch.now = late
            yield b"late"

    with (
        httpx.Client(
            transport=Fence(ENDPOINT, lambda: Wire(httpx.Response(200, stream=Dripping()))), timeout=timeout
        ) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get("https://llm.example/v1")


@BOTH
async def test_answers_are_tracked_where_somebody_asks_for_it(asynchronous: bool) -> None:
    """An answer that began inside can be closed by whoever asked; outside nothing is kept."""
    wire = Wire(httpx.Response(200, stream=Body(b"a")))

    with tracked() as answers:
        await exchange(wire, "https://llm.example/v1", asynchronous=asynchronous)
    assert len(answers) == 1

    wire.answer = httpx.Response(200, stream=Body(b"b"))
    await exchange(wire, "https://llm.example/v1", asynchronous=asynchronous)
    assert len(answers) == 1


@pytest.fixture(name="fenced_in")
def fence_everybody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that are not ours are refused inside of a guarded call; afterwards all is as it was."""
    monkeypatch.setattr(httpx.Client, "send", httpx.Client.send)
    monkeypatch.setattr(httpx.AsyncClient, "send", httpx.AsyncClient.send)
    fence_in()


@pytest.mark.usefixtures("fenced_in")
async def test_a_stranger_is_refused_inside_of_a_guarded_call() -> None:
    """A client that litellm made for itself sends nothing, and outside of our calls it is left alone."""
    wire = Wire(httpx.Response(200, stream=Body()))
    with httpx.Client(transport=wire) as client, tracked(), pytest.raises(FenceError):
        client.get("https://llm.example/v1")
    async with httpx.AsyncClient(transport=wire) as aclient:
        with tracked(), pytest.raises(FenceError):
            await aclient.get("https://llm.example/v1")
    assert wire.asked == []

    with httpx.Client(transport=wire) as client:
        client.get("https://llm.example/v1")
    wire.answer = httpx.Response(200, stream=Body())
    async with httpx.AsyncClient(transport=wire) as aclient:
        await aclient.get("https://llm.example/v1")
    assert len(wire.asked) == 2


@pytest.mark.usefixtures("fenced_in")
def test_everybody_is_fenced_in_once() -> None:
    """Again does nothing."""
    before = httpx.Client.send, httpx.AsyncClient.send

    fence_in()

    assert (httpx.Client.send, httpx.AsyncClient.send) == before


@BOTH
async def test_only_known_headers_get_through(asynchronous: bool) -> None:
    """Cookies and whatever litellm or the environment adds stay behind."""
    wire = Wire(httpx.Response(200, stream=Body()))
    given = {"Authorization": "Bearer k", "Cookie": "c=1", "X-Team": "t", "X-Stainless-Lang": "python"}

    await exchange(wire, "https://llm.example/v1", asynchronous=asynchronous, headers=given)

    (headers,) = wire.headers
    assert headers["authorization"] == "Bearer k"
    assert headers["x-stainless-lang"] == "python"
    assert not {"cookie", "x-team"} & set(headers)


def test_the_default_transports_read_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fence is made without a proxy, though one is named."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert isinstance(Fence(ENDPOINT).take(), httpx.HTTPTransport)
    assert isinstance(AsyncFence(ENDPOINT).inner, httpx.AsyncHTTPTransport)


def endpoint_at(server: RecordingServer) -> Endpoint:
    """The endpoint that *server* is."""
    port = httpx.URL(server.url).port or 0
    return Endpoint(base=server.base_url, origin=("http", "127.0.0.1", port), provider=PROVIDERS["openai"])


def test_a_connection_is_kept_for_the_next_exchange() -> None:
    """Exchanges one after another share a connection; exchanges at once have one each, which is kept as well."""
    with RecordingServer("local") as server, own(httpx.Client(transport=Fence(endpoint_at(server)))) as client:
        url = f"{server.base_url}/chat/completions"
        for _ in range(3):
            client.post(url, json=REQUEST)
        assert server.connections == 1

        with (
            client.stream("POST", url, json=REQUEST) as one,
            client.stream("POST", url, json=REQUEST) as two,
        ):
            one.read()
            two.read()
        assert server.connections == 2

        for _ in range(3):
            client.post(url, json=REQUEST)
        assert server.connections == 2


def test_idle_connections_are_bounded_and_closed_with_the_fence() -> None:
    """What comes back beyond the bound is closed at once, the rest with the fence."""
    wires = [Wire(httpx.Response(200, stream=Body(b"x"))) for _ in range(transport.MAX_IDLE + 1)]
    left = list(wires)
    fence = Fence(ENDPOINT, lambda: left.pop(0))
    answers = [fence.handle_request(httpx.Request("POST", "https://llm.example/v1")) for _ in wires]
    for answer in answers:
        answer.close()
    assert [wire.closed for wire in wires] == [False] * transport.MAX_IDLE + [True]

    fence.close()

    assert all(wire.closed for wire in wires)


def test_an_answer_that_is_closed_twice_gives_its_connection_back_once() -> None:
    """Or two exchanges could come to share it."""
    fence = Fence(ENDPOINT, lambda: Wire(httpx.Response(200, stream=Body(b"x"))))
    answer = fence.handle_request(httpx.Request("POST", "https://llm.example/v1"))

    answer.stream.close()  # type: ignore[union-attr]  # the stream of a blocking transport
    answer.stream.close()  # type: ignore[union-attr]

    assert len(fence.idle) == 1


def test_a_connection_that_failed_is_not_kept() -> None:
    """Nor is it left open."""
    wire = Wire(httpx.ConnectError("gone"))
    fence = Fence(ENDPOINT, lambda: wire)

    with pytest.raises(FenceError):
        fence.handle_request(httpx.Request("POST", "https://llm.example/v1"))

    assert wire.closed
    assert not fence.idle


def collect_under_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the garbage collector run at its worst moment: whenever a connection pool has just taken its lock."""
    take = ThreadLock.__enter__

    def take_and_collect(lock: ThreadLock) -> ThreadLock:
        take(lock)
        gc.collect()
        return lock

    monkeypatch.setattr(ThreadLock, "__enter__", take_and_collect)


def test_an_answer_that_is_left_open_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that the collector closes while a request is in the pool does not make the pool wait for itself."""
    done = threading.Event()

    def ask(client: httpx.Client, url: str) -> None:
        """Begin to read one answer, lose it in a reference cycle, and read another."""
        lost = client.send(client.build_request("POST", url, json=REQUEST), stream=True)
        pieces = lost.iter_raw()
        next(pieces)
        cycle: list[object] = [lost, pieces]
        cycle.append(cycle)
        del lost, pieces, cycle
        assert client.post(url, json=REQUEST).status_code == 200

    def ask_often(server: RecordingServer) -> None:
        with own(httpx.Client(transport=Fence(endpoint_at(server)))) as client:
            for _ in range(3):
                ask(client, f"{server.base_url}/chat/completions")
        done.set()

    gc.disable()
    try:
        collect_under_lock(monkeypatch)
        with RecordingServer("local") as server:
            # A thread that waits for itself cannot be stopped; as a daemon it does not keep the tests from ending.
            threading.Thread(target=ask_often, args=[server], daemon=True).start()
            assert done.wait(timeout=30)
    finally:
        gc.enable()
