"""A shelf in a file of SQLite, for several processes on one machine."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from hybrid_guard.anonymizer.mint import VALUE_LENGTH, neighbours
from hybrid_guard.anonymizer.stores.shelf import (
    Changed,
    Clash,
    Held,
    Limits,
    Record,
    damaged,
    too_full,
    too_many,
)
from hybrid_guard.errors import VaultError
from hybrid_guard.ports import Clock

__all__ = ["SqliteShelf"]

_PATIENCE = 2.0
_PRIVATE = 0o600
_FORMAT = 0x4847_0001
_TABLES = f"""
    PRAGMA application_id = {_FORMAT};
    CREATE TABLE IF NOT EXISTS owner (fingerprint BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS vaults (
        name BLOB PRIMARY KEY, salt BLOB NOT NULL, mark BLOB NOT NULL, used REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS by_use ON vaults (used);
    CREATE TABLE IF NOT EXISTS records (
        vault BLOB NOT NULL, own BLOB NOT NULL, kin BLOB NOT NULL, body TEXT NOT NULL, place INTEGER NOT NULL,
        content BLOB NOT NULL, PRIMARY KEY (vault, own)
    ) WITHOUT ROWID;
    CREATE UNIQUE INDEX IF NOT EXISTS by_body ON records (vault, body, kin);
"""


class SqliteShelf:
    """
    Sealed records in one file; readable by its owner only.

    The file is opened when it is first needed, once per process. What is deleted is overwritten; after `purge` and
    `expire` nothing of it is in the write-ahead log either.

    Args:
        path: Of the file; it is made if there is none.
        limits: What it keeps to.
        clock: Tells the time; all processes go by the seconds since the epoch.
    """

    def __init__(self, path: Path, *, limits: Limits, clock: Clock) -> None:
        self._path = path
        self._limits = limits
        self._clock = clock
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    def __repr__(self) -> str:
        return f"<SqliteShelf {self._path.name}>"

    def claim(self, fingerprint: bytes) -> None:
        """See `Shelf`."""
        with self._writing() as base:
            row = base.execute("SELECT fingerprint FROM owner").fetchone()
            if row is None:
                base.execute("INSERT INTO owner VALUES (?)", (fingerprint,))
            elif row[0] != fingerprint:
                raise self._another_key()

    def look(self, fingerprint: bytes) -> None:
        """See `Shelf`."""
        with self._errors():
            if self._is_empty():
                return
        with self._writing() as base:
            row = base.execute("SELECT fingerprint FROM owner").fetchone()
            if row is not None and row[0] != fingerprint:
                raise self._another_key()

    def read(self, name: bytes, *, records: bool) -> Held | None:
        """See `Shelf`."""
        with self._writing() as base:
            vault = self._touch(base, name)
            if vault is None:
                return None
            salt, mark = vault
            rows = (
                base.execute(
                    "SELECT own, kin, body, content FROM records WHERE vault = ? ORDER BY place", (name,)
                ).fetchall()
                if records
                else []
            )
            return Held(salt=salt, mark=mark, records=tuple(map(self._record, rows)))

    def put(
        self, name: bytes, salt: bytes, records: Sequence[Record], *, begin: bytes | None
    ) -> tuple[Record, ...] | Changed | Clash:
        """See `Shelf`."""
        with self._writing() as base:
            vault = self._touch(base, name)
            if vault is None and begin is None:
                return Changed(salt=None)
            if vault is not None and vault[0] != salt:
                return Changed(salt=vault[0])
            known = {record.own: self._find(base, name, record) for record in records}
            fresh = [record for record in records if known[record.own] is None]
            count: int = base.execute("SELECT count(*) FROM records WHERE vault = ?", (name,)).fetchone()[0]
            if count + len(fresh) > self._limits.max_entries:
                raise too_full(self._limits.max_entries)
            if vault is None and begin is not None:
                self._begin(base, name, salt, begin)
            values, bodies = set(), set()
            base.execute("SAVEPOINT batch")
            for position, record in enumerate(records):
                if known[record.own] is not None:
                    continue
                if self._value_is_taken(base, name, record):
                    values.add(position)
                elif self._body_is_taken(base, name, record):
                    bodies.add(position)
                else:
                    count += 1
                    row = (name, record.own, record.kin, record.body, count, record.content)
                    base.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", row)
            if values or bodies:
                base.execute("ROLLBACK TO batch")
                return Clash(values=frozenset(values), bodies=frozenset(bodies))
            return tuple(known[record.own] or record for record in records)

    def swap(self, name: bytes, salt: bytes, old: bytes, new: bytes, *, begin: bool) -> bool:
        """See `Shelf`."""
        with self._writing() as base:
            vault = self._touch(base, name)
            if vault is None and begin:
                self._begin(base, name, salt, new)
                return True
            if vault != (salt, old):
                return False
            base.execute("UPDATE vaults SET mark = ? WHERE name = ?", (new, name))
            return True

    def forget(self, name: bytes) -> None:
        """See `Shelf`."""
        with self._writing() as base:
            self._delete(base, [name])

    def purge(self, prefix: bytes) -> int:
        """See `Shelf`."""
        with self._writing() as base:
            found = base.execute("SELECT name FROM vaults WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
            names = [row[0] for row in found.fetchall()]
            self._delete(base, names)
            if not prefix:
                # The next key begins anew.
                base.execute("DELETE FROM owner")
        self._scrub()
        return len(names)

    def expire(self) -> int:
        """See `Shelf`."""
        with self._writing() as base:
            gone = self._sweep(base)
        self._scrub()
        return gone

    def close(self) -> None:
        """See `Shelf`."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    def _touch(self, base: sqlite3.Connection, name: bytes) -> tuple[bytes, bytes] | None:
        self._sweep(base)
        row = base.execute(
            "UPDATE vaults SET used = ? WHERE name = ? RETURNING salt, mark", (self._clock.now()[1], name)
        ).fetchone()
        if row is not None and not (isinstance(row[0], bytes) and isinstance(row[1], bytes)):
            raise damaged(f"vault `{self._path.name}`")
        return None if row is None else (row[0], row[1])

    def _begin(self, base: sqlite3.Connection, name: bytes, salt: bytes, mark: bytes) -> None:
        if base.execute("SELECT count(*) FROM vaults").fetchone()[0] >= self._limits.max_vaults:
            raise too_many(self._limits.max_vaults)
        base.execute("INSERT INTO vaults VALUES (?, ?, ?, ?)", (name, salt, mark, self._clock.now()[1]))

    def _sweep(self, base: sqlite3.Connection) -> int:
        due = base.execute("SELECT name FROM vaults WHERE used <= ?", (self._clock.now()[1] - self._limits.ttl,))
        names = [row[0] for row in due.fetchall()]
        self._delete(base, names)
        return len(names)

    def _delete(self, base: sqlite3.Connection, names: Sequence[bytes]) -> None:
        for name in names:
            base.execute("DELETE FROM records WHERE vault = ?", (name,))
            base.execute("DELETE FROM vaults WHERE name = ?", (name,))

    def _find(self, base: sqlite3.Connection, name: bytes, record: Record) -> Record | None:
        row = base.execute(
            "SELECT own, kin, body, content FROM records WHERE vault = ? AND own = ?", (name, record.own)
        ).fetchone()
        return None if row is None else self._record(row)

    def _value_is_taken(self, base: sqlite3.Connection, name: bytes, record: Record) -> bool:
        value = record.body[:VALUE_LENGTH]
        # A body goes on with a digit or letter, and `~` sorts behind all of them.
        row = base.execute(
            "SELECT kin FROM records WHERE vault = ? AND body BETWEEN ? AND ? LIMIT 1", (name, value, value + "~")
        ).fetchone()
        return row is not None and row[0] != record.kin

    def _body_is_taken(self, base: sqlite3.Connection, name: bytes, record: Record) -> bool:
        near = neighbours(record.body)
        question = f"SELECT 1 FROM records WHERE vault = ? AND body IN ({', '.join('?' * len(near))}) LIMIT 1"  # noqa: S608 - question marks only
        return base.execute(question, (name, *near)).fetchone() is not None

    def _record(self, row: tuple[object, ...]) -> Record:
        own, kin, body, content = row
        if not (isinstance(own, bytes) and isinstance(kin, bytes) and isinstance(content, bytes)) or not isinstance(
            body, str
        ):
            raise damaged(f"vault `{self._path.name}`")
        return Record(own=own, kin=kin, body=body, content=content)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone among all processes."""
        with self._lock, self._errors():
            base = self._open()
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
                base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    base.execute("ROLLBACK")
                raise

    def _scrub(self) -> None:
        """Write the file anew, for SQLite leaves copies of what it moves about, and empty the log."""
        with self._lock, self._errors():
            self._open().execute("VACUUM")
            busy, _, _ = self._open().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise self._slow()

    def _open(self) -> sqlite3.Connection:
        # A connection must not be used by a forked child; closing it there would take the parent's locks.
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        with self._alone():
            self._connection, self._process = self._connect(), os.getpid()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        self._guard_file()
        base = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            base.execute("PRAGMA secure_delete = ON")
            base.execute("PRAGMA temp_store = MEMORY")
            format_now = base.execute("PRAGMA application_id").fetchone()[0]
            empty = not base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if format_now != _FORMAT and not (empty and format_now == 0):
                raise damaged(f"`{self._path.name}`")
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            if empty:
                base.executescript(_TABLES)
        except BaseException:
            base.close()
            raise
        return base

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two that make the file at once would meet half of it. The directory is locked, for SQLite's own locks are
        # lost when the file is closed once more.
        descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _guard_file(self) -> None:
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PRIVATE))
        found = self._path.lstat()
        if stat.S_ISLNK(found.st_mode) or (stat.S_ISREG(found.st_mode) and found.st_uid != os.geteuid()):
            # Whoever put it there, or owns it, may read what is written and put other things in its place.
            raise VaultError(
                f"`{self._path.name}` is a link or another user's; give the path of a file of your own",
                code="HG415",
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise VaultError(f"`{self._path.name}` can be read by others; run chmod 600 on it", code="HG415")

    def _is_empty(self) -> bool:
        """Whether there is no store here yet, but there can be one."""
        if os.path.lexists(self._path):
            self._guard_file()
            return not self._path.stat().st_size
        if not os.access(self._path.parent, os.W_OK | os.X_OK):
            raise OSError(errno.EACCES if self._path.parent.is_dir() else errno.ENOENT, "")
        return True

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Whatever SQLite says, in our words: its own may name what it was to do."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            failure = self._explained(name.split("_")[1] if "_" in name else "", type(error).__name__)
        except (TypeError, ValueError):
            # What should have been a text or bytes is something else.
            failure = damaged(f"vault `{self._path.name}`")
        except OSError as error:
            failure = VaultError(
                f"cannot open vault `{self._path.name}`: {os.strerror(error.errno or 0).lower()}; "
                "check the path and its rights",
                code="HG410",
            )
        else:
            return
        raise failure

    def _explained(self, name: str, kind: str) -> VaultError:
        match name:
            case "BUSY" | "LOCKED":
                return self._slow()
            case "FULL":
                return VaultError(f"there is no room for vault `{self._path.name}`; free some", code="HG433")
            case "NOTADB" | "CORRUPT" | "ERROR" | "MISMATCH" | "CONSTRAINT":
                return damaged(f"vault `{self._path.name}`")
        return VaultError(
            f"vault `{self._path.name}` cannot be used (SQLite: {name or kind}); check its rights and the disk",
            code="HG410",
        )

    def _another_key(self) -> VaultError:
        return VaultError(
            f"vault `{self._path.name}` was made with another key; give that one, or purge all of it", code="HG435"
        )

    def _slow(self) -> VaultError:
        return VaultError(
            f"vault `{self._path.name}` was in use by others for {_PATIENCE:g} seconds; send the request again",
            code="HG431",
        )
