"""
What a shared store is made of: a shelf, and the sealed records that lie on it.

A vault lies on its shelf under a name that is a keyed hash. Every life of a vault has a salt of its own, from which all
its keys come: what a vault that was deleted or has expired gave out means nothing to the next of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hybrid_guard.errors import VaultError

__all__ = ["Changed", "Clash", "Held", "Limits", "Record", "Shelf", "damaged", "too_full", "too_many"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    What every shelf keeps to.

    Attributes:
        ttl: Seconds after which a vault that nobody used is gone, greater than 0.
        max_vaults: Most vaults at a time.
        max_entries: Most records per vault.
    """

    ttl: float
    max_vaults: int
    max_entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    One entry of a vault, sealed.

    Attributes:
        own: Keyed hash of what is kept; 16 bytes.
        kin: Keyed hash of what all its spellings have in common; 16 bytes.
        body: Of its placeholder.
        content: The original, its type and its role, encrypted and bound to the vault, *own* and *body*.
    """

    own: bytes
    kin: bytes
    body: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """
    What a shelf holds of one vault.

    Attributes:
        salt: Of this life of the vault, 32 bytes.
        mark: Its high-water mark, sealed.
        records: Oldest first.
    """

    salt: bytes
    mark: bytes = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The vault is in another life: *salt* is the one it has now, None if it is gone."""

    salt: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """
    Records that were not put, nor any with them, for their placeholder is too near to another one.

    Attributes:
        values: Positions of records whose value part belongs to another value.
        bodies: Positions of records whose body is that of another record, or differs from one in one place.
    """

    values: frozenset[int]
    bodies: frozenset[int]


class Shelf(Protocol):
    """
    **Protocol:** keeps sealed records, one pile per name; thread-safe, and safe to use from several processes.

    Every call is atomic and counts as a use, from which the time to live runs anew. Names are 32 bytes of which the
    first 16 belong to the principal. Raises `VaultError`.
    """

    def claim(self, fingerprint: bytes) -> None:
        """Note whose key this store is sealed with; HG435 if it is another one."""

    def look(self, fingerprint: bytes) -> None:
        """See whether this store can be used, and may be claimed; nothing is made, noted or deleted."""

    def read(self, name: bytes, *, records: bool) -> Held | None:
        """What is held under *name*; None if nothing is, or it has expired. Without *records* they are left out."""

    def put(
        self, name: bytes, salt: bytes, records: Sequence[Record], *, begin: bytes | None
    ) -> tuple[Record, ...] | Changed | Clash:
        """
        Get or keep each record, or none of them.

        Args:
            name: Of the vault.
            salt: Of the life in which *records* were made.
            records: With different *own*.
            begin: The lowest mark, sealed, with which *salt* may begin a life if there is no vault; None for a salt
                that was used before and never may.

        Returns:
            For each record the one that is held with the same *own*.
        """

    def swap(self, name: bytes, salt: bytes, old: bytes, new: bytes, *, begin: bool) -> bool:
        """Put the mark *new* in place of *old*; with *begin*, in a vault that is not there yet. Whether it was so."""

    def forget(self, name: bytes) -> None:
        """Delete what is held under *name*."""

    def purge(self, prefix: bytes) -> int:
        """Delete all whose name begins with *prefix*, leave no trace of what was deleted ever, and say how many."""

    def expire(self) -> int:
        """Delete what has expired, leave no trace of it, and say how much there was."""

    def close(self) -> None:
        """Release what it holds."""


def too_full(limit: int) -> VaultError:
    """That a vault would hold too many records."""
    return VaultError(
        f"the vault of this conversation would hold over {limit} originals; begin a new conversation", code="HG401"
    )


def too_many(limit: int) -> VaultError:
    """That there would be too many vaults."""
    return VaultError(f"{limit} conversations are open; wait until one expires or raise the bound", code="HG406")


def damaged(place: str) -> VaultError:
    """That *place* holds something that no shelf has written."""
    return VaultError(f"{place} holds something that is no vault; restore it from a copy, or purge it", code="HG434")
