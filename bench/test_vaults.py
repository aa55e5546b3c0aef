"""What a vault costs: to put a value, and to read what a conversation holds, in each kind of store."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from hybrid_guard.anonymizer import MemoryVault
from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, SqliteShelf
from hybrid_guard.anonymizer.stores.shelf import Limits
from hybrid_guard.guard import SystemClock
from hybrid_guard.ports import VaultStore
from hybrid_guard.types import VaultItem
from tests.redis_server import running

LIMITS = Limits(ttl=3600.0, max_vaults=1_000_000, max_entries=20_000)
VALUES = 20
KINDS = ("memory", "sqlite", "redis")


@pytest.fixture(name="store", params=KINDS)
def open_one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VaultStore]:
    """One store of each kind; Redis behind a socket of this machine."""
    if request.param == "memory":
        yield MemoryVault(ttl=3600, clock=SystemClock(), max_vaults=1_000_000)
    elif request.param == "sqlite":
        shelf = SqliteShelf(tmp_path / "v.db", limits=LIMITS, clock=SystemClock())
        yield SealedVault(shelf, key=secrets.token_bytes(32))
    else:
        with running() as server:
            yield SealedVault(RedisShelf(server.url, limits=LIMITS), key=secrets.token_bytes(32))


def people(number: int) -> list[VaultItem]:
    """Values of one turn."""
    return [VaultItem(entity="PERSON", original=f"Person {number} {place}") for place in range(VALUES)]


def numbered(use: Callable[[int], object]) -> Callable[[], object]:
    """*use* with another number every time."""
    numbers = count()
    return lambda: use(next(numbers))


def test_put_new(benchmark: BenchmarkFixture, store: VaultStore) -> None:
    """The first turn of a conversation, 20 values; divide by 20 for one."""
    benchmark(numbered(lambda number: store.put(f"{number:064}", people(0))))


def test_put_known(benchmark: BenchmarkFixture, store: VaultStore) -> None:
    """A later turn with the same 20 values."""
    items = people(0)
    store.put("k" * 64, items)
    benchmark(lambda: store.put("k" * 64, items))


def test_read(benchmark: BenchmarkFixture, store: VaultStore) -> None:
    """The 20 values of a conversation."""
    store.put("k" * 64, people(0))
    benchmark(lambda: store.entries("k" * 64))
