"""Events of the trail as named values again, each checked as strictly as when it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast

from hybrid_guard.audit.record import VERSION
from hybrid_guard.audit.shapes import (
    capability,
    code,
    count,
    failure,
    flag,
    kind,
    mode,
    number,
    operator,
    optional,
    outcome,
    several,
    stage,
    table,
    word,
    words,
    zone,
)
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

__all__ = ["decision_from_event", "facts_from_event", "record_from_event"]

T = TypeVar("T")


def _reader(read: Callable[[Mapping[str, Any]], T]) -> Callable[[Mapping[str, Any]], T]:
    """Whatever is wrong with an event is the same `AuditError`, which quotes nothing of it."""

    @wraps(read)
    def checked(event: Mapping[str, Any]) -> T:
        try:
            if count(event["v"], "v") == VERSION:
                return read(event)
        except (AuditError, AttributeError, LookupError, TypeError, ValueError):
            pass
        raise AuditError(f"not an audit event of version {VERSION}; was it written by another version?", code="HG504")

    return checked


@_reader
def facts_from_event(event: Mapping[str, Any]) -> Facts | None:
    """
    The facts that *event* holds; None if its request could not be read.

    Raises:
        AuditError: It is no event of this version (``HG504``).
    """
    facts = event["facts"]
    if facts is None:
        return None
    sensitivity, needs, mark, zones = facts["sensitivity"], facts["needs"], facts["high_water"], facts["zones"]
    # The checks have just proved the literals that mypy cannot see.
    return Facts(
        stage=cast("Stage", stage(facts["stage"], "facts.stage")),
        endpoint=word(facts["endpoint"], "facts.endpoint"),
        sensitivity=Sensitivity(
            score=number(sensitivity["score"], "facts.sensitivity.score"),
            level=word(sensitivity["level"], "facts.sensitivity.level"),
            counts=MappingProxyType(table(count, sensitivity["counts"], "facts.sensitivity.counts")),
        ),
        suspicious=flag(facts["suspicious"], "facts.suspicious"),
        tags=frozenset(words(facts["tags"], "facts.tags")),
        needs=Needs(
            tokens=count(needs["tokens"], "facts.needs.tokens"),
            capabilities=cast(
                "frozenset[Capability]", frozenset(several(capability, needs["capabilities"], "facts.needs"))
            ),
        ),
        candidates=MappingProxyType(table(_read_candidate, facts["candidates"], "facts.candidates")),
        high_water=HighWater(
            level=word(mark["level"], "facts.high_water.level"),
            counts=MappingProxyType(table(count, mark["counts"], "facts.high_water.counts")),
            tags=frozenset(words(mark["tags"], "facts.high_water.tags")),
        ),
        failures=cast("frozenset[Failure]", frozenset(several(failure, facts["failures"], "facts.failures"))),
        opaque=count(facts["opaque"], "facts.opaque"),
        mode=cast("Mode | None", optional(mode, facts["mode"], "facts.mode")),
        zones=None if zones is None else frozenset(_read_zone(one, "facts.zones") for one in zones),
        alias=optional(word, facts["alias"], "facts.alias"),
        consent=optional(flag, facts["consent"], "facts.consent"),
        confidence=optional(number, facts["confidence"], "facts.confidence"),
    )


@_reader
def decision_from_event(event: Mapping[str, Any]) -> Decision | None:
    """
    The decision that *event* holds; None if there was none.

    Raises:
        AuditError: It is no event of this version (``HG504``).
    """
    decision = event["decision"]
    if decision is None:
        return None
    permit = decision["permit"]
    return Decision(
        deployment=optional(word, decision["deployment"], "decision.deployment"),
        zone=optional(_read_zone, decision["zone"], "decision.zone"),
        treatment=_read_treatment(decision["treatment"], "decision.treatment"),
        permit=Permit(
            zones=MappingProxyType(
                {
                    _read_zone(one, "decision.permit.zones"): _read_treatment(treatment, "decision.permit.zones")
                    for one, treatment in permit["zones"].items()
                }
            ),
            consent=flag(permit["consent"], "decision.permit.consent"),
            reasons=tuple(words(permit["reasons"], "decision.permit.reasons")),
        ),
        reasons=tuple(words(decision["reasons"], "decision.reasons")),
        policy=word(decision["policy"], "decision.policy"),
        consent=flag(decision["consent"], "decision.consent"),
        unavailable=flag(decision["unavailable"], "decision.unavailable"),
    )


@_reader
def record_from_event(event: Mapping[str, Any]) -> AuditRecord:
    """
    The record that *event* was made from; keys of the sink's own (``seq``, ``writer``) are passed over.

    Raises:
        AuditError: It is no event of this version (``HG504``).
    """
    usage = event["usage"]
    return AuditRecord(
        kind=cast("Literal['intent', 'outcome']", kind(event["kind"], "kind")),
        audit_id=word(event["audit_id"], "audit_id"),
        time=number(event["time"], "time"),
        facts=facts_from_event(event),
        decision=decision_from_event(event),
        attempt=count(event["attempt"], "attempt"),
        deployment=optional(word, event["deployment"], "deployment"),
        # Trails from before there was such a field have none.
        service=optional(word, event.get("service"), "service"),
        zone=optional(_read_zone, event["zone"], "zone"),
        bytes_out=count(event["bytes_out"], "bytes_out"),
        outcome=cast("OutcomeCode | None", optional(outcome, event["outcome"], "outcome")),
        errors=tuple(code(one, "errors") for one in event["errors"]),
        timings=MappingProxyType(table(number, event["timings"], "timings")),
        usage=Usage(
            prompt_tokens=count(usage["prompt_tokens"], "usage.prompt_tokens"),
            completion_tokens=count(usage["completion_tokens"], "usage.completion_tokens"),
        ),
        cost=optional(number, event["cost"], "cost"),
        restoration=_read_restoration(event["restoration"]),
    )


def _read_restoration(restoration: Mapping[str, Any]) -> Restoration:
    return Restoration(
        sent=count(restoration["sent"], "restoration.sent"),
        returned=count(restoration["returned"], "restoration.returned"),
        restored=count(restoration["restored"], "restoration.restored"),
        repaired=count(restoration["repaired"], "restoration.repaired"),
        withheld=count(restoration["withheld"], "restoration.withheld"),
        invented=count(restoration["invented"], "restoration.invented"),
        unfinished=count(restoration["unfinished"], "restoration.unfinished"),
    )


def _read_zone(value: object, place: str) -> Zone:
    return Zone(zone(value, place))


def _read_operator(value: object, place: str) -> Operator:
    return Operator(operator(value, place))


def _read_treatment(treatment: Mapping[str, Any], place: str) -> Treatment:
    entities = table(_read_operator, treatment["entities"], place)
    return Treatment(default=_read_operator(treatment["default"], place), entities=MappingProxyType(entities))


def _read_candidate(candidate: Mapping[str, Any], place: str) -> Candidate:
    return Candidate(
        healthy=flag(candidate["healthy"], place),
        lacks=tuple(words(candidate["lacks"], place)),
        tried=flag(candidate["tried"], place),
    )
