"""Every place where a value can come to rest is a sink, or every test that relies on them is void."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from hybrid_guard.testing import EgressWitness, RecordingServer, Sinks, TaintOracle, make_canary

NAME = make_canary("name", random.Random(20))
ORACLE = TaintOracle([NAME])


def say(value: str) -> bytes:
    """The value in a sentence of JSON."""
    return json.dumps({"content": f"Please write to {value} today."}).encode()


def chunk(body: bytes, size: int) -> bytes:
    """A request whose body is sent in chunks of *size* bytes."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)] + [b""]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + framed


def plant_in_socket(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A whole request."""
    with socket.create_connection(server.address, timeout=30) as client:
        body = say(NAME.value)
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        client.recv(1)


def plant_in_aborted_upload(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A body that ends long before its announced length."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n" + say(NAME.value)[:40])


def plant_in_chunked_upload(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A body in chunks of two bytes, never finished."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(chunk(say(NAME.value), 2)[:-5])


def plant_in_header(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A header value."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(f"GET / HTTP/1.1\r\nX-User: {NAME.value}\r\n\r\n".encode())


def plant_in_query(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A query string."""
    with socket.create_connection(server.address, timeout=30) as client:
        client.sendall(f"GET /v1/models?q={quote(NAME.value)} HTTP/1.1\r\n\r\n".encode())


def plant_in_lookup(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A host name, one label of which is the value."""
    with contextlib.suppress(OSError):
        # The flag keeps the question from leaving the machine.
        socket.getaddrinfo(f"{NAME.value.replace(' ', '')}.invalid", 443, flags=socket.AI_NUMERICHOST)


def plant_in_log(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """An argument of a debug message."""
    logging.getLogger("some.library").debug("sending %s", {"content": NAME.value})


def plant_in_silent_log(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A logger that passes nothing on to the root."""
    logging.getLogger("harness.silent").error("sending %s", NAME.value)


def plant_in_logged_exception(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """The traceback that goes with a message."""
    try:
        raise ValueError(NAME.value)
    except ValueError:
        logging.getLogger("some.library").exception("it failed")


def plant_in_log_attribute(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """An attribute that a JSON formatter would print."""
    logging.getLogger("some.library").warning("sent", extra={"payload": NAME.value})


def plant_in_file(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A log file in a folder below."""
    (folder / "logs").mkdir()
    (folder / "logs" / "app.log").write_text(f"user {NAME.value} said hello\n")


def plant_in_file_name(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """The name of an empty file."""
    (folder / f"{NAME.value}.txt").touch()


def plant_in_stdout(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A print."""
    print(NAME.value)


def plant_in_stderr_of_a_child(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """A write to the file descriptor, as native code and children do."""
    os.write(2, NAME.value.encode())


def plant_in_exception(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """The cause of an exception that is clean itself."""
    try:
        try:
            raise KeyError(NAME.value)
        except KeyError as inner:
            raise RuntimeError("the backend failed") from inner
    except RuntimeError as error:
        sinks.add_exception("exception", error)


def plant_in_exception_attribute(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """An attribute of an exception whose message is clean."""
    error = RuntimeError("the backend failed")
    vars(error)["body"] = NAME.value
    sinks.add_exception("exception", error)


def plant_in_audit(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """An audit line that was handed in as bytes."""
    sinks.add("audit", say(NAME.value))


def plant_in_callback(sinks: Sinks, server: RecordingServer, folder: Path) -> None:
    """What a callback was given, handed in as text."""
    sinks.add("callback", repr({"messages": [{"content": NAME.value}]}))


PLANTS = {
    "cloud socket": [plant_in_socket, plant_in_aborted_upload, plant_in_header, plant_in_query],
    "cloud request": [plant_in_chunked_upload],
    "names looked up": [plant_in_lookup],
    "log": [plant_in_log, plant_in_silent_log, plant_in_logged_exception, plant_in_log_attribute],
    "file": [plant_in_file, plant_in_file_name],
    "stdout": [plant_in_stdout],
    "stderr": [plant_in_stderr_of_a_child],
    "exception": [plant_in_exception, plant_in_exception_attribute],
    "audit": [plant_in_audit],
    "callback": [plant_in_callback],
}


@pytest.mark.parametrize(
    ("sink", "plant"),
    [(sink, plant) for sink, plants in PLANTS.items() for plant in plants],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_sink_is_watched(
    sink: str, plant: Callable[[Sinks, RecordingServer, Path], None], tmp_path: Path
) -> None:
    """A value planted in any sink is found there, and a run without a plant is clean."""
    logging.getLogger("harness.silent").propagate = False
    with RecordingServer("cloud") as server, EgressWitness() as witness:
        with Sinks(servers=[server], folders=[tmp_path], witness=witness) as sinks:
            print("nothing yet")
            sinks.assert_clean(ORACLE)
            plant(sinks, server, tmp_path)
            assert any(leak.sink.startswith(sink) for leak in sinks.leaks(ORACLE))
        with pytest.raises(AssertionError, match=NAME.label):
            sinks.assert_clean(ORACLE)


def test_sinks_leave_the_process_as_it_was(tmp_path: Path) -> None:
    """Streams, file descriptors, handlers and levels are put back."""
    root = logging.getLogger()
    before = (sys.stdout, sys.stderr, os.fstat(1).st_ino, os.fstat(2).st_ino, root.level, list(root.handlers))
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    with Sinks(folders=[tmp_path]):
        print("seen by the sinks only")
    after = (sys.stdout, sys.stderr, os.fstat(1).st_ino, os.fstat(2).st_ino, root.level, list(root.handlers))
    assert after == before
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files
