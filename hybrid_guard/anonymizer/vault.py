"""
Where originals are kept while a conversation lasts.

One vault per conversation, named by a keyed hash. The same entity and exact text have one placeholder in it; a secret
that came from the system prompt or a tool and the same secret typed by the user have two, so that only the user's is
restored and neither tells anything about the other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import NoReturn

from hybrid_guard.anonymizer.mint import Mint
from hybrid_guard.anonymizer.tokens import BODY_LENGTH, canonical, sealed
from hybrid_guard.errors import VaultError
from hybrid_guard.ports import Clock
from hybrid_guard.types import HighWater, VaultEntry, VaultItem, VaultKey

__all__ = [
    "MAX_ENTRIES",
    "Book",
    "MemoryVault",
    "check_limits",
    "encoded",
    "identity",
    "kinship",
    "owner_part",
    "raise_mark",
    "vault_key",
]

MAX_ENTRIES = 20_000
"""Most originals that placeholders of one vault can number."""

_MIN_SECRET = 16


def vault_key(principal: str | None, session: str, secret: bytes) -> VaultKey:
    """
    The name of a conversation's vault.

    Args:
        principal: Who speaks; None is a principal of its own, different from the empty name.
        session: Conversation id.
        secret: The server's own, at least 16 bytes; without it a name cannot be guessed from the ids.

    Returns:
        64 hex digits of HMAC-SHA256: 32 for the principal, so that all of a principal's can be deleted, and 32 for
        both.

    Raises:
        VaultError: If *secret* is too short.
    """
    if len(secret) < _MIN_SECRET:
        raise VaultError(
            f"the secret for vault names has {len(secret)} bytes; give it at least {_MIN_SECRET}", code="HG403"
        )
    speaker = b"-" if principal is None else b"+" + principal.encode("utf-8", "surrogatepass")
    # INVARIANT: the length in front keeps (`a`, `bc`) and (`ab`, `c`) apart.
    message = len(speaker).to_bytes(8) + speaker + session.encode("utf-8", "surrogatepass")
    return owner_part(principal, secret) + _half(message, secret)


def owner_part(principal: str | None, secret: bytes) -> str:
    """The first half of the names of all vaults of *principal*."""
    # INVARIANT: no message of `vault_key` begins with a byte other than 0, for a speaker is short of 2**56 bytes.
    return _half(b"-" if principal is None else b"+" + principal.encode("utf-8", "surrogatepass"), secret)


def _half(message: bytes, secret: bytes) -> str:
    return hmac.digest(secret, message, hashlib.sha256)[:16].hex()


def identity(item: VaultItem) -> tuple[str, str, bool]:
    """What two items must share to share a placeholder."""
    return item.entity, item.original, sealed(item)


def kinship(item: VaultItem) -> tuple[str, str, bool]:
    """What two items must share to be spellings of one value."""
    return item.entity, canonical(item.entity, item.original), sealed(item)


def encoded(shared: tuple[str, str, bool]) -> bytes:
    """An `identity` or `kinship` as bytes; different ones never have the same."""
    entity, text, is_sealed = shared
    return f"{entity}\0{is_sealed:d}\0{text}".encode("utf-8", "surrogatepass")


class Book:
    """
    The placeholders of one vault. Not thread-safe.

    Args:
        key: The vault's own secret, 32 bytes.
        limit: Most entries it takes.
        entries: What it already holds.
    """

    __slots__ = ("_entries", "_kin", "_limit", "_mint")

    def __init__(self, *, key: bytes, limit: int, entries: Iterable[VaultEntry] = ()) -> None:
        self._mint = Mint(key)
        self._limit = limit
        self._entries: dict[tuple[str, str, bool], VaultEntry] = {}
        self._kin: dict[tuple[str, str, bool], str] = {}
        for entry in entries:
            if len(entry.placeholder) <= BODY_LENGTH or not self._mint.passes(entry.placeholder):
                raise VaultError(
                    "an entry of the vault does not belong to it; restore the vault from a copy", code="HG404"
                )
            self._mint.admit(entry.placeholder)
            self._keep(entry, identity(entry.item), kinship(entry.item))

    def __repr__(self) -> str:
        return f"<Book {len(self._entries)} entries>"

    def put(self, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Get or make the entry of each item, or none of them. Raises `VaultError` if the book is full."""
        new = {identity(item) for item in items} - self._entries.keys()
        if len(self._entries) + len(new) > self._limit:
            raise VaultError(
                f"the vault of this conversation would hold over {self._limit} originals; begin a new conversation",
                code="HG401",
            )
        return tuple(self._entry(item) for item in items)

    def entries(self) -> tuple[VaultEntry, ...]:
        """All of them, oldest first."""
        return tuple(self._entries.values())

    def _entry(self, item: VaultItem) -> VaultEntry:
        own = identity(item)
        known = self._entries.get(own)
        if known is not None:
            return known
        kin = kinship(item)
        like = self._kin.get(kin)
        placeholder = self._mint.issue(item.entity, kin=encoded(kin), spelling=encoded(own), like=like)
        return self._keep(VaultEntry(placeholder=placeholder, item=item), own, kin)

    def _keep(self, entry: VaultEntry, own: tuple[str, str, bool], kin: tuple[str, str, bool]) -> VaultEntry:
        self._entries[own] = entry
        self._kin.setdefault(kin, entry.placeholder)
        return entry


