"""What goes out and what comes back: request, call, reply, outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from hybrid_guard.errors import BlockedError
from hybrid_guard.types.decision import Decision
from hybrid_guard.types.findings import Sensitivity
from hybrid_guard.types.policy import Deployment, Treatment
from hybrid_guard.types.receipt import Receipt
from hybrid_guard.types.vault import Restoration
from hybrid_guard.types.zone import Mode, Zone

__all__ = [
    "Body",
    "Call",
    "Chunk",
    "Confidence",
    "Json",
    "Outcome",
    "OutcomeCode",
    "Overrides",
    "Provenance",
    "Reply",
    "Request",
    "Usage",
]

Json = Any
"""A JSON value: None, bool, int, float, str, or a list or dict of them. Its shape is the provider's, not ours."""

OutcomeCode = Literal["answered", "degraded", "blocked", "unavailable", "refused", "failed", "cancelled", "unknown"]
"""How a request ended. ``refused`` is bad input; ``unknown`` is an intent that a crash left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """
    What a caller may ask for; each can only narrow what the policy permits.

    Attributes:
        mode: Preference inside the permit.
        zones: Restrict the request to these zones.
        tags: Labels that rules may look at.
        alias: The only deployment wanted.
    """

    mode: Mode | None = None
    zones: frozenset[Zone] | None = None
    tags: frozenset[str] = frozenset()
    alias: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    One litellm call as given; never mutated.

    Attributes:
        body: Arguments of the call, OpenAI-shaped.
        endpoint: What kind of call it is.
        session: Conversation id, or None for a conversation of one request.
        principal: Who speaks; vaults of different principals never meet.
        stream: Whether chunks are wanted.
        overrides: What the caller asks for.
        timeout: Seconds the deployment may take; None leaves the default of 600.
    """

    body: Mapping[str, Json] = field(repr=False)
    endpoint: str = "chat"
    session: str | None = field(default=None, repr=False)
    principal: str | None = field(default=None, repr=False)
    stream: bool = False
    overrides: Overrides = Overrides()
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """
    An outgoing body, rebuilt from the allow-list by `hybrid_guard.text`, every string of it visited.

    Attributes:
        content: The JSON object.
        treatment: What was done to its texts.
        strings: Number of strings in *content*, each of which came from a visited segment or a closed set of literals.
    """

    content: Mapping[str, Json] = field(repr=False)
    treatment: Treatment
    strings: int

    @property
    def size(self) -> int:
        """Bytes of *content* as JSON in UTF-8."""
        return len(json.dumps(self.content, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    What the door sends.

    Attributes:
        audit_id: Of the request.
        deployment: Where to.
        body: What.
        decision: The decision that allows it.
        clean: Whether a second scan found nothing untreated; always True beyond the local zone.
        recorded: The receipt of its intent; None for a call that stays in the local zone.
        stream: Whether chunks are wanted.
        timeout: Seconds.
    """

    audit_id: str
    deployment: Deployment
    body: Body
    decision: Decision
    clean: bool
    recorded: Receipt | None
    stream: bool = False
    timeout: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call, as the deployment counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    A whole answer of a deployment.

    Attributes:
        body: Chat completion, OpenAI-shaped.
        usage: Tokens.
        cost: US dollars; None if the price is unknown.
    """

    body: Mapping[str, Json] = field(repr=False)
    usage: Usage = Usage()
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """
    One piece of a streamed answer.

    Attributes:
        body: Chat completion chunk, OpenAI-shaped.
        usage: Tokens of the whole call, in the chunk that reports them.
        cost: US dollars of the whole call, in that chunk; None if the price is unknown.
    """

    body: Mapping[str, Json] = field(repr=False)
    usage: Usage | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """
    How far a local answer can be trusted.

    Attributes:
        score: In [0, 1]; None if the deployment gave nothing to judge by.
        signals: Names of what lowered it: ``refusal``, ``truncated``, ``broken-json``, ``empty``, ``low-logprob``.
    """

    score: float | None = None
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """
    Where an answer came from and why: what a caller finds as ``response.hybrid_guard``.

    Attributes:
        source: Alias of the deployment that answered.
        zone: Its zone.
        score: Sensitivity of the request, in [0, 1].
        level: Its level.
        reasons: Why it went there: ids of rules and of what ruled deployments out.
        entities: Findings per entity.
        confidence: In the answer, in [0, 1], if it is local and could be judged; not calibrated.
        degraded: Whether a local answer is below the policy's threshold, or placeholders of an answer were lost, and
            nothing better was permitted and healthy.
        cost: US dollars; None if a price is unknown.
        dropped: Number of arguments that are not on the allow-list and were not sent.
        restoration: What became of the placeholders.
        audit_id: Finds the records of this request in the audit trail.
    """

    source: str
    zone: Zone
    score: float
    level: str
    reasons: tuple[str, ...]
    entities: Mapping[str, int]
    confidence: float | None
    degraded: bool
    cost: float | None
    dropped: int
    restoration: Restoration
    audit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What a guarded call came to: an answer or a block.

    Attributes:
        code: How it ended.
        decision: The last decision; None if the request could not be read.
        audit_id: Ties it to its audit records.
        body: The restored answer, OpenAI-shaped; None for a block, and for a stream (its chunks were emitted).
        deployment: Alias that answered, or None.
        zone: Its zone, or None.
        sensitivity: Of the request.
        confidence: Of the answer, if it was local and could be judged.
        usage: Tokens over all calls.
        cost: US dollars over all calls; None if a price is unknown.
        dropped: Number of arguments that are not on the allow-list and were not sent.
        restoration: What became of the placeholders.
        timings: Stage to seconds.
    """

    code: OutcomeCode
    decision: Decision
    audit_id: str
    sensitivity: Sensitivity
    body: Mapping[str, Json] | None = field(default=None, repr=False)
    deployment: str | None = None
    zone: Zone | None = None
    confidence: Confidence | None = None
    usage: Usage = Usage()
    cost: float | None = None
    dropped: int = 0
    restoration: Restoration = Restoration()
    timings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def provenance(self) -> Provenance:
        """What a caller is told of an answer; raises `BlockedError` if there is none."""
        self.raise_for_block()
        assert self.deployment is not None
        assert self.zone is not None
        return Provenance(
            source=self.deployment,
            zone=self.zone,
            score=self.sensitivity.score,
            level=self.sensitivity.level,
            reasons=self.decision.reasons,
            entities=self.sensitivity.counts,
            confidence=None if self.confidence is None else self.confidence.score,
            degraded=self.code == "degraded",
            cost=self.cost,
            dropped=self.dropped,
            restoration=self.restoration,
            audit_id=self.audit_id,
        )

    def raise_for_block(self) -> None:
        """Raise `BlockedError` if the policy permitted no deployment that could answer."""
        if self.code not in ("blocked", "unavailable"):
            return
        reasons = ", ".join(self.decision.reasons) or "no deployment"
        unavailable = self.code == "unavailable"
        problem = (
            "no permitted deployment is healthy and capable; start one, or see `hybrid-guard doctor`"
            if unavailable
            else "the policy permits no deployment for this request; see `hybrid-guard explain`"
        )
        raise BlockedError(
            f"{problem} (reasons: {reasons})",
            reasons=self.decision.reasons,
            unavailable=unavailable,
            code="HG802" if unavailable else "HG801",
        )
