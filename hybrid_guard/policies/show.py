"""The effective policy as plain values: what `policy show` prints and what the digest is taken of."""

from __future__ import annotations

import hashlib
import json
import re
from typing import assert_never

from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import (
    AllOf,
    AnyOf,
    Condition,
    Deployment,
    EndpointIs,
    EntityFound,
    LevelAtLeast,
    OperatorSettings,
    Policy,
    RestorationSettings,
    Rule,
    Tagged,
    Treatment,
    VaultSettings,
    Zone,
)

__all__ = ["Plain", "digest", "effective"]

Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None
"""A JSON value."""

_NOBODY = re.compile(r"//[^/@]*@")


def effective(policy: Policy) -> dict[str, Plain]:
    """
    *policy* as plain JSON values, all defaults filled in.

    Weights are those in force, the built-in table included. Secrets are left out, and of the texts that are allowed or
    denied only the numbers are given, for a deny list is itself a list of private texts.
    """
    shown = _plain(policy)
    shown["digest"] = policy.digest
    shown["operators"] = _operators(policy)
    weights: dict[str, Plain] = {**DEFAULT_WEIGHTS, **policy.sensitivity.weights}
    shown["sensitivity"] = {**_sensitivity(policy), "weights": weights}
    shown["detection"] = {
        **_detection(policy),
        "allow": len(policy.detection.allow),
        "deny": len(policy.detection.deny),
    }
    limits: dict[str, Plain] = {"max_entries": policy.vault.max_entries, "max_vaults": policy.vault.max_vaults}
    shown["vault"] = {**_vault(policy.vault), **limits}
    return shown


def digest(policy: Policy) -> str:
    """
    First 16 hex digits of SHA-256 over the canonical JSON of *policy*.

    The order of keys, rules and of the allowed and denied texts does not matter; that of deployments does, for it is an
    order of preference. Secrets are not part of it.
    """
    canonical = json.dumps(_plain(policy), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:16]


def _plain(policy: Policy) -> dict[str, Plain]:
    routing = policy.routing
    # A policy that leaves operators as they are has the digest that it had before they had parameters.
    operators: dict[str, Plain] = {} if policy.operators == OperatorSettings() else {"operators": _operators(policy)}
    return operators | {
        "name": policy.name,
        "deployments": [_deployment(one) for one in policy.deployments],
        "detection": _detection(policy),
        "sensitivity": _sensitivity(policy),
        "rules": [_rule(one) for one in sorted(policy.rules, key=lambda rule: rule.id)],
        "routing": {
            "mode": routing.mode,
            "objective": routing.objective,
            "escalate": {
                "when_confidence_below": routing.escalate.when_confidence_below,
                "max_wrong_local": routing.escalate.max_wrong_local,
            },
            "offline": routing.offline,
        },
        "vault": _vault(policy.vault),
        "restoration": _restoration(policy.restoration),
        "audit": {"path": policy.audit.path, "required": policy.audit.required},
    }


def _deployment(deployment: Deployment) -> dict[str, Plain]:
    # PRIVACY: the key stays out; whether there is one is all that is said.
    return {
        "alias": deployment.alias,
        "model": deployment.model,
        "zone": deployment.zone.value,
        "tier": deployment.tier,
        "api_base": deployment.api_base,
        "has_key": deployment.api_key is not None,
        "context": deployment.context,
        "supports": [*sorted(deployment.supports)],
    }


def _detection(policy: Policy) -> dict[str, Plain]:
    settings = policy.detection
    services: dict[str, Plain] = {one.alias: {"url": one.url, "zone": one.zone.value} for one in settings.services}
    # A policy without services or patterns has the digest that it had before there were any.
    patterns: list[Plain] = [
        {
            "entity": one.entity,
            "regex": one.regex,
            "score": float(one.score),
            "context": [*one.context],
            "check": one.check,
        }
        for one in settings.patterns
    ]
    more: dict[str, Plain] = ({"services": services} if services else {}) | ({"patterns": patterns} if patterns else {})
    return more | {
        "detectors": [*settings.detectors],
        "languages": [*settings.languages],
        "min_score": float(settings.min_score),
        "allow": [*sorted(settings.allow)],
        "deny": [*sorted(settings.deny)],
        "on_error": settings.on_error,
    }


def _vault(settings: VaultSettings) -> dict[str, Plain]:
    # PRIVACY: who speaks to the server, and with which password, stays out.
    url = None if settings.url is None else _NOBODY.sub("//", settings.url)
    given: dict[str, Plain] = {"path": settings.path, "url": url, "key": settings.key}
    limits: dict[str, Plain] = {"max_entries": settings.max_entries, "max_vaults": settings.max_vaults}
    usual = {"max_entries": VaultSettings().max_entries, "max_vaults": VaultSettings().max_vaults}
    # A policy with the usual limits has the digest that it had before there were any to set.
    return (
        {"store": settings.store, "ttl": float(settings.ttl)}
        | {name: value for name, value in given.items() if value is not None}
        | ({} if limits == usual else limits)
    )


def _sensitivity(policy: Policy) -> dict[str, Plain]:
    settings = policy.sensitivity
    return {
        "weights": {entity: float(weight) for entity, weight in sorted(settings.weights.items())},
        "alpha": float(settings.alpha),
        "levels": {name: float(bound) for name, bound in settings.levels},
        "quasi_identifiers": {
            "entities": [*sorted(settings.quasi_identifiers.entities)],
            "allowed": settings.quasi_identifiers.allowed,
        },
    }


def _restoration(settings: RestorationSettings) -> dict[str, Plain]:
    tools = settings.tools
    return {
        "when_lost": settings.when_lost,
        "tools": None if tools is None else {name: [*sorted(trusted)] for name, trusted in sorted(tools.items())},
    }


def _operators(policy: Policy) -> dict[str, Plain]:
    settings = policy.operators
    noise: dict[str, Plain] = {"epsilon": settings.epsilon, "group_share": settings.group_share}
    # PRIVACY: the key stays out; whether there is one is all that is said.
    return {
        "has_key": settings.key is not None,
        "surrogate": {"locale": settings.locale},
        "format_preserving": {"checksum": settings.checksum},
        **({} if settings.epsilon is None else {"perturb": noise}),
    }


def _rule(rule: Rule) -> dict[str, Plain]:
    return {
        "id": rule.id,
        "when": _condition(rule.when),
        "zones": None if rule.zones is None else [zone.value for zone in Zone if zone in rule.zones],
        "treat": {zone.value: _treatment(rule.treat[zone]) for zone in Zone if zone in rule.treat},
        "consent": rule.consent,
    }


def _treatment(treatment: Treatment) -> dict[str, Plain]:
    named: dict[str, Plain] = {entity: operator.value for entity, operator in sorted(treatment.entities.items())}
    return {"default": treatment.default.value, **named}


def _condition(condition: Condition) -> dict[str, Plain]:
    match condition:
        case LevelAtLeast(level=level):
            return {"level": level}
        case EntityFound(entity=entity, count=count):
            return {"entity": entity, "count": count}
        case Tagged(tag=tag):
            return {"tag": tag}
        case EndpointIs(endpoint=endpoint):
            return {"endpoint": endpoint}
        case AllOf(conditions=conditions):
            return {"all": [_condition(one) for one in conditions]}
        case AnyOf(conditions=conditions):
            return {"any": [_condition(one) for one in conditions]}
        case _:
            assert_never(condition)
