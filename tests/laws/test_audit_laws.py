"""Laws of the trail: what is written can be read back, and no text can be written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hybrid_guard.audit import decision_from_event, facts_from_event, record_from_event, to_event
from hybrid_guard.errors import AuditError
from hybrid_guard.types import (
    AuditRecord,
    Candidate,
    Capability,
    Decision,
    Facts,
    Failure,
    HighWater,
    Mode,
    Needs,
    Operator,
    OutcomeCode,
    Permit,
    Restoration,
    Sensitivity,
    Stage,
    Treatment,
    Usage,
    Zone,
)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine breaks no law."""

WORD = r"[A-Za-z0-9_.:/-]{1,128}"

words = st.from_regex(re.compile(r"[A-Za-z0-9_.:/-]{1,12}", re.ASCII), fullmatch=True)
labels = st.from_regex(re.compile(r"[A-Za-z0-9_.-]{1,12}", re.ASCII), fullmatch=True)
counts = st.integers(0, 2**63 - 1)
numbers = st.floats(-1e18, 1e18) | st.integers(-(2**62), 2**62)
tables = st.dictionaries(words, counts, max_size=3)
zones = st.sampled_from(Zone)
treatments = st.builds(
    Treatment,
    default=st.sampled_from(Operator),
    entities=st.dictionaries(words, st.sampled_from(Operator), max_size=3),
)


def facts_of(aliases: st.SearchStrategy[str], tags: st.SearchStrategy[str]) -> st.SearchStrategy[Facts]:
    """Facts with such aliases and tags of the caller."""
    return st.builds(
        Facts,
        stage=st.sampled_from(get_args(Stage)),
        endpoint=words,
        sensitivity=st.builds(Sensitivity, score=numbers, level=words, counts=tables),
        suspicious=st.booleans(),
        tags=st.frozensets(tags, max_size=3),
        needs=st.builds(Needs, tokens=counts, capabilities=st.frozensets(st.sampled_from(get_args(Capability)))),
        candidates=st.dictionaries(
            words,
            st.builds(
                Candidate, healthy=st.booleans(), lacks=st.lists(words, max_size=2).map(tuple), tried=st.booleans()
            ),
            max_size=3,
        ),
        high_water=st.builds(HighWater, level=words, counts=tables, tags=st.frozensets(tags, max_size=2)),
        failures=st.frozensets(st.sampled_from(get_args(Failure))),
        opaque=counts,
        mode=st.none() | st.sampled_from(get_args(Mode)),
        zones=st.none() | st.frozensets(zones),
        alias=st.none() | aliases,
        consent=st.none() | st.booleans(),
        confidence=st.none() | numbers,
    )


def decisions_of(names: st.SearchStrategy[str]) -> st.SearchStrategy[Decision]:
    """Decisions with such names in them."""
    return st.builds(
        Decision,
        deployment=st.none() | names,
        zone=st.none() | zones,
        treatment=treatments,
        permit=st.builds(
            Permit,
            zones=st.dictionaries(zones, treatments),
            consent=st.booleans(),
            reasons=st.lists(names, max_size=3).map(tuple),
        ),
        reasons=st.lists(names, max_size=3).map(tuple),
        policy=names,
        consent=st.booleans(),
        unavailable=st.booleans(),
    )


def records_of(
    names: st.SearchStrategy[str], labels: st.SearchStrategy[str], codes: st.SearchStrategy[str]
) -> st.SearchStrategy[AuditRecord]:
    """Records with such names, labels of the caller and error codes."""
    return st.builds(
        AuditRecord,
        kind=st.sampled_from(["intent", "outcome"]),
        audit_id=names,
        time=numbers,
        facts=st.none() | facts_of(labels, labels),
        decision=st.none() | decisions_of(names),
        attempt=counts,
        deployment=st.none() | names,
        service=st.none() | names,
        zone=st.none() | zones,
        bytes_out=counts,
        outcome=st.none() | st.sampled_from(get_args(OutcomeCode)),
        errors=st.lists(codes, max_size=2).map(tuple),
        timings=st.dictionaries(names, numbers, max_size=3),
        usage=st.builds(Usage, prompt_tokens=counts, completion_tokens=counts),
        cost=st.none() | numbers,
        restoration=st.builds(
            Restoration,
            **dict.fromkeys(("sent", "returned", "restored", "repaired", "withheld", "invented", "unfinished"), counts),
        ),
    )


codes = st.integers(0, 999).map("HG{:03}".format)
proper_records = records_of(words, labels, codes)
any_records = records_of(words | st.text(), st.text(), codes | st.text())


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


@unhurried
@given(proper_records)
def test_what_is_written_can_be_read_back(record: AuditRecord) -> None:
    """Round trip: the record, its facts and its decision come back equal, so a decision can be replayed."""
    event = json.loads(json.dumps(to_event(record), allow_nan=False))

    assert record == record_from_event(event)
    assert record.facts == facts_from_event(event)
    assert record.decision == decision_from_event(event)


@unhurried
@given(any_records)
def test_whatever_is_written_is_words_on_one_line(record: AuditRecord) -> None:
    """Any record is refused as a whole, or every string in its event is a plain identifier."""
    try:
        event = to_event(record)
    except AuditError:
        return

    assert all(re.fullmatch(WORD, one, re.ASCII) for one in strings(event))
    assert json.dumps(event, allow_nan=False).isprintable()


@unhurried
@given(any_records)
def test_what_was_read_back_is_written_as_it_was(record: AuditRecord) -> None:
    """Writing is idempotent: a hidden label stays the same digest when an event is read and written again."""
    try:
        event = to_event(record)
    except AuditError:
        return

    assert event == to_event(record_from_event(event))
