"""What every audit sink promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from hybrid_guard.audit import JsonlSink, StructlogSink, record_from_event, to_event
from hybrid_guard.errors import AuditError
from hybrid_guard.ports import AuditSink
from hybrid_guard.types import AuditRecord, Decision, Facts, Permit, Sensitivity, Treatment, Zone

Read = Callable[[], list[AuditRecord]]

FACTS = Facts(sensitivity=Sensitivity(score=0.4, level="moderate", counts={"PERSON": 1}), tags=frozenset({"research"}))
INTENT = AuditRecord(
    kind="intent",
    audit_id="a-1",
    time=1.0,
    facts=FACTS,
    decision=Decision(
        deployment="gpt",
        zone=Zone.EXTERNAL,
        treatment=Treatment(),
        permit=Permit(zones={Zone.EXTERNAL: Treatment()}),
        reasons=("moderate-mask",),
        policy="0123456789abcdef",
    ),
    attempt=1,
    deployment="gpt",
    zone=Zone.EXTERNAL,
    bytes_out=120,
)
OUTCOME = AuditRecord(kind="outcome", audit_id="a-1", time=2.0, facts=FACTS, outcome="answered", timings={"call": 0.9})


class FixedClock:
    """It is always the same moment."""

    def now(self) -> tuple[float, float]:
        return (5.0, 1000.0)


class MemorySink:
    """Keeps what the trail would hold: the smallest thing that satisfies the port."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] | None = []

    def write(self, record: AuditRecord) -> None:
        if self.events is None:
            raise AuditError("closed", code="HG505")
        self.events.append(to_event(record))

    def close(self) -> None:
        self.events = None


def _jsonl(folder: Path) -> tuple[AuditSink, Read]:
    path = folder / "audit.jsonl"
    return (
        JsonlSink(path, clock=FixedClock()),
        lambda: [record_from_event(json.loads(line)) for line in path.read_text("ascii").splitlines()],
    )


def _structlog(folder: Path) -> tuple[AuditSink, Read]:
    captured = structlog.testing.LogCapture()
    logger = structlog.wrap_logger(None, processors=[captured], wrapper_class=structlog.make_filtering_bound_logger(0))

    def read() -> list[AuditRecord]:
        return [
            record_from_event({"kind": entry["event"].removeprefix("hybrid_guard."), **entry})
            for entry in captured.entries
        ]

    return StructlogSink(logger), read


def _memory(folder: Path) -> tuple[AuditSink, Read]:
    sink = MemorySink()
    return sink, lambda: [record_from_event(event) for event in sink.events or []]


@pytest.fixture(params=[_jsonl, _structlog, _memory], ids=["jsonl", "structlog", "memory"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[AuditSink, Read]:
    """A sink, and what has become of its records."""
    result: tuple[AuditSink, Read] = request.param(tmp_path)
    return result


def test_records_arrive_whole_and_in_order(made: tuple[AuditSink, Read]) -> None:
    """Once `write` has returned, the record can be read back as it was."""
    sink, read = made
    sink.write(INTENT)

    assert read() == [INTENT]

    sink.write(OUTCOME)

    assert read() == [INTENT, OUTCOME]


def test_a_record_with_a_text_is_refused_and_leaves_no_trace(made: tuple[AuditSink, Read]) -> None:
    """Refused loudly, written not at all, and the sink goes on."""
    sink, read = made
    with pytest.raises(AuditError) as caught:
        sink.write(AuditRecord(kind="outcome", audit_id="Anna Berg", time=1.0))
    sink.write(OUTCOME)

    assert "Anna" not in str(caught.value)
    assert read() == [OUTCOME]


def test_a_closed_sink_drops_nothing_silently(made: tuple[AuditSink, Read]) -> None:
    """Writing to a closed sink is an error; closing twice is not."""
    sink, _ = made
    sink.close()
    sink.close()

    with pytest.raises(AuditError) as caught:
        sink.write(INTENT)
    assert caught.value.code == "HG505"


@pytest.mark.parametrize(
    "tag", ['x"}\n{"v":1,"kind":"outcome"', "a\r\nb", "\u2028", "\u202eevil", "a\0b", "\x1b[2J", "\ud800", "x" * 10_000]
)
def test_a_tag_cannot_forge_a_record(made: tuple[AuditSink, Read], tag: str) -> None:
    """Whatever a caller calls a tag, one record is one record, and the tag is not in it."""
    sink, read = made
    sink.write(AuditRecord(kind="intent", audit_id="a", time=1.0, facts=Facts(tags=frozenset({tag}))))

    (record,) = read()
    assert record.facts is not None
    (hidden,) = record.facts.tags
    assert hidden.startswith("hidden:")
