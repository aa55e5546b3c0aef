"""
Audit records as JSON events.

The serialiser is an allow-list: each field is written by name and by shape (`hybrid_guard.audit.shapes`), and a record
with anything else in it is refused as a whole. Facts are written whole: `hybrid_guard.audit.event` reads them back, and
a decision can be replayed under another policy.
"""

from __future__ import annotations

from typing import Any

from hybrid_guard.audit.shapes import (
    capability,
    code,
    count,
    failure,
    flag,
    kind,
    label,
    mode,
    number,
    operator,
    optional,
    outcome,
    refusal,
    several,
    stage,
    table,
    word,
    words,
    zone,
)
from hybrid_guard.types import AuditRecord, Candidate, Decision, Facts, Restoration, Treatment

__all__ = ["FIELDS", "VERSION", "Event", "to_event"]

Event = dict[str, Any]
"""
One line of the trail as a JSON object: its values are numbers, booleans, None, words, and lists and objects of those.
"""

VERSION = 1
"""Of the event format; it changes when a field changes its meaning or goes."""


def to_event(record: AuditRecord) -> Event:
    """
    *record* as a JSON object that holds no text.

    Tags and a wanted alias are the caller's own words: one that is not a plain label is written as a keyed digest, as
    `hybrid_guard.audit.shapes.label` explains.

    Raises:
        AuditError: A field holds something that is not on the allow-list (``HG503``).
    """
    try:
        return {
            "v": VERSION,
            "kind": kind(record.kind, "kind"),
            "audit_id": word(record.audit_id, "audit_id"),
            "time": number(record.time, "time"),
            "attempt": count(record.attempt, "attempt"),
            "deployment": optional(word, record.deployment, "deployment"),
            "service": optional(word, record.service, "service"),
            "zone": optional(zone, record.zone, "zone"),
            "bytes_out": count(record.bytes_out, "bytes_out"),
            "outcome": optional(outcome, record.outcome, "outcome"),
            "errors": [code(one, "errors") for one in record.errors],
            "timings": table(number, record.timings, "timings"),
            "usage": {
                "prompt_tokens": count(record.usage.prompt_tokens, "usage.prompt_tokens"),
                "completion_tokens": count(record.usage.completion_tokens, "usage.completion_tokens"),
            },
            "cost": optional(number, record.cost, "cost"),
            "restoration": _restoration(record.restoration),
            "facts": None if record.facts is None else _facts(record.facts),
            "decision": None if record.decision is None else _decision(record.decision),
        }
    except (AttributeError, TypeError):
        raise refusal("record", "made of the values that `hybrid_guard.types` promises") from None


def _facts(facts: Facts) -> Event:
    sensitivity, needs, mark = facts.sensitivity, facts.needs, facts.high_water
    # A wanted alias that the policy knows is the policy's word; any other is the caller's.
    alias = word if facts.alias in facts.candidates else label
    return {
        "stage": stage(facts.stage, "facts.stage"),
        "endpoint": word(facts.endpoint, "facts.endpoint"),
        "sensitivity": {
            "score": number(sensitivity.score, "facts.sensitivity.score"),
            "level": word(sensitivity.level, "facts.sensitivity.level"),
            "counts": table(count, sensitivity.counts, "facts.sensitivity.counts"),
        },
        "suspicious": flag(facts.suspicious, "facts.suspicious"),
        "tags": several(label, facts.tags, "facts.tags"),
        "needs": {
            "tokens": count(needs.tokens, "facts.needs.tokens"),
            "capabilities": several(capability, needs.capabilities, "facts.needs"),
        },
        "candidates": table(_candidate, facts.candidates, "facts.candidates"),
        "high_water": {
            "level": word(mark.level, "facts.high_water.level"),
            "counts": table(count, mark.counts, "facts.high_water.counts"),
            "tags": several(label, mark.tags, "facts.high_water.tags"),
        },
        "failures": several(failure, facts.failures, "facts.failures"),
        "opaque": count(facts.opaque, "facts.opaque"),
        "mode": optional(mode, facts.mode, "facts.mode"),
        "zones": None if facts.zones is None else several(zone, facts.zones, "facts.zones"),
        "alias": optional(alias, facts.alias, "facts.alias"),
        "consent": optional(flag, facts.consent, "facts.consent"),
        "confidence": optional(number, facts.confidence, "facts.confidence"),
    }


def _decision(decision: Decision) -> Event:
    permit = decision.permit
    return {
        "deployment": optional(word, decision.deployment, "decision.deployment"),
        "zone": optional(zone, decision.zone, "decision.zone"),
        "treatment": _treatment(decision.treatment, "decision.treatment"),
        "permit": {
            "zones": {
                zone(one, "decision.permit.zones"): _treatment(treatment, "decision.permit.zones")
                for one, treatment in permit.zones.items()
            },
            "consent": flag(permit.consent, "decision.permit.consent"),
            "reasons": words(permit.reasons, "decision.permit.reasons"),
        },
        "reasons": words(decision.reasons, "decision.reasons"),
        "policy": word(decision.policy, "decision.policy"),
        "consent": flag(decision.consent, "decision.consent"),
        "unavailable": flag(decision.unavailable, "decision.unavailable"),
    }


def _restoration(restoration: Restoration) -> Event:
    return {
        "sent": count(restoration.sent, "restoration.sent"),
        "returned": count(restoration.returned, "restoration.returned"),
        "restored": count(restoration.restored, "restoration.restored"),
        "repaired": count(restoration.repaired, "restoration.repaired"),
        "withheld": count(restoration.withheld, "restoration.withheld"),
        "invented": count(restoration.invented, "restoration.invented"),
        "unfinished": count(restoration.unfinished, "restoration.unfinished"),
    }


def _treatment(treatment: Treatment, place: str) -> Event:
    return {"default": operator(treatment.default, place), "entities": table(operator, treatment.entities, place)}


def _candidate(candidate: Candidate, place: str) -> Event:
    return {
        "healthy": flag(candidate.healthy, place),
        "lacks": words(candidate.lacks, place),
        "tried": flag(candidate.tried, place),
    }


FIELDS = frozenset(to_event(AuditRecord(kind="intent", audit_id="none", time=0.0)))
"""Every top-level key of an event."""
