"""
The few things that the chain asks its driver to do.

A flow is a generator: it yields an `Effect`, the driver does it and sends the answer back (or throws the error in). The
chain itself touches no clock, no network, no disk and no model, so one flow serves sync, async and streams.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from hybrid_guard.types import (
    AuditRecord,
    Call,
    Chunk,
    Consultation,
    Decision,
    Findings,
    HighWater,
    Outcome,
    Receipt,
    Reply,
    Request,
    Segment,
    VaultEntry,
    VaultItem,
    VaultKey,
)

__all__ = [
    "AskConsent",
    "Complete",
    "Consult",
    "Detect",
    "Effect",
    "Emit",
    "Flow",
    "Forget",
    "MarkSession",
    "NextChunk",
    "Now",
    "OpenStream",
    "Record",
    "Step",
    "Survey",
    "VaultEntries",
    "VaultPut",
    "perform",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Effect(Generic[T_co]):
    """One thing that a flow asks its driver to do; *T_co* is the type of the answer."""

    __slots__ = ()


Step = Generator[Effect[Any], Any, T]
"""A computation that asks for effects and ends in a *T*."""

Flow = Callable[[Request], Step[Outcome]]
"""The chain, or a part of it with everything inside."""


def perform(effect: Effect[T]) -> Step[T]:
    """Ask for *effect* and give its answer its static type back."""
    answer = yield effect
    return cast(T, answer)


@dataclass(frozen=True, slots=True)
class Now(Effect[tuple[float, float]]):
    """The time: (monotonic seconds, seconds since the epoch)."""


@dataclass(frozen=True, slots=True)
class Detect(Effect[Findings]):
    """Find private spans in this process. CPU work: the async driver runs it off the event loop."""

    segments: tuple[Segment, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Consult(Effect[Findings]):
    """Have a detection service read texts. Blocks for a network: the async driver runs it off the event loop."""

    consultation: Consultation


@dataclass(frozen=True, slots=True)
class Survey(Effect[Mapping[str, bool]]):
    """Which deployments are thought to be able to answer now: alias to healthy."""


@dataclass(frozen=True, slots=True)
class MarkSession(Effect[HighWater]):
    """Raise the session's high-water mark by *seen*; answers the mark that results."""

    key: VaultKey = field(repr=False)
    seen: HighWater


@dataclass(frozen=True, slots=True)
class VaultPut(Effect[tuple[VaultEntry, ...]]):
    """Get or make the placeholder of each item, in the order of *items*."""

    key: VaultKey = field(repr=False)
    items: tuple[VaultItem, ...]


@dataclass(frozen=True, slots=True)
class VaultEntries(Effect[tuple[VaultEntry, ...]]):
    """Everything that the vault holds."""

    key: VaultKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Forget(Effect[None]):
    """Delete a vault for good."""

    key: VaultKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskConsent(Effect[bool]):
    """Ask a person whether the request may leave the local zone; no answer is a no."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class Record(Effect[Receipt]):
    """Make a record durable before going on; answers the receipt."""

    record: AuditRecord


@dataclass(frozen=True, slots=True)
class Complete(Effect[Reply]):
    """Send a call through the door and wait for the whole answer."""

    call: Call


@dataclass(frozen=True, slots=True)
class OpenStream(Effect[None]):
    """Send a call through the door; its chunks are asked for by `NextChunk`. One stream is open at a time."""

    call: Call


@dataclass(frozen=True, slots=True)
class NextChunk(Effect[Chunk | None]):
    """The next chunk of the open stream; None after the last."""


@dataclass(frozen=True, slots=True)
class Emit(Effect[None]):
    """Hand a restored chunk to the caller."""

    chunk: Chunk
