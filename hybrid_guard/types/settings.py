"""The sections of a compiled policy beside its deployments and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hybrid_guard.types.zone import Mode, Zone

__all__ = [
    "LOWEST_LEVEL",
    "AuditSettings",
    "CheckDigit",
    "DetectionPattern",
    "DetectionService",
    "DetectionSettings",
    "Escalation",
    "QuasiIdentifiers",
    "RestorationSettings",
    "RoutingSettings",
    "SensitivitySettings",
    "VaultSettings",
]

LOWEST_LEVEL = "low"
"""Name of the band below the first level that a policy names."""

CheckDigit = Literal["luhn", "mod_11_10", "mod_97_10", "verhoeff"]
"""How the digits of a number prove each other: Luhn, Verhoeff, and two of ISO 7064."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionService:
    """
    A server that finds private spans for us. One beyond this machine reads what may go to its zone untreated.

    Attributes:
        alias: Its name in the policy; for a server that is named by its address, that address.
        url: Base URL.
        zone: Local, for an address of this machine, or private.
    """

    alias: str
    url: str
    zone: Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionPattern:
    """
    One shape that a policy brings.

    Attributes:
        entity: What it finds; a name of the policy's own, or a shipped one.
        regex: In the syntax of RE2, without regard to case. The value is the group ``span`` if it takes part, else the
            whole match.
        score: In [0, 1]. Below 0.4 it counts only with a context word or a passed check.
        context: Words that make it likely when they stand near.
        check: Check digit that proves it or refutes it.
    """

    entity: str
    regex: str = field(repr=False)
    score: float = 0.6
    context: tuple[str, ...] = ()
    check: CheckDigit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionSettings:
    """
    Which detectors run and how.

    Attributes:
        detectors: Versioned names, in the order they were given.
        languages: ISO 639-1 codes.
        min_score: Findings below it are dropped; in [0, 1].
        allow: Texts that are never private, matched whole and without regard to case.
        deny: Texts that are always private (entity ``DENIED_TEXT``), matched anywhere without regard to case.
        on_error: What a failed detector leads to.
        services: Servers that detectors may name by their alias.
        patterns: Shapes of the policy's own; they are looked for whichever detectors run.
    """

    detectors: tuple[str, ...] = ("patterns.v1", "ner.v2", "secrets.v1")
    languages: tuple[str, ...] = ("en",)
    min_score: float = 0.4
    allow: tuple[str, ...] = field(default=(), repr=False)
    deny: tuple[str, ...] = field(default=(), repr=False)
    on_error: Literal["local", "block"] = "local"
    services: tuple[DetectionService, ...] = ()
    patterns: tuple[DetectionPattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuasiIdentifiers:
    """
    What describes many people alone and one person together: k-anonymity's quasi-identifiers, counted by kind.

    Attributes:
        entities: Which findings are such.
        allowed: Most kinds in one conversation; one more raises its level by one.
    """

    entities: frozenset[str] = frozenset(
        {
            *("ADDRESS", "AGE", "CA_POSTAL_CODE", "DATE_OF_BIRTH", "DATE_TIME", "DE_PLZ", "EDUCATION", "GENDER"),
            *("LOCATION", "MARITAL_STATUS", "NRP", "OCCUPATION", "ORGANIZATION", "UK_POSTCODE"),
        }
    )
    allowed: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivitySettings:
    """
    How findings become a score and a level.

    Attributes:
        weights: Entity to S(e) in [0, 1], over the built-in table.
        alpha: Added per finding, in [0, 1].
        levels: (name, lower bound of the score) in rising order, beginning with ``("low", 0.0)``.
        quasi_identifiers: What raises the level together.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    alpha: float = 0.05
    levels: tuple[tuple[str, float], ...] = ((LOWEST_LEVEL, 0.0), ("moderate", 0.3), ("high", 0.8))
    quasi_identifiers: QuasiIdentifiers = QuasiIdentifiers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """
    When a local answer is too weak.

    Attributes:
        when_confidence_below: In [0, 1]; None never escalates.
        max_wrong_local: Bound on the share of wrong local answers; used by calibrated gates.
    """

    when_confidence_below: float | None = None
    max_wrong_local: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSettings:
    """
    How to choose inside the permit.

    Attributes:
        mode: Which deployments come first.
        objective: What the choice optimises.
        escalate: When a local answer is too weak.
        offline: What happens to a weak local answer when nothing better is permitted and healthy: it is given with
            ``degraded`` set, or the request is blocked.
    """

    mode: Mode = "auto"
    objective: Literal["balanced"] = "balanced"
    escalate: Escalation = Escalation()
    offline: Literal["best_effort", "refuse"] = "best_effort"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultSettings:
    """
    Where originals are kept while a conversation lasts.

    Attributes:
        store: Kind of store.
        ttl: Seconds after which a vault that nobody used is deleted.
        path: File of a store of kind ``sqlite``; else None.
        url: Server of a store of kind ``redis``, which may hold a password; else None.
        key: Entry point that gives the key of a shared store; None for the environment variable.
        max_entries: Most originals per conversation.
        max_vaults: Most conversations at a time.
    """

    store: Literal["memory", "sqlite", "redis"] = "memory"
    ttl: float = 3600.0
    path: str | None = None
    url: str | None = field(default=None, repr=False)
    key: str | None = None
    max_entries: int = 10_000
    max_vaults: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationSettings:
    """
    How to put originals back.

    Attributes:
        when_lost: What happens to an answer in which placeholders were damaged or made up: it is given with
            ``degraded`` set, the same deployment is asked once more, or a local one answers. A stream is always given,
            for its beginning was seen.
        tools: Tool to the entities that are restored in its arguments, ``all`` standing for every one; none are for a
            tool that is not named. None: all are, for every tool.
    """

    when_lost: Literal["warn", "retry", "local"] = "warn"
    tools: Mapping[str, frozenset[str]] | None = None

    def trusts(self, tool: str) -> frozenset[str] | None:
        """Entities that are restored in the arguments of *tool*; None for every one."""
        trusted = frozenset({"all"}) if self.tools is None else self.tools.get(tool, frozenset())
        return None if "all" in trusted else trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """
    Where decisions are recorded.

    Attributes:
        path: JSON Lines file.
        required: Whether a local call, too, fails when its record cannot be made durable. Without a durable record
            nothing ever leaves the local zone, whatever this says.
    """

    path: str = "audit.jsonl"
    required: bool = True
