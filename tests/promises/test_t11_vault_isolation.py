"""T11: conversations never meet in a vault store, whoever shares it, and what is deleted leaves no byte behind."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hybrid_guard.anonymizer import MemoryVault, Restorer, vault_key
from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, Shelf, SqliteShelf
from hybrid_guard.anonymizer.stores.shelf import Limits
from hybrid_guard.types import HighWater, VaultItem, VaultKey
from tests.redis_server import RedisServer

Kind = Literal["memory", "sqlite", "redis"]
Talk = tuple[str | None, str]

TTL = 100_000.0
LEVELS = ("low", "moderate", "high")
NIGHTLY = bool(os.environ.get("HG_NIGHTLY"))
VALUES = [f"{secrets.token_hex(8)} Canary" for _ in range(4)]
# Names that would meet if their halves were only joined, or if no principal were an empty one.
NAMES = (secrets.token_hex(8), secrets.token_hex(8))
TALKS: list[Talk] = [("a", "bc"), ("ab", "c"), ("a", "c"), ("", "abc"), (None, "abc"), (None, "bc"), NAMES]


class Place:
    """One store, the workers that share it, and its bytes at rest."""

    def __init__(self, kind: Kind, folder: Path, server: RedisServer) -> None:
        self.kind = kind
        self.path = folder / f"{secrets.token_hex(8)}.db"
        self.server = server
        self.seconds = 0.0
        self.key = secrets.token_bytes(32)
        self.memory = MemoryVault(ttl=TTL, clock=self)
        server.client.flushall()

    def now(self) -> tuple[float, float]:
        return self.seconds, self.seconds

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        if self.kind == "redis":
            self.server.advance(seconds)

    def worker(self) -> MemoryVault | SealedVault:
        """A store object; those of one process share its memory, the others only what is at rest."""
        limits = Limits(ttl=TTL, max_vaults=100, max_entries=1000)
        if self.kind == "memory":
            return self.memory
        shelf: Shelf = (
            RedisShelf(self.server.url, limits=limits)
            if self.kind == "redis"
            else SqliteShelf(self.path, limits=limits, clock=self)
        )
        return SealedVault(shelf, key=self.key)

    def at_rest(self) -> bytes:
        """Every byte of the file and its log, or of what the server writes to its disk."""
        if self.kind == "redis":
            return self.server.dump()
        return b"".join(one.read_bytes() for one in self.path.parent.glob(f"{self.path.name}*"))


class Isolation(RuleBasedStateMachine):
    """Two workers in any order of uses, next to a model of what each conversation holds."""

    place: Callable[[], Place]

    def __init__(self) -> None:
        super().__init__()
        self.house = self.place()
        self.workers = [self.house.worker(), self.house.worker()]
        self.held: dict[Talk, dict[str, str]] = {}
        self.levels: dict[Talk, int] = {}
        self.used: dict[Talk, float] = {}
        self.gone: set[str] = set()

    def key(self, worker: int, talk: Talk) -> VaultKey:
        """The name of a conversation's vault, as that worker computes it."""
        store = self.workers[worker]
        return store.key_of(*talk) if isinstance(store, SealedVault) else vault_key(*talk, self.house.key)

    def drop(self, talks: Iterable[Talk]) -> None:
        """Note that conversations have ended."""
        for talk in list(talks):
            self.gone |= set(self.held.pop(talk, {}).values())
            self.levels.pop(talk, None)
            self.used.pop(talk, None)

    def touch(self, talk: Talk, *, make: bool) -> None:
        """Note what has expired, then the use."""
        self.drop([one for one, used in self.used.items() if self.house.seconds - used >= TTL])
        if make or talk in self.used:
            self.used[talk] = self.house.seconds

    @rule(worker=st.integers(0, 1), talk=st.sampled_from(TALKS), values=st.lists(st.sampled_from(VALUES), max_size=4))
    def say(self, worker: int, talk: Talk, values: list[str]) -> None:
        """A value has one placeholder per conversation, by both workers, and never one that is gone."""
        self.touch(talk, make=True)
        held = self.held.setdefault(talk, {})
        items = [VaultItem(entity="PERSON", original=value) for value in values]
        for value, entry in zip(values, self.workers[worker].put(self.key(worker, talk), items), strict=True):
            assert entry.item.original == value
            assert held.setdefault(value, entry.placeholder) == entry.placeholder
            assert entry.placeholder not in self.gone

    @rule(worker=st.integers(0, 1), talk=st.sampled_from(TALKS))
    def look(self, worker: int, talk: Talk) -> None:
        """Nothing but its own is read, and no placeholder of others or of old is restored."""
        self.touch(talk, make=False)
        entries = self.workers[worker].entries(self.key(worker, talk))
        assert {one.item.original: one.placeholder for one in entries} == self.held.get(talk, {})
        strange = self.gone.union(*(held.values() for one, held in self.held.items() if one != talk))
        text = " ".join(sorted(strange))
        assert Restorer(entries, trusted=True).restore(text) == text

    @rule(worker=st.integers(0, 1), talk=st.sampled_from(TALKS), level=st.integers(0, 2))
    def mark(self, worker: int, talk: Talk, level: int) -> None:
        """A mark is of one conversation, and rises for both workers."""
        self.touch(talk, make=True)
        self.levels[talk] = max(level, self.levels.get(talk, 0))
        seen = self.workers[worker].mark(self.key(worker, talk), HighWater(level=LEVELS[level]), levels=LEVELS)
        assert seen.level == LEVELS[self.levels[talk]]

    @rule(worker=st.integers(0, 1), talk=st.sampled_from(TALKS))
    def forget(self, worker: int, talk: Talk) -> None:
        """One worker ends a conversation for both."""
        self.workers[worker].forget(self.key(worker, talk))
        self.drop([talk])

    @rule(worker=st.integers(0, 1))
    def restart(self, worker: int) -> None:
        """A worker that begins anew goes on where it was."""
        self.workers[worker] = self.house.worker()

    @rule(seconds=st.sampled_from([1000.0, TTL / 2, TTL - 500, TTL]))
    def wait(self, seconds: float) -> None:
        """Time passes for all."""
        self.house.wait(seconds)

    @rule(worker=st.integers(0, 1), principal=st.sampled_from(["a", "ab", "", None, NAMES[0]]))
    def purge_principal(self, worker: int, principal: str | None) -> None:
        """All conversations of one principal are gone, and every sealed byte of them."""
        store = self.workers[worker]
        ended = [talk for talk in self.held if talk[0] == principal]
        sealed = [one for talk in ended for one in self.sealed(store, self.key(worker, talk))]
        if isinstance(store, SealedVault):
            store.purge_principal(principal)
            self.assert_absent(sealed)
        else:
            for talk in [one for one in TALKS if one[0] == principal]:
                store.forget(self.key(worker, talk))
        self.drop([talk for talk in TALKS if talk[0] == principal])

    @rule(worker=st.integers(0, 1))
    def purge_all(self, worker: int) -> None:
        """Nothing is left of anybody."""
        store = self.workers[worker]
        sealed = [one for talk in self.held for one in self.sealed(store, self.key(worker, talk))]
        if isinstance(store, SealedVault):
            store.purge_all()
            self.assert_absent(sealed)
        else:
            for talk in TALKS:
                store.forget(self.key(worker, talk))
        self.drop(TALKS)

    @staticmethod
    def sealed(store: MemoryVault | SealedVault, key: VaultKey) -> list[bytes]:
        """What lies at rest of one vault, as its shelf gives it."""
        held = store._shelf.read(store._name(key), records=True) if isinstance(store, SealedVault) else None
        if held is None:
            return []
        return [held.salt, *([held.mark] if held.mark else []), *(record.content for record in held.records)]

    def assert_absent(self, sealed: list[bytes]) -> None:
        """No byte of *sealed* is at rest any more, in whole or in its beginning."""
        at_rest = self.house.at_rest()
        assert not [one for one in sealed if one in at_rest or one[:16] in at_rest]

    @invariant()
    def placeholders_are_apart(self) -> None:
        """No two conversations have one in common."""
        tokens = [token for held in self.held.values() for token in held.values()]
        assert len(tokens) == len(set(tokens))

    def teardown(self) -> None:
        """Nothing raw was at rest at the end, and after a purge of all nothing sealed is."""
        if self.house.kind != "memory":
            at_rest = self.house.at_rest()
            assert not [value for value in VALUES if value.split()[0].encode() in at_rest]
            assert not [name for name in NAMES if name.encode() in at_rest]
        self.purge_all(0)


