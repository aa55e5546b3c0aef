"""
Stores that several processes share: a file of SQLite, or a Redis server.

`SealedVault` makes placeholders and seals originals; a shelf keeps what is sealed and can read none of it.
"""

from __future__ import annotations

from hybrid_guard.anonymizer.stores.opening import open_store
from hybrid_guard.anonymizer.stores.redis_shelf import RedisShelf
from hybrid_guard.anonymizer.stores.sealed import SealedVault
from hybrid_guard.anonymizer.stores.shelf import Shelf
from hybrid_guard.anonymizer.stores.sqlite_shelf import SqliteShelf

__all__ = ["RedisShelf", "SealedVault", "Shelf", "SqliteShelf", "open_store"]
