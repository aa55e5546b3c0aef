"""Six digits in a row are looked for in audit trails, too, and no time stamp is taken for a leak."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.audit import JsonlSink
from hybrid_guard.testing import Canary, Sinks, TaintOracle, blank_measures, make_canary
from hybrid_guard.types import AuditRecord, Decision, Facts, HighWater, Permit, Restoration, Sensitivity, Treatment

PIECE = "492964"
ORACLE = TaintOracle([Canary(value=f"{PIECE}1822975133", label="card")])
FACTS = Facts(sensitivity=Sensitivity(score=0.5, level="moderate"), confidence=0.4929641)
DECISION = Decision(
    deployment="here",
    zone=None,
    treatment=Treatment(),
    permit=Permit(zones={}),
    reasons=(),
    policy=f"{PIECE}0123456789",
)
MEASURED = AuditRecord(
    kind="outcome",
    audit_id=f"{PIECE}0123456789abcdef0123456789",
    time=1700492964.25,
    facts=FACTS,
    decision=DECISION,
    timings={"call": 0.492964},
    cost=0.0492964,
)
"""A record in which everything that is measured or drawn holds a piece of the card by chance."""


class Clock:
    """Stands still."""

    def now(self) -> tuple[float, float]:
        return 0.0, 1_700_000_000.0


def trail_of(folder: Path, *records: AuditRecord) -> bytes:
    """What a sink writes of *records*."""
    sink = JsonlSink(folder / "audit.jsonl", clock=Clock())
    for record in records:
        sink.write(record)
    sink.close()
    return (folder / "audit.jsonl").read_bytes()


def strictly(data: bytes) -> bool:
    """Whether the strict rule finds a leak in *data*, what was measured aside."""
    return bool(ORACLE.leaks("trail", blank_measures(data), strict=True))


def test_what_was_measured_or_drawn_is_no_leak(tmp_path: Path) -> None:
    """Times, prices, ids and digests hold any six digits sooner or later; all else of the line stays."""
    trail = trail_of(tmp_path, MEASURED)
    writer = json.loads(trail)["writer"]

    assert ORACLE.leaks("trail", trail, strict=True)
    assert not strictly(trail)
    before, after = json.loads(trail), json.loads(blank_measures(trail))
    assert (after["timings"], after["writer"], writer in str(after)) == ({"call": 0}, "", False)
    assert after["facts"] == {**before["facts"], "confidence": 0}
    assert {name for name in before if before[name] != after[name]} == {
        "audit_id", "cost", "decision", "facts", "time", "timings", "writer",
    }  # fmt: skip


@pytest.mark.parametrize(
    "leaking",
    [
        replace(MEASURED, bytes_out=int(PIECE)),
        replace(MEASURED, restoration=Restoration(restored=int(PIECE))),
        replace(MEASURED, time=float(f"{PIECE}1822")),
        replace(MEASURED, time=float(PIECE)),
        replace(MEASURED, cost=float(PIECE)),
        replace(MEASURED, timings={"call": float(f"-{PIECE[:5]}.{PIECE}")}),
        replace(MEASURED, audit_id=PIECE),
        replace(MEASURED, audit_id=f"x{PIECE}0123456789abcdef012345678"),
        replace(MEASURED, deployment=f"card-{PIECE}"),
        replace(MEASURED, timings={f"call-{PIECE}": 0.5}),
        replace(MEASURED, facts=replace(FACTS, tags=frozenset({PIECE}))),
        replace(MEASURED, facts=replace(FACTS, alias=f"a{PIECE}")),
        replace(MEASURED, facts=replace(FACTS, high_water=HighWater(tags=frozenset({f"{PIECE}-x"})))),
        replace(MEASURED, facts=replace(FACTS, sensitivity=Sensitivity(score=0.5, level="high", counts={PIECE: 1}))),
        replace(MEASURED, decision=replace(DECISION, reasons=(f"rule-{PIECE}",))),
        replace(MEASURED, decision=replace(DECISION, policy=PIECE)),
    ],
    ids=lambda record: None,
)
def test_six_digits_anywhere_else_are_a_leak(tmp_path: Path, leaking: AuditRecord) -> None:
    """In a size, a count, a word, a key, in a time that is none or in an id that is none."""
    assert not strictly(trail_of(tmp_path, MEASURED))

    assert strictly(trail_of(tmp_path, leaking))


def spoilt(change: Callable[[dict[str, Any]], None]) -> Callable[[bytes], bytes]:
    """A change of an event, written as a sink would."""

    def apply(line: bytes) -> bytes:
        event = json.loads(line)
        change(event)
        return json.dumps(event, separators=(",", ":")).encode()

    return apply


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace(b'"attempt":0', b'"attempt":0,"time":"%b"' % PIECE.encode()),
        lambda line: line.replace(b'"time":', b'"time":"%b","time":' % PIECE.encode()),
        lambda line: line.replace(b'"time":', b'"time": '),
        lambda line: b"[" + line,
        spoilt(lambda event: event.update(time=PIECE)),
        spoilt(lambda event: event.update(cost=[int(PIECE)])),
        spoilt(lambda event: event["timings"].update(call=PIECE)),
        spoilt(lambda event: event.update(v=2)),
        spoilt(lambda event: event.pop("usage")),
        spoilt(lambda event: event.update(extra=PIECE)),
        spoilt(lambda event: event["facts"].update(text=PIECE)),
    ],
    ids=[
        "second time", "first time", "blank", "list", "text for time", "list for cost", "text for timing", "version",
        "key missing", "key more", "fact more",
    ],
)  # fmt: skip
def test_a_line_that_is_no_event_of_ours_is_looked_at_as_it_is(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """A key twice, a wrong type, another version: whoever wrote that may have written anything."""
    line = trail_of(tmp_path, MEASURED).rstrip(b"\n")

    spoiled = spoil(line)

    assert spoiled != line
    assert strictly(spoiled)


def test_other_files_stay_as_they_are() -> None:
    """Bytes, texts and broken JSON."""
    for data in (
        b"",
        b"\xff\x00",
        b'{"v":',
        b'{"v":' + b"[" * 100_000,
        b'{"v":1}\n{"time":1}\n',
        f"a {PIECE}".encode(),
    ):
        assert blank_measures(data) == data


def test_a_long_trail_raises_no_false_alarm(tmp_path: Path) -> None:
    """Thousands of time stamps hold six digits of a card again and again, and none of them is reported."""
    rng = random.Random(7)
    card = make_canary("card", rng)
    oracle = TaintOracle([card])
    records = [
        replace(MEASURED, audit_id=f"{rng.getrandbits(128):032x}", time=1.7e9 + rng.random() * 1e6, cost=rng.random())
        for _ in range(1500)
    ]
    trail = trail_of(
        tmp_path, *(replace(one, timings={"total": rng.random(), "call": rng.random()}) for one in records)
    )

    with Sinks(folders=[tmp_path]) as sinks:
        assert oracle.leaks("trail", trail, strict=True)
        assert sinks.leaks(oracle, strict=True) == []

        (tmp_path / "audit.jsonl").write_bytes(trail + card.value[5:11].encode())
        assert sinks.leaks(oracle) == []
        assert [leak.label for leak in sinks.leaks(oracle, strict=True)] == [card.label]
