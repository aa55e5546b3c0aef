"""The sinks: one line a record, on disk before `write` returns, or an error."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog

import hybrid_guard.errors
from hybrid_guard.audit import JsonlSink, Recovery, StructlogSink, to_event
from hybrid_guard.audit import recovery as recovery_module
from hybrid_guard.audit import sinks as sinks_module
from hybrid_guard.audit.sinks import _line_logger
from hybrid_guard.errors import AuditError
from hybrid_guard.types import AuditRecord, Facts


class FixedClock:
    """It is always the same moment."""

    def now(self) -> tuple[float, float]:
        return (5.0, 1000.0)


def intent(audit_id: str) -> AuditRecord:
    """An intent."""
    return AuditRecord(kind="intent", audit_id=audit_id, time=1.0, facts=Facts())


def outcome(audit_id: str) -> AuditRecord:
    """Its outcome."""
    return AuditRecord(kind="outcome", audit_id=audit_id, time=2.0, outcome="answered")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the trail is."""
    return tmp_path / "audit.jsonl"


def opened(path: Path) -> JsonlSink:
    """A sink on the trail."""
    return JsonlSink(path, clock=FixedClock())


def events(path: Path) -> list[dict[str, Any]]:
    """Every line, each of which must be JSON."""
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def test_importing_the_room_loads_no_structlog() -> None:
    """A program that makes no sink does not pay for structlog."""
    program = "import sys, hybrid_guard.audit; raise SystemExit('structlog' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=_root(), check=False).returncode == 0


def _root() -> Path:
    return Path(hybrid_guard.errors.__file__).parents[1]


def test_lines_are_numbered_per_writer(path: Path) -> None:
    """A missing line shows as a gap; each opening is a writer of its own."""
    first, second = opened(path), opened(path)
    first.write(intent("a"))
    second.write(intent("b"))
    first.write(outcome("a"))

    lines = events(path)
    assert [(line["audit_id"], line["seq"]) for line in lines] == [("a", 1), ("b", 1), ("a", 2)]
    assert lines[0]["writer"] == lines[2]["writer"] != lines[1]["writer"]


def test_the_file_is_only_for_its_owner(path: Path) -> None:
    """Mode 600, whatever the umask would allow."""
    before = os.umask(0)
    try:
        opened(path)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_record_is_synced_before_write_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole line has reached the disk by then."""
    sink, synced = opened(path), []

    def fsync(fd: int) -> None:
        synced.append((os.fstat(fd).st_ino, path.read_bytes()))

    monkeypatch.setattr(os, "fsync", fsync)
    sink.write(intent("a"))

    assert [(path.stat().st_ino, path.read_bytes())] == synced
    assert path.read_bytes().endswith(b"}\n")


def test_opening_ends_what_a_crash_left_open_exactly_once(path: Path) -> None:
    """The second opening finds nothing to do."""
    sink = opened(path)
    sink.write(intent("ended"))
    sink.write(outcome("ended"))
    sink.write(intent("open"))
    sink.close()

    assert Recovery(closed=1) == opened(path).recovery
    assert Recovery() == opened(path).recovery
    last = events(path)[-1]
    assert (last["kind"], last["audit_id"], last["outcome"], last["time"]) == ("outcome", "open", "unknown", 1000.0)


def test_a_request_in_progress_elsewhere_is_not_ended(path: Path) -> None:
    """As long as its writer has the trail open."""
    busy = opened(path)
    busy.write(intent("busy"))

    assert Recovery() == opened(path).recovery

    busy.close()

    assert Recovery(closed=1) == opened(path).recovery


def test_a_torn_last_line_is_reported_and_closed(path: Path) -> None:
    """The next record begins on a line of its own."""
    sink = opened(path)
    sink.write(intent("a"))
    sink.write(outcome("a"))
    sink.close()
    with path.open("ab") as file:
        file.write(b'{"v":1,"kind":"intent","audit_id":"torn"')
    sink = opened(path)
    sink.write(intent("b"))

    assert Recovery(torn=True) == sink.recovery
    assert b'"torn"\n{"v":1' in path.read_bytes()
    assert Recovery(broken=1) == opened(path).recovery


def test_a_long_trail_is_searched_at_its_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies before the limit stays as it is; the line that the limit cuts is no damage."""
    sink = opened(path)
    sink.write(intent("early"))
    sink.write(intent("late"))
    sink.close()
    late = path.read_bytes().splitlines(keepends=True)[1]
    assert recovery_module.SCAN_LIMIT >= 1 << 20
    monkeypatch.setattr(sinks_module, "SCAN_LIMIT", len(late) + 10)

    assert Recovery(closed=1) == opened(path).recovery
    assert events(path)[-1]["audit_id"] == "late"


def test_the_configuration_of_structlog_is_neither_used_nor_changed(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Processors and context variables of the application do not reach the trail, nor the other way round."""
    structlog.reset_defaults()
    structlog.configure(processors=[_explode], wrapper_class=structlog.make_filtering_bound_logger(50))
    structlog.contextvars.bind_contextvars(prompt="Anna")
    before = structlog.get_config()
    try:
        opened(path).write(intent("a"))

        assert before == structlog.get_config()
        assert [event["audit_id"] for event in events(path)] == ["a"]
        assert "Anna" not in path.read_text("ascii")
        assert capsys.readouterr() == ("", "")
    finally:
        structlog.contextvars.clear_contextvars()
        structlog.reset_defaults()


def _explode(*_: Any) -> Any:
    raise ValueError


def test_no_traceback_and_no_local_variable_reaches_the_trail(path: Path) -> None:
    """Also when a record is written while an error that holds the prompt is handled."""
    prompt = "Anna Berg has diabetes"
    try:
        raise ValueError(prompt)
    except ValueError:
        opened(path).write(outcome("a"))

    assert "Anna" not in path.read_text("ascii")
    assert "exc_info" not in path.read_text("ascii")


def test_a_line_with_an_unknown_field_or_value_is_refused() -> None:
    """The last step before the renderer is an allow-list too, and the renderer takes no repr."""
    event = to_event(intent("a"))
    del event["kind"]
    log = _line_logger()

    with pytest.raises(AuditError, match="a field that is not on the allow-list"):
        log.msg("intent", **event, seq=1, writer="w", exc_info="Anna")
    with pytest.raises(AuditError, match="a field that is not on the allow-list"):
        log.msg("intent", **event, seq=1)
    with pytest.raises(AuditError, match="a value that JSON does not know") as caught:
        log.msg("intent", **{**event, "facts": {"Anna"}}, seq=1, writer="w")
    assert "Anna" not in str(caught.value)


def test_a_failed_opening_leaves_no_file_open(path: Path) -> None:
    """Nobody will close a sink that was never made."""

    class BrokenClock:
        def now(self) -> tuple[float, float]:
            raise RuntimeError

    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(RuntimeError):
        JsonlSink(path, clock=BrokenClock())

    assert before == len(list(Path("/proc/self/fd").iterdir()))


def test_the_words_of_a_foreign_pipeline_are_dropped() -> None:
    """Its error may quote what it was given."""
    sink = StructlogSink(structlog.wrap_logger(None, processors=[_quote], wrapper_class=structlog.BoundLogger))
    with pytest.raises(AuditError) as caught:
        sink.write(intent("a"))

    assert caught.value.code == "HG502"
    assert "Anna" not in str(caught.value)
    assert caught.value.__suppress_context__


def _quote(*_: Any) -> Any:
    raise ValueError("Anna")
