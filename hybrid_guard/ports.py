"""
Where other code plugs in: small protocols, each with one suite of contract tests.

Implementations are met by name in the policy file; a name carries a version (``patterns.v1``) that keeps its meaning.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from hybrid_guard.types import (
    AuditRecord,
    Call,
    Chunk,
    Consultation,
    Decision,
    DetectionService,
    Findings,
    HighWater,
    Reply,
    Segment,
    VaultEntry,
    VaultItem,
    VaultKey,
)

__all__ = [
    "AuditSink",
    "Backend",
    "Clock",
    "Connect",
    "ConsentAsker",
    "Detector",
    "Post",
    "Services",
    "SpanOperator",
    "StandInMaker",
    "VaultStore",
]

Post = Callable[[str, bytes], bytes]
"""Sends a JSON body to a path of a detection service and gives its answer. Raises `DetectionError`."""

Connect = Callable[[DetectionService], Post]
"""Makes the way to a service: fenced, that is to its address only, by a deadline, past no proxy and no redirect."""


class Detector(Protocol):
    """
    **Protocol:** finds private spans.

    Deterministic, thread-safe; an empty text has no spans; offsets lie inside the text. Raises `DetectionError` when it
    could not do its work: an empty answer means "nothing is there".
    """

    @property
    def name(self) -> str:
        """Versioned name."""

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """Spans of each segment, sorted and disjoint; *language* is an ISO 639-1 code."""


class Services(Protocol):
    """
    **Protocol:** asks detection services.

    Raises `DetectionError` for whatever goes wrong at the service and `EgressError` for what it may not read.
    """

    def consult(self, consultation: Consultation, *, language: str) -> Findings:
        """Spans of each segment, sorted and disjoint; *language* is an ISO 639-1 code."""


class SpanOperator(Protocol):
    """**Protocol:** replaces one span without keeping a copy of it. Never raises on any text."""

    def apply(self, text: str, *, entity: str) -> str:
        """What stands in place of *text*."""


class StandInMaker(Protocol):
    """
    **Protocol:** proposes what one value is replaced by for a whole conversation; the vault remembers what was taken.

    Thread-safe. Never raises on any text.
    """

    def propose(self, text: str, *, entity: str) -> Iterable[str]:
        """Texts that could stand for *text*, the best first; empty if the operator cannot treat it."""

    def memory(self, text: str, *, entity: str) -> str:
        """What the choice is remembered by where no original may be kept: the same for the same value, and no copy."""


class VaultStore(Protocol):
    """
    **Protocol:** keeps originals and high-water marks, one vault per key.

    Vaults are isolated; an expired vault is absent; `forget` is final. Thread-safe. Raises `VaultError`.
    """

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Get or make the entry of each item, atomically: the same entity and value have one placeholder per vault."""

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """Everything in the vault; empty if there is none."""

    def mark(self, key: VaultKey, seen: HighWater, *, levels: Sequence[str]) -> HighWater:
        """Raise the mark by *seen* and give the result; *levels* are the policy's, in rising order."""

    def forget(self, key: VaultKey) -> None:
        """Delete the vault and its mark."""

    def close(self) -> None:
        """Release what it holds."""


class AuditSink(Protocol):
    """**Protocol:** makes records durable. Raises `AuditError` if it cannot; never drops one silently."""

    def write(self, record: AuditRecord) -> None:
        """Returns once *record* is on stable storage."""

    def close(self) -> None:
        """Release what it holds."""


class Backend(Protocol):
    """
    **Protocol:** sends calls. The same call gives the same text by all four ways.

    Raises `BackendError` for whatever goes wrong at the deployment and `EgressError` for a call that may not be sent.
    """

    def complete(self, call: Call) -> Reply:
        """The whole answer."""

    async def acomplete(self, call: Call) -> Reply:
        """The whole answer."""

    def stream(self, call: Call) -> Iterator[Chunk]:
        """Chunks; closing the iterator stops the deployment."""

    def astream(self, call: Call) -> AsyncIterator[Chunk]:
        """Chunks; closing the iterator stops the deployment."""

    def survey(self) -> Mapping[str, bool]:
        """Alias to whether it is thought to be able to answer now; makes no connection."""

    def close(self) -> None:
        """Release what it holds."""

    async def aclose(self) -> None:
        """Release what it holds for the running event loop."""


class ConsentAsker(Protocol):
    """**Protocol:** asks a person. An error is a no."""

    def __call__(self, decision: Decision) -> bool:
        """Whether the request may leave the local zone."""


class Clock(Protocol):
    """**Protocol:** tells the time, so that tests never sleep."""

    def now(self) -> tuple[float, float]:
        """(monotonic seconds, seconds since the epoch)."""
