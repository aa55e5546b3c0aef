"""The store on a Redis server: round trips, and what happens when the server is not as it should be."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import cast

import pytest

from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, redis_shelf
from hybrid_guard.anonymizer.stores.shelf import Limits
from hybrid_guard.errors import VaultError
from hybrid_guard.types import HighWater, VaultItem
from tests.redis_server import RedisServer, running

KEY = secrets.token_bytes(32)
VAULT = "k" * 64
LIMITS = Limits(ttl=3600.0, max_vaults=10, max_entries=2000)


def person(original: str) -> VaultItem:
    """An item of the commonest kind."""
    return VaultItem(entity="PERSON", original=original)


PEOPLE = [person(f"{secrets.token_hex(6)} {number}") for number in range(50)]


@contextmanager
def opened(server: RedisServer, key: bytes = KEY, limits: Limits = LIMITS) -> Iterator[SealedVault]:
    """A store on *server*."""
    store = SealedVault(RedisShelf(server.url, limits=limits), key=key)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(name="own")
def own_server() -> Iterator[RedisServer]:
    """A server whose settings a test may spoil."""
    with running() as server:
        yield server


def refused(store: SealedVault, code: str) -> None:
    """Whatever is asked is an error with *code* that quotes nothing."""
    for use in (
        lambda: store.put(VAULT, PEOPLE),
        lambda: store.entries(VAULT),
        lambda: store.mark(VAULT, HighWater(level="high"), levels=("low", "high")),
    ):
        with pytest.raises(VaultError, match=code) as caught:
            use()
        assert not [one.original for one in PEOPLE if one.original in str(caught.value)]
        assert caught.value.__cause__ is caught.value.__context__ is None


def test_many_are_put_and_read_in_one_round_trip_each(redis_server: RedisServer) -> None:
    """One command for 50 new values, one for 50 known ones and one new, one to read them, whoever asks."""
    with opened(redis_server) as one, opened(redis_server) as two:
        # The server learns its scripts at their first use.
        one.put("other" * 13, [])
        one.forget("other" * 13)
        two.entries(VAULT)
        spent = [redis_server.calls()]
        first = one.put(VAULT, PEOPLE)
        spent.append(redis_server.calls())
        one.put(VAULT, [*PEOPLE, person("new")])
        spent.append(redis_server.calls())
        entries = two.entries(VAULT)
        spent.append(redis_server.calls())
        assert two.put(VAULT, PEOPLE) == first
        spent.append(redis_server.calls())
        one.forget(VAULT)
        spent.append(redis_server.calls())

    assert entries[:50] == first
    trips = [after - before for before, after in pairwise(spent)]
    # 50 values draw one of 33856 value parts each: two of them meet about once in 28 times, and cost one more.
    assert trips[0] in (1, 2)
    assert trips[1:] == [1, 1, 1, 1]


def test_a_script_that_the_server_has_lost_is_sent_again(redis_server: RedisServer) -> None:
    """It is told its name first, and its text where it does not know the name."""
    with opened(redis_server) as store:
        entries = store.put(VAULT, PEOPLE)
        redis_server.client.script_flush()
        assert store.entries(VAULT) == entries


def test_nothing_that_could_be_read_is_on_the_server(redis_server: RedisServer) -> None:
    """No value, no type, no level, no id; and every vault expires by itself."""
    with opened(redis_server) as store:
        key = store.key_of("principal-77", "session-88")
        store.put(key, PEOPLE)
        store.mark(key, HighWater(level="moderate", counts={"PERSON": 3}), levels=("low", "moderate"))
        dump = redis_server.dump()
        lives = [redis_server.client.pttl(one) for one in redis_server.client.scan_iter(match="hybrid-guard:vault:*")]

    for word in (*(one.original for one in PEOPLE), "PERSON", "moderate", "principal-77", "session-88", key):
        assert word.encode() not in dump
    assert len(lives) == 1
    assert 0 < lives[0] <= 3_600_000


def test_a_server_that_is_down_is_an_error_and_one_that_is_back_is_used(own: RedisServer) -> None:
    """A connection from before does not keep the store from it; what the server lost is absent."""
    with opened(own) as store:
        (old,) = store.put(VAULT, PEOPLE[:1])
        own.stop()
        refused(store, "HG430")
        own.start()

        assert store.entries(VAULT) == ()
        assert store.put(VAULT, PEOPLE[:1])[0].placeholder != old.placeholder


def test_a_slow_server_is_an_error_in_time(own: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request waits for it for ever."""
    monkeypatch.setattr(redis_shelf, "_PATIENCE", 0.1)
    with opened(own) as store:
        store.put(VAULT, PEOPLE[:1])
        own.client.client_pause(60_000)
        refused(store, "HG431")


