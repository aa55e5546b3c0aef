"""The recording servers record every byte, and leave nothing behind."""

from __future__ import annotations

import asyncio
import json
import socket
import threading

import httpx
import pytest

from hybrid_guard.testing import Answer, RecordedRequest, RecordingProxy, RecordingServer, fail, faults, say

CHAT = {"model": "stub", "messages": [{"role": "user", "content": "hello big world"}]}


def test_every_byte_is_recorded(server: RecordingServer) -> None:
    """Request line, query, headers and body are kept as they came, those of an aborted upload too."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(b"POST /v1/x?secret=1 HTTP/1.1\r\nX-Odd:  value \r\nContent-Length: 50\r\n\r\nonly this")
    assert server.received == b"POST /v1/x?secret=1 HTTP/1.1\r\nX-Odd:  value \r\nContent-Length: 50\r\n\r\nonly this"
    (request,) = server.requests
    assert (request.target, request.header("x-odd"), request.body) == ("/v1/x?secret=1", "value", b"only this")
    assert not request.complete


def test_a_connection_without_bytes_is_counted(server: RecordingServer) -> None:
    """Whoever connects and says nothing has connected all the same."""
    with socket.create_connection(server.address, timeout=30):
        pass
    assert server.connections == 1
    assert server.received == b""


def test_uploads_in_chunks_are_read_whole(client: httpx.Client, server: RecordingServer) -> None:
    """The body of a chunked upload comes without its framing, which stays in the raw bytes."""
    body = json.dumps(CHAT).encode()
    client.post("/chat/completions", content=(body[at : at + 7] for at in range(0, len(body), 7)))
    assert server.requests[0].json() == CHAT
    assert b"\r\n7\r\n" in server.received


def test_a_client_may_wait_for_leave_to_send(server: RecordingServer) -> None:
    """`Expect: 100-continue` is answered before the body comes."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(b"POST /v1/x HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"ok")
        with client.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 404 ")


def test_a_client_that_sends_only_once_is_still_answered(server: RecordingServer) -> None:
    """Requests in one write are answered in order although the client has closed its side."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(b"GET /v1/models HTTP/1.1\r\n\r\n" * 2)
        client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as answer:
            assert answer.read().count(b"HTTP/1.1 200 OK") == 2


def test_bytes_that_are_no_http_are_recorded(server: RecordingServer) -> None:
    """The first bytes of TLS are kept and the connection is closed."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(b"\x16\x03\x01 hello")
        assert client.recv(1) == b""
    assert server.received == b"\x16\x03\x01 hello"
    assert server.requests == []


def test_the_proxy_records_where_clients_wanted_to_go() -> None:
    """Plain requests come with their URL and are answered, tunnels with their target and are recorded inside."""
    with RecordingProxy("proxy", say("from the proxy")) as proxy:
        with httpx.Client(proxy=proxy.url, trust_env=False) as client:
            reply = client.post("http://127.0.0.1:9/v1/chat/completions", json=CHAT).json()
            assert reply["choices"][0]["message"]["content"] == "from the proxy"
            with pytest.raises(httpx.ConnectError):
                client.post("https://cloud.invalid/v1/chat/completions", json=CHAT)
        assert proxy.attempts == ["http://127.0.0.1:9/v1/chat/completions", "cloud.invalid:443"]
        assert b"\x16\x03" in proxy.received


async def test_asynchronous_clients_are_answered(server: RecordingServer) -> None:
    """Twenty clients in one event loop each get their own answer."""
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:

        async def ask(number: int) -> str:
            message = {"role": "user", "content": f"question {number}"}
            reply = await client.post("/chat/completions", json={"messages": [message]})
            content = reply.json()["choices"][0]["message"]["content"]
            assert isinstance(content, str)
            return content

        said = await asyncio.gather(*map(ask, range(20)))
    assert said == [f"question {number}" for number in range(20)]
    assert len(server.requests) == 20


def test_a_broken_script_is_reported() -> None:
    """An exception in a reply script reaches the test when the server is left."""

    def break_down(request: RecordedRequest) -> Answer:
        raise LookupError("script")

    def ask() -> None:
        with (
            RecordingServer("cloud-a", break_down) as server,
            socket.create_connection(server.address, timeout=30) as client,
        ):
            client.sendall(b"GET /v1/models HTTP/1.1\r\n\r\n")
            assert client.recv(1) == b""

    with pytest.raises(LookupError, match="script"):
        ask()


def test_nothing_is_left_running() -> None:
    """A server that is closed in the middle of its work leaves no thread, and its port is free."""
    before = threading.active_count()
    with RecordingServer("cloud-a", fail(faults.Drip(pause=1, total=60))) as server:
        client = socket.create_connection(server.address, timeout=30)
        client.sendall(b"GET /v1/models HTTP/1.1\r\n\r\n")
        assert len(server.requests) == 1
    client.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, timeout=30)
    assert len(server.requests) == 1
