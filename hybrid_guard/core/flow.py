"""
The spine: one guarded call from request to outcome, written once for sync, async and streams.

::

    read -> detect -> score -> facts -> permit -> decision -> treat -> scan again -> intent -> call
         -> restore -> judge -> (second decision) -> outcome

Nothing here touches a clock, a network, a disk or a model: what has to be done is yielded as an effect.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from hybrid_guard.core.chain import Chain, StageError, Trace, timed
from hybrid_guard.core.deliver import Answer, send
from hybrid_guard.core.learn import Reading, learn
from hybrid_guard.core.prepare import prepare
from hybrid_guard.effects import AskConsent, Forget, Step, perform
from hybrid_guard.errors import BackendError, HybridGuardError
from hybrid_guard.policies.engine import decide
from hybrid_guard.types import Decision, Deployment, Facts, Outcome, OutcomeCode, Request, Zone

__all__ = ["answer", "guarded", "settle"]


def guarded(chain: Chain, request: Request, trace: Trace) -> Step[Outcome]:
    """One call, without the layers around it."""
    reading = yield from learn(chain, request, trace)
    try:
        return (yield from answer(chain, reading, trace))
    finally:
        if request.session is None:
            yield from forget(reading, trace)


def forget(reading: Reading, trace: Trace) -> Step[None]:
    """Delete the vault of a conversation that has only one request. If that fails, its time to live deletes it."""
    try:
        yield from perform(Forget(reading.key))
    except Exception:
        trace.errors.append("HG420")


def answer(chain: Chain, reading: Reading, trace: Trace) -> Step[Outcome]:
    """Decide and call; again from the decision whenever something failed, with the failure as a new fact."""
    facts = reading.facts
    again = chain.policy.restoration.when_lost
    weak: Outcome | None = None
    asked = 0
    while True:
        trace.facts = facts
        decision = trace.decision = settle(chain, facts)
        deployment = chain.policy.deployment(decision.deployment or "")
        # An escalation is a call of its own beside the one retry that a failure has.
        spent = trace.attempts >= chain.attempts + (weak is not None)
        if deployment is None or spent or is_farther(decision, weak):
            return unanswered(chain, reading, decision, weak, trace)
        if facts.consent and decision.permit.consent and distance(decision) > asked:
            # A yes to one zone is no yes to one that is farther away.
            facts = replace(facts, consent=None)
            continue
        if decision.consent and facts.consent is None:
            asked = distance(decision)
            facts = replace(facts, consent=(yield from agreed(decision)))
            continue
        try:
            given = yield from attempt(chain, reading, decision, deployment, trace)
        except StageError as failure:
            # INVARIANT: a failure is a new fact, so a stage that fails twice is not tried a third time.
            if failure.stage in facts.failures:
                raise
            trace.errors.append(failure.code)
            facts = replace(facts, failures=facts.failures | {failure.stage})
            continue
        except BackendError as error:
            # INVARIANT: once the caller has seen a part of an answer, no other deployment is called. An argument that
            # a deployment does not know is the caller's to mend: another deployment would be a silent surprise.
            if trace.emitted or error.fault == "unsupported":
                raise
            trace.errors.append(error.code)
            facts = without(facts, deployment)
            continue
        outcome = answered(chain, reading, decision, given, trace)
        if outcome.code == "answered" or reading.request.stream:
            return outcome
        if outcome.restoration.lost:
            # INVARIANT: an answer is asked for again once, of the same deployment or of a nearer one.
            if again == "warn" or (weak is not None and weak.restoration.lost):
                return outcome
            if again == "local":
                facts = replace(facts, failures=facts.failures | {"restoration"})
            weak = outcome
            continue
        weak = outcome
        facts = replace(without(facts, deployment), stage="escalation", confidence=given.confidence.score)


def attempt(chain: Chain, reading: Reading, decision: Decision, deployment: Deployment, trace: Trace) -> Step[Answer]:
    """Prepare one call and make it."""
    call = yield from timed("prepare", trace, prepare(chain, reading, decision, deployment, trace))
    trace.attempts += 1
    trace.deployment, trace.zone = deployment.alias, deployment.zone
    trace.went_out |= deployment.zone is not Zone.LOCAL
    return (yield from timed("call", trace, send(reading, call, chain.policy.restoration, trace)))


def settle(chain: Chain, facts: Facts) -> Decision:
    """
    The decision; if deciding itself fails, the decision for facts that say so.

    Raises:
        HybridGuardError: No decision could be made at all, so nothing is sent.
    """
    for closed in (facts, replace(facts, failures=facts.failures | {"internal"})):
        with suppress(Exception):
            decision = decide(chain.policy, closed)
            if decision.zone is None or decision.zone in decision.permit.zones:
                return decision
    raise HybridGuardError("no decision could be made, so nothing was sent; please report this", code="HG002")


def distance(decision: Decision) -> int:
    """How far away the chosen zone is; 0 for a block."""
    return 0 if decision.zone is None else decision.zone.distance


def is_farther(decision: Decision, weak: Outcome | None) -> bool:
    """Whether a request whose answer had losses would be sent farther away than for that answer."""
    return weak is not None and weak.restoration.lost > 0 and distance(decision) > distance(weak.decision)


def agreed(decision: Decision) -> Step[bool]:
    """What a person answers; an error is a no."""
    try:
        return (yield from perform(AskConsent(decision))) is True
    except Exception:
        return False


def without(facts: Facts, deployment: Deployment) -> Facts:
    """*facts* in which the deployment was tried."""
    candidate = replace(facts.candidates[deployment.alias], tried=True)
    return replace(facts, candidates={**facts.candidates, deployment.alias: candidate})


def answered(chain: Chain, reading: Reading, decision: Decision, given: Answer, trace: Trace) -> Outcome:
    """The outcome of an answer; a local one below the policy's threshold, or one with losses, is ``degraded``."""
    threshold = chain.policy.routing.escalate.when_confidence_below
    score = given.confidence.score
    local = decision.zone is Zone.LOCAL
    weak = local and threshold is not None and score is not None and score < threshold
    return replace(
        summary(reading, decision, "degraded" if weak or trace.restoration.lost else "answered", trace),
        body=given.body,
        deployment=decision.deployment,
        zone=decision.zone,
        confidence=given.confidence if local else None,
    )


def unanswered(chain: Chain, reading: Reading, decision: Decision, weak: Outcome | None, trace: Trace) -> Outcome:
    """The outcome when nothing more is permitted: a weak local answer if there is one and the policy takes it."""
    if weak is not None and chain.policy.routing.offline == "best_effort":
        trace.decision, trace.deployment, trace.zone = weak.decision, weak.deployment, weak.zone
        trace.restoration = weak.restoration
        return replace(weak, usage=trace.usage, cost=trace.cost, timings=dict(trace.timings))
    if not decision.blocked:
        reasons = (*decision.reasons, "attempts-used")
        decision = trace.decision = replace(decision, deployment=None, zone=None, unavailable=True, reasons=reasons)
    return summary(reading, decision, "unavailable" if decision.unavailable else "blocked", trace)


def summary(reading: Reading, decision: Decision, code: OutcomeCode, trace: Trace) -> Outcome:
    """What every outcome holds."""
    return Outcome(
        code=code,
        decision=decision,
        audit_id=trace.audit_id,
        sensitivity=reading.facts.sensitivity,
        usage=trace.usage,
        cost=trace.cost,
        dropped=trace.dropped,
        restoration=trace.restoration,
        timings=dict(trace.timings),
    )