class _Vault:
    __slots__ = ("book", "mark", "used")

    def __init__(self, *, limit: int) -> None:
        self.book = Book(key=secrets.token_bytes(32), limit=limit)
        self.mark = HighWater()
        self.used = 0.0


class MemoryVault:
    """
    Keeps vaults in the memory of this process; thread-safe.

    A vault that nobody used for *ttl* seconds is absent: its placeholders are never restored again. Deleting drops
    every reference; the interpreter may keep the bytes of a text until it reuses them. It cannot be pickled or copied.

    Args:
        ttl: Seconds, greater than 0.
        clock: Tells the time.
        max_vaults: Most conversations at a time. A live one is never evicted for another: past the bound a new one is
            an error, which leaves its request local.
        max_entries: Most originals per conversation, at most 20000.
    """

    def __init__(self, *, ttl: float, clock: Clock, max_vaults: int = 10_000, max_entries: int = 10_000) -> None:
        check_limits(ttl=ttl, max_vaults=max_vaults, max_entries=max_entries)
        self._ttl = ttl
        self._clock = clock
        self._max_vaults = max_vaults
        self._max_entries = max_entries
        self._lock = threading.Lock()
        # INVARIANT: ordered by last use, so expired vaults are in front.
        self._vaults: OrderedDict[VaultKey, _Vault] = OrderedDict()

    def __repr__(self) -> str:
        return f"<MemoryVault {len(self._vaults)} vaults>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault cannot be pickled or copied")

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Get or make the entry of each item, atomically."""
        with self._lock:
            return self._open(key).book.put(items)

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """Everything in the vault; empty if there is none."""
        with self._lock:
            vault = self._find(key)
            return () if vault is None else vault.book.entries()

    def mark(self, key: VaultKey, seen: HighWater, *, levels: Sequence[str]) -> HighWater:
        """Raise the mark by *seen* and give the result; a level that *levels* does not name ranks highest."""
        with self._lock:
            vault = self._open(key)
            vault.mark = raise_mark(vault.mark, seen, levels)
            return vault.mark

    def forget(self, key: VaultKey) -> None:
        """Delete the vault and its mark."""
        with self._lock:
            self._vaults.pop(key, None)

    def close(self) -> None:
        """Delete all vaults."""
        with self._lock:
            self._vaults.clear()

    def _find(self, key: VaultKey) -> _Vault | None:
        now, _ = self._clock.now()
        while self._vaults and now - next(iter(self._vaults.values())).used >= self._ttl:
            self._vaults.popitem(last=False)
        vault = self._vaults.get(key)
        if vault is not None:
            vault.used = now
            self._vaults.move_to_end(key)
        return vault

    def _open(self, key: VaultKey) -> _Vault:
        vault = self._find(key)
        if vault is not None:
            return vault
        if len(self._vaults) >= self._max_vaults:
            raise VaultError(
                f"{self._max_vaults} conversations are open; wait until one expires or raise the bound", code="HG406"
            )
        vault = self._vaults[key] = _Vault(limit=self._max_entries)
        vault.used, _ = self._clock.now()
        return vault


def check_limits(*, ttl: float, max_vaults: int, max_entries: int) -> None:
    """Raise `VaultError` if a limit of a store is out of range."""
    if not ttl > 0 or max_vaults < 1 or not 1 <= max_entries <= MAX_ENTRIES:
        raise VaultError("`ttl` and `max_vaults` must be positive, `max_entries` from 1 to 20000", code="HG405")


def raise_mark(old: HighWater, seen: HighWater, levels: Sequence[str]) -> HighWater:
    """*old* raised by *seen*: the higher level, the higher count of each entity, the tags of both."""

    def rank(level: str) -> int:
        return levels.index(level) if level in levels else len(levels)

    entities = sorted({*old.counts, *seen.counts})
    return HighWater(
        level=seen.level if rank(seen.level) > rank(old.level) else old.level,
        counts=MappingProxyType({one: max(old.counts.get(one, 0), seen.counts.get(one, 0)) for one in entities}),
        tags=old.tags | seen.tags,
    )
