"""Streamed answers as callers of litellm know them: iterators of chunks, which can be closed early."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Self
from weakref import finalize

from hybrid_guard.backends import to_chunk
from hybrid_guard.guard.seal import asealed, sealed
from hybrid_guard.types import Chunk, Outcome, Provenance

if TYPE_CHECKING:
    from litellm.types.utils import ModelResponseStream

__all__ = ["AsyncGuardedStream", "Endings", "GuardedStream"]

Driver = Generator[Chunk, None, Outcome]


class Endings:
    """
    Ends streams that were dropped without being closed, in a thread of its own.

    To end one is to write a record, to delete originals and to stop a deployment, and each of these takes a lock. The
    garbage collector finds a dropped stream at any moment, also in a thread that holds such a lock, which would then
    wait for itself. So the collector only passes it on. (An event loop does the same for async streams.)
    """

    def __init__(self) -> None:
        self._dropped: SimpleQueue[Driver | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        finalize(self, self._dropped.put, None)

    def watch(self, stream: object, driver: Driver) -> None:
        """Close *driver* once *stream* is gone."""
        with self._lock:
            # A child of this process has the queue, but not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=end_dropped, args=[self._dropped], name="hybrid-guard-endings", daemon=True
                )
                self._thread.start()
        finalize(stream, self._dropped.put, driver).atexit = False

    def close(self) -> None:
        """Wait until those that were dropped so far have ended."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._dropped.put(None)
            thread.join()


def end_dropped(dropped: SimpleQueue[Driver | None]) -> None:
    """Close one driver after the other, until there is None."""
    while (driver := dropped.get()) is not None:
        # What goes wrong has no caller any more; a call without an outcome on record is found at the next start.
        with suppress(Exception):
            driver.close()


class GuardedStream:
    """
    The chunks of an answer, restored. An iterator and a context manager; closing it early stops the deployment.

    Threads can share one: each chunk is given once, and one that closes it waits for the chunk that another reads.

    Attributes:
        hybrid_guard: Where the answer came from and why; None until the last chunk was read.
    """

    def __init__(self, driver: Driver, endings: Endings) -> None:
        self.hybrid_guard: Provenance | None = None
        self._driver = driver
        self._lock = threading.RLock()
        self._reading = False
        self._left = threading.Event()
        endings.watch(self, driver)
        # The first chunk is fetched here, so that a block is raised by the call itself, as litellm's errors are.
        self._first = self._next()

    def _next(self) -> Chunk | None:
        chunk: Chunk | None = None
        with self._lock:
            if self._left.is_set():
                return None
            self._reading = True
            try:
                chunk = next(self._driver)
            except StopIteration as stop:
                outcome: Outcome | None = stop.value
                if outcome is not None:
                    self.hybrid_guard = outcome.provenance()
            finally:
                self._reading = False
            if self._left.is_set():
                self._driver.close()
        return chunk

    def __iter__(self) -> Self:
        return self

    @sealed
    def __next__(self) -> ModelResponseStream:
        chunk, self._first = self._first, None
        chunk = chunk or self._next()
        if chunk is None:
            raise StopIteration
        return to_chunk(chunk.body)

    @sealed
    def close(self) -> None:
        """Stop the deployment and record that the caller left; does nothing after the last chunk."""
        self._left.set()
        with self._lock:
            # A signal handler can find its own thread inside of a read, which closes then.
            if not self._reading:
                self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncGuardedStream:
    """
    The chunks of an answer, restored. An async iterator and context manager; closing it early stops the deployment.

    Tasks of one event loop can share one; see `GuardedStream`.

    Attributes:
        hybrid_guard: Where the answer came from and why; None until the last chunk was read.
    """

    def __init__(self, start: Callable[[Callable[[Outcome], None]], AsyncGenerator[Chunk, None]]) -> None:
        self.hybrid_guard: Provenance | None = None
        self._outcome: Outcome | None = None
        self._driver = start(self._done)
        self._lock = asyncio.Lock()
        self._left = False
        self._first: Chunk | None = None

    def _done(self, outcome: Outcome) -> None:
        self._outcome = outcome

    async def open(self) -> Self:
        """Fetch the first chunk, so that a block is raised by the call itself."""
        self._first = await self._next()
        return self

    async def _next(self) -> Chunk | None:
        async with self._lock:
            chunk = None if self._left else await anext(self._driver, None)
        if chunk is None and self._outcome is not None:
            self.hybrid_guard = self._outcome.provenance()
        return chunk

    def __aiter__(self) -> Self:
        return self

    @asealed
    async def __anext__(self) -> ModelResponseStream:
        chunk, self._first = self._first, None
        chunk = chunk or await self._next()
        if chunk is None:
            raise StopAsyncIteration
        return to_chunk(chunk.body)

    @asealed
    async def aclose(self) -> None:
        """Stop the deployment and record that the caller left; does nothing after the last chunk."""
        self._left = True
        async with self._lock:
            await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
