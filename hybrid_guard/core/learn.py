"""From a request to the facts that its decision is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hybrid_guard.core.chain import Chain, StageError, Trace, failing, timed
from hybrid_guard.core.detect import consult, detect, far_services, joined
from hybrid_guard.effects import MarkSession, Step, Survey, perform
from hybrid_guard.errors import RequestError
from hybrid_guard.routing import lacking, needs_of
from hybrid_guard.sensitivity import score
from hybrid_guard.text import ENDPOINTS, Visit, visit
from hybrid_guard.types import (
    Candidate,
    DetectionService,
    Facts,
    Failure,
    Findings,
    HighWater,
    Needs,
    Request,
    Sensitivity,
    VaultKey,
)

__all__ = ["Reading", "learn", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    A request that was read.

    Attributes:
        request: As given.
        seen: Its texts and its skeleton.
        findings: What detectors found; empty for every segment if those of this machine failed.
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


@dataclass(slots=True, kw_only=True)
class Draft:
    """
    What is known of a request so far. It only grows more restrictive.

    Attributes:
        chain: Of the guard.
        request: As given.
        trace: Of the request.
        seen: Its texts and its skeleton.
        findings: So far.
        sensitivity: Of them; the highest there is while nobody has looked.
        high_water: Of the session, this request included.
        needs: What a deployment must be able to do.
        health: Alias to whether it can answer.
        failures: What failed; it closes the request.
    """

    chain: Chain
    request: Request
    trace: Trace
    seen: Visit
    findings: Findings
    sensitivity: Sensitivity
    high_water: HighWater = HighWater()
    needs: Needs = Needs()
    health: Mapping[str, bool] = field(default_factory=dict)
    failures: set[Failure] = field(default_factory=set)

    def fail(self, failure: StageError) -> None:
        """Note what failed."""
        self.failures.add(failure.stage)
        self.trace.errors.append(failure.code)

    @property
    def session(self) -> VaultKey:
        """Name of the vault that holds the session's mark."""
        return self.chain.vault_key(self.request.principal, self.request.session or self.trace.audit_id)

    def take(self, look: Step[Findings]) -> Step[None]:
        """Find by *look*, score, and raise the session's mark; what nobody could read counts as the most sensitive."""
        policy = self.chain.policy
        try:
            self.findings = yield from look
            with failing("internal"):
                self.sensitivity = score(self.findings, self.seen.segments, policy.sensitivity)
        except StageError as failure:
            self.fail(failure)
            self.sensitivity = replace(self.sensitivity, score=1.0, level=policy.sensitivity.levels[-1][0])
        mark = HighWater()
        if not self.trace.peek:
            tags = self.request.overrides.tags
            mark = HighWater(level=self.sensitivity.level, counts=self.sensitivity.counts, tags=tags)
        try:
            with failing("vault"):
                self.high_water = yield from perform(MarkSession(self.session, mark))
        except StageError as failure:
            self.fail(failure)

    def survey(self) -> Step[None]:
        """Look up what the request needs, and which deployments could answer."""
        try:
            with failing("routing"):
                self.needs = needs_of(self.seen.body, self.seen.segments, images=self.seen.parts)
                self.health = yield from perform(Survey())
        except StageError as failure:
            self.fail(failure)

    def facts(self) -> Facts:
        """What is known, without text."""
        overrides = self.request.overrides
        return Facts(
            endpoint=self.request.endpoint,
            sensitivity=self.sensitivity,
            suspicious=self.findings.suspicious,
            tags=overrides.tags,
            needs=self.needs,
            candidates={
                deployment.alias: Candidate(
                    healthy=self.health.get(deployment.alias, True), lacks=lacking(deployment, self.needs)
                )
                for deployment in self.chain.policy.deployments
            },
            high_water=self.high_water,
            failures=frozenset(self.failures),
            opaque=self.seen.opaque,
            mode=overrides.mode,
            zones=overrides.zones,
            alias=overrides.alias,
        )


def learn(chain: Chain, request: Request, trace: Trace) -> Step[Reading]:
    """
    Find, score, and look up the session and the deployments. What fails is noted in the facts, and closes them.

    What was found on this machine makes facts first. A service elsewhere is asked only inside of what they permit, and
    what it finds makes them anew; if it may not be asked, detection has failed. In a peek the session's mark is looked
    at and not raised, and the vault is another one, to be forgotten.

    Raises:
        RequestError: The body cannot be read.
    """
    seen = read(request)
    trace.dropped = seen.dropped
    draft = Draft(
        chain=chain,
        request=request,
        trace=trace,
        seen=seen,
        findings=Findings(spans=((),) * len(seen.segments)),
        sensitivity=Sensitivity(score=1.0, level=chain.policy.sensitivity.levels[-1][0]),
    )
    yield from draft.take(timed("detect", trace, detect(chain, trace, seen.segments)))
    yield from draft.survey()
    trace.facts = draft.facts()
    if "detection" not in draft.failures:
        for service in far_services(chain.policy):
            yield from draft.take(timed("consult", trace, further(draft, service)))
            trace.facts = draft.facts()
            if "detection" in draft.failures:
                break
    key = chain.vault_key(request.principal, trace.audit_id) if trace.peek else draft.session
    return Reading(request=request, seen=seen, findings=draft.findings, facts=trace.facts, key=key)


def further(draft: Draft, service: DetectionService) -> Step[Findings]:
    """What was found so far, and what *service* finds."""
    more = yield from consult(draft.chain, draft.trace, service, draft.seen.segments, draft.findings)
    with failing("detection"):
        return joined(draft.findings, more)
