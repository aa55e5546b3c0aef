"""
The egress witness: which addresses and names Python code in this process asks the operating system for.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

__all__ = ["Attempt", "EgressWitness"]

# Events of the standard library's socket module with the place of the address or name in their arguments.
_PLACES: dict[str, int] = {
    "socket.connect": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyaddr": 0,
    "socket.gethostbyname": 0,
    "socket.getnameinfo": 0,
    "socket.sendmsg": 1,
    "socket.sendto": 1,
}
_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_REVERSE_LOOKUPS = frozenset({"socket.gethostbyaddr", "socket.getnameinfo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    One connect, datagram or name lookup.

    Attributes:
        event: The audit event, such as `socket.connect`.
        host: The address or name; the path of a Unix socket.
        port: None where the event has none.
    """

    event: str
    host: str
    port: int | None


class EgressWitness:
    """
    Records, while it is entered, where Python code in any thread wants to go.

    Native code that makes its own system calls is not seen, so a clean witness is one of two needed proofs; the bytes
    at the recording servers are the other.

    Attributes:
        attempts: Everything seen, in order.
    """

    def __init__(self, *, allow: Iterable[tuple[str, int]] = ()) -> None:
        """
        Args:
            allow: The host and port pairs that are no violation.
        """
        self.attempts: list[Attempt] = []
        self._allowed = frozenset(allow)
        self._hosts = frozenset(host for host, _ in self._allowed)

    def __enter__(self) -> Self:
        _install()
        _watchers.append(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _watchers.remove(self)

    @property
    def violations(self) -> list[Attempt]:
        """
        The attempts that nothing allows. A name may be asked for when its host is allowed at any port; looking up what
        already is an address asks nobody and is no violation.
        """
        return [attempt for attempt in self.attempts if not self._permits(attempt)]

    @property
    def transcript(self) -> str:
        """
        Every host that was asked for, one a line: a sink, for a name looked up is a name sent.
        """
        return "\n".join(attempt.host for attempt in self.attempts)

    def _permits(self, attempt: Attempt) -> bool:
        if attempt.event in _LOOKUPS:
            return not attempt.host or attempt.host in self._hosts or _is_address(attempt.host)
        if attempt.event in _REVERSE_LOOKUPS:
            return attempt.host in self._hosts
        return (attempt.host, attempt.port) in self._allowed


_watchers: list[EgressWitness] = []
_hooks: list[Callable[[str, tuple[object, ...]], None]] = []


def _install() -> None:
    # An audit hook cannot be removed, so there is one for the life of the process.
    if not _hooks:
        _hooks.append(_watch)
        sys.addaudithook(_watch)


def _watch(event: str, args: tuple[object, ...]) -> None:
    if not _watchers or event not in _PLACES:
        return
    place = args[_PLACES[event]]
    # A datagram on a connected socket names no address; its connect has been seen.
    if place is None and event != "socket.getaddrinfo":
        return
    attempt = _describe(event, place, args)
    for watcher in tuple(_watchers):
        watcher.attempts.append(attempt)


def _describe(event: str, place: object, args: tuple[object, ...]) -> Attempt:
    host, port = place, args[1] if event == "socket.getaddrinfo" else None
    match place:
        # IPv6 adds a flow label and a scope.
        case (host, port, *_):
            pass
    return Attempt(event=event, host=_read_host(host), port=port if isinstance(port, int) else None)


def _read_host(host: object) -> str:
    if isinstance(host, (bytes, bytearray)):
        return bytes(host).decode("utf-8", "replace")
    return "" if host is None else str(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
