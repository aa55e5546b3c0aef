"""Streamed answers as callers of litellm know them: iterators of chunks, which can be closed early."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hybrid_guard.backends import to_chunk
from hybrid_guard.guard.seal import asealed, sealed
from hybrid_guard.types import Chunk, Outcome, Provenance

if TYPE_CHECKING:
    from litellm.types.utils import ModelResponseStream

__all__ = ["AsyncGuardedStream", "GuardedStream"]


class GuardedStream:
    """
    The chunks of an answer, restored. An iterator and a context manager; closing it early stops the deployment.

    Attributes:
        hybrid_guard: Where the answer came from and why; None until the last chunk was read.
    """

    def __init__(self, driver: Generator[Chunk, None, Outcome]) -> None:
        self.hybrid_guard: Provenance | None = None
        self._driver = driver
        # The first chunk is fetched here, so that a block is raised by the call itself, as litellm's errors are.
        self._first = self._next()

    def _next(self) -> Chunk | None:
        try:
            return next(self._driver)
        except StopIteration as stop:
            outcome: Outcome | None = stop.value
            if outcome is not None:
                self.hybrid_guard = outcome.provenance()
            return None

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

    Attributes:
        hybrid_guard: Where the answer came from and why; None until the last chunk was read.
    """

    def __init__(self, start: Callable[[Callable[[Outcome], None]], AsyncGenerator[Chunk, None]]) -> None:
        self.hybrid_guard: Provenance | None = None
        self._outcome: Outcome | None = None
        self._driver = start(self._done)
        self._first: Chunk | None = None

    def _done(self, outcome: Outcome) -> None:
        self._outcome = outcome

    async def open(self) -> Self:
        """Fetch the first chunk, so that a block is raised by the call itself."""
        self._first = await self._next()
        return self

    async def _next(self) -> Chunk | None:
        chunk = await anext(self._driver, None)
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
        await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
