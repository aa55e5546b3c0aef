"""The store in a file: its rights, and what happens when the file is not what it was."""

from __future__ import annotations

import multiprocessing
import os
import random
import secrets
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from hybrid_guard.anonymizer.stores import SealedVault, SqliteShelf, sqlite_shelf
from hybrid_guard.anonymizer.stores.shelf import Changed, Clash, Limits, Record
from hybrid_guard.anonymizer.tokens import DIGITS, LETTERS
from hybrid_guard.errors import VaultError
from hybrid_guard.guard import SystemClock
from hybrid_guard.types import HighWater, VaultItem

KEY = secrets.token_bytes(32)
VALUES = [f"{secrets.token_hex(6)} {number}" for number in range(40)]
LIMITS = Limits(ttl=3600.0, max_vaults=10, max_entries=100)


def person(original: str) -> VaultItem:
    """An item of the commonest kind."""
    return VaultItem(entity="PERSON", original=original)


@contextmanager
def opened(path: Path, key: bytes = KEY, limits: Limits = LIMITS) -> Iterator[SealedVault]:
    """A store in *path*."""
    store = SealedVault(SqliteShelf(path, limits=limits, clock=SystemClock()), key=key)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(name="path")
def filled(tmp_path: Path) -> Path:
    """A file with two conversations, and no log beside it."""
    path = tmp_path / "v.db"
    with opened(path) as store:
        store.put("k" * 64, [person(value) for value in VALUES])
        store.put("m" * 64, [person(VALUES[0])])
        store.mark("k" * 64, HighWater(level="high"), levels=("low", "high"))
    assert not path.with_name("v.db-wal").exists()
    return path


def problem(path: Path, key: bytes = KEY) -> VaultError:
    """What putting something into *path* raises."""
    with opened(path, key) as store, pytest.raises(VaultError) as caught:
        store.put("k" * 64, [person(VALUES[0])])
    assert VALUES[0] not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def change(path: Path, statement: str, *values: object) -> None:
    """Do to the file what somebody who can write it might do."""
    base = sqlite3.connect(path)
    with base:
        assert base.execute(statement, values).rowcount
    base.close()


def test_only_the_owner_reads_the_file_and_its_log(tmp_path: Path) -> None:
    """Whatever the umask says."""
    before = os.umask(0)
    try:
        with opened(tmp_path / "v.db") as store:
            store.put("k" * 64, [person("Ada")])
            rights = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert rights == {"v.db": 0o600, "v.db-wal": 0o600, "v.db-shm": 0o600}


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    """With the remedy."""
    path.chmod(0o640)
    assert "[HG415] `v.db` can be read by others; run chmod 600" in str(problem(path))


@pytest.mark.parametrize("elsewhere", ["own", "foreign"])
def test_a_file_that_may_be_another_users_is_refused(path: Path, elsewhere: str) -> None:
    """A link, whoever made it, and a file with another owner: nothing is written into either."""
    other = path.with_name("other.db")
    if elsewhere == "own":
        path.rename(other)
        path.symlink_to(other)
    elif os.geteuid() == 0:
        os.chown(path, 12345, 12345)
        other = path
    else:
        pytest.skip("only root can give a file away")
    before = other.read_bytes()

    assert "[HG415]" in str(problem(path))
    assert other.read_bytes() == before


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.write_bytes(secrets.token_bytes(5000)), "HG434"),
        (lambda path: path.write_text("hybrid-guard-vault 1\n"), "HG434"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE other (x)").connection.close(), "HG434"),
        (lambda path: path.mkdir(mode=0o700), "HG410"),
        (lambda path: path.symlink_to(path.parent / "nowhere"), "HG415"),
    ],
    ids=["noise", "vault file", "other database", "folder", "dead link"],
)
def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path, make: Callable[[Path], object], code: str) -> None:
    """Nothing is written over it."""
    path = tmp_path / "other"
    make(path)
    if path.is_file():
        path.chmod(0o600)
    before = path.read_bytes() if path.is_file() else None

    assert problem(path).code == code
    assert before is None or path.read_bytes() == before


