"""
Everything that a run of code leaves behind, gathered so that an oracle can look through it.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from hybrid_guard.testing.oracle import Leak, TaintOracle, report_leaks
from hybrid_guard.testing.servers import RecordingServer
from hybrid_guard.testing.trails import blank_measures
from hybrid_guard.testing.witness import EgressWitness

__all__ = ["Sinks"]

_STANDARD_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Sinks:
    """
    Collects, while it is entered, log records, standard output and error, and on demand all the rest.

    ::

        with Sinks(servers=[cloud], folders=[tmp_path]) as sinks:
            try:
                guard.complete(...)
            except HybridGuardError as error:
                sinks.add_exception("refusal", error)
        sinks.assert_clean(TaintOracle(canaries))

    Log records are taken at the root logger, at level DEBUG, and at each logger that does not pass its records on.
    Loggers keep their own levels and filters, for these are what is tested.
    """

    def __init__(
        self,
        *,
        servers: Sequence[RecordingServer] = (),
        folders: Sequence[Path] = (),
        witness: EgressWitness | None = None,
    ) -> None:
        """
        Args:
            servers: Their received bytes are sinks; leave out those that may see the values.
            folders: The names and the contents of all files below them are sinks.
            witness: The names it has seen looked up are a sink.
        """
        self._servers = tuple(servers)
        self._folders = tuple(folders)
        self._witness = witness
        self._added: list[tuple[str, bytes]] = []
        self._captured: dict[str, BinaryIO] = {}
        self._records = _RecordKeeper()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for name in ("stdout", "stderr"):
            self._capture(name)
        root = logging.getLogger()
        self._open.callback(root.setLevel, root.level)
        root.setLevel(logging.DEBUG)
        for logger in (root, *_find_silent_loggers()):
            logger.addHandler(self._records)
            self._open.callback(logger.removeHandler, self._records)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def add(self, name: str, data: bytes | str) -> None:
        """
        Hand in a sink that is gathered elsewhere, such as what a callback was given.
        """
        self._added.append((name, data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data))

    def add_exception(self, name: str, error: BaseException) -> None:
        """
        Hand in an exception: its text, its repr, its attributes, and its traceback with causes and contexts.
        """
        lines = traceback.format_exception(error)
        self.add(name, "\n".join([str(error), repr(error), repr(vars(error)), "".join(lines)]))

    def collect(self) -> list[tuple[str, bytes]]:
        """
        Name and content of every sink, as they are now.
        """
        found = [*self._added, *((name, _read(file)) for name, file in self._captured.items())]
        found.append(("log", self._records.text().encode("utf-8", "surrogatepass")))
        for server in self._servers:
            found.append((f"{server.name} socket", server.received))
            # Chunk framing can cut a value in two; the body of a request is whole.
            found += [(f"{server.name} request {at}", request.body) for at, request in enumerate(server.requests)]
        for folder in self._folders:
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            found.append(("file names", "\n".join(map(str, folder.rglob("*"))).encode("utf-8", "surrogateescape")))
            found += [(f"file {at} of {len(files)}", path.read_bytes()) for at, path in enumerate(files, 1)]
        if self._witness is not None:
            found.append(("names looked up", self._witness.transcript.encode("utf-8", "surrogatepass")))
        return found

    def leaks(self, oracle: TaintOracle, *, strict: bool = False) -> list[Leak]:
        """
        What has leaked into any of the sinks.

        Args:
            oracle: Knows the canaries.
            strict: Any six bytes of a value in a row are a leak; of an audit trail, the words and counts are looked at
                like that, and what its writer measured or drew is not, see `blank_measures`. For runs whose logs hold
                no time stamps.
        """
        found = self.collect()
        if strict:
            found = [(name, blank_measures(data)) for name, data in found]
        return [leak for name, data in found for leak in oracle.leaks(name, data, strict=strict)]

    def assert_clean(self, oracle: TaintOracle, *, strict: bool = False) -> None:
        """
        Require that nothing has leaked into any of the sinks; for *strict* see `leaks`.

        Raises:
            AssertionError: Something has; the message names sinks and canaries, never values.
        """
        report_leaks(self.leaks(oracle, strict=strict))

    def _capture(self, name: str) -> None:
        # Both ways to print are caught: through the interpreter's stream and through the file descriptor under it.
        number = {"stdout": 1, "stderr": 2}[name]
        file = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the stack closes it
        self._captured[name] = file
        self._open.callback(lambda: self.add(name, _read(self._captured.pop(name))))
        stream = io.TextIOWrapper(
            io.FileIO(file.fileno(), "w", closefd=False), "utf-8", "surrogateescape", write_through=True
        )
        getattr(sys, name).flush()
        kept = os.dup(number)
        os.dup2(file.fileno(), number)
        self._open.callback(os.close, kept)
        self._open.callback(os.dup2, kept, number)
        redirect = redirect_stdout if name == "stdout" else redirect_stderr
        self._open.enter_context(redirect(stream))


class _RecordKeeper(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD_RECORD}
        try:
            text = self.format(record)
        except Exception as error:
            # A message that does not fit its arguments is the caller's bug, and its parts are recorded all the same.
            text = repr(error)
        self._texts.append(f"{text} {record.msg!r} {record.args!r} {extra!r}")

    def text(self) -> str:
        return "\n".join(self._texts)


def _find_silent_loggers() -> list[logging.Logger]:
    known = list(logging.root.manager.loggerDict.values())
    return [logger for logger in known if isinstance(logger, logging.Logger) and not logger.propagate]


def _read(file: BinaryIO) -> bytes:
    # Leaves the position alone, for that is where the next print goes.
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)
