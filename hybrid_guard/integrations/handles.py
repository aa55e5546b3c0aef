"""What `patch` and `register` give back: the way to take it back."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from types import TracebackType
from typing import Self

__all__ = ["Patch"]


class Patch:
    """
    Something that was put into litellm. A context manager, whose end undoes it.

    Args:
        undo: Called once.
    """

    def __init__(self, undo: Callable[[], None]) -> None:
        self._undo: Callable[[], None] | None = undo
        self._lock = Lock()

    def undo(self) -> None:
        """Take it back; again does nothing."""
        with self._lock:
            undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.undo()
