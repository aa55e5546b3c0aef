"""What would happen to a request, without any call: for `explain`, for tests of a policy, and for consent."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybrid_guard.core.chain import Chain, StageError, Trace
from hybrid_guard.core.flow import forget, settle
from hybrid_guard.core.learn import learn
from hybrid_guard.core.prepare import dry_run
from hybrid_guard.effects import Now, Step, perform
from hybrid_guard.types import Body, Decision, Facts, Findings, Request, Segment

__all__ = ["Preview", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """
    What would happen to a request.

    Attributes:
        segments: Its texts.
        findings: What was found in them.
        facts: What the decision is made from.
        decision: Where it would go.
        body: The exact body that would be sent, without the model's name; None for a block.
        dropped: Number of arguments that are not on the allow-list and would not be sent.
        problems: Codes of what failed on the way.
    """

    segments: tuple[Segment, ...] = field(repr=False)
    findings: Findings
    facts: Facts
    decision: Decision
    body: Body | None
    dropped: int = 0
    problems: tuple[str, ...] = ()


def preview(chain: Chain, request: Request) -> Step[Preview]:
    """
    Everything up to the call. Nothing is sent, recorded or kept: a session is judged by its mark and left as it is.

    A detection service beyond the local zone is not asked either, which closes the request and is told as HG314.

    Raises:
        RequestError: The body cannot be read.
    """
    began, _ = yield from perform(Now())
    trace = Trace(audit_id=chain.new_id(), began=began, peek=True)
    reading = yield from learn(chain, request, trace)
    try:
        facts = reading.facts
        decision = settle(chain, facts)
        body: Body | None = None
        deployment = chain.policy.deployment(decision.deployment or "")
        if deployment is not None:
            try:
                body = yield from dry_run(chain, reading, decision, deployment, trace)
            except StageError as failure:
                trace.errors.append(failure.code)
        return Preview(
            segments=reading.seen.segments,
            findings=reading.findings,
            facts=facts,
            decision=decision,
            body=body,
            dropped=reading.seen.dropped,
            problems=tuple(trace.errors),
        )
    finally:
        yield from forget(reading, trace)
