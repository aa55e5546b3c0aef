"""A shared vault store that fails in any way: nothing leaves without its original being kept, nothing is mixed up."""

from __future__ import annotations

import asyncio
import base64
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from hybrid_guard import BlockedError, Guard, VaultError
from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.anonymizer.stores import redis_shelf, sqlite_shelf
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import Canary, Sinks, TaintOracle
from tests.promises.rig import WAYS, Rig, Way, call, rig
from tests.redis_server import RedisServer, running

Trouble = Callable[["Shop"], ExitStack]

MAIL = Canary(value=f"{secrets.token_hex(8)}@mail.example", label="mail")
ORACLE = TaintOracle([MAIL])
SESSION = {"session": "s-1", "principal": "p-1"}


class Shop:
    """A store that can be broken."""

    def __init__(self, folder: Path, server: RedisServer | None) -> None:
        self.server = server
        self.path = folder / "v.db"

    @property
    def section(self) -> str:
        """The policy's section for it."""
        return (
            f"{{store: sqlite, path: '{self.path}'}}"
            if self.server is None
            else f"{{store: redis, url: '{self.redis.url}'}}"
        )

    @property
    def redis(self) -> RedisServer:
        """The server."""
        assert self.server is not None
        return self.server


@pytest.fixture(autouse=True)
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for the vaults, and little patience."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    monkeypatch.setattr(redis_shelf, "_PATIENCE", 0.2)
    monkeypatch.setattr(sqlite_shelf, "_PATIENCE", 0.2)


@contextmanager
def store(kind: str, folder: Path) -> Iterator[Shop]:
    """A store of one kind."""
    if kind == "sqlite":
        yield Shop(folder, None)
        return
    with running() as server:
        yield Shop(folder, server)


def down(shop: Shop) -> ExitStack:
    """The server ends, and comes back."""
    shop.redis.stop()
    return after(shop.redis.start)


def slow(shop: Shop) -> ExitStack:
    """The server answers nobody for a while."""
    shop.redis.client.client_pause(60_000, all=False)
    return after(shop.redis.client.client_unpause)


def wrong_type(shop: Shop) -> ExitStack:
    """Somebody has written over every vault."""
    keys = list(shop.redis.client.scan_iter(match="hybrid-guard:vault:*"))
    for key in keys:
        shop.redis.client.set(key, "x")
    return after(lambda: shop.redis.client.delete(*keys))


def changed(shop: Shop) -> ExitStack:
    """Somebody has changed every entry and mark."""
    client = shop.redis.client
    key = next(client.scan_iter(match="hybrid-guard:vault:*"))
    whole = cast("dict[bytes, bytes]", client.hgetall(key))
    for name, held in whole.items():
        if name[:1] in b"em":
            client.hset(key, name, held[:-1] + bytes([held[-1] ^ 1]))
    return after(lambda: [client.hset(key, name, held) for name, held in whole.items()])


def full(shop: Shop) -> ExitStack:
    """The server takes no more."""
    shop.redis.client.config_set("maxmemory", "1mb")
    return after(lambda: shop.redis.client.config_set("maxmemory", "0"))


def locked(shop: Shop) -> ExitStack:
    """Another process keeps the file to itself."""
    other = sqlite3.connect(shop.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    return after(lambda: other.execute("ROLLBACK"))


def scrambled(shop: Shop) -> ExitStack:
    """Somebody has put every entry and mark in the place of others."""
    other = sqlite3.connect(shop.path)
    with other:
        whole = [*other.execute("SELECT own, content FROM records"), *other.execute("SELECT name, mark FROM vaults")]
        other.execute("UPDATE records SET content = own")
        other.execute("UPDATE vaults SET mark = name")

    def repair() -> None:
        with other:
            other.executemany("UPDATE records SET content = ?2 WHERE own = ?1", whole)
            other.executemany("UPDATE vaults SET mark = ?2 WHERE name = ?1", whole)

    return after(repair)


def after(repair: Callable[[], object]) -> ExitStack:
    """Does *repair* when it is left."""
    stack = ExitStack()
    stack.callback(repair)
    return stack


TROUBLES: list[tuple[str, Trouble]] = [
    ("redis", down),
    ("redis", slow),
    ("redis", wrong_type),
    ("redis", changed),
    ("redis", full),
    ("sqlite", locked),
    ("sqlite", scrambled),
]


def ask(setup: Rig, way: Way, text: str = f"Write to {MAIL.value}.") -> str:
    """One turn of the conversation."""
    return call(setup.guard, way, messages=[{"role": "user", "content": text}], hybrid_guard=SESSION)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "trouble"), TROUBLES, ids=[f"{kind} {one.__name__}" for kind, one in TROUBLES])
def test_a_store_in_trouble_keeps_the_call_here(tmp_path: Path, kind: str, trouble: Trouble, way: Way) -> None:
    """The local model answers, with the same words; once the store is well, the cloud does again."""
    with (
        store(kind, tmp_path) as shop,
        rig(tmp_path, vault=shop.section) as setup,
        Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks,
    ):
        assert ask(setup, way) == f"Write to {MAIL.value}."
        assert setup.calls_outside == 1
        with trouble(shop):
            assert ask(setup, way) == f"Write to {MAIL.value}."
            assert ask(setup, way, f"I said: {MAIL.value}!") == f"I said: {MAIL.value}!"
            assert (setup.calls_outside, len(setup.local.requests)) == (1, 2)
        assert ask(setup, way) == f"Write to {MAIL.value}."
        assert setup.calls_outside == 2
        sinks.assert_clean(ORACLE)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "trouble"), [("redis", down), ("sqlite", locked)], ids=["redis", "sqlite"])
def test_without_a_local_model_the_call_is_refused(tmp_path: Path, kind: str, trouble: Trouble, way: Way) -> None:
    """It is not sent elsewhere instead, and the reason is given."""
    with store(kind, tmp_path) as shop, rig(tmp_path, vault=shop.section, local_is_up=False) as setup:
        ask(setup, way)
        with trouble(shop):
            with pytest.raises(BlockedError) as caught:
                ask(setup, way)
            assert "failure:vault" in caught.value.reasons
            assert setup.calls_outside == 1


def test_a_guard_without_the_key_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to give it one."""
    monkeypatch.delenv(KEY_VARIABLE)
    head = "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
    policy = parse_policy(f"{head}vault: {{store: sqlite, path: v.db}}\naudit: {{path: '{tmp_path}/a.jsonl'}}\n")
    with pytest.raises(VaultError, match=f"HG414.*{KEY_VARIABLE}"):
        Guard(policy)


@pytest.mark.parametrize("kind", ["redis", "sqlite"])
async def test_a_store_that_waits_does_not_stop_the_loop(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only this loop ends what the store waits for: were it stopped, the store would give up and the call stay here."""
    monkeypatch.setattr(redis_shelf, "_PATIENCE", 20.0)
    monkeypatch.setattr(sqlite_shelf, "_PATIENCE", 20.0)
    messages = [{"role": "user", "content": f"Write to {MAIL.value}."}]
    with store(kind, tmp_path) as shop, rig(tmp_path, vault=shop.section) as setup:
        await setup.guard.acompletion(messages=messages, hybrid_guard=SESSION)
        trouble = slow(shop) if kind == "redis" else locked(shop)
        task = asyncio.ensure_future(setup.guard.acompletion(messages=messages, hybrid_guard=SESSION))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not task.done()
        trouble.close()
        answer: Any = await task

        assert answer.hybrid_guard.source == "cloud-a"
        assert setup.calls_outside == 2
