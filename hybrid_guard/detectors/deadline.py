"""A bound on the work that one text may cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from hybrid_guard.errors import DetectionError

__all__ = ["Deadline", "watch"]

T = TypeVar("T")

_CHECK_EVERY = 64


class Deadline:
    """
    Processor time that may be spent, counted from when this is made.

    Args:
        seconds: Of the processor; waiting costs nothing, so that a busy machine fails no request.
        clock: Processor time of this thread so far, in seconds.
    """

    __slots__ = ("_clock", "_end", "_seconds")

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.thread_time) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def check(self) -> None:
        """
        Go on if there is time left.

        Raises:
            DetectionError: HG312 there is none. What was found so far is no answer.
        """
        if self._clock() > self._end:
            raise DetectionError(
                f"detection took more than {self._seconds:.1f} s of processor time; send the text in parts",
                code="HG312",
            )

    def now(self) -> float:
        """Processor time of this thread so far, in seconds."""
        return self._clock()

    def extend(self, seconds: float) -> None:
        """Allow *seconds* more, for what has a bound of its own."""
        self._end += seconds

    def watch(self, items: Iterable[T]) -> Iterator[T]:
        """*items*, with a look at the clock now and then; raises as `check` does."""
        for count, item in enumerate(items):
            if count % _CHECK_EVERY == 0:
                self.check()
            yield item


def watch(items: Iterable[T], deadline: Deadline | None) -> Iterable[T]:
    """*items*, watched by *deadline* if there is one."""
    return items if deadline is None else deadline.watch(items)
