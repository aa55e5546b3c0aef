"""The file under the trail: shared, whole lines, closed on failure."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import hybrid_guard.errors
from hybrid_guard.audit import trail as trail_module
from hybrid_guard.audit.trail import Trail
from hybrid_guard.errors import AuditError

ROOT = Path(hybrid_guard.errors.__file__).parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the trail is."""
    return tmp_path / "audit.jsonl"


def append(trail: Trail, line: bytes) -> None:
    """Append one line."""
    with trail.hold():
        trail.append(line)


def _make_fifo(path: Path) -> None:
    os.mkfifo(path)


def _make_link(path: Path) -> None:
    (path.parent / "elsewhere").touch()
    path.symlink_to(path.parent / "elsewhere")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_make_link, r"cannot be opened \(ELOOP\): it is a symbolic link"),
        (Path.mkdir, r"cannot be opened \(EISDIR\): it is a directory"),
        (_make_fifo, "is not a regular file"),
    ],
    ids=["link", "directory", "fifo"],
)
def test_only_a_regular_file_is_a_trail(path: Path, make: Callable[[Path], None], said: str) -> None:
    """A link could lead the records away, a pipe could lose them."""
    make(path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(AuditError, match=said) as caught:
        Trail(path)

    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert caught.value.code == "HG501"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_missing_directory_is_an_error_with_a_remedy(path: Path) -> None:
    """Nothing is made up along the way."""
    with pytest.raises(AuditError, match=r"its directory does not exist; create it or change `audit\.path`"):
        Trail(path.parent / "no" / "audit.jsonl")
    path.touch()
    with pytest.raises(AuditError, match="a part of its path is not a directory"):
        Trail(path / "audit.jsonl")


def test_a_read_only_directory_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    """Tried by an ordinary user, for a superuser may write anywhere."""
    tmp_path.chmod(0o555)
    program = """if True:
        import os
        from hybrid_guard.audit.trail import Trail
        from hybrid_guard.errors import AuditError
        import sys
        os.chdir(sys.argv[1])
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            Trail("audit.jsonl")
        except AuditError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "[HG501] audit trail `audit.jsonl` cannot be opened (EACCES): access is denied" in done.stdout


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, 4242])
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_failing_disk_is_an_error_and_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    """A record that was refused does not count later, and the next one can be written."""
    trail = Trail(path)
    append(trail, b"one\n")

    def fail(*_: object) -> int:
        raise OSError(code, "Anna")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(AuditError, match="cannot be written") as caught:
            append(trail, b"two\n")
    append(trail, b"three\n")

    assert caught.value.code == "HG502"
    assert errno.errorcode.get(code, "unknown error") in str(caught.value)
    assert "Anna" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert path.read_bytes() == b"one\nthree\n"
    assert trail.next == 3


def _write_half(fd: int, line: bytes, write: Callable[[int, bytes], int] = os.write) -> int:
    return write(fd, line[: len(line) // 2])


def test_a_short_write_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line is no line: it is taken back."""
    trail = Trail(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _write_half)
        with pytest.raises(AuditError, match="cannot be written"):
            append(trail, b"first\n")
    append(trail, b"second\n")

    assert path.read_bytes() == b"second\n"


def test_a_torn_line_that_cannot_be_taken_back_is_closed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file that may only grow, the next line starts afresh."""
    trail = Trail(path)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "append only")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _write_half)
        patch.setattr(os, "ftruncate", refuse)
        with pytest.raises(AuditError, match="ENOSPC"):
            append(trail, b"first\n")
    append(trail, b"second\n")

    assert path.read_bytes() == b"fir\nsecond\n"


def test_an_unreadable_trail_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening it must not take silence for an empty trail."""
    trail = Trail(path)

    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Anna")

    monkeypatch.setattr(os, "dup", fail)
    with trail.hold(), pytest.raises(AuditError, match=r"cannot be read \(EIO\)"):
        list(trail.lines(10))


@pytest.mark.parametrize("how", ["rotated", "deleted"])
def test_a_file_that_went_away_is_opened_anew(path: Path, how: str) -> None:
    """No record goes into a file that nobody will look at."""
    trail = Trail(path)
    append(trail, b"one\n")
    old = path.read_bytes()
    path.rename(path.with_suffix(".1"))
    if how == "deleted":
        path.with_suffix(".1").unlink()
    append(trail, b"two\n")
    other = Trail(path)

    assert old == b"one\n"
    assert path.read_bytes() == b"two\n"
    assert other.present(trail.writer)


def test_a_trail_whose_directory_went_away_fails_until_it_is_back(path: Path) -> None:
    """It fails with a remedy, and no longer than it must."""
    folder = path.parent / "logs"
    folder.mkdir()
    trail = Trail(folder / "audit.jsonl")
    folder.rename(path.parent / "gone")
    with pytest.raises(AuditError, match="its directory does not exist"):
        append(trail, b"one\n")
    folder.mkdir()
    append(trail, b"two\n")

    assert (folder / "audit.jsonl").read_bytes() == b"two\n"


def test_presence_ends_with_the_writer(path: Path) -> None:
    """Another writer is present while it has the file open; oneself is never in question."""
    one, two = Trail(path), Trail(path)

    assert one.writer != two.writer
    assert one.present(two.writer)
    assert not one.present(one.writer)
    two.close()
    assert not one.present(two.writer)
    assert not one.present("0123456789ab")


def test_a_writer_that_is_killed_is_not_present(path: Path) -> None:
    """The kernel drops the locks of a dead process; a process it started does not keep them."""
    program = """if True:
        import subprocess, sys
        from hybrid_guard.audit.trail import Trail
        trail = Trail(sys.argv[1])
        heir = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
        print(trail.writer, heir.pid, flush=True)
        input()
    """
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    writer, _ = child.stdout.readline().split()
    trail = Trail(path)

    assert trail.present(writer)
    child.kill()
    child.wait()
    assert not trail.present(writer)
    for stream in (child.stdin, child.stdout):
        assert stream is not None
        stream.close()


def test_a_forked_child_is_a_writer_of_its_own(path: Path) -> None:
    """Even if it is forked while another thread writes; the parent's presence does not live on in it."""
    trail = Trail(path)
    writer = trail.writer
    reading, writing = os.pipe()
    begun, beginning = os.pipe()
    held, release = threading.Event(), threading.Event()

    def hold_pen() -> None:
        with trail.hold():
            held.set()
            release.wait()

    thread = threading.Thread(target=hold_pen)
    thread.start()
    held.wait()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(beginning, b"x")
            os.read(reading, 1)
            append(trail, f"{trail.writer}\n".encode())
            os._exit(0)
        finally:
            os._exit(1)
    release.set()
    thread.join()
    append(trail, f"{writer}\n".encode())
    other = Trail(path)
    os.read(begun, 1)
    trail.close()
    gone = not other.present(writer)
    os.write(writing, b"x")
    _, status = os.waitpid(pid, 0)
    for end in (reading, writing, begun, beginning):
        os.close(end)

    assert status == 0
    assert gone
    first, second = path.read_text("ascii").splitlines()
    assert writer == first
    assert second not in ("", writer)


def test_starting_over_makes_a_new_writer(path: Path) -> None:
    """What a forked child does: another name, lines counted from one, no lock of before."""
    trail = Trail(path)
    writer = trail.writer
    append(trail, b"one\n")
    trail_module._start_over_in_child()
    append(trail, b"two\n")

    assert writer != trail.writer
    assert trail.next == 2
    assert path.read_bytes() == b"one\ntwo\n"


def test_the_pen_is_held_by_one_writer(path: Path) -> None:
    """Another writer gets it when it is free, and waits for it otherwise."""
    one, two = Trail(path), Trail(path)
    order = []

    def wait_for_pen() -> None:
        with two.hold():
            order.append("two")

    with one.hold():
        with path.open("rb+") as file, pytest.raises(BlockingIOError):
            trail_module._lock(file.fileno(), fcntl.F_OFD_SETLK, fcntl.F_WRLCK, trail_module._PEN)
        thread = threading.Thread(target=wait_for_pen)
        thread.start()
        order.append("one")
    thread.join()
    with path.open("rb+") as file:
        trail_module._lock(file.fileno(), fcntl.F_OFD_SETLK, fcntl.F_WRLCK, trail_module._PEN)

    assert order == ["one", "two"]


def test_the_name_of_a_new_file_is_durable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A synced record in a file that no directory knows would be lost."""
    synced = []

    def fsync(fd: int) -> None:
        synced.append(os.fstat(fd).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)
    Trail(path)

    assert synced == [path.parent.stat().st_ino]


def test_threads_share_a_trail(path: Path) -> None:
    """No line is lost, doubled or mixed with another."""
    trail = Trail(path)

    def work(number: int) -> None:
        for turn in range(25):
            append(trail, f"{number}-{turn}-{'x' * 5000}\n".encode())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = {f"{number}-{turn}-{'x' * 5000}" for number in range(4) for turn in range(25)}
    lines = path.read_text("ascii").splitlines()
    assert len(lines) == 100
    assert expected == set(lines)
    assert trail.next == 101


def test_a_closed_trail_says_so(path: Path) -> None:
    """Nothing is written into the void."""
    trail = Trail(path)
    trail.close()
    trail.close()
    with pytest.raises(AuditError, match="is closed; open a new sink"):
        append(trail, b"one\n")

    assert path.read_bytes() == b""
