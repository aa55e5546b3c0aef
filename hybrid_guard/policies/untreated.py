"""
Whether something sensitive could reach the external zone untreated: the structural check of a whole policy.

The engine is asked with the weakest facts that make a level, an entity or a rule's condition hold. The engine is
monotone, so what is treated there is treated for all stronger facts, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import assert_never

from hybrid_guard.policies.engine import permit
from hybrid_guard.policies.names import KNOWN_ENTITIES
from hybrid_guard.policies.problems import Problem
from hybrid_guard.sensitivity import score
from hybrid_guard.types import (
    LOWEST_LEVEL,
    AllOf,
    AnyOf,
    Condition,
    EndpointIs,
    EntityFound,
    Facts,
    Finding,
    Findings,
    LevelAtLeast,
    Operator,
    Policy,
    Rule,
    Segment,
    Sensitivity,
    Tagged,
    Zone,
)

__all__ = ["MAX_WAYS", "untreated_problems"]

MAX_WAYS = 64
"""Alternatives of one condition that are looked at; a rule with more is refused."""

_ANY_ENTITY = "default"
_REMEDY = "an operator stricter than `keep`, or leave `external` out of its `zones`"


def untreated_problems(policy: Policy, *, has_rules: bool) -> Iterator[Problem]:
    """
    What could leave untreated.

    Args:
        policy: Compiled from a file that is right in all else.
        has_rules: Whether the file has a `rules` key that a problem can point at.
    """
    if not any(deployment.zone is Zone.EXTERNAL for deployment in policy.deployments):
        return
    # Rules about the same things share their ways, so each is asked once.
    exposed = cache(lambda way: _exposed(policy, way))
    reported: set[str] = set()
    for position in range(len(policy.rules)):
        yield from _rule_problems(policy, position, exposed, reported)
    uncovered = [name for name, _ in policy.sensitivity.levels[1:] if exposed(_Way(level=name))]
    if not uncovered:
        yield from _entity_problems(policy, exposed)
    elif reported.isdisjoint(uncovered):
        level = uncovered[0]
        message = (
            f"level `{level}` would reach zone `external` untreated; add a rule such as"
            f" `{{id: mask-{level}, when: {{level: {level}}}, treat: {{external: {{default: placeholder}}}}}}`"
        )
        yield Problem(code="HG123", message=message, path=("rules" if has_rules else "deployments",), on_key=True)


def _rule_problems(
    policy: Policy, position: int, exposed: Callable[[_Way], tuple[str, ...]], reported: set[str]
) -> Iterator[Problem]:
    """The first way in which a rule applies to something sensitive and lets it leave."""
    rule = policy.rules[position]
    ways = _ways(policy, rule.when)
    if ways is None:
        message = f"rule `{rule.id}` applies in more than {MAX_WAYS} ways; split it into several rules"
        yield Problem(code="HG122", message=message, path=("rules", position))
        return
    for way in ways:
        for entity in exposed(way)[:1]:
            reported.add(way.level)
            what = f"entity `{entity}`" if entity != _ANY_ENTITY else f"level `{way.level}`"
            message = f"rule `{rule.id}` lets {what} reach zone `external` untreated; add to its `treat` {_REMEDY}"
            yield Problem(code="HG123", message=message, path=("rules", position))
            return


def _entity_problems(policy: Policy, exposed: Callable[[_Way], tuple[str, ...]]) -> Iterator[Problem]:
    """Entities that reach a level on their own and that a rule exempts from its default."""
    declared = sorted({pattern.entity for pattern in policy.detection.patterns}.difference(KNOWN_ENTITIES))
    for entity in (*KNOWN_ENTITIES, *declared):
        way = _Way(counts=((entity, 1),))
        if _sensitivity(policy, way).level == LOWEST_LEVEL or not exposed(way):
            continue
        # INVARIANT: every level has a default here, so only a rule that names the entity can keep it.
        position = next(at for at, rule in enumerate(policy.rules) if _exempts(rule, entity))
        message = f"rule `{policy.rules[position].id}` lets entity `{entity}` reach zone `external` untreated"
        path = ("rules", position, "treat", "external", entity)
        yield Problem(code="HG123", message=f"{message}; give it {_REMEDY}", path=path)


def _exempts(rule: Rule, entity: str) -> bool:
    return Zone.EXTERNAL in rule.treat and rule.treat[Zone.EXTERNAL].entities.get(entity) is Operator.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One weakest way in which a condition holds."""

    level: str = LOWEST_LEVEL
    counts: tuple[tuple[str, int], ...] = ()
    tags: frozenset[str] = frozenset()
    endpoint: str = ""


def _ways(policy: Policy, condition: Condition) -> list[_Way] | None:
    """All weakest ways in which *condition* holds, its disjunctive normal form; None if there are too many."""
    match condition:
        case LevelAtLeast(level=level):
            return [_Way(level=level)]
        case EntityFound(entity=entity, count=count):
            return [_Way(counts=((entity, count),))]
        case Tagged(tag=tag):
            return [_Way(tags=frozenset({tag}))]
        case EndpointIs(endpoint=endpoint):
            return [_Way(endpoint=endpoint)]
        case AnyOf(conditions=conditions):
            found: list[_Way] = []
            for one in conditions:
                inner = _ways(policy, one)
                if inner is None:
                    return None
                found = [*dict.fromkeys([*found, *inner])]
                if len(found) > MAX_WAYS:
                    return None
            return found
        case AllOf(conditions=conditions):
            joined = [_Way()]
            for one in conditions:
                inner = _ways(policy, one)
                if inner is None:
                    return None
                joined = [*dict.fromkeys(_join(policy, left, right) for left, right in product(joined, inner))]
                if len(joined) > MAX_WAYS:
                    return None
            return joined
        case _:
            assert_never(condition)


def _join(policy: Policy, left: _Way, right: _Way) -> _Way:
    # Sorted by entity and then by count, so that the higher count of an entity is the one that stays.
    counts = dict(sorted({*left.counts, *right.counts}))
    return _Way(
        level=max(left.level, right.level, key=policy.level_rank),
        counts=tuple(counts.items()),
        tags=left.tags | right.tags,
        endpoint=left.endpoint or right.endpoint,
    )


def _exposed(policy: Policy, way: _Way) -> tuple[str, ...]:
    """What is sensitive in *way* and would reach the external zone as it is."""
    facts = Facts(sensitivity=_sensitivity(policy, way), tags=way.tags, endpoint=way.endpoint)
    treatment = permit(policy, facts).zones.get(Zone.EXTERNAL)
    if treatment is None:
        return ()
    sensitive = [entity for entity, _ in way.counts]
    if way.level != LOWEST_LEVEL:
        # A level says that something was found, but not what: the default has to cover it.
        sensitive.append(_ANY_ENTITY)
    return tuple(entity for entity in sensitive if treatment.operator(entity) is Operator.KEEP)


def _sensitivity(policy: Policy, way: _Way) -> Sensitivity:
    """The lowest sensitivity that *way* can have: that of its entities alone, raised to its level."""
    # A hundred findings of an entity stand for more: the score they give is a lower bound.
    spans = tuple(
        Finding(start=0, end=1, entity=entity, score=1.0, detector="")
        for entity, count in way.counts
        for _ in range(min(count, 100))
    )
    found = score(Findings(spans=(spans,)), (Segment(path="", text=""),), policy.sensitivity)
    level = max(found.level, way.level, key=policy.level_rank)
    return Sensitivity(score=found.score, level=level, counts=MappingProxyType(dict(way.counts)))
