"""The trail survives kill -9, a full disk and other processes. ``HG_NIGHTLY=1`` kills a thousand times."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import hybrid_guard.errors
from hybrid_guard.audit import JsonlSink, record_from_event

KILLS = 1000 if os.environ.get("HG_NIGHTLY") == "1" else 20

CHILD = """if True:
    import sys
    from hybrid_guard.audit import JsonlSink
    from hybrid_guard.types import AuditRecord, Facts

    class Clock:
        def now(self):
            return (0.0, 1.0)

    def record(kind, audit_id, **more):
        return AuditRecord(kind=kind, audit_id=audit_id, time=1.0, facts=Facts(), **more)

    path, name, turns = sys.argv[1], sys.argv[2], int(sys.argv[3])
    sink = JsonlSink(path, clock=Clock())
"""

WORK = """
    for turn in range(turns):
        sink.write(record("intent", f"{name}-{turn}"))
        print("sent", f"{name}-{turn}", flush=True)
        sink.write(record("outcome", f"{name}-{turn}", outcome="answered"))
        print("done", f"{name}-{turn}", flush=True)
"""

GATE = """
    print("ready", flush=True)
    input()
"""

FILL = """
    import resource, signal
    from hybrid_guard.errors import AuditError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
    for turn in range(turns):
        try:
            sink.write(record("intent", f"{name}-{turn}"))
        except AuditError as error:
            print(error, turn, flush=True)
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sink.write(record("intent", f"{name}-again"))
"""


class FixedClock:
    """It is always the same moment."""

    def now(self) -> tuple[float, float]:
        return (5.0, 1000.0)


def start(program: str, path: Path, name: str, turns: int) -> subprocess.Popen[str]:
    """A child that writes to the trail."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + program, str(path), name, str(turns)],
        env=os.environ | {"PYTHONPATH": str(Path(hybrid_guard.errors.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def events(path: Path) -> list[dict[str, Any]]:
    """Every line of the trail, each of which must be a whole record."""
    lines = path.read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"\n") for line in lines)
    found = [json.loads(line) for line in lines]
    for event in found:
        record_from_event(event)
    return found


def recover(path: Path) -> int:
    """Open and close the trail; the number of requests that it ended."""
    sink = JsonlSink(path, clock=FixedClock())
    sink.close()
    return sink.recovery.closed


def check_pairs(found: list[dict[str, Any]]) -> tuple[set[str], Counter[str]]:
    """The ids with an intent, and how many outcomes each id has; an outcome follows its intent."""
    intents: set[str] = set()
    outcomes: Counter[str] = Counter()
    for event in found:
        if event["kind"] == "intent":
            intents.add(event["audit_id"])
        else:
            assert event["audit_id"] in intents
            outcomes[event["audit_id"]] += 1
    return intents, outcomes


def test_every_request_has_one_outcome_after_kills(tmp_path: Path) -> None:
    """Whenever a process is killed: what was sent has an intent, and after recovery each intent has one outcome."""
    path, choose = tmp_path / "audit.jsonl", random.Random(17)
    sent: set[str] = set()
    unknown = 0
    for kill in range(KILLS):
        child = start(WORK, path, f"k{kill}", 1_000_000)
        assert child.stdout is not None
        for _ in range(choose.randrange(1, 12)):
            verb, audit_id = child.stdout.readline().split()
            sent |= {audit_id} if verb == "sent" else set()
        child.kill()
        sent |= {words[1] for words in map(str.split, child.stdout) if words[:1] == ["sent"] and len(words) == 2}
        child.communicate()
        unknown += recover(path)

        assert recover(path) == 0
    found = events(path)
    intents, outcomes = check_pairs(found)

    assert sent <= intents
    assert dict.fromkeys(intents, 1) == outcomes
    assert unknown == sum(event["outcome"] == "unknown" for event in found)
    assert unknown <= KILLS


def test_processes_share_a_trail(tmp_path: Path) -> None:
    """Two processes lose, double and tear nothing, and neither ends what the other has open."""
    path, turns = tmp_path / "audit.jsonl", 200
    children = [start(GATE + WORK, path, name, turns) for name in ("left", "right")]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        child.communicate()
        assert child.returncode == 0
    found = events(path)
    intents, outcomes = check_pairs(found)

    assert {f"{name}-{turn}" for name in ("left", "right") for turn in range(turns)} == intents
    assert dict.fromkeys(intents, 1) == outcomes
    assert {"answered"} == {event["outcome"] for event in found if event["kind"] == "outcome"}
    for writer in {event["writer"] for event in found}:
        assert list(range(1, 2 * turns + 1)) == [event["seq"] for event in found if event["writer"] == writer]


def test_a_killed_process_is_cleared_up_after_while_another_works(tmp_path: Path) -> None:
    """Recovery ends the requests of the dead process, not those of the living one."""
    path = tmp_path / "audit.jsonl"
    program = """
    sink.write(record("intent", name))
    """
    children = {}
    for name in ("dead", "alive"):
        children[name] = start(program + GATE, path, name, 0)
        stdout = children[name].stdout
        assert stdout is not None
        assert stdout.readline() == "ready\n"
    children["dead"].kill()
    children["dead"].communicate()

    assert recover(path) == 1
    assert [event["audit_id"] for event in events(path) if event["kind"] == "outcome"] == ["dead"]
    children["alive"].communicate("\n")
    assert recover(path) == 1
    assert recover(path) == 0


def test_a_full_disk_is_an_error_and_the_trail_stays_whole(tmp_path: Path) -> None:
    """The record that does not fit is refused, those before and after it are whole."""
    path = tmp_path / "audit.jsonl"
    child = start(FILL, path, "full", 100)
    said, _ = child.communicate()
    message, _, refused = said.strip().rpartition(" ")

    assert child.returncode == 0
    assert "[HG502]" in message
    assert "EFBIG" in message or "ENOSPC" in message
    names = [event["audit_id"] for event in events(path)]
    assert [f"full-{turn}" for turn in range(int(refused))] + ["full-again"] == names


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_torn_anywhere_is_tolerated(tmp_path: Path, cut: int) -> None:
    """As a power cut may leave it: the request is open, is ended once, and the trail goes on."""
    path = tmp_path / "audit.jsonl"
    start(WORK, path, "p", 2).communicate()
    whole = path.read_bytes()
    path.write_bytes(whole[: -1 - cut])

    assert recover(path) == 1
    assert recover(path) == 0
    _, *rest = (json.loads(line) for line in path.read_bytes().splitlines() if line.endswith(b"}"))
    assert (rest[-1]["audit_id"], rest[-1]["outcome"]) == ("p-1", "unknown")
