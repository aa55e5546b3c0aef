"""From a request to the facts that its decision is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hybrid_guard.core.chain import Chain, StageError, Trace, failing, timed
from hybrid_guard.effects import Detect, MarkSession, Step, Survey, perform
from hybrid_guard.errors import DetectionError, RequestError
from hybrid_guard.routing import lacking, needs_of
from hybrid_guard.sensitivity import score
from hybrid_guard.text import ENDPOINTS, MAX_FIELD, Visit, visit
from hybrid_guard.types import (
    Candidate,
    Facts,
    Failure,
    Findings,
    HighWater,
    Needs,
    Overrides,
    Policy,
    Request,
    Segment,
    Sensitivity,
    VaultKey,
    Zone,
)

__all__ = ["Reading", "learn", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    A request that was read.

    Attributes:
        request: As given.
        seen: Its texts and its skeleton.
        findings: What detectors found; empty for every segment if they failed.
        facts: What the decision is made from.
        key: Name of its vault.
    """

    request: Request
    seen: Visit
    findings: Findings
    facts: Facts
    key: VaultKey = field(repr=False)


def read(request: Request) -> Visit:
    """
    Walk the body.

    Raises:
        RequestError: It cannot be read, so nothing can be said about it and nothing may be sent.
    """
    if request.endpoint not in ENDPOINTS:
        known = ", ".join(sorted(ENDPOINTS))
        raise RequestError(f"this endpoint is not guarded; guarded endpoints: {known}", code="HG208")
    return visit(request.body, endpoint=request.endpoint)


def learn(chain: Chain, request: Request, trace: Trace, *, peek: bool = False) -> Step[Reading]:
    """
    Find, score, and look up the session and the deployments. What fails is noted in the facts, and closes them.

    With *peek* the session's mark is looked at and not raised, and the vault is another one, to be forgotten.

    Raises:
        RequestError: The body cannot be read.
    """
    policy = chain.policy
    seen = read(request)
    trace.dropped = seen.dropped
    failures: set[Failure] = set()

    def failed(failure: StageError) -> None:
        failures.add(failure.stage)
        trace.errors.append(failure.code)

    findings = Findings(spans=((),) * len(seen.segments))
    sensitivity = Sensitivity(score=1.0, level=policy.sensitivity.levels[-1][0])
    needs = Needs()
    health: Mapping[str, bool] = {}
    session = chain.vault_key(request.principal, request.session or trace.audit_id)
    key = chain.vault_key(request.principal, trace.audit_id) if peek else session

    try:
        with failing("detection"):
            refuse_far_services(policy, request.overrides)
        findings = yield from timed("detect", trace, detect(seen.segments))
        with failing("internal"):
            sensitivity = score(findings, seen.segments, policy.sensitivity)
    except StageError as failure:
        failed(failure)
    high_water = HighWater(level=sensitivity.level, counts=sensitivity.counts, tags=request.overrides.tags)
    try:
        with failing("vault"):
            high_water = yield from perform(MarkSession(session, HighWater() if peek else high_water))
    except StageError as failure:
        failed(failure)
    try:
        with failing("routing"):
            needs = needs_of(seen.body, seen.segments, images=seen.parts)
            health = yield from perform(Survey())
    except StageError as failure:
        failed(failure)

    candidates = {
        deployment.alias: Candidate(
            healthy=health.get(deployment.alias, True),
            lacks=lacking(deployment, needs),
        )
        for deployment in policy.deployments
    }
    facts = Facts(
        endpoint=request.endpoint,
        sensitivity=sensitivity,
        suspicious=findings.suspicious,
        tags=request.overrides.tags,
        needs=needs,
        candidates=candidates,
        high_water=high_water,
        failures=frozenset(failures),
        opaque=seen.opaque,
        mode=request.overrides.mode,
        zones=request.overrides.zones,
        alias=request.overrides.alias,
    )
    trace.facts = facts
    return Reading(request=request, seen=seen, findings=findings, facts=facts, key=key)


def refuse_far_services(policy: Policy, overrides: Overrides) -> None:
    """
    Keep detectors from reading what the caller keeps from their zone: a service reads before anything is decided.

    A caller who names a deployment keeps the request from whatever is farther; an unknown one permits no zone at all.

    Raises:
        DetectionError: HG313.
    """
    wanted = None if overrides.alias is None else policy.deployment(overrides.alias)
    reach = Zone.LOCAL if wanted is None else wanted.zone
    for service in policy.detection.services:
        kept = overrides.zones is not None and service.zone not in overrides.zones
        named_nearer = overrides.alias is not None and reach.distance < service.zone.distance
        if service.zone is not Zone.LOCAL and (kept or named_nearer or overrides.mode == "only_local"):
            raise DetectionError(f"service `{service.alias}` is farther than this request may go", code="HG313")


def detect(segments: tuple[Segment, ...]) -> Step[Findings]:
    """Find private spans in *segments*; texts that are too long for detectors count as opaque and are passed over."""
    with failing("detection"):
        readable = tuple(
            segment if len(segment.text) <= MAX_FIELD else Segment(path=segment.path, text="", role=segment.role)
            for segment in segments
        )
        findings = yield from perform(Detect(readable))
        if not isinstance(findings, Findings) or len(findings.spans) != len(segments):
            raise DetectionError("the detectors did not answer for every segment", code="HG302")
        return findings
