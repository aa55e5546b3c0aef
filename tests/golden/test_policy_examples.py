"""Every policy in `policy_examples` keeps what its tests promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from hybrid_guard.policies import load_policy, load_tests
from hybrid_guard.policies.cases import Case
from hybrid_guard.policies.check import Assess, run
from hybrid_guard.types import Facts, Policy

EXAMPLES = Path(__file__).parents[2] / "policy_examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/policy.yaml"))
ENV = {"OPENAI_API_KEY": "unit-test-key"}


def load(name: str) -> tuple[Policy, tuple[Case, ...]]:
    """The policy called *name*, and its cases."""
    policy = load_policy(EXAMPLES / name / "policy.yaml", env=ENV)
    return policy, load_tests(EXAMPLES / name / "policy_test.yaml", policy=policy)


def no_detection(messages: Sequence[Mapping[str, JsonValue]], tags: frozenset[str]) -> Facts:
    """Stands in where only facts are given."""
    raise AssertionError("a case with facts was assessed")


def test_there_are_examples() -> None:
    """The three cases that the documentation names are there."""
    assert NAMES == ["clinic", "developer-secrets", "offline-only"]


@pytest.mark.parametrize("name", NAMES)
def test_example_is_complete(name: str) -> None:
    """Each example says what it promises, and its README names its rules and its policy."""
    policy, _ = load(name)
    readme = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")

    assert f"hybrid-guard policy test policy_examples/{name}/policy.yaml" in readme
    assert all(f"`{rule.id}`" in readme for rule in policy.rules)
    assert f"({name})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_example_decides_facts_as_promised(name: str) -> None:
    """The cases with facts come out as expected, without any detector."""
    policy, cases = load(name)
    by_facts = [case for case in cases if case.facts is not None]

    report = run(policy, by_facts, assess=no_detection)

    assert len(by_facts) >= 5
    assert [(result.id, result.line, result.problems) for result in report.results if not result.passed] == []


@pytest.mark.parametrize("name", NAMES)
def test_example_decides_prompts_as_promised(name: str, assess: Callable[[Policy], Assess]) -> None:
    """All cases come out as expected with the shipped detectors, and every rule is exercised."""
    policy, cases = load(name)

    report = run(policy, cases, assess=assess(policy))

    assert any(case.messages for case in cases)
    assert [(result.id, result.line, result.problems) for result in report.results if not result.passed] == []
    assert report.uncovered == ()
