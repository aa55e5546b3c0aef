"""A Redis server of the tests' own: the real one, with a folder, a socket and a life of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

__all__ = ["INDEX", "RedisServer", "running"]

INDEX = b"hybrid-guard:vaults"
_START = 20.0


class RedisServer:
    """
    One running server.

    Attributes:
        folder: Holds its socket and what it saves.
        url: Of its socket.
        client: Sees everything on it.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        binary = shutil.which("redis-server")
        if binary is None:
            raise RuntimeError("the tests run a real Redis server; install it: apt-get install redis-server")
        self.folder = folder
        self.url = f"unix://{folder}/socket"
        self.client = redis.Redis.from_url(self.url)
        self.command = [binary, "--port", "0", "--unixsocket", f"{folder}/socket", "--dir", str(folder)]
        # What it saves is looked through for values, so nothing in it may be packed.
        self.command += ["--save", "", "--rdbcompression", "no"]
        self.command += options
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        deadline = time.monotonic() + _START
        while True:
            try:
                self.client.ping()
                return
            except redis.exceptions.RedisError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(f"redis-server did not start: {(self.folder / 'log').read_text()}") from None
                time.sleep(0.01)

    def stop(self) -> None:
        """End it; what is not saved is lost."""
        self.process.terminate()
        self.process.wait(timeout=_START)

    def names(self) -> list[bytes]:
        """The names of all vaults on it."""
        return [one for one in self.client.zrange(INDEX, 0, -1) if isinstance(one, bytes)]

    def dump(self) -> bytes:
        """Every byte that it would write to disk."""
        self.client.save()
        return (self.folder / "dump.rdb").read_bytes()

    def advance(self, seconds: float) -> None:
        """Let time pass for every vault."""
        milliseconds = round(seconds * 1000)
        for key in self.client.scan_iter(match=b"hybrid-guard:vault:*"):
            left = self.client.pttl(key)
            self.client.pexpire(key, max(0, left - milliseconds))
        for member in self.names():
            self.client.zincrby(INDEX, -milliseconds, member)

    def calls(self) -> int:
        """How many commands of clients it has served so far, those inside of scripts not among them."""
        commands = self.client.info("commandstats")
        return sum(commands.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "eval", "script|load"))


@contextmanager
def running(*options: str) -> Iterator[RedisServer]:
    """A server with *options* that ends with the block."""
    # The path of a socket has at most 107 characters, and those of pytest's folders are long.
    with tempfile.TemporaryDirectory(prefix="hg-") as folder:
        server = RedisServer(Path(folder), *options)
        try:
            yield server
        finally:
            server.client.close()
            server.stop()
