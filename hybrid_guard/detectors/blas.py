"""
How many threads multiply matrices for the name finder: one.

Its matrices are small. On a busy machine the threads of a BLAS library spend more time waiting for each other than they
save, and they take that time from other requests.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["one_thread"]

_lock = threading.Lock()
_holders = 0
_before: list[int] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """
    Let BLAS libraries use one thread, in this process, until the end of the block.

    BLAS keeps one number for a whole process, so for these milliseconds it holds for other threads of the application,
    too. Blocks may be nested and may overlap in several threads: the first one in changes the number, and the last one
    out puts it back, unless somebody else has changed it meanwhile. It takes about two microseconds.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _holders, _before  # noqa: PLW0603 - a process has one setting
    with _lock:
        if _holders == 0:
            _before = [library.get_num_threads() for library in _libraries()]
            for library in _libraries():
                _set(library, 1)
        _holders += 1


def _leave() -> None:
    global _holders  # noqa: PLW0603 - a process has one setting
    with _lock:
        _holders -= 1
        if _holders == 0:
            for library, number in zip(_libraries(), _before, strict=True):
                if library.get_num_threads() == 1:
                    _set(library, number)


def _start_over_in_child() -> None:
    """Nobody is inside of a block in a child process, for only the thread that forked goes on in it."""
    global _lock, _holders  # noqa: PLW0603 - a process has one setting
    _lock = threading.Lock()
    if _holders:
        _holders = 1
        _leave()


def _set(library: Any, number: int) -> None:
    from threadpoolctl import OpenBLASController

    library.set_num_threads(number)
    if isinstance(library, OpenBLASController):
        # Only the thread that set it first may set it again, and here the last one out may be another.
        library.clear_controlling_thread()


@cache
def _libraries() -> tuple[Any, ...]:
    """The BLAS libraries of this process, looked up once: that takes milliseconds."""
    import numpy as np  # noqa: F401 - its library is loaded by then
    from threadpoolctl import ThreadpoolController

    return tuple(ThreadpoolController().select(user_api="blas").lib_controllers)


os.register_at_fork(after_in_child=_start_over_in_child)
