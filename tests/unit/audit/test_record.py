"""Records as events, and events as records."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from hybrid_guard.audit import decision_from_event, facts_from_event, record_from_event, to_event
from hybrid_guard.audit.record import FIELDS
from hybrid_guard.errors import AuditError
from hybrid_guard.types import (
    AuditRecord,
    Candidate,
    Decision,
    Facts,
    HighWater,
    Needs,
    Operator,
    Permit,
    Restoration,
    Sensitivity,
    Treatment,
    Usage,
    Zone,
)

SENTENCE = "Anna Berg, born 1970"

TREATMENT = Treatment(default=Operator.PLACEHOLDER, entities={"US_SSN": Operator.REDACT})

FACTS = Facts(
    stage="escalation",
    endpoint="chat",
    sensitivity=Sensitivity(score=0.45, level="moderate", counts={"PERSON": 2}),
    suspicious=True,
    tags=frozenset({"research", "b"}),
    needs=Needs(tokens=812, capabilities=frozenset({"tools", "vision"})),
    candidates={"gpt": Candidate(healthy=False, lacks=("tools",), tried=True), "openai/x": Candidate()},
    high_water=HighWater(level="high", counts={"US_SSN": 1}, tags=frozenset({"old"})),
    failures=frozenset({"vault"}),
    opaque=1,
    mode="prefer_local",
    zones=frozenset({Zone.LOCAL, Zone.EXTERNAL}),
    alias="openai/x",
    consent=False,
    confidence=0.5,
)

DECISION = Decision(
    deployment="gpt",
    zone=Zone.EXTERNAL,
    treatment=TREATMENT,
    permit=Permit(zones={Zone.LOCAL: Treatment(), Zone.EXTERNAL: TREATMENT}, consent=True, reasons=("ask-first",)),
    reasons=("ask-first", "lacks-tools:phi4"),
    policy="00ff00ff00ff00ff",
    consent=True,
    unavailable=False,
)

RECORD = AuditRecord(
    kind="outcome",
    audit_id="0190-ab",
    time=1_700_000_000.25,
    facts=FACTS,
    decision=DECISION,
    attempt=2,
    deployment="gpt",
    zone=Zone.EXTERNAL,
    bytes_out=4711,
    outcome="answered",
    errors=("HG601",),
    timings={"detect": 0.01, "call": 1.5},
    usage=Usage(prompt_tokens=3, completion_tokens=4),
    cost=0.0021,
    restoration=Restoration(sent=7, returned=6, restored=5, repaired=4, withheld=3, invented=2, unfinished=1),
)

BARE = AuditRecord(kind="intent", audit_id="x", time=0.0)
READ = replace(BARE, service="ward", zone=Zone.PRIVATE, bytes_out=7)


@pytest.mark.parametrize("record", [RECORD, BARE, READ], ids=["full", "bare", "service"])
def test_a_record_survives_the_trail(record: AuditRecord) -> None:
    """Written as JSON and read back it is the same record."""
    event = json.loads(json.dumps(to_event(record)))

    assert record == record_from_event(event)
    assert record.facts == facts_from_event(event)
    assert record.decision == decision_from_event(event)
    assert event.keys() == FIELDS


def test_a_trail_from_before_there_were_services_is_read() -> None:
    """A field that it does not have is empty."""
    event = to_event(RECORD)
    del event["service"]

    assert record_from_event(event) == RECORD


TEXT_IN_A_FIELD: dict[str, AuditRecord] = {
    "kind": replace(RECORD, kind=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "audit_id": replace(RECORD, audit_id=SENTENCE),
    "time": replace(RECORD, time=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "attempt": replace(RECORD, attempt=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "deployment": replace(RECORD, deployment=SENTENCE),
    "service": replace(RECORD, service=SENTENCE),
    "zone": replace(RECORD, zone=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "outcome": replace(RECORD, outcome=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "errors": replace(RECORD, errors=(SENTENCE,)),
    "timings": replace(RECORD, timings={SENTENCE: 1.0}),
    "usage": replace(RECORD, usage=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "cost": replace(RECORD, cost=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "restoration": replace(RECORD, restoration=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "facts": replace(RECORD, facts=SENTENCE),  # type: ignore[arg-type]  # the point of the test
    "decision": replace(RECORD, decision=[SENTENCE]),  # type: ignore[arg-type]  # the point of the test
    "errors-none": replace(RECORD, errors=None),  # type: ignore[arg-type]  # the point of the test
    "endpoint": replace(RECORD, facts=replace(FACTS, endpoint=SENTENCE)),
    "level": replace(RECORD, facts=replace(FACTS, sensitivity=Sensitivity(score=0.1, level=SENTENCE))),
    "entity": replace(RECORD, facts=replace(FACTS, sensitivity=Sensitivity(score=0, level="a", counts={SENTENCE: 1}))),
    "candidate": replace(RECORD, facts=replace(FACTS, candidates={SENTENCE: Candidate()})),
    "lacks": replace(RECORD, facts=replace(FACTS, candidates={"a": Candidate(lacks=(SENTENCE,))})),
    "high_water": replace(RECORD, facts=replace(FACTS, high_water=HighWater(level=SENTENCE))),
    "failures": replace(RECORD, facts=replace(FACTS, failures=frozenset({SENTENCE}))),  # type: ignore[arg-type]  # same
    "rule": replace(RECORD, decision=replace(DECISION, reasons=(SENTENCE,))),
    "policy": replace(RECORD, decision=replace(DECISION, policy=SENTENCE)),
    "treatment": replace(RECORD, decision=replace(DECISION, treatment=Treatment(entities={SENTENCE: Operator.MASK}))),
}


@pytest.mark.parametrize("field", TEXT_IN_A_FIELD)
def test_a_record_with_a_text_in_it_is_refused(field: str) -> None:
    """No field, not even a mistyped one, carries a sentence into the trail, and the error does not quote it."""
    with pytest.raises(AuditError) as caught:
        to_event(TEXT_IN_A_FIELD[field])

    assert caught.value.code == "HG503"
    assert "Anna" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_words_of_the_caller_are_hidden_rather_than_refused() -> None:
    """A tag or a wanted alias that could be a sentence does not stop the request, and is not written."""
    facts = replace(
        FACTS, tags=frozenset({SENTENCE, "research"}), alias=SENTENCE, high_water=HighWater(tags=frozenset({SENTENCE}))
    )
    event = to_event(replace(RECORD, facts=facts))

    tags = event["facts"]["tags"]
    assert "Anna" not in json.dumps(event)
    assert "research" in tags
    assert [event["facts"]["alias"]] == [tag for tag in tags if tag != "research"]
    assert [event["facts"]["alias"]] == event["facts"]["high_water"]["tags"]
    assert event == to_event(record_from_event(event))


def _without(event: dict[str, Any], *path: str) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(event))
    place = copy
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return copy


FULL = to_event(RECORD)


@pytest.mark.parametrize(
    "event",
    [
        {},
        FULL | {"v": 2},
        FULL | {"v": True},
        FULL | {"kind": SENTENCE},
        FULL | {"facts": "x"},
        FULL | {"facts": FULL["facts"] | {"zones": ["cloud"]}},
        FULL | {"decision": FULL["decision"] | {"treatment": {"default": SENTENCE, "entities": {}}}},
        FULL | {"usage": []},
        FULL | {"errors": 3},
        _without(FULL, "audit_id"),
        _without(FULL, "facts", "high_water", "tags"),
        _without(FULL, "decision", "permit"),
        [],
    ],
)
def test_an_event_that_is_not_ours_is_refused(event: Any) -> None:
    """Whatever is wrong, the error is the same and quotes nothing."""
    with pytest.raises(AuditError) as caught:
        record_from_event(event)

    assert caught.value.code == "HG504"
    assert "Anna" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
