"""Streams that a caller drops without closing them."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import Guard
from hybrid_guard.anonymizer import vault
from hybrid_guard.guard.streams import Endings
from tests.promises.rig import rig

ASK: dict[str, Any] = {"messages": [{"role": "user", "content": "I am anna@example.org, tell me a story."}]}


@pytest.fixture(autouse=True)
def _collected_by_hand() -> Iterator[None]:
    """Garbage is collected where a test says so, and nowhere else."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def drop(guard: Guard) -> None:
    """Begin to read a stream and lose it in a reference cycle, where only the garbage collector finds it."""
    lost: list[Any] = [guard.completion(**ASK, stream=True)]
    next(lost[0])
    lost.append(lost)


def outcomes(audit: Path) -> list[str]:
    """How the calls on record ended."""
    records = [json.loads(line) for line in audit.read_text(encoding="utf-8").splitlines()]
    return [record["outcome"] for record in records if record["kind"] == "outcome"]


def test_a_dropped_stream_is_ended_and_recorded(tmp_path: Path) -> None:
    """The collector only says that it is gone; leaving the guard waits until it is ended."""
    with rig(tmp_path) as setup:
        drop(setup.guard)
        gc.collect()
        setup.guard.close()

        assert outcomes(setup.audit) == ["cancelled"]


def test_a_stream_that_the_collector_finds_under_a_lock_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ending a stream takes the lock of the vault; the collector can run in a thread that holds it."""
    raise_mark, done = vault.raise_mark, threading.Event()

    def collect_and_raise(*args: Any) -> Any:
        gc.collect()
        return raise_mark(*args)

    monkeypatch.setattr(vault, "raise_mark", collect_and_raise)
    with rig(tmp_path) as setup:

        def ask() -> None:
            for _ in range(3):
                drop(setup.guard)
                setup.guard.completion(**ASK)
            done.set()

        # A thread that waits for itself cannot be stopped; as a daemon it does not keep the tests from ending.
        threading.Thread(target=ask, daemon=True).start()
        assert done.wait(timeout=60)


def test_dropped_streams_end_off_the_thread_that_dropped_them() -> None:
    """One that fails to end does not keep the next from ending, and all have ended when the ends are closed."""
    ended: list[tuple[str, bool]] = []

    def driver(name: str) -> Iterator[Any]:
        try:
            yield
        finally:
            ended.append((name, threading.current_thread() is main))
            raise RuntimeError(name)

    class Stream:
        pass

    main = threading.current_thread()
    endings = Endings()
    for name in ("one", "two"):
        running: Any = driver(name)
        next(running)
        stream = Stream()
        endings.watch(stream, running)
        del stream, running
    endings.close()

    assert ended == [("one", False), ("two", False)]


def test_no_thread_outlives_its_guard(tmp_path: Path) -> None:
    """Neither one that was closed nor one that was dropped leaves a thread behind."""

    def threads() -> list[threading.Thread]:
        return [one for one in threading.enumerate() if "endings" in one.name]

    with rig(tmp_path) as setup:
        list(setup.guard.completion(**ASK, stream=True))
        assert threads()
    assert not threads()

    endings = Endings()
    nothing: Any = (one for one in "")
    endings.watch(threading.Event(), nothing)
    (thread,) = threads()
    del endings
    thread.join(timeout=30)
    assert not thread.is_alive()
