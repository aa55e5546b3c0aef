"""The threads of a guard: what may not block the event loop runs in them, whatever else the application runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from weakref import WeakSet

__all__ = ["Workers"]

P = ParamSpec("P")
T = TypeVar("T")

ALL: WeakSet[Workers] = WeakSet()


class Workers(Executor):
    """
    A bounded number of threads that end with their guard.

    The executor of an event loop is the application's: if that fills it, a guard in it would wait for its turn.
    """

    def __init__(self) -> None:
        self.start_over()
        ALL.add(self)

    def start_over(self) -> None:
        """Begin without any thread."""
        self.pool = ThreadPoolExecutor(thread_name_prefix="hybrid-guard-worker")

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run *function* in one of the threads. A guard that is closed has none left: then it runs here and now."""
        try:
            return self.pool.submit(function, *args, **kwargs)
        except RuntimeError:
            done: Future[T] = Future()
            try:
                done.set_result(function(*args, **kwargs))
            except Exception as error:
                done.set_exception(error)
            return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the threads, after what they are doing."""
        self.pool.shutdown(wait, cancel_futures=cancel_futures)


def start_over_in_child() -> None:
    # INVARIANT: a child process has none of the threads, but what counts them says that they are there.
    for workers in ALL:
        workers.start_over()


os.register_at_fork(after_in_child=start_over_in_child)