def test_a_folder_that_is_missing_is_named_with_the_remedy(tmp_path: Path) -> None:
    """The store makes a file and no folders."""
    assert "[HG410] cannot open vault `v.db`: no such file" in str(problem(tmp_path / "no" / "v.db"))


def test_another_key_is_noticed_at_once(path: Path) -> None:
    """Not only when an entry is read: an absent vault would restore nothing and say nothing."""
    assert problem(path, secrets.token_bytes(32)).code == "HG435"


def test_a_cut_file_gives_the_right_value_or_none(path: Path) -> None:
    """Wherever it is cut."""
    whole = path.read_bytes()
    refused = 0
    for length in range(1, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:length])
        refused += look(path)
    assert refused > 10


def test_a_changed_byte_gives_the_right_value_or_none(path: Path) -> None:
    """Wherever it is: an error, or something is missing, but nothing is restored wrongly."""
    whole = path.read_bytes()
    refused = 0
    for place in range(100, len(whole), max(1, len(whole) // 300)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 + secrets.randbelow(255)]) + whole[place + 1 :])
        refused += look(path)
    assert refused > 10


def look(path: Path) -> bool:
    """Read everything from a file that may be damaged; whether that was refused. Nothing wrong may come out."""
    for log in path.parent.glob("v.db-*"):
        log.unlink()
    with opened(path) as store:
        try:
            entries = store.entries("k" * 64)
        except VaultError:
            return True
    assert {entry.item.original for entry in entries} <= set(VALUES)
    assert len({entry.placeholder for entry in entries}) == len(entries)
    return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET content = (SELECT content FROM records WHERE place = 2) WHERE place = 1",
        "UPDATE records SET body = '2A2A2A2A2' WHERE place = 1",
        "UPDATE records SET content = x'00' WHERE place = 1",
        "UPDATE records SET own = x'00' WHERE place = 1",
        "UPDATE records SET content = 'text' WHERE place = 1",
        "UPDATE vaults SET salt = zeroblob(32)",
        "UPDATE vaults SET mark = x'00112233445566778899aabbccddeeff'",
        "UPDATE vaults SET mark = x''",
    ],
)
def test_an_entry_in_another_place_is_no_entry(path: Path, statement: str) -> None:
    """Contents are bound to the vault, the value and the placeholder; one that is not closes the whole vault."""
    change(path, statement)
    with opened(path) as store, pytest.raises(VaultError, match=r"HG436|HG434"):
        mark_and_entries(store)


def mark_and_entries(store: SealedVault) -> None:
    """Read all that there is of a conversation."""
    store.mark("k" * 64, HighWater(), levels=())
    store.entries("k" * 64)


def test_a_vault_under_another_name_is_not_read(path: Path) -> None:
    """Whoever can write the file cannot give one conversation the entries of another."""
    change(path, "DELETE FROM records WHERE vault = (SELECT vault FROM records GROUP BY vault HAVING count(*) = 1)")
    change(path, "DELETE FROM vaults WHERE name NOT IN (SELECT vault FROM records)")
    with opened(path) as store:
        name = store._name("m" * 64)
        change(path, "UPDATE vaults SET name = ?", name)
        change(path, "UPDATE records SET vault = ?", name)
        with pytest.raises(VaultError, match="HG436"):
            store.entries("m" * 64)


def test_an_answer_for_another_value_gives_no_placeholder(tmp_path: Path) -> None:
    """Both entries are genuine and of this vault; each in the place of the other would restore the wrong person."""

    class Swapping(SqliteShelf):
        def put(
            self, name: bytes, salt: bytes, records: Sequence[Record], *, begin: bytes | None
        ) -> tuple[Record, ...] | Changed | Clash:
            answer = super().put(name, salt, records, begin=begin)
            return answer[::-1] if isinstance(answer, tuple) else answer

    store = SealedVault(Swapping(tmp_path / "v.db", limits=LIMITS, clock=SystemClock()), key=KEY)
    assert store.put("k" * 64, [person("Ada")])
    with pytest.raises(VaultError, match=r"HG436.*belongs elsewhere; purge the conversation"):
        store.put("k" * 64, [person("Ada"), person("Charles")])
    store.close()


