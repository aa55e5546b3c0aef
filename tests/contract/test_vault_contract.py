"""What every vault store promises, whatever it is made of."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hybrid_guard.anonymizer import MemoryVault
from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, Shelf, SqliteShelf
from hybrid_guard.anonymizer.stores.shelf import Limits
from hybrid_guard.ports import VaultStore
from hybrid_guard.types import HighWater, VaultEntry, VaultItem, VaultKey
from tests.redis_server import RedisServer

TTL = 100_000.0
LEVELS = ("low", "moderate", "high")


class World:
    """
    One kind of store, and time that only a test moves.

    Attributes:
        seconds: That have passed.
    """

    def __init__(self, kind: str, folder: Path, server: RedisServer) -> None:
        self.kind = kind
        self.folder = folder
        self.server = server
        self.seconds = 0.0
        self.key = secrets.token_bytes(32)
        server.client.flushall()

    def now(self) -> tuple[float, float]:
        return self.seconds, self.seconds

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        if self.kind == "redis":
            self.server.advance(seconds)

    def store(self) -> VaultStore:
        """A store of this kind."""
        limits = Limits(ttl=TTL, max_vaults=10_000, max_entries=10_000)
        match self.kind:
            case "memory":
                return MemoryVault(ttl=TTL, clock=self)
            case "sqlite":
                shelf: Shelf = SqliteShelf(self.folder / "vault.db", limits=limits, clock=self)
            case _:
                shelf = RedisShelf(self.server.url, limits=limits)
        return SealedVault(shelf, key=self.key)


KINDS = ("memory", "sqlite", "redis")


@pytest.fixture(name="world", params=KINDS)
def make_world(request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer) -> World:
    """Each kind of store."""
    return World(request.param, tmp_path, redis_server)


def person(original: str) -> VaultItem:
    """An item of the commonest kind."""
    return VaultItem(entity="PERSON", original=original)


def test_the_same_value_has_one_placeholder(world: World) -> None:
    """Entity and exact text decide; the order of the answer is that of the items."""
    vault = world.store()
    first = vault.put("k", [person("Ada"), person("Bo"), person("Ada"), VaultItem(entity="CITY", original="Ada")])
    again = vault.put("k", [person("Bo"), person("Ada")])

    assert [entry.item.original for entry in first] == ["Ada", "Bo", "Ada", "Ada"]
    assert first[0] == first[2] == again[1]
    assert first[1] == again[0]
    assert len({entry.placeholder for entry in first}) == 3
    assert vault.entries("k") == (first[0], first[1], first[3])


def test_spellings_have_placeholders_of_their_own(world: World) -> None:
    """Two spellings of one value are restored as they were written."""
    upper, lower = world.store().put("k", [person("ADA"), person("ada")])

    assert upper.placeholder != lower.placeholder


def test_vaults_do_not_meet(world: World) -> None:
    """What one conversation holds no other can see, and the same value has another placeholder there."""
    vault = world.store()
    (one,) = vault.put("one", [person("Ada")])
    (two,) = vault.put("two", [person("Ada")])

    assert one.placeholder != two.placeholder
    assert vault.entries("one") == (one,)
    assert vault.entries("three") == ()


def test_an_unused_vault_expires_with_its_mark(world: World) -> None:
    """After the time to live a vault is absent, and what comes later has new placeholders and a low mark."""
    vault = world.store()
    (old,) = vault.put("k", [person("Ada")])
    vault.mark("k", HighWater(level="high", counts={"PERSON": 2}, tags=frozenset({"t"})), levels=LEVELS)
    world.wait(TTL - 1000)
    assert vault.entries("k") == (old,)

    world.wait(TTL)

    assert vault.entries("k") == ()
    assert vault.mark("k", HighWater(), levels=LEVELS) == HighWater()
    assert vault.put("k", [person("Ada")])[0].placeholder != old.placeholder


def test_forgetting_is_final(world: World) -> None:
    """A forgotten vault and its mark are gone; others stay; forgetting twice is harmless."""
    vault = world.store()
    (old,) = vault.put("k", [person("Ada")])
    vault.mark("k", HighWater(level="high"), levels=LEVELS)
    vault.put("other", [person("Bo")])
    vault.forget("k")
    vault.forget("k")

    assert vault.entries("k") == ()
    assert vault.mark("k", HighWater(), levels=LEVELS).level == "low"
    assert vault.put("k", [person("Ada")])[0].placeholder != old.placeholder
    assert len(vault.entries("other")) == 1


def test_the_mark_only_rises(world: World) -> None:
    """Levels, counts and tags are joined; a level that nobody knows ranks highest."""
    vault = world.store()
    vault.mark("k", HighWater(level="moderate", counts={"A": 2, "B": 1}, tags=frozenset({"x"})), levels=LEVELS)
    mark = vault.mark("k", HighWater(level="low", counts={"A": 1, "C": 3}, tags=frozenset({"y"})), levels=LEVELS)

    assert mark == HighWater(level="moderate", counts={"A": 2, "B": 1, "C": 3}, tags=frozenset({"x", "y"}))
    assert vault.mark("k", HighWater(level="odd"), levels=LEVELS).level == "odd"
    assert vault.mark("k", HighWater(level="high"), levels=LEVELS).level == "odd"


def test_threads_agree_on_placeholders(world: World) -> None:
    """Many threads that put the same values at once get the same placeholders."""
    vault = world.store()
    answers: list[tuple[VaultEntry, ...]] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        answers.append(vault.put("k", [person(f"name {number}") for number in range(50)]))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_values_do_not_show_in_reprs(world: World) -> None:
    """Neither the store nor its entries show an original."""
    vault = world.store()
    entries = vault.put("k", [person("Ada Lovelace")])

    assert "Ada" not in repr(vault) + repr(entries)


class VaultMachine(RuleBasedStateMachine):
    """Any sequence of uses of a few vaults, next to a model of what they must hold."""

    world: Callable[[], World]

    def __init__(self) -> None:
        super().__init__()
        self.house = self.world()
        self.vault = self.house.store()
        self.held: dict[VaultKey, dict[tuple[str, str], str]] = {}
        self.marks: dict[VaultKey, int] = {}
        self.used: dict[VaultKey, float] = {}
        self.gone: set[str] = set()

    def touch(self, key: VaultKey, *, make: bool) -> None:
        """Expire what is due, then note the use."""
        for name in [name for name, used in self.used.items() if self.house.seconds - used >= TTL]:
            self.drop(name)
        if make or key in self.used:
            self.used[key] = self.house.seconds

    def drop(self, key: VaultKey) -> None:
        self.gone |= set(self.held.pop(key, {}).values())
        self.marks.pop(key, None)
        self.used.pop(key, None)

    @rule(key=st.sampled_from("abc"), entity=st.sampled_from(["PERSON", "CITY"]), values=st.lists(st.text(max_size=2)))
    def put(self, key: VaultKey, entity: str, values: list[str]) -> None:
        self.touch(key, make=True)
        held = self.held.setdefault(key, {})
        entries = self.vault.put(key, [VaultItem(entity=entity, original=value) for value in values])
        for value, entry in zip(values, entries, strict=True):
            assert entry.item == VaultItem(entity=entity, original=value)
            assert held.setdefault((entity, value), entry.placeholder) == entry.placeholder
            assert entry.placeholder not in self.gone

    @rule(key=st.sampled_from("abc"))
    def look(self, key: VaultKey) -> None:
        self.touch(key, make=False)
        found = {(entry.item.entity, entry.item.original): entry.placeholder for entry in self.vault.entries(key)}

        assert found == self.held.get(key, {})

    @rule(key=st.sampled_from("abc"), level=st.integers(0, 2))
    def raise_mark(self, key: VaultKey, level: int) -> None:
        self.touch(key, make=True)
        self.marks[key] = max(level, self.marks.get(key, 0))

        assert self.vault.mark(key, HighWater(level=LEVELS[level]), levels=LEVELS).level == LEVELS[self.marks[key]]

    @rule(key=st.sampled_from("abc"))
    def forget(self, key: VaultKey) -> None:
        self.vault.forget(key)
        self.drop(key)

    @rule(seconds=st.sampled_from([1000.0, TTL / 2, TTL - 500, TTL]))
    def wait(self, seconds: float) -> None:
        self.house.wait(seconds)

    @invariant()
    def placeholders_are_apart(self) -> None:
        tokens = [token for held in self.held.values() for token in held.values()]
        assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("kind", KINDS)
def test_any_sequence_of_uses_keeps_the_promises(kind: str, tmp_path: Path, redis_server: RedisServer) -> None:
    """Isolation, expiry, deletion and marks hold after any sequence of uses."""

    class Machine(VaultMachine):
        @staticmethod
        def world() -> World:
            folder = tmp_path / secrets.token_hex(8)
            folder.mkdir()
            return World(kind, folder, redis_server)

    case = Machine.TestCase
    case.settings = settings(max_examples=100 if kind == "memory" else 40, stateful_step_count=40, deadline=None)
    case("runTest").runTest()
