"""Streams that are closed while somebody reads them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Generator
from typing import Any

from hybrid_guard import HybridGuardError
from hybrid_guard.guard.streams import AsyncGuardedStream, Endings, GuardedStream
from hybrid_guard.types import Chunk

MANY = 1000

PIECE = Chunk(body={"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": None}]})


def test_a_stream_can_be_closed_while_another_thread_reads_it() -> None:
    """The reader gets the chunk that it waits for, and then the end; the deployment is stopped once."""
    reached, go = threading.Event(), threading.Event()
    ended: list[str] = []
    read: list[Any] = []
    errors: list[str] = []

    def pieces() -> Generator[Chunk, None, Any]:
        try:
            yield PIECE
            reached.set()
            go.wait(60)
            for _ in range(MANY):
                yield PIECE
        finally:
            ended.append(threading.current_thread().name)

    stream = GuardedStream(pieces(), Endings())

    def close() -> None:
        try:
            stream.close()
        except HybridGuardError as error:
            errors.append(error.code)

    reader = threading.Thread(target=lambda: read.extend(stream), name="reader")
    closer = threading.Thread(target=close, name="closer")
    reader.start()
    assert reached.wait(60)
    closer.start()
    # One that does not wait for the reader has raised by then.
    closer.join(timeout=0.2)
    go.set()
    for thread in (reader, closer):
        thread.join(60)

    assert errors == []
    assert len(ended) == 1
    assert 1 <= len(read) <= 2
    assert list(stream) == []


def test_two_threads_can_read_one_stream() -> None:
    """Each chunk is given once."""

    def pieces() -> Generator[Chunk, None, Any]:
        for _ in range(400):
            time.sleep(0)
            yield PIECE

    stream = GuardedStream(pieces(), Endings())
    read: list[Any] = []
    errors: list[BaseException] = []

    def take() -> None:
        try:
            read.extend(stream)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert len(read) == 400


def test_a_stream_that_is_closed_from_within_ends_with_its_chunk() -> None:
    """As a signal handler does that finds the thread inside."""
    ended: list[bool] = []

    def pieces() -> Generator[Chunk, None, Any]:
        try:
            yield PIECE
            stream.close()
            for _ in range(MANY):
                yield PIECE
        finally:
            ended.append(True)

    stream = GuardedStream(pieces(), Endings())

    assert len(list(stream)) == 2
    assert ended == [True]


async def test_an_async_stream_can_be_closed_while_another_task_reads_it() -> None:
    """The same, in one event loop."""
    reached, go = asyncio.Event(), asyncio.Event()
    ended: list[bool] = []
    read: list[Any] = []

    async def pieces() -> AsyncGenerator[Chunk, None]:
        try:
            yield PIECE
            reached.set()
            await go.wait()
            for _ in range(MANY):
                yield PIECE
        finally:
            ended.append(True)

    stream = await AsyncGuardedStream(lambda _: pieces()).open()

    async def take() -> None:
        read.extend([chunk async for chunk in stream])

    reader = asyncio.create_task(take())
    await reached.wait()
    closer = asyncio.create_task(stream.aclose())
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(reader, closer)

    assert ended == [True]
    assert 1 <= len(read) <= 2
    assert [chunk async for chunk in stream] == []
