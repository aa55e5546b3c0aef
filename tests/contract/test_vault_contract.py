"""What every vault store promises, whatever it is made of."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hybrid_guard.anonymizer import MemoryVault
from hybrid_guard.ports import Clock, VaultStore
from hybrid_guard.types import HighWater, VaultEntry, VaultItem, VaultKey

TTL = 100.0
LEVELS = ("low", "moderate", "high")


class SetClock:
    """Time that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> tuple[float, float]:
        return self.seconds, self.seconds


STORES: dict[str, Callable[[Clock], VaultStore]] = {"memory": lambda clock: MemoryVault(ttl=TTL, clock=clock)}


@pytest.fixture(params=STORES)
def make(request: pytest.FixtureRequest) -> Callable[[Clock], VaultStore]:
    """Makes one kind of store."""
    return STORES[request.param]


def person(original: str) -> VaultItem:
    """An item of the commonest kind."""
    return VaultItem(entity="PERSON", original=original)


def test_the_same_value_has_one_placeholder(make: Callable[[Clock], VaultStore]) -> None:
    """Entity and exact text decide; the order of the answer is that of the items."""
    vault = make(SetClock())
    first = vault.put("k", [person("Ada"), person("Bo"), person("Ada"), VaultItem(entity="CITY", original="Ada")])
    again = vault.put("k", [person("Bo"), person("Ada")])

    assert [entry.item.original for entry in first] == ["Ada", "Bo", "Ada", "Ada"]
    assert first[0] == first[2] == again[1]
    assert first[1] == again[0]
    assert len({entry.placeholder for entry in first}) == 3
    assert vault.entries("k") == (first[0], first[1], first[3])


def test_spellings_have_placeholders_of_their_own(make: Callable[[Clock], VaultStore]) -> None:
    """Two spellings of one value are restored as they were written."""
    upper, lower = make(SetClock()).put("k", [person("ADA"), person("ada")])

    assert upper.placeholder != lower.placeholder


def test_vaults_do_not_meet(make: Callable[[Clock], VaultStore]) -> None:
    """What one conversation holds no other can see, and the same value has another placeholder there."""
    vault = make(SetClock())
    (one,) = vault.put("one", [person("Ada")])
    (two,) = vault.put("two", [person("Ada")])

    assert one.placeholder != two.placeholder
    assert vault.entries("one") == (one,)
    assert vault.entries("three") == ()


def test_an_unused_vault_expires_with_its_mark(make: Callable[[Clock], VaultStore]) -> None:
    """After the time to live a vault is absent, and what comes later has new placeholders and a low mark."""
    clock = SetClock()
    vault = make(clock)
    (old,) = vault.put("k", [person("Ada")])
    vault.mark("k", HighWater(level="high", counts={"PERSON": 2}, tags=frozenset({"t"})), levels=LEVELS)
    clock.seconds = TTL - 1
    assert vault.entries("k") == (old,)

    clock.seconds = 2 * TTL - 1

    assert vault.entries("k") == ()
    assert vault.mark("k", HighWater(), levels=LEVELS) == HighWater()
    assert vault.put("k", [person("Ada")])[0].placeholder != old.placeholder


def test_forgetting_is_final(make: Callable[[Clock], VaultStore]) -> None:
    """A forgotten vault and its mark are gone; others stay; forgetting twice is harmless."""
    vault = make(SetClock())
    (old,) = vault.put("k", [person("Ada")])
    vault.mark("k", HighWater(level="high"), levels=LEVELS)
    vault.put("other", [person("Bo")])
    vault.forget("k")
    vault.forget("k")

    assert vault.entries("k") == ()
    assert vault.mark("k", HighWater(), levels=LEVELS).level == "low"
    assert vault.put("k", [person("Ada")])[0].placeholder != old.placeholder
    assert len(vault.entries("other")) == 1


def test_the_mark_only_rises(make: Callable[[Clock], VaultStore]) -> None:
    """Levels, counts and tags are joined; a level that nobody knows ranks highest."""
    vault = make(SetClock())
    vault.mark("k", HighWater(level="moderate", counts={"A": 2, "B": 1}, tags=frozenset({"x"})), levels=LEVELS)
    mark = vault.mark("k", HighWater(level="low", counts={"A": 1, "C": 3}, tags=frozenset({"y"})), levels=LEVELS)

    assert mark == HighWater(level="moderate", counts={"A": 2, "B": 1, "C": 3}, tags=frozenset({"x", "y"}))
    assert vault.mark("k", HighWater(level="odd"), levels=LEVELS).level == "odd"
    assert vault.mark("k", HighWater(level="high"), levels=LEVELS).level == "odd"


def test_threads_agree_on_placeholders(make: Callable[[Clock], VaultStore]) -> None:
    """Many threads that put the same values at once get the same placeholders."""
    vault = make(SetClock())
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


def test_values_do_not_show_in_reprs(make: Callable[[Clock], VaultStore]) -> None:
    """Neither the store nor its entries show an original."""
    vault = make(SetClock())
    entries = vault.put("k", [person("Ada Lovelace")])

    assert "Ada" not in repr(vault) + repr(entries)


class VaultMachine(RuleBasedStateMachine):
    """Any sequence of uses of a few vaults, next to a model of what they must hold."""

    store: Callable[[Clock], VaultStore]

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock()
        self.vault = self.store(self.clock)
        self.held: dict[VaultKey, dict[tuple[str, str], str]] = {}
        self.marks: dict[VaultKey, int] = {}
        self.used: dict[VaultKey, float] = {}
        self.gone: set[str] = set()

    def touch(self, key: VaultKey, *, make: bool) -> None:
        """Expire what is due, then note the use."""
        for name in [name for name, used in self.used.items() if self.clock.seconds - used >= TTL]:
            self.drop(name)
        if make or key in self.used:
            self.used[key] = self.clock.seconds

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

    @rule(seconds=st.sampled_from([1.0, TTL / 2, TTL - 0.5, TTL]))
    def wait(self, seconds: float) -> None:
        self.clock.seconds += seconds

    @invariant()
    def placeholders_are_apart(self) -> None:
        tokens = [token for held in self.held.values() for token in held.values()]
        assert len(tokens) == len(set(tokens))


@pytest.mark.parametrize("name", STORES)
def test_any_sequence_of_uses_keeps_the_promises(name: str) -> None:
    """Isolation, expiry, deletion and marks hold after any sequence of uses."""

    class Machine(VaultMachine):
        store = staticmethod(STORES[name])

    case = Machine.TestCase
    case.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
    case("runTest").runTest()
