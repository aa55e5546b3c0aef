"""What every store keeps of stand-ins: workers that share it use the same ones, and each value comes back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from hybrid_guard.anonymizer import MemoryVault, StandIns
from hybrid_guard.anonymizer.standins import STAND_IN
from hybrid_guard.anonymizer.stores import RedisShelf, SealedVault, SqliteShelf
from hybrid_guard.anonymizer.stores.shelf import Limits
from hybrid_guard.guard import SystemClock
from hybrid_guard.ports import VaultStore
from hybrid_guard.types import Operator, VaultEntry, VaultItem, VaultKey
from tests.redis_server import RedisServer
from tests.talk import STAND_INS, Piece, Talk, makers_of

LIMITS = Limits(ttl=3600.0, max_vaults=10, max_entries=1000)
NAMES = ("Ada Lovelace", "Charles Babbage")
MAIL, CARD, NUMBER = "ada@analytical.example", "4111 1111 1111 1111", "+44 20 7946 0000"
TURN: tuple[Piece, ...] = (
    *((NAMES[0], "PERSON"), " and ", (NAMES[1], "PERSON"), " write to ", (MAIL, "EMAIL_ADDRESS"), ", pay by "),
    *((CARD, "CREDIT_CARD"), " and call ", (NUMBER, "PHONE_NUMBER"), "."),
)
TEXT = "".join(piece if isinstance(piece, str) else piece[0] for piece in TURN)
PRIVATE = (*NAMES, MAIL, CARD, NUMBER)
MAKERS = makers_of(secrets.token_bytes(32))

Worker = Callable[[], VaultStore]


@pytest.fixture(name="worker", params=["memory", "sqlite", "redis"])
def make_workers(request: pytest.FixtureRequest, tmp_path: Path, redis_server: RedisServer) -> Iterator[Worker]:
    """Makes another worker of one store of each kind; those of a store in memory are threads of one process."""
    memory, key, made = MemoryVault(ttl=3600.0, clock=SystemClock()), secrets.token_bytes(32), list[VaultStore]()

    def one() -> VaultStore:
        if request.param == "memory":
            return memory
        shelf = (
            RedisShelf(redis_server.url, limits=LIMITS)
            if request.param == "redis"
            else SqliteShelf(tmp_path / "v.db", limits=LIMITS, clock=SystemClock())
        )
        made.append(SealedVault(shelf, key=key))
        return made[-1]

    yield one
    for store in made:
        store.close()


def talk(operator: Operator, store: VaultStore) -> Talk:
    """The conversation, as one worker leads it."""
    return Talk(operator, store=store, makers=MAKERS)


@pytest.mark.parametrize("operator", STAND_INS)
def test_every_worker_says_and_restores_the_same(worker: Worker, operator: Operator) -> None:
    """No value goes out; another worker, or one that begins anew, goes on where the first one was."""
    first = talk(operator, worker()).write(*TURN)
    second = talk(operator, worker())

    assert second.write("Again: ", *TURN) == f"Again: {first}"
    assert talk(operator, worker()).restore(f"So: {first}") == f"So: {TEXT}"
    assert StandIns(second.entries)
    assert not [value for value in PRIVATE if value in first]


class Late:
    """A store of which a worker sees nothing that others put, until it has put a stand-in itself."""

    def __init__(self, store: VaultStore, other: Callable[[], object]) -> None:
        self.store = store
        self.other = other

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Let the other one be first."""
        if any(item.entity == STAND_IN for item in items):
            self.other()
        return self.store.put(key, items)

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """What all have put."""
        return self.store.entries(key)


@pytest.mark.parametrize("operator", STAND_INS)
def test_of_two_that_choose_at_once_the_first_decides(worker: Worker, operator: Operator) -> None:
    """Both use the stand-ins of the one whose choice came first, although each had chosen for itself."""
    others = makers_of(secrets.token_bytes(32))
    said: list[str] = []
    fast = Talk(operator, store=worker(), makers=others)
    late = Late(worker(), lambda: said.append(fast.write(*TURN)))
    slow = Talk(operator, store=late, makers=MAKERS)

    assert [slow.write(*TURN)] == said
    assert slow.restore(said[0]) == fast.restore(said[0]) == TEXT


@pytest.mark.parametrize("operator", STAND_INS)
def test_a_vault_that_is_gone_restores_nothing(worker: Worker, operator: Operator) -> None:
    """What an ended conversation sent means nothing to the next one of the same name."""
    store = worker()
    old = talk(operator, store)
    said = old.write(*TURN)
    store.forget(old.key)

    assert old.restore(said) == said
    assert not [value for value in PRIVATE if value in old.restore(said)]
