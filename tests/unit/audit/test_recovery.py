"""Pairing intents with outcomes."""

from __future__ import annotations

import json

import pytest

from hybrid_guard.audit import record_from_event, to_event
from hybrid_guard.audit.recovery import orphans, scan
from hybrid_guard.types import AuditRecord, Facts, Zone

GONE, ALIVE = "00000000dead", "0000000a11fe"


def line(kind: str, audit_id: str, writer: str = GONE, **fields: object) -> bytes:
    """A line as the sink writes it."""
    record = AuditRecord(kind=kind, audit_id=audit_id, time=1.0, facts=Facts(), **fields)  # type: ignore[arg-type]  # any
    return json.dumps(to_event(record) | {"seq": 1, "writer": writer}, separators=(",", ":")).encode() + b"\n"


def present(writer: str) -> bool:
    """Whether the writer is the living one."""
    return writer == ALIVE


def test_only_open_requests_of_writers_that_are_gone_are_closed() -> None:
    """An ended request and one in progress stay as they are."""
    found = scan(
        [
            line("intent", "ended"),
            line("intent", "open", attempt=1, zone=Zone.PRIVATE, deployment="ward", bytes_out=5),
            line("intent", "busy", ALIVE),
            line("intent", "busy-too", ALIVE),
            line("outcome", "ended", ALIVE, outcome="answered"),
        ]
    )
    (closed,) = orphans(found, present=present, now=9.0)

    assert (found.torn, found.broken) == (False, 0)
    assert closed.audit_id == "open"
    assert (closed.kind, closed.outcome, closed.time) == ("outcome", "unknown", 9.0)
    assert (closed.deployment, closed.zone, closed.attempt, closed.bytes_out) == ("ward", Zone.PRIVATE, 1, 5)
    assert Facts() == closed.facts


def test_several_intents_of_a_request_have_one_outcome() -> None:
    """A retry, an escalation or a late intent does not make a second outcome."""
    found = scan(
        [
            line("intent", "retried", attempt=1),
            line("intent", "retried", attempt=2),
            line("intent", "late"),
            line("outcome", "late"),
            line("intent", "late"),
        ]
    )
    (closed,) = orphans(found, present=present, now=9.0)

    assert (closed.audit_id, closed.attempt) == ("retried", 2)


def test_damaged_lines_are_counted_and_never_believed() -> None:
    """Garbage, half lines and forged endings are neither intents nor outcomes, and nothing crashes."""
    half = line("outcome", "open")[:-60]
    found = scan([b"garbage\n", b"\n", b"\0" * 9 + b"\n", b"\xff{\n", line("intent", "open"), half + b"\n", half])
    (closed,) = orphans(found, present=present, now=9.0)

    assert closed.audit_id == "open"
    assert found.broken == 5
    assert found.torn


def test_a_whole_record_counts_though_its_newline_is_lost() -> None:
    """Else the request would be ended a second time."""
    found = scan([line("intent", "a"), line("outcome", "a")[:-1]])

    assert found.open == {}
    assert not found.torn
    assert found.broken == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"attempt":0', b'"attempt":x'), (b'"attempt":0', b'"attempt":-1'), (b'"tags":[]', b'"tags":' + b"[" * 99_999)],
    ids=["no-json", "no-record", "too-deep"],
)
def test_an_intent_that_is_damaged_inside_is_closed_by_its_id(old: bytes, new: bytes) -> None:
    """Its id is all that can be trusted, and it is enough."""
    found = scan([line("intent", "open").replace(old, new, 1)])
    (closed,) = orphans(found, present=present, now=9.0)

    assert AuditRecord(kind="outcome", audit_id="open", time=9.0, outcome="unknown") == closed
    assert closed == record_from_event(to_event(closed))
