"""Runs the tests of a policy; `hybrid_guard.policies.cases` tells what they look like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from hybrid_guard.policies.cases import Case, Expectation
from hybrid_guard.policies.engine import decide, level
from hybrid_guard.types import Decision, Facts, Policy

__all__ = ["Assess", "CaseResult", "Report", "run"]

Assess = Callable[[Sequence[Mapping[str, JsonValue]], frozenset[str]], Facts]
"""Detection, supplied by the caller: messages and tags to facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """
    How one case went.

    Attributes:
        id: Of the case.
        line: Of the case.
        passed: Whether all came out as expected.
        problems: What did not, in words that hold no text of the case.
    """

    id: str
    line: int
    passed: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    How all cases went.

    Attributes:
        results: One per case, in order.
        uncovered: Ids of the rules that held in no case, sorted.
    """

    results: tuple[CaseResult, ...]
    uncovered: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every case passed; rules without a case do not count."""
        return all(result.passed for result in self.results)


def run(policy: Policy, tests: Sequence[Case], *, assess: Assess) -> Report:
    """
    Decide every case and compare.

    Args:
        policy: What is tested.
        tests: From `hybrid_guard.policies.load_tests`.
        assess: Detection; what it raises fails the case.
    """
    results = []
    held: set[str] = set()
    for case in tests:
        facts = case.facts
        if facts is None:
            try:
                facts = assess(case.messages, case.tags)
            except Exception as exc:
                # PRIVACY: the error may quote the prompt, so only its kind is told.
                problem = f"detection failed with `{type(exc).__name__}`"
                results.append(CaseResult(id=case.id, line=case.line, passed=False, problems=(problem,)))
                continue
        decision = decide(policy, facts)
        held.update(decision.permit.reasons)
        problems = tuple(_differences(policy, facts, decision, case.expect))
        results.append(CaseResult(id=case.id, line=case.line, passed=not problems, problems=problems))
    uncovered = sorted(rule.id for rule in policy.rules if rule.id not in held)
    return Report(results=tuple(results), uncovered=tuple(uncovered))


def _differences(policy: Policy, facts: Facts, decision: Decision, expect: Expectation) -> Iterator[str]:
    zones = decision.permit.zones
    reached = level(policy, facts)
    if expect.level is not None and expect.level != reached:
        yield f"level is `{reached}`, not `{expect.level}`"
    if expect.zones is not None and expect.zones != zones.keys():
        permitted, expected = ([zone.value for zone in found] for found in (zones, expect.zones))
        yield f"permitted zones are {_names(permitted)}, not {_names(expected)}"
    for zone, operators in expect.treatment.items():
        if zone not in zones:
            yield f"zone `{zone.value}` is not permitted, so it has no treatment"
            continue
        for entity, operator in operators.items():
            given = zones[zone].operator(entity)
            if given is not operator:
                yield f"`{entity}` gets `{given.value}` in zone `{zone.value}`, not `{operator.value}`"
    for reason in expect.reasons:
        if reason not in decision.reasons:
            yield f"`{reason}` is not among the reasons; they are: {', '.join(decision.reasons) or 'none'}"
    found = {entity for entity, count in facts.sensitivity.counts.items() if count}
    if expect.entities is not None and expect.entities != found:
        yield f"entities are {_names(found)}, not {_names(expect.entities)}"
    if expect.blocked is not None and expect.blocked != decision.blocked:
        yield f"it is answered by `{decision.deployment}`, not blocked" if expect.blocked else "it is blocked"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"
