"""What was found in texts that were read before, without the texts."""

from __future__ import annotations

import hashlib
import threading

from hybrid_guard.detectors.memory import Memory
from hybrid_guard.types import Finding

__all__ = ["FindingCache", "Remembered"]

Remembered = tuple[tuple[Finding, ...], bool]
"""The findings of one text, and whether it is suspicious."""

_ENTRIES = 16384
_MOST_FINDINGS = 1000


class FindingCache:
    """
    Findings by the keyed hash of their text; the least recently used entry makes room. Thread-safe.

    Args:
        entries: How many texts are remembered at most.
    """

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._entries = entries
        self._known = Memory[Remembered](entries)
        self._quiet: set[tuple[bytes, bytes]] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def sign(self, *parts: str) -> bytes:
        """The name under which *parts*, in this order, are remembered."""
        # INVARIANT: the lengths keep ("a", "bc") apart from ("ab", "c").
        whole = f"{','.join([str(len(part)) for part in parts])}:{''.join(parts)}"
        return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), key=self._known.key, digest_size=16).digest()

    def get(self, name: bytes) -> Remembered | None:
        """What is remembered under *name*; None if nothing is."""
        return self._known.get(name)

    def is_quiet(self, one: bytes, two: bytes) -> bool:
        """Whether it is known that nothing goes over the border between the texts that are remembered so."""
        return (one, two) in self._quiet

    def note_quiet(self, one: bytes, two: bytes) -> None:
        """Remember that nothing does."""
        with self._lock:
            if len(self._quiet) >= self._entries:
                self._quiet.clear()
            self._quiet.add((one, two))

    def put(self, name: bytes, remembered: Remembered) -> None:
        """Remember. A text with very many findings is read again instead."""
        if len(remembered[0]) <= _MOST_FINDINGS:
            self._known.put(name, remembered)
