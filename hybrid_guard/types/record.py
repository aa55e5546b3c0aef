"""The text-free trace of a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hybrid_guard.types.decision import Decision, Facts
from hybrid_guard.types.exchange import OutcomeCode, Usage
from hybrid_guard.types.vault import Restoration
from hybrid_guard.types.zone import Zone

__all__ = ["AuditRecord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """
    One line of the audit trail. No field can hold a text of the request or of the answer.

    Attributes:
        kind: ``intent`` before a byte leaves the local zone, for a deployment or for a detection service; ``outcome``
            when the request has ended.
        audit_id: Of the request; its intents and its outcome share it.
        time: Seconds since the epoch.
        facts: What the decision was made from; None if the request could not be read.
        decision: What was decided; None in the intent for a service, which reads before there is a decision.
        attempt: Number of the call within the request, from 1; 0 if nothing was called.
        deployment: Alias that is about to be called, or that answered.
        service: Alias of the detection service that is about to read; None in a record of anything else.
        zone: Zone of the deployment or of the service.
        bytes_out: Size of the outgoing body, or of the texts for a service, in bytes of UTF-8; 0 in an outcome without
            a call.
        outcome: How it ended; None in an intent.
        errors: Codes such as ``HG601``.
        timings: Stage to seconds.
        usage: Tokens.
        cost: US dollars, or None.
        restoration: What became of the placeholders of the call that was answered last.
    """

    kind: Literal["intent", "outcome"]
    audit_id: str
    time: float
    facts: Facts | None = None
    decision: Decision | None = None
    attempt: int = 0
    deployment: str | None = None
    service: str | None = None
    zone: Zone | None = None
    bytes_out: int = 0
    outcome: OutcomeCode | None = None
    errors: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    usage: Usage = Usage()
    cost: float | None = None
    restoration: Restoration = Restoration()
