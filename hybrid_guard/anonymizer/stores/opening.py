"""The store that a policy asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hybrid_guard.anonymizer.keys import find_key
from hybrid_guard.anonymizer.stores.redis_shelf import RedisShelf
from hybrid_guard.anonymizer.stores.sealed import SealedVault
from hybrid_guard.anonymizer.stores.shelf import Limits, Shelf
from hybrid_guard.anonymizer.stores.sqlite_shelf import SqliteShelf
from hybrid_guard.anonymizer.vault import check_limits
from hybrid_guard.ports import Clock
from hybrid_guard.types import VaultSettings

__all__ = ["open_store"]


def open_store(settings: VaultSettings, *, clock: Clock, environ: Mapping[str, str]) -> SealedVault:
    """
    The shared store that *settings* describe. Nothing is opened or connected to yet.

    Args:
        settings: Of a store that is not in memory.
        clock: Tells the time.
        environ: Environment variables, for the key.

    Raises:
        VaultError: There is no key, or a limit is out of range.
    """
    check_limits(ttl=settings.ttl, max_vaults=settings.max_vaults, max_entries=settings.max_entries)
    limits = Limits(ttl=settings.ttl, max_vaults=settings.max_vaults, max_entries=settings.max_entries)
    key = find_key(settings.key, environ)
    shelf: Shelf = (
        RedisShelf(settings.url or "", limits=limits)
        if settings.store == "redis"
        else SqliteShelf(Path(settings.path or ""), limits=limits, clock=clock)
    )
    return SealedVault(shelf, key=key)
