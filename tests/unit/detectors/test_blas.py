"""One thread for the matrices of the name finder, and the setting of the application left as it was."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from hybrid_guard.detectors.blas import one_thread
from hybrid_guard.detectors.ner import NameDetector
from hybrid_guard.detectors.ner_network import Network
from hybrid_guard.types import Segment

TEXT = "Dear Mrs Whitaker, Ines Okoye from Utrecht called about the contract of her brother. " * 20


def threads() -> set[int]:
    """What the BLAS libraries of this process are set to."""
    return {one["num_threads"] for one in ThreadpoolController().info() if one["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two() -> Iterator[None]:
    """An application that lets BLAS use two threads."""
    assert np.ones(3) @ np.ones(3) == 3
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        assert threads() == {2}
        yield


def test_the_setting_is_put_back_also_after_an_error() -> None:
    """Inside of the block it is one; after it, what it was."""
    with one_thread():
        assert threads() == {1}
    assert threads() == {2}
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == {2}


def test_a_child_process_begins_outside_of_any_block() -> None:
    """What the thread that forked, or another one, was in the middle of is nobody's in the child."""
    report = multiprocessing.get_context("fork").SimpleQueue()

    def child() -> None:
        before = threads()
        with one_thread():
            inside = threads()
        report.put((before, inside, threads()))

    with one_thread():
        process = multiprocessing.get_context("fork").Process(target=child)
        process.start()
        process.join(30)

    assert process.exitcode == 0
    assert report.get() == ({2}, {1}, {2})
    assert threads() == {2}


def test_blocks_that_overlap_put_back_what_the_application_had() -> None:
    """The last one out does it, though it came in when the setting was one already."""
    entered, may_leave = threading.Event(), threading.Event()

    def late() -> None:
        with one_thread():
            entered.set()
            may_leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        with one_thread():
            later = pool.submit(late)
            assert entered.wait(10)
        assert threads() == {1}
        may_leave.set()
        later.result(10)
    assert threads() == {2}


def test_what_the_application_sets_meanwhile_stays() -> None:
    """It is not ours to undo."""
    controller = ThreadpoolController()
    with one_thread():
        controller.limit(limits=3, user_api="blas")
    assert threads() == {3}


def test_the_name_finder_reads_with_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it multiplies; the application has its own number afterwards."""
    seen: list[set[int]] = []
    look_up = Network._look_up

    def watched(network: Network, words: list[str]) -> object:
        seen.append(threads())
        return look_up(network, words)

    monkeypatch.setattr(Network, "_look_up", watched)
    (spans,) = NameDetector().detect([Segment(path="", text=TEXT)], language="en").spans

    assert spans
    assert seen
    assert all(one == {1} for one in seen)
    assert threads() == {2}