@pytest.mark.parametrize("kind", ["memory", "sqlite", "redis"])
def test_conversations_never_meet(kind: Kind, tmp_path: Path, redis_server: RedisServer) -> None:
    """Whatever two workers do in whatever order: 0 cross reads, and a purge leaves 0 bytes."""

    class Machine(Isolation):
        @staticmethod
        def place() -> Place:
            return Place(kind, tmp_path, redis_server)

    case = Machine.TestCase
    case.settings = settings(max_examples=500 if NIGHTLY else 40, stateful_step_count=40, deadline=None)
    case("runTest").runTest()


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
def test_two_processes_see_one_conversation(kind: Kind, tmp_path: Path, redis_server: RedisServer) -> None:
    """Started at once, they give every value the same placeholder, and each conversation others."""
    values = [f"{secrets.token_hex(4)} {number}" for number in range(60)]
    at = {"path": str(tmp_path / "v.db")} if kind == "sqlite" else {"url": redis_server.url}
    told = json.dumps({"settings": {"store": kind, **at}, "talks": TALKS[:3], "values": values})
    environ = {**os.environ, KEY_VARIABLE: base64.b64encode(secrets.token_bytes(32)).decode()}
    command = [sys.executable, "-m", "tests.promises.child_t11"]
    pipe = subprocess.PIPE
    workers = [subprocess.Popen(command, env=environ, text=True, stdin=pipe, stdout=pipe) for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(told + "\n")
        worker.stdin.flush()
    first, second = (json.loads(worker.communicate()[0]) for worker in workers)
    tokens = [token for given in first.values() for token in given]

    assert first == second
    assert [worker.returncode for worker in workers] == [0, 0]
    assert len(first) == 3
    assert len(set(tokens)) == len(tokens) == 180
