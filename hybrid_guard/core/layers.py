"""The layers around the spine, outermost first: sealed, audited."""

from __future__ import annotations

from collections.abc import Callable

from hybrid_guard.core.chain import Chain, StageError, Trace
from hybrid_guard.core.flow import guarded
from hybrid_guard.effects import Flow, Now, Record, Step, perform
from hybrid_guard.errors import AuditError, HybridGuardError, RequestError
from hybrid_guard.types import AuditRecord, Outcome, OutcomeCode, Request

__all__ = ["StreamCancelled", "build", "own_error"]

Inner = Callable[[Chain, Request, Trace], Step[Outcome]]


class StreamCancelled(BaseException):
    """Thrown into a flow by its driver when the caller leaves a stream early."""


def build(chain: Chain) -> Flow:
    """The whole chain as one flow."""

    def flow(request: Request) -> Step[Outcome]:
        return sealed(chain, request, guarded)

    return flow


def sealed(chain: Chain, request: Request, inner: Inner) -> Step[Outcome]:
    """Let only our own errors out, and none of them with a cause."""
    failure: HybridGuardError
    try:
        return (yield from audited(chain, request, inner))
    except Exception as error:
        failure = own_error(error)
    # PRIVACY: raised outside of the handler, so that no context with the original exception hangs on it.
    raise failure


def own_error(error: Exception) -> HybridGuardError:
    """
    The error that may be seen in place of *error*: itself if it is one of ours, bare of what led to it.

    A foreign exception may quote the prompt in its message, its arguments or its context: only its type is kept.
    """
    if isinstance(error, HybridGuardError):
        failure = error
    elif isinstance(error, StageError):
        failure = HybridGuardError(
            f"the request was not sent: stage `{error.stage}` failed twice; see the audit trail", code=error.code
        )
    else:
        failure = HybridGuardError(
            f"the request was not answered: unexpected {type(error).__name__}; please report this", code="HG001"
        )
    failure.__context__ = failure.__cause__ = None
    return failure


def audited(chain: Chain, request: Request, inner: Inner) -> Step[Outcome]:
    """Record how every request ended, whatever happened."""
    began, _ = yield from perform(Now())
    trace = Trace(audit_id=chain.new_id(), began=began)
    try:
        outcome = yield from inner(chain, request, trace)
    except BaseException as error:
        yield from record(chain, trace, ending(error), error)
        raise
    yield from record(chain, trace, outcome.code, None)
    return outcome


def ending(error: BaseException) -> OutcomeCode:
    """How a request ended that raised."""
    if isinstance(error, RequestError):
        return "refused"
    return "failed" if isinstance(error, Exception) else "cancelled"


def record(chain: Chain, trace: Trace, code: OutcomeCode, error: BaseException | None) -> Step[None]:
    """
    Write the outcome record.

    Raises:
        AuditError: It could not be made durable and the policy requires it.
    """
    now, epoch = yield from perform(Now())
    trace.timings["total"] = now - trace.began
    errors = tuple(trace.errors)
    if isinstance(error, HybridGuardError | StageError):
        errors += (error.code,)
    try:
        yield from perform(
            Record(
                AuditRecord(
                    kind="outcome",
                    audit_id=trace.audit_id,
                    time=epoch,
                    facts=trace.facts,
                    decision=trace.decision,
                    attempt=trace.attempts,
                    deployment=trace.deployment,
                    zone=trace.zone,
                    outcome=code,
                    errors=errors,
                    timings=dict(trace.timings),
                    usage=trace.usage,
                    cost=trace.cost,
                    restoration=trace.restoration,
                )
            )
        )
    except AuditError:
        # The request's own error says more than the lost record; an intent without outcome stays visible in the trail.
        if error is None and (chain.policy.audit.required or trace.went_out):
            raise
