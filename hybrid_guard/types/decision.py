"""Facts that a decision is made from, and the decision. No value in this module can hold a text of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hybrid_guard.types.findings import EMPTY_SENSITIVITY, Sensitivity
from hybrid_guard.types.policy import Capability, Treatment
from hybrid_guard.types.settings import LOWEST_LEVEL
from hybrid_guard.types.zone import Mode, Zone

__all__ = [
    "Candidate",
    "Decision",
    "Facts",
    "Failure",
    "HighWater",
    "Needs",
    "Permit",
    "Stage",
]

Stage = Literal["request", "escalation"]
"""Whether a decision is the first of a request or follows a weak local answer."""

Failure = Literal["request", "detection", "vault", "treatment", "rescan", "audit", "routing", "restoration", "internal"]
"""A part of the chain that failed. Any of them leaves only the local zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """
    What a deployment must be able to do to answer.

    Attributes:
        tokens: Estimated prompt tokens plus the room asked for the answer.
        capabilities: What the request uses.
    """

    tokens: int = 0
    capabilities: frozenset[Capability] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    What is known of one deployment at this moment.

    Attributes:
        healthy: Whether it is thought to be able to answer now.
        lacks: What it cannot do and the request needs (``context`` or a capability); empty if it is capable.
        tried: Whether it was tried for this request and failed.
    """

    healthy: bool = True
    lacks: tuple[str, ...] = ()
    tried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HighWater:
    """
    The most sensitive state that a session has reached; it never falls while the session lives.

    Attributes:
        level: Highest level so far.
        counts: Highest number of findings per entity in one request so far.
        tags: Every tag that a request of the session carried.
    """

    level: str = LOWEST_LEVEL
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    Everything a policy sees. It holds no text, so a decision can be replayed from the audit trail.

    Attributes:
        stage: First decision, or the one after a weak local answer.
        endpoint: What kind of call it is, such as ``chat``.
        sensitivity: Of the whole request.
        suspicious: Whether some text looks like an attempt to hide from detectors.
        tags: Labels that the caller gave.
        needs: What a deployment must be able to do.
        candidates: Alias to what is known of that deployment.
        high_water: Of the session, without this request.
        failures: Parts of the chain that failed.
        opaque: Number of parts that no detector can read (images, audio, files).
        mode: Tighter or other preference that the caller asked for, or None.
        zones: Zones that the caller restricts the request to, or None.
        alias: The only deployment that the caller wants, or None.
        consent: What a person answered; None if nobody was asked.
        confidence: Of the local answer, in [0, 1], when *stage* is ``escalation``; None if unknown.
    """

    stage: Stage = "request"
    endpoint: str = "chat"
    sensitivity: Sensitivity = EMPTY_SENSITIVITY
    suspicious: bool = False
    tags: frozenset[str] = frozenset()
    needs: Needs = Needs()
    candidates: Mapping[str, Candidate] = field(default_factory=lambda: MappingProxyType({}))
    high_water: HighWater = HighWater()
    failures: frozenset[Failure] = frozenset()
    opaque: int = 0
    mode: Mode | None = None
    zones: frozenset[Zone] | None = None
    alias: str | None = None
    consent: bool | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """
    Where a request may go, and the treatment that each zone needs: the meet of all rules that apply.

    Attributes:
        zones: Permitted zone to treatment; may be empty.
        consent: Whether a person must agree before it leaves the local zone.
        reasons: Ids of the rules and failures that narrowed it, sorted.
    """

    zones: Mapping[Zone, Treatment] = field(default_factory=lambda: MappingProxyType({}))
    consent: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    Where a request goes: a pure function of policy and facts.

    Attributes:
        deployment: Alias of the chosen deployment; None is a block.
        zone: Zone of the chosen deployment; None is a block.
        treatment: What must be done to the texts before they enter *zone*.
        consent: Whether a person must agree first.
        permit: The permit it was chosen inside of.
        reasons: Why: rule ids, then what ruled deployments out (``unhealthy:gpt``, ``lacks-tools:phi4``).
        unavailable: For a block: whether the policy permits a deployment, but none is healthy and capable.
        policy: Digest of the policy.
    """

    deployment: str | None
    zone: Zone | None
    treatment: Treatment
    permit: Permit
    reasons: tuple[str, ...]
    policy: str
    consent: bool = False
    unavailable: bool = False

    @property
    def blocked(self) -> bool:
        """Whether no deployment was chosen."""
        return self.deployment is None
