"""Who gets the in-process model when: closing, cancelling, waiting in line, running late, unloading."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.exceptions import MidStreamFallbackError, Timeout

from hybrid_guard.backends import llama_model, llama_worker, llamacpp
from hybrid_guard.backends.llama_model import Piece
from tests.integration.llamacpp_rig import LONG, NOTE, SECRET, Turnstile, ask, provider, text_of, workers

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("provider")


def test_closing_a_stream_stops_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """After `close` the model makes no more pieces, its thread ends, and the next call is answered."""
    turnstile = Turnstile(monkeypatch)
    stream = litellm.completion(**ask(LONG), stream=True)
    next(stream)
    stream.completion_stream.close()
    turnstile.open()
    assert workers() == []
    assert turnstile.made == 1
    assert "Anna" in text_of(litellm.completion(**ask(NOTE)))


def test_dropping_a_stream_stops_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A generator that nobody holds any more is as good as closed."""
    turnstile = Turnstile(monkeypatch)
    pieces = llama_worker.generate(
        llamacpp.bundled_model_path(), [{"role": "user", "content": LONG}], llama_model.Sampling(max_tokens=100)
    )
    next(pieces)
    del pieces
    turnstile.open()
    assert workers() == []
    assert turnstile.made == 1


async def test_closing_an_async_stream_stops_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """After `aclose` the model makes no more pieces, its thread ends, and the next call is answered."""
    turnstile = Turnstile(monkeypatch)
    stream = await litellm.acompletion(**ask(LONG), stream=True)
    await anext(stream)
    await stream.aclose()
    turnstile.open()
    assert workers() == []
    assert turnstile.made == 1
    assert "Anna" in text_of(await litellm.acompletion(**ask(NOTE)))


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_cancelling_a_task_stops_the_model(monkeypatch: pytest.MonkeyPatch, stream: bool) -> None:
    """A cancelled task leaves no work behind, and the next call is answered."""
    turnstile = Turnstile(monkeypatch)

    async def read() -> None:
        response = await litellm.acompletion(**ask(LONG), stream=stream)
        async for _ in response:
            pass

    task = asyncio.create_task(read())
    while turnstile.made == 0:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    turnstile.open()
    assert workers() == []
    assert turnstile.made == 1
    assert "Anna" in text_of(await litellm.acompletion(**ask(NOTE)))


async def test_a_task_cancelled_in_line_is_never_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that gave up while another was answered costs the model nothing."""
    turnstile = Turnstile(monkeypatch)
    first = asyncio.create_task(litellm.acompletion(**ask(NOTE)))
    while turnstile.made == 0:
        await asyncio.sleep(0)
    second = asyncio.create_task(litellm.acompletion(**ask(LONG)))
    (worker,) = llama_worker._workers.values()
    while not worker._waiting:
        await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    turnstile.open()
    assert "Anna" in text_of(await first)
    assert workers() == []
    assert turnstile.begun == 1


async def test_concurrent_calls_all_finish_and_the_event_loop_stays_free() -> None:
    """Calls wait in line off the loop: other tasks run on while two answers are made."""
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    heart = asyncio.create_task(beat())
    replies = await asyncio.gather(litellm.acompletion(**ask(NOTE)), litellm.acompletion(**ask(LONG)))
    heart.cancel()
    assert "Anna" in text_of(replies[0])
    assert SECRET in text_of(replies[1])
    assert beats > 100
    assert workers() == []


def test_threads_share_one_model() -> None:
    """Calls from many threads are answered one after the other by one loaded model."""
    replies: list[str] = []
    threads = [
        threading.Thread(target=lambda: replies.append(text_of(litellm.completion(**ask(NOTE))))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(replies) == 4
    assert len(set(replies)) == 1
    assert len(llama_worker._workers) == 1


def test_a_late_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that does not answer in time is stopped."""
    turnstile = Turnstile(monkeypatch)
    with pytest.raises(Timeout):
        litellm.completion(**ask(LONG, timeout=0.01))
    turnstile.open()
    assert workers() == []
    assert turnstile.made <= 1


async def test_a_late_async_answer_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that does not answer in time is stopped."""
    turnstile = Turnstile(monkeypatch)
    with pytest.raises(Timeout):
        await litellm.acompletion(**ask(LONG, timeout=0.01))
    turnstile.open()
    assert workers() == []
    assert turnstile.made <= 1


def test_unloading_interrupts_answers_and_ends_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """`unload` stops what is being answered; the next call loads the model again."""
    turnstile = Turnstile(monkeypatch)
    stream = litellm.completion(**ask(LONG), stream=True)
    next(stream)
    closing = threading.Thread(target=llamacpp.unload)
    closing.start()
    while llama_worker._workers:
        pass
    turnstile.open()
    closing.join(timeout=30)
    assert workers() == []
    with pytest.raises(MidStreamFallbackError, match="was stopped"):
        list(stream)
    assert "Anna" in text_of(litellm.completion(**ask(NOTE)))


async def test_a_loop_that_ended_leaves_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the event loop of a call is closed before its answer, the model stops."""
    turnstile = Turnstile(monkeypatch)
    kept: list[AsyncIterator[Piece]] = []

    async def begin() -> None:
        pieces = llama_worker.agenerate(
            llamacpp.bundled_model_path(), [{"role": "user", "content": LONG}], llama_model.Sampling(max_tokens=100)
        )
        kept.append(pieces)
        async with aclosing(pieces):
            await anext(pieces)

    await asyncio.to_thread(asyncio.run, begin())
    turnstile.open()
    assert workers() == []
    assert turnstile.made == 1
