"""A vault store that shares sealed records with other processes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import NoReturn

from hybrid_guard.anonymizer.keys import derive
from hybrid_guard.anonymizer.stores.seal import SALT_BYTES, Sealer
from hybrid_guard.anonymizer.stores.shelf import Changed, Clash, Shelf
from hybrid_guard.anonymizer.vault import identity, owner_part, raise_mark, vault_key
from hybrid_guard.errors import VaultError
from hybrid_guard.types import HighWater, VaultEntry, VaultItem, VaultKey

__all__ = ["SealedVault"]

_REMEMBERED = 1000
_ROUNDS = 300


class SealedVault:
    """
    Keeps vaults on a shelf that other processes with the same key use, too; thread-safe.

    Nothing that the shelf sees can be read without the key. A vault that nobody used for the shelf's time to live is
    absent, and so is one that was lost: its placeholders are never restored again.

    Args:
        shelf: Where sealed records lie.
        key: 32 bytes, the same in all processes.
    """

    def __init__(self, shelf: Shelf, *, key: bytes) -> None:
        self._shelf = shelf
        self._key = derive(key, b"vault contents")
        self._names = derive(key, b"vault names")
        self._outer = derive(key, b"vault keys")
        self._fingerprint = derive(key, b"vault fingerprint", length=16)
        self._claimed = False
        self._lock = Lock()
        # PRIVACY: keys of vaults, no originals; the salt is a part of a sealer.
        self._sealers: OrderedDict[bytes, Sealer] = OrderedDict()

    def __repr__(self) -> str:
        return f"<SealedVault on {self._shelf!r}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a vault cannot be pickled or copied")

    def key_of(self, principal: str | None, session: str) -> VaultKey:
        """The name of a conversation's vault, the same in every process that has the key; see `vault_key`."""
        return vault_key(principal, session, self._outer)

    def look(self) -> None:
        """
        See whether the store can be used with this key. Nothing is made or changed in it.

        Raises:
            VaultError: It cannot be, and why.
        """
        self._shelf.look(self._fingerprint)

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """
        Get or make the entry of each item, atomically.

        One question to the shelf; a second one if another process began the vault, and one more whenever two values
        happen to draw the same placeholder.
        """
        name = self._name(key)
        self._claim()
        wanted: dict[tuple[str, str, bool], VaultItem] = {}
        for item in items:
            wanted.setdefault(identity(item), item)
        tries = dict.fromkeys(wanted, (0, 0))
        sealer, new = self._sealer(name)
        for _ in range(_ROUNDS):
            records = [
                sealer.record(item, value_try=tries[own][0], body_try=tries[own][1]) for own, item in wanted.items()
            ]
            begin = sealer.mark(HighWater()) if new else None
            answer = self._shelf.put(name, sealer.salt, records, begin=begin)
            if isinstance(answer, Changed):
                sealer, new = self._renewed(name, answer.salt)
                tries = dict.fromkeys(wanted, (0, 0))
            elif isinstance(answer, Clash):
                for position, own in enumerate(wanted):
                    value_try, body_try = tries[own]
                    tries[own] = (value_try + (position in answer.values), body_try + (position in answer.bodies))
            else:
                self._remember(name, sealer)
                found = dict(zip(wanted, map(sealer.entry, answer), strict=True))
                self._check(found)
                return tuple(found[identity(item)] for item in items)
        raise VaultError("the vault of this conversation keeps changing; send the request again", code="HG438")

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """Everything in the vault; empty if there is none."""
        name = self._name(key)
        self._claim()
        held = self._shelf.read(name, records=True)
        if held is None:
            self._drop(name)
            return ()
        sealer = self._life(name, held.salt)
        return tuple(map(sealer.entry, held.records))

    def mark(self, key: VaultKey, seen: HighWater, *, levels: Sequence[str]) -> HighWater:
        """Raise the mark by *seen* and give the result; a level that *levels* does not name ranks highest."""
        name = self._name(key)
        self._claim()
        for _ in range(_ROUNDS):
            held = self._shelf.read(name, records=False)
            if held is None:
                # A life that was seen to end must not go on with the same keys.
                self._drop(name)
                sealer, old, before = self._renewed(name, None)[0], b"", HighWater()
            else:
                sealer, old = self._life(name, held.salt), held.mark
                before = sealer.read_mark(old)
            after = raise_mark(before, seen, levels)
            if held is not None and after == before:
                return after
            if self._shelf.swap(name, sealer.salt, old, sealer.mark(after), begin=held is None):
                self._remember(name, sealer)
                return after
        raise VaultError("the vault of this conversation keeps changing; send the request again", code="HG438")

    def forget(self, key: VaultKey) -> None:
        """Delete the vault and its mark."""
        name = self._name(key)
        self._drop(name)
        self._shelf.forget(name)

    def purge_session(self, principal: str | None, session: str) -> int:
        """Delete one conversation without a trace; gives how many vaults there were: 0 or 1."""
        self._claim()
        return self._shelf.purge(self._name(self.key_of(principal, session)))

    def purge_principal(self, principal: str | None) -> int:
        """Delete all conversations of *principal* without a trace; gives how many there were."""
        self._claim()
        return self._shelf.purge(self._half(owner_part(principal, self._outer)))

    def purge_all(self) -> int:
        """Delete all vaults without a trace, those sealed with another key as well; gives how many there were."""
        return self._shelf.purge(b"")

    def purge_expired(self) -> int:
        """Delete what has expired without a trace; gives how many vaults that were."""
        return self._shelf.expire()

    def close(self) -> None:
        """Release what the shelf holds."""
        self._shelf.close()

    def _claim(self) -> None:
        if not self._claimed:
            self._shelf.claim(self._fingerprint)
            self._claimed = True

    def _name(self, key: VaultKey) -> bytes:
        # PRIVACY: the shelf shows its names, while the key of a vault keys the operators of its conversation.
        return self._half(key[:32]) + self._half(key)

    def _half(self, part: str) -> bytes:
        return hmac.digest(self._names, part.encode("utf-8", "surrogatepass"), hashlib.sha256)[:16]

    def _sealer(self, name: bytes) -> tuple[Sealer, bool]:
        """The keys of the life that was seen last, or else of a new one; and whether they are new."""
        with self._lock:
            known = self._sealers.get(name)
        return (known, False) if known is not None else self._renewed(name, None)

    def _renewed(self, name: bytes, salt: bytes | None) -> tuple[Sealer, bool]:
        """The keys of the life with *salt*, or of a new one; and whether they are new."""
        return Sealer(self._key, name, salt or secrets.token_bytes(SALT_BYTES)), salt is None

    def _life(self, name: bytes, salt: bytes) -> Sealer:
        """The keys of the life with *salt*."""
        sealer, _ = self._sealer(name)
        if sealer.salt != salt:
            sealer, _ = self._renewed(name, salt)
        self._remember(name, sealer)
        return sealer

    def _remember(self, name: bytes, sealer: Sealer) -> None:
        with self._lock:
            self._sealers[name] = sealer
            self._sealers.move_to_end(name)
            if len(self._sealers) > _REMEMBERED:
                self._sealers.popitem(last=False)

    def _drop(self, name: bytes) -> None:
        with self._lock:
            self._sealers.pop(name, None)

    @staticmethod
    def _check(found: dict[tuple[str, str, bool], VaultEntry]) -> None:
        # INVARIANT: whatever the shelf answers, an item is given no placeholder that stands for another one.
        if any(identity(entry.item) != own for own, entry in found.items()):
            raise VaultError(
                "an entry of the vault belongs elsewhere; purge the conversation and begin a new one", code="HG436"
            )
