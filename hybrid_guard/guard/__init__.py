"""The guard: one object in front of every call that an application makes through litellm."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from hybrid_guard.backends import to_response
from hybrid_guard.core import Preview, arun, astream, build, preview, run, stream
from hybrid_guard.guard.arguments import OPTIONS, request_from
from hybrid_guard.guard.assembly import SystemClock, assemble
from hybrid_guard.guard.seal import asealed, sealed
from hybrid_guard.guard.streams import AsyncGuardedStream, Endings, GuardedStream
from hybrid_guard.policies import load_policy
from hybrid_guard.ports import AuditSink, ConsentAsker
from hybrid_guard.types import Outcome, Policy, Request

if TYPE_CHECKING:
    from litellm import ModelResponse

__all__ = ["OPTIONS", "AsyncGuardedStream", "Guard", "GuardedStream", "SystemClock"]


class Guard:
    """
    Reads what is about to leave, decides by policy where it may go, and proves it afterwards.

    A guard is thread-safe and serves sync and async callers at once. It is a context manager, for ``with`` and for
    ``async with``; leaving it closes its connections and its audit trail.

    Args:
        policy: Path of a policy file, or a policy that is compiled already.
        consent: Asks a person, for rules with ``consent: true``; without it the answer is no.
        audit: Where records go instead of the policy's ``audit.path``.

    Raises:
        PolicyError: The policy is wrong; says where and what would be right.
        AuditError: The audit trail cannot be opened.
        EgressError: A deployment's traffic could not be fenced.
        VaultError: A shared vault store has no key.
    """

    def __init__(
        self, policy: str | Path | Policy, *, consent: ConsentAsker | None = None, audit: AuditSink | None = None
    ) -> None:
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy)
        self._chain, self._ports = assemble(self.policy, consent=consent, audit=audit)
        self._flow = build(self._chain)
        self._endings = Endings()

    def __repr__(self) -> str:
        return f"<Guard {self.policy.name} {self.policy.digest}>"

    @sealed
    def completion(self, **arguments: Any) -> ModelResponse | GuardedStream:
        """
        ``litellm.completion``, guarded.

        Takes litellm's arguments and gives litellm's answer, or an iterator of its chunks with ``stream=True``. The
        answer has ``hybrid_guard``: a `Provenance` that says where it came from and why.

        Args:
            **arguments: ``messages``, ``tools``, ``response_format``, ``n``, ``logprobs``, ``temperature`` and so on.
                ``model`` is an alias of the policy or ``"auto"``. ``hybrid_guard`` is a dict of `OPTIONS`: ``session``
                and ``principal`` name the conversation and who speaks; ``mode``, ``zones`` and ``tags`` can only narrow
                where the request may go.

        Raises:
            BlockedError: The policy permits no deployment that could answer.
            RequestError: The arguments cannot be read.
            BackendError: A deployment broke off in the middle of a stream.
            AuditError: The request could not be put on record.
        """
        request = request_from(arguments, self.policy)
        if request.stream:
            return GuardedStream(stream(self._flow(request), self._ports), self._endings)
        return self._answer(self.handle(request))

    @asealed
    async def acompletion(self, **arguments: Any) -> ModelResponse | AsyncGuardedStream:
        """``litellm.acompletion``, guarded; see `completion`. Detection, records and calls are off the event loop."""
        request = request_from(arguments, self.policy)
        if request.stream:
            flow = self._flow(request)
            return await AsyncGuardedStream(lambda done: astream(flow, self._ports, done)).open()
        return self._answer(await self.ahandle(request))

    @sealed
    def handle(self, request: Request) -> Outcome:
        """One whole answer as a value: a block is an `Outcome`, not an error."""
        return run(self._flow(request), self._ports)

    @asealed
    async def ahandle(self, request: Request) -> Outcome:
        """See `handle`."""
        return await arun(self._flow(request), self._ports)

    @sealed
    def explain(self, **arguments: Any) -> Preview:
        """
        What would happen to a call, without making it: findings, score, rules, where it would go, and the exact body
        that would be sent. Nothing is recorded or kept.

        Args:
            **arguments: As for `completion`.
        """
        return run(preview(self._chain, request_from(arguments, self.policy)), self._ports)

    @sealed
    def close(self) -> None:
        """Close threads, connections, vaults and the audit trail, once the streams that were dropped have ended."""
        self._endings.close()
        self._ports.workers.shutdown()
        self._ports.backend.close()
        self._ports.vault.close()
        self._ports.audit.close()

    @asealed
    async def aclose(self) -> None:
        """Close the connections of the running event loop, then everything else."""
        await self._ports.backend.aclose()
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    @staticmethod
    def _answer(outcome: Outcome) -> ModelResponse:
        provenance = outcome.provenance()
        assert outcome.body is not None
        return to_response(outcome.body, provenance)
