"""The compiled policy: frozen values that the engine evaluates. The YAML file is read by `hybrid_guard.policies`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, cast

from hybrid_guard.types.operators import OperatorSettings
from hybrid_guard.types.settings import (
    AuditSettings,
    DetectionSettings,
    RestorationSettings,
    RoutingSettings,
    SensitivitySettings,
    VaultSettings,
)
from hybrid_guard.types.zone import Zone

__all__ = [
    "AllOf",
    "AnyOf",
    "Capability",
    "Condition",
    "Deployment",
    "EndpointIs",
    "EntityFound",
    "LevelAtLeast",
    "Operator",
    "Policy",
    "Rule",
    "Tagged",
    "Tier",
    "Treatment",
]

_INSTALLED = re.compile(r"[a-z][a-z0-9_]{0,30}\.v[0-9]{1,4}", re.ASCII)

Tier = Literal["device", "edge", "cloud"]
"""Size of a deployment; says nothing about trust."""

Capability = Literal["tools", "vision", "response_format", "logprobs"]
"""What a request may need and a deployment may lack."""


class Operator(StrEnum):
    """
    What replaces one span: one of the shipped ones, or one of an installed package, such as ``Operator("mine.v1")``.

    Attributes:
        strictness: From 0; the strictest of several operators wins. Ordered by what of the value stays visible; what
            nobody here has read, an installed operator, is taken to show more than any shipped one but ``keep``.
        reversible: Whether an answer gets the value back: its original is in the vault.
    """

    KEEP = "keep"
    PERTURB = "perturb"
    GENERALIZE = "generalize"
    MASK = "mask"
    HASH = "hash"
    FORMAT_PRESERVING = "format_preserving"
    SURROGATE = "surrogate"
    ENCRYPT = "encrypt"
    PLACEHOLDER = "placeholder"
    REDACT = "redact"

    @classmethod
    def _missing_(cls, value: object) -> Operator | None:
        # An enumeration keeps its members by value, so the operator of one name is one object, shipped or not.
        if not isinstance(value, str) or not _INSTALLED.fullmatch(value):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return cast(Operator, cls._value2member_map_.setdefault(value, member))

    @property
    def strictness(self) -> int:
        shipped = list(Operator)
        return 2 * shipped.index(self) if self in shipped else 1

    @property
    def reversible(self) -> bool:
        return self.value in ("format_preserving", "surrogate", "encrypt", "placeholder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """
    Which operator each entity needs before a text may enter a zone.

    Attributes:
        default: For entities that *entities* does not name.
        entities: Entity to operator.
    """

    default: Operator = Operator.KEEP
    entities: Mapping[str, Operator] = field(default_factory=lambda: MappingProxyType({}))

    def operator(self, entity: str) -> Operator:
        """The operator for *entity*."""
        return self.entities.get(entity, self.default)

    def meet(self, other: Treatment) -> Treatment:
        """The treatment that is at least as strict as both, entity by entity."""

        def stricter(one: Operator, two: Operator) -> Operator:
            # Two installed operators are equally strict; their names decide, so that the order of rules never does.
            return max(one, two, key=lambda operator: (operator.strictness, operator.value))

        entities = {
            entity: stricter(self.operator(entity), other.operator(entity))
            for entity in sorted({*self.entities, *other.entities})
        }
        return Treatment(default=stricter(self.default, other.default), entities=MappingProxyType(entities))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """
    One concrete endpoint.

    Attributes:
        alias: Its name in the policy.
        model: litellm model string, such as ``openai/gpt-5-mini`` or ``hg_llamacpp/tiny``.
        zone: How far it is trusted.
        tier: Its size.
        api_base: Base URL; None for in-process models and for a provider's own public endpoint.
        api_key: Secret, read from the environment when the policy was loaded; None if it needs none.
        context: Context length in tokens; None if unknown.
        supports: What it can do.
    """

    alias: str
    model: str
    zone: Zone
    tier: Tier
    api_base: str | None = None
    api_key: str | None = field(default=None, repr=False)
    context: int | None = None
    supports: frozenset[Capability] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAtLeast:
    """Holds if the sensitivity level, or the session's high-water mark, is *level* or above it."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFound:
    """Holds if at least *count* findings of *entity* were made now or earlier in the session."""

    entity: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Holds if the caller tagged the request with *tag*."""

    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointIs:
    """Holds for requests to one endpoint, such as ``chat``."""

    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Holds if all of *conditions* hold; an empty one always holds."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Holds if one of *conditions* holds."""

    conditions: tuple[Condition, ...] = ()


Condition = LevelAtLeast | EntityFound | Tagged | EndpointIs | AllOf | AnyOf
# INVARIANT: every condition is monotone: one more finding, tag or turn never makes a condition that held stop holding.
# There is no negation, for a negated condition would let a private value switch a rule off.


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    One rule; it can only narrow.

    Attributes:
        id: Unique name, given as a reason.
        when: When it applies.
        zones: The zones it leaves permitted; None leaves them all.
        treat: Per zone, what it asks for before a text may enter.
        consent: Whether a person must agree before anything leaves the local zone.
    """

    id: str
    when: Condition
    zones: frozenset[Zone] | None = None
    treat: Mapping[Zone, Treatment] = field(default_factory=lambda: MappingProxyType({}))
    consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    A whole policy, compiled.

    Attributes:
        name: Its name.
        digest: First 16 hex digits of SHA-256 over the canonical form; secrets are not part of it.
        deployments: In the order of the file, which is the order of preference among equals.
        rules: All of them; their order means nothing.
        detection, sensitivity, operators, routing, vault, restoration, audit: The sections of the file.
    """

    name: str
    digest: str
    deployments: tuple[Deployment, ...]
    rules: tuple[Rule, ...] = ()
    detection: DetectionSettings = DetectionSettings()
    sensitivity: SensitivitySettings = SensitivitySettings()
    operators: OperatorSettings = OperatorSettings()
    routing: RoutingSettings = RoutingSettings()
    vault: VaultSettings = VaultSettings()
    restoration: RestorationSettings = RestorationSettings()
    audit: AuditSettings = AuditSettings()

    def deployment(self, alias: str) -> Deployment | None:
        """The deployment called *alias*, or None."""
        return next((one for one in self.deployments if one.alias == alias), None)

    def level_rank(self, level: str) -> int:
        """Position of *level* among the levels, from 0; an unknown one ranks highest."""
        names = [name for name, _ in self.sensitivity.levels]
        return names.index(level) if level in names else len(names)
