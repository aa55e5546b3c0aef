"""What is remembered by the keyed hash of a text, and never the text."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

__all__ = ["Memory"]

T = TypeVar("T")


class Memory(Generic[T]):
    """
    Things by name; the least recently used makes room. Thread-safe.

    Attributes:
        key: For the hashes that are the names. It is random and lives as long as this object, so that nothing in memory
            tells which texts were read to someone who does not have them.

    Args:
        entries: How many things are remembered at most.
    """

    def __init__(self, entries: int) -> None:
        self.key = secrets.token_bytes(32)
        self._entries = entries
        self._known: OrderedDict[bytes, T] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"<Memory {len(self)} known>"

    def get(self, name: bytes) -> T | None:
        """What is remembered under *name*; None if nothing is."""
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known.move_to_end(name)
            return known

    def put(self, name: bytes, thing: T) -> None:
        """Remember *thing*."""
        with self._lock:
            self._known[name] = thing
            self._known.move_to_end(name)
            while len(self._known) > self._entries:
                self._known.popitem(last=False)
