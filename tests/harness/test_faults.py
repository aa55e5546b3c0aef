"""The recording servers fail as real ones do."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

from hybrid_guard.testing import Fault, RecordingServer, echo, fail, faults

CHAT = {"model": "stub", "messages": [{"role": "user", "content": "hello big world"}]}


@pytest.mark.parametrize("code", [400, 401, 413, 429, 500, 503])
@pytest.mark.parametrize("path", ["/chat/completions", "/messages"])
def test_error_statuses(client: httpx.Client, server: RecordingServer, code: int, path: str) -> None:
    """An error has its API's form and quotes the request only when told to."""
    server.reply = fail(faults.Status(code=code))
    quiet = client.post(path, json=CHAT)
    server.reply = fail(faults.Status(code=code, echo=True))
    loud = client.post(path, json=CHAT)
    assert (quiet.status_code, loud.status_code) == (code, code)
    assert "hello big world" not in quiet.json()["error"]["message"]
    assert "hello big world" in loud.json()["error"]["message"]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("fault", "error", "size"),
    [
        (faults.Reset(), httpx.ReadError, 0),
        (faults.Reset(after=60), httpx.ReadError, 60),
        (faults.Truncate(after=60), httpx.RemoteProtocolError, 60),
    ],
    ids=["reset", "reset later", "truncated"],
)
def test_broken_connections(
    client: httpx.Client, server: RecordingServer, fault: Fault, error: type[Exception], size: int, stream: bool
) -> None:
    """A reset and a cut body are seen as such by the client, after the bytes that were to come first."""
    server.reply = fail(fault)
    arrived = bytearray()

    def read() -> None:
        with client.stream("POST", "/chat/completions", json=CHAT | {"stream": stream}) as response:
            for piece in response.iter_raw():
                arrived.extend(piece)

    with pytest.raises(error):
        read()
    assert len(arrived) == size
    assert len(server.requests) == 1


def test_wrong_bodies(client: httpx.Client, server: RecordingServer) -> None:
    """Bad JSON, a page, no body, a foreign model and bytes that are no UTF-8 all come with status 200."""

    def ask(fault: Fault, *, stream: bool = False) -> httpx.Response:
        server.reply = fail(fault)
        response = client.post("/chat/completions", json=CHAT | {"stream": stream})
        assert response.status_code == 200
        return response

    for stream in (False, True):
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(ask(faults.BadJson(), stream=stream).text.removeprefix("data: ").partition("\n")[0])
        assert ask(faults.WrongType(), stream=stream).headers["content-type"] == "text/html"
        assert ask(faults.Empty(), stream=stream).content == b""
        assert b'"model": "another-model"' in ask(faults.WrongModel(), stream=stream).content
        with pytest.raises(UnicodeDecodeError):
            ask(faults.InvalidUtf8(), stream=stream).content.decode()
        assert max(map(len, ask(faults.LongLine(), stream=stream).content.splitlines())) > 10_000_000


@pytest.mark.parametrize("fault", [faults.OneByte(), faults.Drip(pause=0.001, total=0.05)], ids=["one byte", "drip"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_small_pieces(client: httpx.Client, server: RecordingServer, fault: Fault, stream: bool) -> None:
    """An answer in tiny pieces is the same answer."""
    asked = CHAT | {"stream": stream}
    whole = client.post("/chat/completions", json=asked).content
    server.reply = fail(fault, echo)
    with client.stream("POST", "/chat/completions", json=asked) as response:
        pieces = list(response.iter_raw())
    assert b"".join(pieces) == whole
    if stream:
        assert max(map(len, pieces)) <= (1 if isinstance(fault, faults.OneByte) else len(whole) // 50 + 1)


@pytest.mark.parametrize("code", [307, 308])
def test_redirects_carry_the_request_elsewhere(client: httpx.Client, server: RecordingServer, code: int) -> None:
    """A client that follows sends the body to the other server, one that does not sees the redirect."""
    with RecordingServer("cloud-b") as other:
        server.reply = fail(faults.Redirect(to=f"{other.base_url}/chat/completions", code=code))
        assert client.post("/chat/completions", json=CHAT).status_code == code
        assert other.requests == []
        followed = client.post("/chat/completions", json=CHAT, follow_redirects=True)
        assert followed.json()["choices"][0]["message"]["content"] == "hello big world"
        assert other.requests[0].json() == CHAT


def test_silence_lasts_until_the_server_closes() -> None:
    """A server that never answers has the request, and lets go of the client when it is closed."""
    with RecordingServer("cloud-a", fail(faults.Silent())) as server:
        client = socket.create_connection(server.address, timeout=30)
        client.sendall(b"GET /v1/models HTTP/1.1\r\n\r\n")
        assert server.requests[0].path == "/v1/models"
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
        # Only a server that hangs on to its client lets this time pass.
        client.settimeout(30)
    with client:
        assert client.recv(1) == b""
