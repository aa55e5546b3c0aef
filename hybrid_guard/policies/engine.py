"""
Where a request may go: pure functions of a policy and facts.

`permit` answers with the zones that stay permitted and the treatment that each needs; `decide` chooses a deployment
inside them. Both answer for all facts and keep no state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from hybrid_guard.types import (
    AllOf,
    AnyOf,
    Candidate,
    Condition,
    Decision,
    Deployment,
    EndpointIs,
    EntityFound,
    Facts,
    LevelAtLeast,
    Mode,
    Permit,
    Policy,
    Tagged,
    Treatment,
    Zone,
)

__all__ = ["BUILT_IN_REASONS", "decide", "level", "permit"]

CONSENT_REFUSED = "consent-refused"
NO_ESCALATION = "no-escalation"
OPAQUE_PART = "opaque-part"
QUASI_IDENTIFIERS = "quasi-identifiers"
SUSPICIOUS_TEXT = "suspicious-text"

BUILT_IN_REASONS = frozenset({CONSENT_REFUSED, NO_ESCALATION, OPAQUE_PART, QUASI_IDENTIFIERS, SUSPICIOUS_TEXT})
"""Reasons that the engine gives without a rule; no rule may be called like one. All others hold a colon."""

_EVERYWHERE = frozenset(Zone)
_LOCAL = frozenset({Zone.LOCAL})
_NOWHERE: frozenset[Zone] = frozenset()

_ZONES_OF_MODE: Mapping[Mode, frozenset[Zone]] = MappingProxyType(
    {
        "only_local": _LOCAL,
        "prefer_local": _EVERYWHERE,
        "auto": _EVERYWHERE,
        "prefer_cloud": _EVERYWHERE,
        "only_cloud": frozenset({Zone.PRIVATE, Zone.EXTERNAL}),
    }
)


def permit(policy: Policy, facts: Facts) -> Permit:
    """
    The meet of all rules that hold for *facts*, of the built-in rules, and of what the caller asked for.

    The order of the rules means nothing. One more finding, tag, turn, failure or override never adds a zone, never
    loosens an operator and never drops the need for consent.
    """
    seen = _see(policy, facts)
    zones = _EVERYWHERE
    treatments = dict.fromkeys(Zone, Treatment())
    consent = False
    reasons = set()
    for rule in policy.rules:
        if not _holds(rule.when, seen):
            continue
        reasons.add(rule.id)
        consent = consent or rule.consent
        if rule.zones is not None:
            zones &= rule.zones
        for zone, treatment in rule.treat.items():
            treatments[zone] = treatments[zone].meet(treatment)
    for reason, remaining in _built_in(policy, facts):
        reasons.add(reason)
        zones &= remaining
    ordered = {zone: treatments[zone] for zone in Zone if zone in zones}
    return Permit(zones=MappingProxyType(ordered), consent=consent, reasons=tuple(sorted(reasons)))


def decide(policy: Policy, facts: Facts) -> Decision:
    """
    The deployment to call, or a block; always the same for the same policy and facts.

    Inside the permit, deployments are walked from the nearest zone to the farthest (from the farthest to the nearest in
    the modes ``prefer_cloud`` and ``only_cloud``), in the order of the policy within a zone; the first that is healthy,
    capable and untried is chosen. After a weak local answer only deployments beyond the device come into question.
    """
    permitted = permit(policy, facts)
    eligible = [one for one in policy.deployments if _is_eligible(one, permitted, facts)]
    excluded: list[str] = []
    for deployment in sorted(eligible, key=lambda one: _preference(policy, facts) * one.zone.distance):
        obstacles = _obstacles(deployment, facts.candidates.get(deployment.alias, Candidate()))
        if obstacles:
            excluded.extend(obstacles)
            continue
        return Decision(
            deployment=deployment.alias,
            zone=deployment.zone,
            treatment=permitted.zones[deployment.zone],
            permit=permitted,
            reasons=(*permitted.reasons, *excluded),
            policy=policy.digest,
            consent=permitted.consent and facts.consent is None and deployment.zone is not Zone.LOCAL,
        )
    if facts.stage == "escalation":
        excluded.append(NO_ESCALATION)
    return Decision(
        deployment=None,
        zone=None,
        treatment=Treatment(),
        permit=permitted,
        reasons=(*permitted.reasons, *excluded),
        policy=policy.digest,
        unavailable=bool(eligible),
    )


def level(policy: Policy, facts: Facts) -> str:
    """
    The level that the rules go by: the higher one of the request's own and the session's high-water mark.

    It is one higher, up to the highest there is, if the conversation holds too many kinds of quasi-identifiers.
    """
    reached = max(facts.high_water.level, facts.sensitivity.level, key=policy.level_rank)
    names = [name for name, _ in policy.sensitivity.levels]
    if not _over_budget(policy, facts) or reached not in names:
        return reached
    return names[min(names.index(reached) + 1, len(names) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What conditions look at: the request joined with its session."""

    policy: Policy
    rank: int
    counts: Mapping[str, int]
    tags: frozenset[str]
    endpoint: str


