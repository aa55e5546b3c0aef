"""The vault in memory beyond what every store promises: names, bounds, secrets, copies."""

from __future__ import annotations

import copy
import pickle

import pytest

from hybrid_guard.anonymizer import MemoryVault, vault_key
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.errors import VaultError
from hybrid_guard.types import HighWater, VaultEntry, VaultItem

SECRET = b"s" * 16


class SetClock:
    """Time that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> tuple[float, float]:
        return self.seconds, 0.0


def vault(**bounds: int) -> MemoryVault:
    """A vault with small bounds."""
    return MemoryVault(ttl=10, clock=SetClock(), **bounds)


def person(original: str) -> VaultItem:
    """An item of the commonest kind."""
    return VaultItem(entity="PERSON", original=original)


def test_vault_names_depend_on_all_they_are_made_of() -> None:
    """Principal, session and secret all count, and moving characters between them makes another name."""
    names = {
        vault_key("a", "bc", SECRET),
        vault_key("ab", "c", SECRET),
        vault_key("", "abc", SECRET),
        vault_key(None, "abc", SECRET),
        vault_key(None, "+abc", SECRET),
        vault_key("a", "bc", SECRET + b"s"),
        vault_key("\ud800", "", SECRET),
    }

    assert len(names) == 7
    assert vault_key("a", "bc", SECRET) in names
    assert all(len(name) == 64 for name in names)


def test_a_short_secret_is_refused() -> None:
    """A secret that could be guessed is no secret; the error does not show it."""
    with pytest.raises(VaultError, match="HG403") as caught:
        vault_key("a", "b", b"topsecret")
    assert "topsecret" not in str(caught.value)


def test_a_full_conversation_takes_nothing_at_all() -> None:
    """Past the bound nothing is added, nothing is evicted, and known values are still answered."""
    store = vault(max_entries=2)
    known = store.put("k", [person("Ada")])
    with pytest.raises(VaultError, match=r"HG401.*over 2 originals") as caught:
        store.put("k", [person("Bo"), person("Cy")])

    assert "Bo" not in str(caught.value)
    assert store.entries("k") == known
    assert store.put("k", [person("Ada"), person("Bo"), person("Bo")])[0] == known[0]


def test_a_live_conversation_is_never_evicted_for_a_new_one() -> None:
    """Past the bound a new conversation is refused until an old one expires."""
    clock = SetClock()
    store = MemoryVault(ttl=10, clock=clock, max_vaults=2)
    old = store.put("one", [person("Ada")])
    store.mark("two", HighWater(), levels=())
    with pytest.raises(VaultError, match="HG406"):
        store.put("three", [person("Bo")])
    assert store.entries("one") == old

    clock.seconds = 9.0
    store.entries("one")
    clock.seconds = 10.0

    assert len(store.put("three", [person("Bo")])) == 1
    assert store.entries("one") == old
    assert repr(store) == "<MemoryVault 2 vaults>"


@pytest.mark.parametrize("bounds", [{"max_vaults": 0}, {"max_entries": 0}, {"max_entries": 20_001}])
def test_bounds_out_of_range_are_refused(bounds: dict[str, int]) -> None:
    """A vault without room, or with more than its placeholders can number, is not made."""
    with pytest.raises(VaultError, match="HG405"):
        vault(**bounds)


@pytest.mark.parametrize("ttl", [0.0, -1.0, float("nan")])
def test_a_time_to_live_that_is_none_is_refused(ttl: float) -> None:
    """Zero, negative and undefined times are refused."""
    with pytest.raises(VaultError, match="HG405"):
        MemoryVault(ttl=ttl, clock=SetClock())


def test_a_vault_is_never_copied() -> None:
    """Pickling or copying would take originals elsewhere."""
    for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            duplicate(vault())


def test_the_secret_of_the_system_prompt_is_not_the_user_s() -> None:
    """The same secret from both has two unrelated placeholders, so neither tells that the other is equal."""
    text = "correct horse"
    items = [VaultItem(entity="SECRET", original=text, role=role) for role in ("system", "tool", "user", "assistant")]
    system, tool, user, assistant = vault().put("k", items)

    assert system == tool
    assert user == assistant
    assert system.placeholder[:-5] != user.placeholder[:-5]
    assert system.item.role == "system"


def test_a_book_takes_back_what_it_gave() -> None:
    """Entries of the same key are accepted and go on; those of another key or form are not."""
    first = Book(key=b"a" * 32, limit=10)
    entries = first.put([person("Ada"), person("ADA")])
    again = Book(key=b"a" * 32, limit=10, entries=entries)

    assert again.entries() == entries
    assert again.put([person("ada")])[0].placeholder[:-5] == entries[0].placeholder[:-5]
    assert repr(again) == "<Book 3 entries>"
    for key, placeholder in ((b"b" * 32, entries[0].placeholder), (b"a" * 32, "7K2M9X4Q8"), (b"a" * 32, "Ä")):
        with pytest.raises(VaultError, match="HG404"):
            Book(key=key, limit=10, entries=[VaultEntry(placeholder=placeholder, item=person("Ada"))])
