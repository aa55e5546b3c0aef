"""What was found in texts that were read before, without the texts."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict

from hybrid_guard.types import Finding

__all__ = ["FindingCache", "Remembered"]

Remembered = tuple[tuple[Finding, ...], bool]
"""The findings of one text, and whether it is suspicious."""

_ENTRIES = 16384
_MOST_FINDINGS = 1000


class FindingCache:
    """
    Findings by the keyed hash of their text; the least recently used entry makes room. Thread-safe.

    The key of the hash is random and lives as long as this object, so that nothing in memory tells which texts were
    read to someone who does not have them.

    Args:
        entries: How many texts are remembered at most.
    """

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._key = secrets.token_bytes(32)
        self._entries = entries
        self._known: OrderedDict[bytes, Remembered] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._known)

    def sign(self, *parts: str) -> bytes:
        """The name under which *parts*, in this order, are remembered."""
        digest = hashlib.blake2b(key=self._key, digest_size=16)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            # INVARIANT: the length keeps ("a", "bc") apart from ("ab", "c").
            digest.update(len(data).to_bytes(8, "little"))
            digest.update(data)
        return digest.digest()

    def get(self, name: bytes) -> Remembered | None:
        """What is remembered under *name*; None if nothing is."""
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known.move_to_end(name)
            return known

    def put(self, name: bytes, remembered: Remembered) -> None:
        """Remember. A text with very many findings is read again instead."""
        if len(remembered[0]) > _MOST_FINDINGS:
            return
        with self._lock:
            self._known[name] = remembered
            self._known.move_to_end(name)
            while len(self._known) > self._entries:
                self._known.popitem(last=False)
