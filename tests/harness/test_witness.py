"""The egress witness sees every way in which Python code opens a connection or asks for a name."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable

import httpx
import pytest

from hybrid_guard.testing import Attempt, EgressWitness, RecordingServer

# Nobody listens there, and what is sent there does not leave the machine.
ELSEWHERE = ("127.0.0.2", 9)


def connect(address: tuple[str, int]) -> None:
    """Begin a connection and drop it."""
    with socket.socket() as client:
        client.setblocking(False)
        client.connect_ex(address)


def send_datagram(address: tuple[str, int]) -> None:
    """Send one byte without a connection."""
    with socket.socket(type=socket.SOCK_DGRAM) as client, contextlib.suppress(OSError):
        client.sendto(b"x", address)


def send_message(address: tuple[str, int]) -> None:
    """Send one byte by the other call for datagrams."""
    with socket.socket(type=socket.SOCK_DGRAM) as client, contextlib.suppress(OSError):
        client.sendmsg([b"x"], [], 0, address)


@pytest.mark.parametrize(
    ("event", "leave"),
    [("socket.connect", connect), ("socket.sendto", send_datagram), ("socket.sendmsg", send_message)],
)
def test_leaving_is_a_violation_unless_allowed(event: str, leave: Callable[[tuple[str, int]], None]) -> None:
    """An address that is not on the list is a violation, the same address on the list is none."""
    with EgressWitness() as strict, EgressWitness(allow={ELSEWHERE}) as lenient:
        leave(ELSEWHERE)
    assert strict.violations == [Attempt(event=event, host="127.0.0.2", port=9)]
    assert lenient.attempts == strict.attempts
    assert lenient.violations == []


def test_another_port_of_an_allowed_host_is_a_violation() -> None:
    """What is allowed is a host and a port together."""
    with EgressWitness(allow={("127.0.0.2", 80)}) as witness:
        connect(ELSEWHERE)
    assert len(witness.violations) == 1


# No label of a name may have 64 characters, so no resolver is really asked.
NAME = b"secret-project".rjust(64, b"x")


@pytest.mark.parametrize(
    ("event", "look_up"),
    [
        ("socket.getaddrinfo", lambda name: socket.getaddrinfo(name, 443, flags=socket.AI_NUMERICHOST)),
        ("socket.gethostbyname", socket.gethostbyname),
        ("socket.gethostbyname", socket.gethostbyname_ex),
        ("socket.gethostbyaddr", socket.gethostbyaddr),
    ],
)
def test_asking_for_a_name_is_a_violation(event: str, look_up: Callable[[bytes], object]) -> None:
    """A name sent to a resolver has left, whether or not there is an answer."""
    allowed = {(NAME.decode(), 1)}
    with EgressWitness() as strict, EgressWitness(allow=allowed) as lenient, contextlib.suppress(OSError):
        look_up(NAME)
    assert (strict.violations[0].event, strict.violations[0].host) == (event, NAME.decode())
    assert NAME.decode() in strict.transcript
    assert lenient.violations == []


def test_asking_for_the_name_of_an_address_is_a_violation() -> None:
    """A lookup the other way round sends the address to a resolver."""
    with EgressWitness() as witness:
        socket.gethostbyaddr("127.0.0.1")
        socket.getnameinfo(("127.0.0.1", 80), 0)
    assert [attempt.event for attempt in witness.violations] == ["socket.gethostbyaddr", "socket.getnameinfo"]


def test_an_address_needs_no_resolver() -> None:
    """Looking up what is an address already asks nobody, and listening on all addresses asks for none."""
    with EgressWitness() as witness:
        socket.getaddrinfo("127.0.0.1", 80)
        socket.getaddrinfo("::1", 80)
        socket.getaddrinfo(None, 80)
    assert witness.attempts
    assert witness.violations == []


async def test_clients_of_all_kinds_are_seen() -> None:
    """httpx, asyncio and a plain thread each leave a trace with the address of the server."""
    with RecordingServer("cloud") as server:
        with EgressWitness() as witness:
            with httpx.Client(trust_env=False) as client:
                client.get(f"{server.base_url}/models")
            _, writer = await asyncio.open_connection(*server.address)
            writer.close()
            await writer.wait_closed()
            thread = threading.Thread(target=connect, args=[server.address])
            thread.start()
            thread.join()
        host, port = server.address
        assert witness.violations == [Attempt(event="socket.connect", host=host, port=port)] * 3
        with EgressWitness(allow={server.address}) as lenient, httpx.Client(trust_env=False) as client:
            client.get(f"{server.base_url}/models")
        assert lenient.attempts
        assert lenient.violations == []


def test_a_mapped_address_is_another_address() -> None:
    """IPv4 written as IPv6 is not covered by what allows the IPv4 address."""
    with EgressWitness(allow={("127.0.0.1", 9)}) as witness, socket.socket(socket.AF_INET6) as client:
        client.setblocking(False)
        with contextlib.suppress(OSError):
            client.connect(("::ffff:127.0.0.1", 9))
    assert [attempt.host for attempt in witness.violations] == ["::ffff:127.0.0.1"]


def test_a_unix_socket_is_named_by_its_path() -> None:
    """A socket in the file system may lead anywhere, so it counts."""
    with EgressWitness() as witness, socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
        client.connect("/nowhere/resolver.sock")
    assert witness.violations == [Attempt(event="socket.connect", host="/nowhere/resolver.sock", port=None)]


def test_nothing_is_recorded_outside_the_context() -> None:
    """A witness that is not entered, or has been left, records nothing."""
    witness = EgressWitness()
    connect(ELSEWHERE)
    with witness:
        pass
    connect(ELSEWHERE)
    assert witness.attempts == []
