"""What a chain is made of, and what it notes down while one request runs through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from hybrid_guard.effects import Now, Step, perform
from hybrid_guard.errors import HybridGuardError
from hybrid_guard.ports import SpanOperator, StandInMaker
from hybrid_guard.types import Decision, Facts, Failure, Operator, Policy, Restoration, Usage, VaultKey, Zone

__all__ = ["Chain", "StageError", "Trace", "failing", "timed"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """
    What every request of one guard shares.

    Attributes:
        policy: Compiled.
        operators: What replaces spans in the conversation of a vault; what the vault has a part in does not go here.
        stand_ins: What proposes stand-ins in the conversation of a vault.
        vault_key: (principal, conversation) to the name of a vault.
        new_id: Makes audit ids.
        attempts: Most calls per decision chain, the first included.
    """

    policy: Policy
    operators: Callable[[VaultKey], Mapping[Operator, SpanOperator]] = field(repr=False)
    vault_key: Callable[[str | None, str], VaultKey] = field(repr=False)
    new_id: Callable[[], str]
    stand_ins: Callable[[VaultKey], Mapping[Operator, StandInMaker]] = field(default=lambda _: {}, repr=False)
    attempts: int = 2


@dataclass(slots=True, kw_only=True)
class Trace:
    """
    Notes on one running request, text-free; an audit record is made from it at any moment.

    Attributes:
        audit_id: Ties records together.
        began: Monotonic seconds.
        facts: The latest facts.
        decision: The latest decision.
        attempts: Calls begun.
        deployment: Alias that was called last.
        zone: Its zone.
        errors: Codes of what went wrong.
        timings: Stage to seconds.
        usage: Tokens over all calls.
        cost: US dollars over all calls; None once a price is unknown.
        sent: Different placeholders and stand-ins in the body that was built last.
        restoration: What became of the placeholders of the last call that was answered.
        dropped: Arguments that were not sent.
        went_out: Whether a call or a text for a service beyond the local zone was begun.
        emitted: Whether the caller has seen a part of the answer.
        peek: Whether nothing is recorded or kept, and so nothing may leave.
    """

    audit_id: str
    began: float
    facts: Facts | None = None
    decision: Decision | None = None
    attempts: int = 0
    deployment: str | None = None
    zone: Zone | None = None
    errors: list[str] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    usage: Usage = Usage()
    cost: float | None = 0.0
    sent: int = 0
    restoration: Restoration = Restoration()
    dropped: int = 0
    went_out: bool = False
    emitted: bool = False
    peek: bool = False

    def spend(self, usage: Usage, cost: float | None) -> None:
        """Add the tokens and the price of one call."""
        self.usage = Usage(
            prompt_tokens=self.usage.prompt_tokens + usage.prompt_tokens,
            completion_tokens=self.usage.completion_tokens + usage.completion_tokens,
        )
        self.cost = None if cost is None or self.cost is None else self.cost + cost


class StageError(Exception):
    """
    A part of the chain failed before anything was sent. It never leaves the chain.

    Attributes:
        stage: Which part.
        code: Of the error, if it was one of ours.
    """

    def __init__(self, stage: Failure, code: str) -> None:
        super().__init__(stage)
        self.stage: Failure = stage
        self.code = code


@contextmanager
def failing(stage: Failure) -> Iterator[None]:
    """Turn any error inside into a failure of *stage*."""
    try:
        yield
    except Exception as error:
        raise StageError(stage, error.code if isinstance(error, HybridGuardError) else "HG001") from None


def timed(name: str, trace: Trace, step: Step[T]) -> Step[T]:
    """Run *step* and add its seconds to the trace under *name*."""
    before, _ = yield from perform(Now())
    answer = yield from step
    after, _ = yield from perform(Now())
    trace.timings[name] = trace.timings.get(name, 0.0) + after - before
    return answer
