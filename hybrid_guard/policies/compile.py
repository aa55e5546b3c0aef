"""From the file as its author sees it to the frozen policy that the engine evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from hybrid_guard.policies.endpoints import expand
from hybrid_guard.policies.models import (
    ConditionSection,
    DeploymentSection,
    PolicyFile,
    RestorationSection,
    RuleSection,
    VaultSection,
)
from hybrid_guard.policies.operators import compile_operators
from hybrid_guard.policies.show import digest
from hybrid_guard.sensitivity import DECLARED_WEIGHT, DEFAULT_WEIGHTS
from hybrid_guard.types import (
    LOWEST_LEVEL,
    AllOf,
    AnyOf,
    AuditSettings,
    Capability,
    Condition,
    Deployment,
    DetectionPattern,
    DetectionService,
    DetectionSettings,
    EndpointIs,
    EntityFound,
    Escalation,
    LevelAtLeast,
    Operator,
    Policy,
    QuasiIdentifiers,
    RestorationSettings,
    RoutingSettings,
    Rule,
    SensitivitySettings,
    Tagged,
    Tier,
    Treatment,
    VaultSettings,
    Zone,
)

__all__ = ["compile_policy", "compile_vault"]

_TIER_OF_ZONE: Mapping[str, Tier] = MappingProxyType({"local": "device", "private": "edge", "external": "cloud"})
_SUPPORTS_OF_TIER: Mapping[Tier, frozenset[Capability]] = MappingProxyType(
    {
        "device": frozenset({"response_format", "logprobs"}),
        "edge": frozenset({"tools", "response_format", "logprobs"}),
        "cloud": frozenset({"tools", "vision", "response_format", "logprobs"}),
    }
)


def compile_policy(parsed: PolicyFile, env: Mapping[str, str]) -> Policy:
    """
    The policy that *parsed* describes, defaults filled in and variables put in.

    Args:
        parsed: A file without problems.
        env: Environment variables; those that the file names are set.
    """
    detection, sensitivity, routing = parsed.detection, parsed.sensitivity, parsed.routing
    policy = Policy(
        name=parsed.name,
        digest="",
        deployments=tuple(_deployment(alias, section, env) for alias, section in parsed.deployments.items()),
        rules=tuple(_rule(section) for section in parsed.rules),
        detection=DetectionSettings(
            detectors=tuple(detection.detectors),
            languages=tuple(detection.languages),
            min_score=detection.min_score,
            allow=tuple(detection.allow),
            deny=tuple(detection.deny),
            on_error=detection.on_error,
            services=tuple(
                DetectionService(alias=alias, url=section.url, zone=Zone(section.zone))
                for alias, section in detection.services.items()
            ),
            patterns=tuple(
                DetectionPattern(
                    entity=section.entity,
                    regex=section.regex,
                    score=section.score,
                    context=tuple(section.context),
                    check=section.check,
                )
                for section in detection.patterns
            ),
        ),
        sensitivity=SensitivitySettings(
            weights=MappingProxyType(dict(sorted({**_declared_weights(parsed), **sensitivity.weights}.items()))),
            alpha=sensitivity.alpha,
            levels=((LOWEST_LEVEL, 0.0), *sensitivity.levels.items()),
            quasi_identifiers=QuasiIdentifiers(
                entities=frozenset(sensitivity.quasi_identifiers.entities),
                allowed=sensitivity.quasi_identifiers.allowed,
            ),
        ),
        operators=compile_operators(parsed, env),
        routing=RoutingSettings(
            mode=routing.mode,
            objective=routing.objective,
            escalate=Escalation(
                when_confidence_below=routing.escalate.when_confidence_below,
                max_wrong_local=routing.escalate.max_wrong_local,
            ),
            offline=routing.offline,
        ),
        vault=compile_vault(parsed.vault, env),
        restoration=_restoration(parsed.restoration),
        audit=AuditSettings(path=parsed.audit.path, required=parsed.audit.required),
    )
    return replace(policy, digest=digest(policy))


def _declared_weights(parsed: PolicyFile) -> dict[str, float]:
    """What the entities weigh that the policy declares: as much as numbers of persons of any kind do."""
    declared = {section.entity for section in parsed.detection.patterns}
    return dict.fromkeys(declared - DEFAULT_WEIGHTS.keys(), DECLARED_WEIGHT)


def _deployment(alias: str, section: DeploymentSection, env: Mapping[str, str]) -> Deployment:
    tier = section.tier or _TIER_OF_ZONE[section.zone]
    supports = _SUPPORTS_OF_TIER[tier] if section.supports is None else frozenset(section.supports)
    return Deployment(
        alias=alias,
        model=section.model,
        zone=Zone(section.zone),
        tier=tier,
        api_base=None if section.api_base is None else expand(section.api_base, env),
        api_key=None if section.api_key is None else expand(section.api_key, env),
        context=section.context,
        supports=supports,
    )


def compile_vault(section: VaultSection, env: Mapping[str, str]) -> VaultSettings:
    """The settings that *section*, which has no problems, describes; its variables are read from *env*."""
    return VaultSettings(
        store=section.store,
        ttl=section.ttl,
        path=section.path,
        url=None if section.url is None else expand(section.url, env),
        key=section.key,
        max_entries=section.max_entries,
        max_vaults=section.max_vaults,
    )


def _restoration(section: RestorationSection) -> RestorationSettings:
    named = None if section.tools is None else {name: frozenset(given) for name, given in section.tools.items()}
    return RestorationSettings(
        when_lost=section.when_lost, tools=None if named is None else MappingProxyType(dict(sorted(named.items())))
    )


def _rule(section: RuleSection) -> Rule:
    treat = {Zone(zone): _treatment(operators) for zone, operators in (section.treat or {}).items()}
    return Rule(
        id=section.id,
        when=AllOf() if section.when is None else _condition(section.when),
        zones=None if section.zones is None else frozenset(Zone(zone) for zone in section.zones),
        treat=MappingProxyType(treat),
        consent=section.consent,
    )


def _treatment(operators: Mapping[str, str]) -> Treatment:
    named = {entity: Operator(name) for entity, name in sorted(operators.items()) if entity != "default"}
    return Treatment(default=Operator(operators.get("default", "keep")), entities=MappingProxyType(named))


def _condition(section: ConditionSection) -> Condition:
    parts: list[Condition] = []
    if section.level is not None:
        parts.append(LevelAtLeast(level=section.level))
    if section.entity is not None:
        parts.append(EntityFound(entity=section.entity, count=section.count or 1))
    if section.tag is not None:
        parts.append(Tagged(tag=section.tag))
    if section.endpoint is not None:
        parts.append(EndpointIs(endpoint=section.endpoint))
    if section.all is not None:
        parts.append(AllOf(conditions=tuple(_condition(inner) for inner in section.all)))
    if section.any is not None:
        parts.append(AnyOf(conditions=tuple(_condition(inner) for inner in section.any)))
    return parts[0] if len(parts) == 1 else AllOf(conditions=tuple(parts))
