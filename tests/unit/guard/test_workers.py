"""The threads of a guard: apart from the application's, bounded, and gone with the guard."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.guard.workers import Workers
from tests.promises.rig import rig

ASK: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "Good morning."}]}


def threads() -> list[threading.Thread]:
    """Those of guards."""
    return [one for one in threading.enumerate() if one.name.startswith("hybrid-guard-worker")]


async def test_no_thread_outlives_its_guard(tmp_path: Path) -> None:
    """Of a guard that is closed."""
    before = set(threads())
    with rig(tmp_path) as setup:
        await setup.guard.acompletion(**ASK)
        assert set(threads()) - before
    assert not set(threads()) - before


def test_no_thread_outlives_workers_that_are_dropped() -> None:
    """Of a guard that nobody closed."""
    workers = Workers()
    thread = workers.submit(threading.current_thread).result()
    del workers
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_there_is_a_bound() -> None:
    """However much is asked for at once."""
    workers, go = Workers(), threading.Event()
    futures = [workers.submit(go.wait, 60) for _ in range(200)]
    try:
        bound = min(32, (os.cpu_count() or 1) + 4)
        assert len([one for one in threads() if one in workers.pool._threads]) <= bound
    finally:
        go.set()
        assert all(one.result() for one in futures)
        workers.shutdown()


def test_a_closed_guard_does_what_is_left_at_once() -> None:
    """A stream that is ended late is still told so; what fails is raised where it is waited for."""
    workers = Workers()
    workers.shutdown()

    assert workers.submit(threading.current_thread).result() is threading.current_thread()
    with pytest.raises(ZeroDivisionError):
        workers.submit(divmod, 1, 0).result()


def test_a_child_process_has_threads_of_its_own() -> None:
    """It has none of its parent's, and would wait for them for ever."""
    workers = Workers()
    futures = [workers.submit(int) for _ in range(64)]
    assert all(one.result() == 0 for one in futures)
    child = os.fork()
    if child == 0:  # pragma: no cover  the child is not measured
        try:
            os._exit(0 if workers.submit(int).result(timeout=30) == 0 else 1)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    workers.shutdown()