@pytest.mark.parametrize("kind", ["hash key", "index", "owner"])
def test_a_key_of_another_type_is_an_error(redis_server: RedisServer, kind: str) -> None:
    """Somebody else's data is not taken for ours, and not written over."""
    client = redis_server.client
    with opened(redis_server) as store:
        if kind == "owner":
            client.lpush("hybrid-guard:owner", "x")
        elif kind == "index":
            client.set("hybrid-guard:vaults", "x")
        else:
            client.set(f"hybrid-guard:vault:{store._name(VAULT).hex()}", "x")
        if kind == "index":
            with pytest.raises(VaultError, match="HG434"):
                store.put(VAULT, PEOPLE)
        else:
            refused(store, "HG434")
    assert len(list(client.scan_iter())) == (1 if kind == "owner" else 2)


def test_a_full_server_is_an_error_and_nothing_is_half_put(own: RedisServer) -> None:
    """It has a bound and evicts nothing."""
    with opened(own) as store:
        known = store.put(VAULT, PEOPLE[:2])
        own.client.config_set("maxmemory", "1mb")
        with pytest.raises(VaultError, match=r"HG433.*is full"):
            store.put(VAULT, PEOPLE)
        own.client.config_set("maxmemory", "0")

        assert store.entries(VAULT) == known
        assert len(store.put(VAULT, PEOPLE)) == 50


def test_a_server_that_may_evict_is_refused(own: RedisServer) -> None:
    """With a vault it would drop the mark of its conversation, and nobody would see."""
    own.client.config_set("maxmemory", "100mb")
    own.client.config_set("maxmemory-policy", "volatile-lru")
    with opened(own) as store:
        refused(store, "HG437")
        own.client.config_set("maxmemory-policy", "noeviction")
        assert store.put(VAULT, PEOPLE)


def test_an_evicted_vault_restores_nothing(redis_server: RedisServer) -> None:
    """It is absent for every worker, and what comes after it has other placeholders."""
    with opened(redis_server) as one, opened(redis_server) as two:
        old = one.put(VAULT, PEOPLE)
        assert two.entries(VAULT) == old
        redis_server.client.delete(*redis_server.client.scan_iter(match="hybrid-guard:vault:*"))
        new = two.put(VAULT, PEOPLE)

        assert one.entries(VAULT) == new == one.put(VAULT, PEOPLE)
        assert {entry.placeholder for entry in old}.isdisjoint(entry.placeholder for entry in new)


@pytest.mark.parametrize(("setting", "value", "code"), [("requirepass", "PASSWORD", "HG432")])
def test_a_server_that_refuses_the_user_is_an_error(own: RedisServer, setting: str, value: str, code: str) -> None:
    """Without the address and the password."""
    own.client.config_set(setting, secrets.token_hex(16) if value == "PASSWORD" else value)
    with opened(own) as store:
        refused(store, code)


