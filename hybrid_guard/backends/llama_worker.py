"""
Who may use a llama.cpp model when.

Each model has a line of tasks and at most one thread, which lives while there is work. llama.cpp is not re-entrant, so
that thread is the only one that touches it. Callers wait in line instead of for a lock, and one that leaves early never
blocks the next.
"""

from __future__ import annotations

import asyncio
import atexit
import queue
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hybrid_guard.backends.llama_model import Message, Piece, Sampling, answer, load
from hybrid_guard.errors import BackendError

if TYPE_CHECKING:
    from llama_cpp import Llama

__all__ = ["agenerate", "generate", "unload"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    messages: Sequence[Message] = field(repr=False)
    sampling: Sampling
    deliver: Callable[[Piece | BackendError], None]
    cancelled: threading.Event = field(default_factory=threading.Event)


class _Worker:
    """One model, loaded at its first task, and the tasks that wait for it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._llama: Llama | None = None
        self._mutex = threading.Lock()
        self._waiting: deque[_Task] = deque()
        self._running: _Task | None = None
        self._thread: threading.Thread | None = None

    def submit(self, task: _Task) -> None:
        """Put *task* at the end of the line."""
        with self._mutex:
            self._waiting.append(task)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"hg_llamacpp {self._path.name}", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Interrupt all tasks, wait for the thread to end, free the model."""
        with self._mutex:
            thread = self._thread
            for task in (*self._waiting, *([self._running] if self._running else [])):
                task.cancelled.set()
        if thread is not None:
            thread.join()
        if self._llama is not None:
            self._llama.close()
            self._llama = None

    def _work(self) -> None:
        while True:
            with self._mutex:
                self._running = self._waiting.popleft() if self._waiting else None
                task = self._running
                if task is None:
                    self._thread = None
                    return
            self._run(task)

    def _run(self, task: _Task) -> None:
        name = self._path.name
        try:
            if task.cancelled.is_set():
                raise BackendError(f"the in-process model `{name}` was stopped", deployment=name, fault="interrupted")
            if self._llama is None:
                self._llama = load(self._path)
            for piece in answer(self._llama, task.messages, task.sampling, name=name, stopped=task.cancelled.is_set):
                task.deliver(piece)
        except BackendError as error:
            task.deliver(error.with_traceback(None))
        except Exception:
            # PRIVACY: what llama.cpp and the chat template say may quote the prompt, so it is dropped here.
            task.deliver(
                BackendError(f"the in-process model `{name}` failed on the request", deployment=name, fault="bad_reply")
            )


_workers: dict[Path, _Worker] = {}
_workers_mutex = threading.Lock()


@cache
def _unload_at_exit() -> None:
    atexit.register(unload)


def _submit(path: Path, task: _Task) -> None:
    _unload_at_exit()
    with _workers_mutex:
        if path not in _workers:
            _workers[path] = _Worker(path)
        _workers[path].submit(task)


def unload() -> None:
    """Stop all answers, end all threads of this module and free every model; the next call loads again."""
    with _workers_mutex:
        closing = list(_workers.values())
        _workers.clear()
    for worker in closing:
        worker.close()


def _late(path: Path) -> BackendError:
    return BackendError(
        f"the in-process model `{path.name}` did not answer in time", deployment=path.name, fault="timeout"
    )


def generate(
    path: Path, messages: Sequence[Message], sampling: Sampling, *, patience: float | None = None
) -> Generator[Piece, None, None]:
    """
    The answer of the model at *path*, piece by piece; closing the iterator stops the model.

    Args:
        path: As `model_path` gives it.
        messages: The conversation.
        sampling: How to answer.
        patience: Seconds until the last piece, time in line and time to load included; ``None`` waits for ever.

    Raises:
        BackendError: Faults `missing`, `unavailable`, `context`, `unsupported`, `timeout`, `interrupted` (by `unload`)
            and `bad_reply`. No message holds text of the request.
    """
    box: queue.SimpleQueue[Piece | BackendError] = queue.SimpleQueue()
    task = _Task(messages=messages, sampling=sampling, deliver=box.put)
    deadline = None if patience is None else time.monotonic() + patience
    _submit(path, task)
    try:
        while True:
            try:
                item = box.get(timeout=None if deadline is None else max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise _late(path) from None
            if isinstance(item, BackendError):
                raise item
            yield item
            if item.finish is not None:
                return
    finally:
        task.cancelled.set()


async def agenerate(
    path: Path, messages: Sequence[Message], sampling: Sampling, *, patience: float | None = None
) -> AsyncGenerator[Piece, None]:
    """As `generate`, off the event loop; closing the iterator or cancelling the task stops the model."""
    loop = asyncio.get_running_loop()
    box: asyncio.Queue[Piece | BackendError] = asyncio.Queue()

    def deliver(item: Piece | BackendError) -> None:
        try:
            loop.call_soon_threadsafe(box.put_nowait, item)
        except RuntimeError:  # the loop is closed: nobody listens any more
            task.cancelled.set()

    task = _Task(messages=messages, sampling=sampling, deliver=deliver)
    deadline = None if patience is None else loop.time() + patience
    _submit(path, task)
    try:
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    item = await box.get()
            except TimeoutError:
                raise _late(path) from None
            if isinstance(item, BackendError):
                raise item
            yield item
            if item.finish is not None:
                return
    finally:
        task.cancelled.set()
