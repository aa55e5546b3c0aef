"""What every shelf of sealed records promises: which placeholders may lie on it together, and what a life is."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, Shelf, SqliteShelf
from hybrid_guard.anonymizer.stores.shelf import Changed, Clash, Limits, Record
from hybrid_guard.errors import VaultError
from hybrid_guard.guard import SystemClock
from hybrid_guard.types import HighWater, VaultItem
from tests.redis_server import RedisServer

LIMITS = Limits(ttl=3600.0, max_vaults=10, max_entries=100)
MARK = b"m" * 40
NAME = secrets.token_bytes(32)
SALT = secrets.token_bytes(32)


@pytest.fixture(name="shelves", params=["sqlite", "redis"])
def open_two(
    request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer
) -> Iterator[tuple[Shelf, Shelf]]:
    """Two workers on one shelf of each kind."""

    def one() -> Shelf:
        if request.param == "redis":
            return RedisShelf(redis_server.url, limits=LIMITS)
        return SqliteShelf(tmp_path / "v.db", limits=LIMITS, clock=SystemClock())

    shelves = one(), one()
    yield shelves
    for shelf in shelves:
        shelf.close()


def record(body: str, *, kin: bytes = b"k", own: bytes | None = None) -> Record:
    """A record with that body."""
    return Record(
        own=own or secrets.token_bytes(16), kin=kin.ljust(16), body=body, content=b"sealed " + secrets.token_bytes(8)
    )


def test_bodies_lie_two_places_apart_and_values_belong_to_one(shelves: tuple[Shelf, Shelf]) -> None:
    """Whether the other record lies there already or comes with it; nothing of such a lot is put."""
    shelf, other = shelves
    first = record("2A2A2A2A2")
    assert shelf.put(NAME, SALT, [first], begin=MARK) == (first,)
    lot = [
        record("2A2A2A2A3"),
        record("2A2A2B2B2"),
        record("2A2A4C4C4", kin=b"stranger"),
        record("3B3B2A2A2", kin=b"new"),
        record("3B3B2A2A3", kin=b"new"),
        record("3B3B5C5C5", kin=b"newer"),
    ]

    assert other.put(NAME, SALT, lot, begin=None) == Clash(values=frozenset({2, 5}), bodies=frozenset({0, 4}))
    held = shelf.read(NAME, records=True)
    assert held is not None
    assert held.records == (first,)
    assert other.put(NAME, SALT, [lot[1], lot[3]], begin=None) == (lot[1], lot[3])


def test_what_is_known_is_given_back_as_it_was(shelves: tuple[Shelf, Shelf]) -> None:
    """The first to put a record decides what it holds."""
    shelf, other = shelves
    first = record("2A2A2A2A2")
    shelf.put(NAME, SALT, [first], begin=MARK)

    assert other.put(NAME, SALT, [record("5D5D5D5D5", own=first.own)], begin=None) == (first,)


def test_a_life_goes_by_its_salt(shelves: tuple[Shelf, Shelf]) -> None:
    """Records and marks of another life are not taken, and one that ended does not begin again."""
    shelf, other = shelves
    later = secrets.token_bytes(32)
    shelf.put(NAME, SALT, [record("2A2A2A2A2")], begin=MARK)
    assert other.put(NAME, later, [record("3B3B3B3B3")], begin=MARK) == Changed(salt=SALT)
    assert not other.swap(NAME, later, b"", b"mark", begin=False)
    assert not other.swap(NAME, later, b"", b"mark", begin=True)
    other.forget(NAME)

    assert shelf.put(NAME, SALT, [record("2A2A2A2A2")], begin=None) == Changed(salt=None)
    assert not shelf.swap(NAME, SALT, b"", b"mark", begin=False)
    assert shelf.swap(NAME, later, b"", b"mark", begin=True)
    assert not other.swap(NAME, later, b"old", b"new", begin=False)
    assert other.swap(NAME, later, b"mark", b"new", begin=False)
    held = shelf.read(NAME, records=False)
    assert held is not None
    assert (held.salt, held.mark) == (later, b"new")


def test_an_ended_conversation_begins_anew_for_every_worker(shelves: tuple[Shelf, Shelf]) -> None:
    """A worker that still knows its keys gives other placeholders after another one has ended it."""
    key = secrets.token_bytes(32)
    one, two = (SealedVault(shelf, key=key) for shelf in shelves)
    item = VaultItem(entity="PERSON", original="Ada")
    (old,) = one.put("k" * 64, [item])
    two.forget("k" * 64)
    (new,) = one.put("k" * 64, [item])
    two.forget("k" * 64)
    one.mark("k" * 64, HighWater(), levels=())
    (newest,) = two.put("k" * 64, [item])

    assert len({old.placeholder, new.placeholder, newest.placeholder}) == 3
    assert one.entries("k" * 64) == (newest,)


def test_looking_changes_nothing(shelves: tuple[Shelf, Shelf]) -> None:
    """A store that nobody has claimed stays so; of one that somebody has, only that key may say that it fits."""
    shelf, other = shelves
    mine, theirs = secrets.token_bytes(16), secrets.token_bytes(16)
    shelf.look(theirs)
    shelf.look(mine)
    other.claim(mine)
    shelf.look(mine)
    with pytest.raises(VaultError, match=r"HG435.*made with another key"):
        shelf.look(theirs)

    assert shelf.read(NAME, records=True) is None
