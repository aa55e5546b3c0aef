"""
The file under the trail: lines that several processes and threads append, each whole and on stable storage, or not.

Two kinds of advisory lock lie on bytes far behind the end of the file. They belong to the open file, so the kernel
drops them when the process dies, whatever it died of. The *pen* is held while a line is written. The *presence* of a
writer is held as long as it has the file open; it tells an intent in progress from one that a crash left open.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import struct
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hybrid_guard.errors import AuditError

__all__ = ["Trail"]

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PEN = (1 << 62) - 1
_PRESENCE = 1 << 62

_REMEDIES = {
    errno.ENOENT: "its directory does not exist; create it or change `audit.path`",
    errno.ENOTDIR: "a part of its path is not a directory; change `audit.path`",
    errno.EISDIR: "it is a directory; change `audit.path`",
    errno.ELOOP: "it is a symbolic link; name the file itself in `audit.path`",
    errno.EACCES: "access is denied; give the user of this process the right to read and write it",
    errno.EPERM: "access is denied; give the user of this process the right to read and write it",
    errno.EROFS: "its file system is read-only; change `audit.path`",
    errno.ENOSPC: "its file system is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "it has reached the size limit of this process; rotate it or raise the limit",
    errno.EIO: "its device fails; check the disk",
}


class Trail:
    """
    An append-only file shared by processes (Linux) and threads.

    A file that was rotated or deleted meanwhile is opened anew. A forked child is a writer of its own.

    Args:
        path: The file; made with mode 600 if it is not there.

    Attributes:
        writer: Random name of this writer, 12 hex digits.
        next: Sequence number of the next line of this writer, from 1.

    Raises:
        AuditError: ``HG501`` if it cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._fd: int | None = None
        self._closed = False
        self.start_over()
        with self.hold():
            pass
        _trails.add(self)

    def start_over(self) -> None:
        """Become a new writer without the file of the old one, as a forked child must."""
        self._lock = threading.Lock()
        self.writer = secrets.token_hex(6)
        self.next = 1
        self._leave()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the pen: nobody else writes meanwhile, and the file is the one that the path names."""
        with self._lock:
            if self._closed:
                raise AuditError(f"audit trail `{self._path}` is closed; open a new sink", code="HG505")
            try:
                fd = self._take_pen()
            except OSError as error:
                self._leave()
                raise self._failure("cannot be opened", error, code="HG501") from None
            try:
                yield
            finally:
                _lock(fd, fcntl.F_OFD_SETLK, fcntl.F_UNLCK, _PEN)

    def append(self, line: bytes) -> None:
        """
        Write *line*, which ends in a newline, while holding the pen; it is on stable storage when this returns.

        Raises:
            AuditError: ``HG502`` if it is not; the file is then as it was, as far as the disk allows.
        """
        assert self._fd is not None
        try:
            size = os.fstat(self._fd).st_size
            if size and os.pread(self._fd, 1, size - 1) != b"\n":
                # A crash tore the last line; it stays as it is and this one begins afresh.
                line = b"\n" + line
            try:
                if os.write(self._fd, line) != len(line):
                    raise OSError(errno.ENOSPC, "short write")
                os.fsync(self._fd)
            except OSError:
                # A record that was refused must not count later, even if some or all of it was written.
                with suppress(OSError):
                    os.ftruncate(self._fd, size)
                raise
        except OSError as error:
            raise self._failure("cannot be written", error, code="HG502") from None
        self.next += 1

    def lines(self, limit: int) -> Iterator[bytes]:
        """The lines in the last *limit* bytes, newline included; only a torn last line has none. Needs the pen."""
        assert self._fd is not None
        try:
            with os.fdopen(os.dup(self._fd), "rb") as file:
                start = max(0, os.fstat(self._fd).st_size - limit)
                file.seek(start)
                if start:
                    file.readline()
                yield from file
        except OSError as error:
            raise self._failure("cannot be read", error, code="HG501") from None

    def present(self, writer: str) -> bool:
        """Whether *writer* has the file open; False for this trail's own writer."""
        assert self._fd is not None
        return _lock(self._fd, fcntl.F_OFD_GETLK, fcntl.F_WRLCK, _PRESENCE + int(writer, 16)) != fcntl.F_UNLCK

    def close(self) -> None:
        """Leave the file; a second time does nothing."""
        with self._lock:
            self._closed = True
            self._leave()

    def _take_pen(self) -> int:
        while True:
            if self._fd is None:
                self._fd = self._open()
            _lock(self._fd, fcntl.F_OFD_SETLKW, fcntl.F_WRLCK, _PEN)
            with suppress(FileNotFoundError):
                if os.path.samestat(self._path.lstat(), os.fstat(self._fd)):
                    return self._fd
            self._leave()

    def _open(self) -> int:
        fd = os.open(self._path, _FLAGS, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise AuditError(f"audit trail `{self._path}` is not a regular file; change `audit.path`", code="HG501")
            _lock(fd, fcntl.F_OFD_SETLK, fcntl.F_WRLCK, _PRESENCE + int(self.writer, 16))
            # The name of a new file is durable once its directory is.
            directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def _leave(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None

    def _failure(self, problem: str, error: OSError, *, code: str) -> AuditError:
        name = errno.errorcode.get(error.errno or 0, "unknown error")
        remedy = _REMEDIES.get(error.errno or 0, "check the file system")
        return AuditError(f"audit trail `{self._path}` {problem} ({name}): {remedy}", code=code)


def _lock(fd: int, command: int, kind: int, offset: int) -> int:
    """Ask for a lock of *kind* on the byte at *offset*; the kind of lock that the kernel answers."""
    # The kernel's `struct flock`: type, whence, start, length, pid (0 for locks of open files), padded at the end.
    asked = struct.pack("hhqqi0q", kind, os.SEEK_SET, offset, 1, 0)
    answer: tuple[int, ...] = struct.unpack("hhqqi0q", fcntl.fcntl(fd, command, asked))
    return answer[0]


_trails: weakref.WeakSet[Trail] = weakref.WeakSet()


def _start_over_in_child() -> None:
    # A child shares its parent's open files and their locks, and its copy of a mutex may be held by no thread at all.
    for trail in _trails:
        trail.start_over()


os.register_at_fork(after_in_child=_start_over_in_child)