def _counts(facts: Facts) -> dict[str, int]:
    """Findings per entity, the most of now and of earlier in the session."""
    now, before = facts.sensitivity.counts, facts.high_water.counts
    return {entity: max(now.get(entity, 0), before.get(entity, 0)) for entity in {*now, *before}}


def _over_budget(policy: Policy, facts: Facts) -> bool:
    budget = policy.sensitivity.quasi_identifiers
    return sum(count > 0 for entity, count in _counts(facts).items() if entity in budget.entities) > budget.allowed


def _see(policy: Policy, facts: Facts) -> _Seen:
    return _Seen(
        policy=policy,
        rank=policy.level_rank(level(policy, facts)),
        counts=_counts(facts),
        tags=facts.tags | facts.high_water.tags,
        endpoint=facts.endpoint,
    )


def _holds(condition: Condition, seen: _Seen) -> bool:
    # INVARIANT: monotone in level, counts and tags, for there is no negation.
    match condition:
        case LevelAtLeast(level=name):
            needed = seen.policy.level_rank(name)
            # A level that the policy does not have holds always: a rule can only narrow, so that is the closed side.
            return seen.rank >= needed or needed == len(seen.policy.sensitivity.levels)
        case EntityFound(entity=entity, count=count):
            return seen.counts.get(entity, 0) >= count
        case Tagged(tag=tag):
            return tag in seen.tags
        case EndpointIs(endpoint=endpoint):
            return endpoint == seen.endpoint
        case AllOf(conditions=conditions):
            return all(_holds(one, seen) for one in conditions)
        case AnyOf(conditions=conditions):
            return any(_holds(one, seen) for one in conditions)
        case _:
            assert_never(condition)


def _built_in(policy: Policy, facts: Facts) -> Iterator[tuple[str, frozenset[Zone]]]:
    """What narrows the zones without a rule: (reason, the zones that it leaves)."""
    failures: set[str] = set(facts.failures)
    if not 0.0 <= facts.sensitivity.score <= 1.0:
        # NaN compares false with everything; a score that is none is a detection that failed.
        failures.add("detection")
    for failure in failures:
        closed = failure == "request" or (failure == "detection" and policy.detection.on_error == "block")
        yield f"failure:{failure}", _NOWHERE if closed else _LOCAL
    if facts.opaque:
        yield OPAQUE_PART, _LOCAL
    if _over_budget(policy, facts):
        # It narrows through the level that it raises.
        yield QUASI_IDENTIFIERS, _EVERYWHERE
    if facts.suspicious:
        yield SUSPICIOUS_TEXT, _LOCAL
    if facts.consent is False:
        yield CONSENT_REFUSED, _LOCAL
    if policy.routing.mode in ("only_local", "only_cloud"):
        yield f"mode:{policy.routing.mode}", _ZONES_OF_MODE[policy.routing.mode]
    if facts.mode in ("only_local", "only_cloud"):
        yield "override:mode", _ZONES_OF_MODE[facts.mode]
    if facts.zones is not None:
        yield "override:zones", facts.zones
    if facts.alias is not None:
        wanted = policy.deployment(facts.alias)
        yield "override:alias", _NOWHERE if wanted is None else frozenset({wanted.zone})


def _is_eligible(deployment: Deployment, permitted: Permit, facts: Facts) -> bool:
    """Whether the permit, the caller and the stage leave *deployment* in question, however healthy it is."""
    if deployment.zone not in permitted.zones or facts.alias not in (None, deployment.alias):
        return False
    beyond_device = deployment.zone is not Zone.LOCAL or deployment.tier != "device"
    return beyond_device or facts.stage != "escalation"


def _preference(policy: Policy, facts: Facts) -> int:
    """1 if near zones come first, -1 if far ones do."""
    return -1 if (facts.mode or policy.routing.mode) in ("prefer_cloud", "only_cloud") else 1


def _obstacles(deployment: Deployment, candidate: Candidate) -> list[str]:
    """Why *deployment* cannot be called now; empty if it can."""
    found = [f"lacks-{lack}" for lack in candidate.lacks]
    if not candidate.healthy:
        found.append("unhealthy")
    if candidate.tried:
        found.append("tried")
    return [f"{obstacle}:{deployment.alias}" for obstacle in found]