def test_a_full_disk_is_told_and_nothing_is_half_put(path: Path) -> None:
    """SQLite's own bound stands for it."""
    with opened(path) as store:
        before = store.entries("k" * 64)
        shelf = store._shelf
        assert isinstance(shelf, SqliteShelf)
        base = shelf._open()
        base.execute(f"PRAGMA max_page_count = {base.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(VaultError, match=r"HG433.*no room for vault `v.db`"):
            store.put("k" * 64, [person(secrets.token_hex(400)) for _ in range(50)])
        base.execute("PRAGMA max_page_count = 100000")

        assert store.entries("k" * 64) == before
        assert len(store.put("k" * 64, [person(secrets.token_hex(400)) for _ in range(50)])) == 50


def test_a_file_that_stays_locked_is_an_error_in_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No request waits for another process for ever; afterwards all is as before."""
    monkeypatch.setattr(sqlite_shelf, "_PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    with opened(path) as store:
        assert store.entries("m" * 64)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(VaultError, match="HG431"):
            store.put("k" * 64, [person("new")])
        other.execute("ROLLBACK")
        assert store.put("k" * 64, [person("new")])
    other.close()


def test_a_file_that_cannot_be_written_is_an_error(path: Path) -> None:
    """Reading is a use, which must be noted."""
    with opened(path) as store:
        shelf = store._shelf
        assert isinstance(shelf, SqliteShelf)
        shelf._open().execute("PRAGMA query_only = ON")
        with pytest.raises(VaultError, match="HG410"):
            store.entries("k" * 64)


def test_bounds_are_kept(tmp_path: Path) -> None:
    """Per conversation and in all; nothing is evicted, and nothing is put by halves."""
    limits = Limits(ttl=3600.0, max_vaults=2, max_entries=3)
    with opened(tmp_path / "v.db", limits=limits) as store:
        known = store.put("a" * 64, [person("1"), person("2")])
        with pytest.raises(VaultError, match=r"HG401.*over 3 originals"):
            store.put("a" * 64, [person("3"), person("4")])
        store.mark("b" * 64, HighWater(), levels=())
        for use in (lambda: store.put("c" * 64, [person("1")]), lambda: store.mark("c" * 64, HighWater(), levels=())):
            with pytest.raises(VaultError, match=r"HG406.*2 conversations"):
                use()

        assert store.entries("a" * 64) == known
        assert len(store.put("a" * 64, [person("3"), person("1"), person("3")])) == 3


@pytest.mark.parametrize("size", [3, 40, 400])
def test_a_purge_leaves_no_byte_among_many(tmp_path: Path, size: int) -> None:
    """SQLite leaves copies of what it moves from page to page; they are gone as well."""
    path = tmp_path / "v.db"
    with opened(path, limits=Limits(ttl=3600.0, max_vaults=10, max_entries=1000)) as store:
        for number in range(size):
            for name in "kmo":
                store.put(name * 64, [person(f"{number} {'x' * secrets.randbelow(300)}")])
        held = store._shelf.read(store._name("k" * 64), records=True)
        kept = store.entries("o" * 64)
        assert held is not None
        store._shelf.purge(store._name("k" * 64))
        at_rest = b"".join(one.read_bytes() for one in tmp_path.iterdir())

        assert len(held.records) == size
        assert not [one for one in held.records if one.content[:16] in at_rest or one.content[-16:] in at_rest]
        assert store.entries("o" * 64) == kept


def child(path: Path, store: SealedVault, answers: multiprocessing.Queue[str]) -> None:
    """Use the parent's store object in a forked process."""
    answers.put(store.put("k" * 64, [person("after the fork")])[0].placeholder)


def test_a_forked_process_opens_the_file_anew(path: Path) -> None:
    """A connection must not be carried over; both go on with the same vault."""
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = context.Queue()
    with opened(path) as store:
        store.entries("k" * 64)
        process = context.Process(target=child, args=(path, store, answers))
        process.start()
        theirs = answers.get(timeout=30)
        process.join()

        assert store.put("k" * 64, [person("after the fork")])[0].placeholder == theirs
        assert process.exitcode == 0


def lot(rng: random.Random, count: int) -> Iterator[Record]:
    """Records that may lie together, of any length."""
    values = rng.sample([a + b + c + d for a in DIGITS for b in LETTERS for c in DIGITS for d in LETTERS], count)
    for value in values:
        rest = "".join(rng.choice((DIGITS, LETTERS)[place % 2]) for place in range(5))
        content = rng.randbytes(rng.randrange(40, 400))
        yield Record(own=rng.randbytes(16), kin=rng.randbytes(16), body=value + rest, content=content)


def bytes_of(record: Record) -> list[bytes]:
    """What must not be found of a record: its hashes, its placeholder, and its content in pieces."""
    pieces = [record.content[at : at + 8] for at in range(0, len(record.content) - 8, 8)]
    return [record.own, record.kin, record.body.encode(), *pieces]


def test_whatever_was_moved_about_nothing_purged_is_left(tmp_path: Path) -> None:
    """Not in the file, nor in its log or journal: in pages that were split, joined and freed again."""
    for seed in range(10):
        rng = random.Random(seed)
        place = tmp_path / str(seed)
        place.mkdir()
        shelf = SqliteShelf(
            place / "v.db", limits=Limits(ttl=3600.0, max_vaults=9, max_entries=900), clock=SystemClock()
        )
        names = [rng.randbytes(32) for _ in range(3)]
        salts = [rng.randbytes(32) for _ in names]
        lots = [list(lot(rng, 120)) for _ in names]
        for start in range(0, 120, 10):
            for name, salt, records in zip(names, salts, lots, strict=True):
                part = tuple(records[start : start + 10])
                assert shelf.put(name, salt, part, begin=b"m" * 40) == part
        shelf.swap(names[1], salts[1], b"m" * 40, mark := rng.randbytes(50), begin=False)
        shelf.purge(names[1])
        at_rest = b"".join(file.read_bytes() for file in place.iterdir())
        gone = [names[1], salts[1], mark, *(piece for record in lots[1] for piece in bytes_of(record))]

        assert [one for one in gone if one in at_rest] == [], f"seed {seed}"
        assert all(record.own in at_rest for record in lots[0])
        shelf.close()


@pytest.mark.parametrize("end", ["forgotten", "expired"])
def test_what_ends_by_itself_is_overwritten(tmp_path: Path, end: str) -> None:
    """A conversation that a guard forgets, or that nobody uses: once the log is worked off its bytes are gone, too."""
    rng = random.Random(1)
    clock = Time()
    shelf = SqliteShelf(tmp_path / "v.db", limits=Limits(ttl=10.0, max_vaults=9, max_entries=90), clock=clock)
    name, salt, records = rng.randbytes(32), rng.randbytes(32), list(lot(rng, 3))
    shelf.put(name, salt, records, begin=b"m" * 40)
    shelf.close()
    gone = [name, salt, *(piece for record in records for piece in bytes_of(record))]
    assert all(one in (tmp_path / "v.db").read_bytes() for one in gone)

    if end == "forgotten":
        shelf.forget(name)
    else:
        clock.seconds = 10.0
        shelf.read(rng.randbytes(32), records=True)
    shelf.close()

    assert [file.name for file in tmp_path.iterdir()] == ["v.db"]
    assert [one for one in gone if one in (tmp_path / "v.db").read_bytes()] == []


class Time:
    """A clock that a test moves."""

    seconds = 0.0

    def now(self) -> tuple[float, float]:
        return self.seconds, self.seconds
