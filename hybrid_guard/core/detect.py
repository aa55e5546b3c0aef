"""
Detection: first on this machine, then by services elsewhere, each of them behind the permit and a record.

A service beyond the local zone is a way out like a deployment. It reads a text only if what was found so far lets the
text into its zone as it is, and only once that is on record.
"""

from __future__ import annotations

from dataclasses import replace

from hybrid_guard.core.chain import Chain, Trace, failing
from hybrid_guard.detectors.merge import merge
from hybrid_guard.effects import Consult, Detect, Now, Record, Step, perform
from hybrid_guard.errors import DetectionError
from hybrid_guard.plugins import named_services
from hybrid_guard.policies.engine import permit
from hybrid_guard.text import MAX_FIELD
from hybrid_guard.types import (
    AuditRecord,
    Consultation,
    DetectionService,
    Facts,
    Findings,
    Operator,
    Permit,
    Policy,
    Segment,
    Zone,
)

__all__ = ["consult", "detect", "far_services", "joined"]


def detect(chain: Chain, trace: Trace, segments: tuple[Segment, ...]) -> Step[Findings]:
    """
    Find private spans in *segments* without leaving this machine: detectors of this process, then local services.

    Raises:
        StageError: In ``detection``.
    """
    with failing("detection"):
        texts = readable(segments)
        findings = whole((yield from perform(Detect(texts))), texts)
        for service in named_services(chain.policy.detection):
            if service.zone is Zone.LOCAL:
                asked = Consultation(audit_id=trace.audit_id, service=service, segments=texts, found=findings)
                findings = joined(findings, whole((yield from perform(Consult(asked))), texts))
        return findings


def far_services(policy: Policy) -> tuple[DetectionService, ...]:
    """
    The services beyond the local zone that detectors of *policy* name.

    Raises:
        DetectionError: HG301 one of them is not declared.
    """
    return tuple(one for one in named_services(policy.detection) if one.zone is not Zone.LOCAL)


def consult(
    chain: Chain,
    trace: Trace,
    service: DetectionService,
    segments: tuple[Segment, ...],
    found: Findings,
) -> Step[Findings]:
    """
    What *service*, which is beyond the local zone, finds in *segments*.

    Args:
        chain: Of the guard.
        trace: Of the request; its facts say where the texts may go.
        service: Is asked only if they may go to its zone untreated, and that is on record.
        segments: The texts.
        found: What was found in them so far and is still there.

    Raises:
        StageError: In ``detection``: it may not be asked, could not be put on record, or failed.
    """
    with failing("detection"):
        permitted = reach(chain.policy, trace.facts, service, found)
        if trace.peek:
            raise DetectionError(
                f"service `{service.alias}` was not asked, for nothing is put on record here", code="HG314"
            )
        asked = Consultation(
            audit_id=trace.audit_id,
            service=service,
            segments=readable(segments),
            found=found,
            permit=permitted,
        )
        _, epoch = yield from perform(Now())
        intent = AuditRecord(
            kind="intent",
            audit_id=trace.audit_id,
            time=epoch,
            facts=trace.facts,
            service=service.alias,
            zone=service.zone,
            bytes_out=asked.size,
        )
        receipt = yield from perform(Record(intent))
        trace.went_out = True
        return whole((yield from perform(Consult(replace(asked, recorded=receipt)))), segments)


def reach(policy: Policy, facts: Facts | None, service: DetectionService, found: Findings) -> Permit:
    """
    The permit that lets *service* read texts with these *facts*.

    A caller who names a deployment keeps the request from whatever is farther, not from what is nearer, so the permit
    is the one without the alias. An unknown alias keeps it here.

    Raises:
        DetectionError: HG313 there is no such permit.
    """
    if facts is None:
        raise DetectionError("nothing is known of this request yet", code="HG313")
    wanted = None if facts.alias is None else policy.deployment(facts.alias)
    named_nearer = facts.alias is not None and (wanted is None or wanted.zone.distance < service.zone.distance)
    permitted = permit(policy, replace(facts, alias=None))
    treatment = permitted.zones.get(service.zone)
    if (
        named_nearer
        or treatment is None
        or (permitted.consent and facts.consent is not True)
        or any(treatment.operator(one.entity) is not Operator.KEEP for spans in found.spans for one in spans)
    ):
        raise DetectionError(f"service `{service.alias}` is farther than this request may go as it is", code="HG313")
    return permitted


def joined(findings: Findings, more: Findings) -> Findings:
    """Both, for the same texts: nothing that either of them covers is left bare."""
    return Findings(
        spans=tuple(merge((*old, *new)) for old, new in zip(findings.spans, more.spans, strict=True)),
        suspicious=findings.suspicious or more.suspicious,
    )


def readable(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """*segments* without the texts that are too long for detectors; those count as opaque and are passed over."""
    return tuple(segment if len(segment.text) <= MAX_FIELD else replace(segment, text="") for segment in segments)


def whole(findings: object, segments: tuple[Segment, ...]) -> Findings:
    """
    *findings*, if they are an answer for every one of *segments*.

    Raises:
        DetectionError: HG302 they are not.
    """
    if not isinstance(findings, Findings) or len(findings.spans) != len(segments):
        raise DetectionError("the detectors did not answer for every segment", code="HG302")
    return findings