def test_a_user_who_may_not_run_scripts_is_refused(own: RedisServer) -> None:
    """An access list that is too narrow is told as such."""
    word = secrets.token_hex(16)
    own.client.acl_setuser(
        "narrow", enabled=True, passwords=[f"+{word}"], keys=["*"], categories=["+@all", "-@scripting"]
    )
    shelf = RedisShelf(own.url.replace("unix://", f"unix://narrow:{word}@"), limits=LIMITS)
    store = SealedVault(shelf, key=KEY)
    refused(store, "HG432")
    assert word not in repr(store)
    store.close()


def test_a_replica_is_an_error(own: RedisServer) -> None:
    """It takes no writes."""
    own.client.replicaof("127.0.0.1", 1)
    with opened(own) as store:
        refused(store, "HG430")


def test_another_key_is_noticed_at_once(redis_server: RedisServer) -> None:
    """Before anything is written or read."""
    with opened(redis_server) as store, opened(redis_server, secrets.token_bytes(32)) as stranger:
        store.put(VAULT, PEOPLE)
        refused(stranger, "HG435")


def test_a_changed_entry_restores_nothing(redis_server: RedisServer) -> None:
    """Wherever a byte of it was changed or cut, nor do its neighbours."""
    client = redis_server.client
    with opened(redis_server) as store:
        store.put(VAULT, PEOPLE[:3])
        (hash_key,) = client.scan_iter(match="hybrid-guard:vault:*")
        whole = cast("dict[bytes, bytes]", client.hgetall(hash_key))
        field, record = next((name, held) for name, held in whole.items() if name.startswith(b"e"))
        for place in range(20, len(record)):
            client.hset(hash_key, field, record[:place] + bytes([record[place] ^ 1]) + record[place + 1 :])
            with pytest.raises(VaultError, match=r"HG436|HG434"):
                store.entries(VAULT)
        for length in range(len(record)):
            client.hset(hash_key, field, record[:length])
            with pytest.raises(VaultError, match=r"HG436|HG434"):
                store.entries(VAULT)
        client.hset(hash_key, field, record)
        assert len(store.entries(VAULT)) == 3


@pytest.mark.parametrize("marked", [True, False])
def test_a_mark_that_was_taken_away_is_missed(redis_server: RedisServer, marked: bool) -> None:
    """The conversation would count as one that never was sensitive."""
    with opened(redis_server) as store:
        if marked:
            store.mark(VAULT, HighWater(level="high"), levels=("low", "high"))
        else:
            store.put(VAULT, PEOPLE[:1])
        assert store.mark(VAULT, HighWater(), levels=("low", "high")).level == ("high" if marked else "low")
        client = redis_server.client
        (hash_key,) = client.scan_iter(match="hybrid-guard:vault:*")
        for left in (b"", None):
            client.hdel(hash_key, "m")
            if left is not None:
                client.hset(hash_key, "m", left)
            with pytest.raises(VaultError, match="HG436"):
                store.mark(VAULT, HighWater(), levels=("low", "high"))


def test_bounds_are_kept(redis_server: RedisServer) -> None:
    """Per conversation and in all; nothing is evicted, and nothing is put by halves."""
    with opened(redis_server, limits=Limits(ttl=3600.0, max_vaults=2, max_entries=3)) as store:
        known = store.put("a" * 64, PEOPLE[:2])
        with pytest.raises(VaultError, match=r"HG401.*over 3 originals"):
            store.put("a" * 64, PEOPLE[2:4])
        store.mark("b" * 64, HighWater(), levels=())
        for use in (lambda: store.put("c" * 64, PEOPLE[:1]), lambda: store.mark("c" * 64, HighWater(), levels=())):
            with pytest.raises(VaultError, match=r"HG406.*2 conversations"):
                use()

        assert store.entries("a" * 64) == known
        assert len(store.put("a" * 64, [PEOPLE[2], *PEOPLE[:2]])) == 3
        redis_server.advance(3600)
        assert store.put("c" * 64, PEOPLE[:1])
