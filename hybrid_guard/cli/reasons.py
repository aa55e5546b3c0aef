"""Reasons in words: what a rule narrowed, what the engine added, what ruled a deployment out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.types import Decision, Policy, Rule, Treatment

__all__ = ["describe", "destination", "treatment_words"]

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "consent-refused": "a person was asked and did not agree, so it stays local",
        "no-escalation": "no other deployment may answer again after a weak local answer",
        "quasi-identifiers": "details that single a person out together raise the level by one",
        "opaque-part": "no detector can read a part of it, so it stays local",
        "suspicious-text": "a text looks as if it hid something, so it stays local",
        "override:alias": "you asked for one deployment",
        "override:mode": "you asked for a mode",
        "override:zones": "you asked for zones",
    }
)

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "failure": "`{}` failed, so it stays local or is refused",
        "mode": "the policy's routing mode is `{}`",
        "tried": "`{}` was tried and did not answer",
        "unhealthy": "`{}` cannot answer now",
    }
)


def describe(reason: str, policy: Policy) -> str:
    """What *reason*, one of a decision under *policy*, did."""
    for rule in policy.rules:
        if rule.id == reason:
            return rule_words(rule)
    kind, _, name = reason.partition(":")
    if kind.startswith("lacks-"):
        lack = "context: too few tokens fit" if kind == "lacks-context" else kind.removeprefix("lacks-")
        return f"`{name}` lacks {lack}"
    return _WORDS.get(reason) or _KINDS.get(kind, "unknown").format(name)


def rule_words(rule: Rule) -> str:
    """What *rule* narrows."""
    words = []
    if rule.zones is not None:
        words.append(f"only {', '.join(sorted(zone.value for zone in rule.zones)) or 'nowhere'}")
    words += [f"{zone.value}: {treatment_words(one)}" for zone, one in rule.treat.items()]
    if rule.consent:
        words.append("a person must agree")
    return "; ".join(words)


def treatment_words(treatment: Treatment) -> str:
    """Operators by entity."""
    named = [f"{entity} {operator.value}" for entity, operator in treatment.entities.items()]
    return ", ".join([*named, f"{'others' if named else 'everything'} {treatment.default.value}"])


def destination(decision: Decision, policy: Policy) -> str:
    """Where a request goes, or that it is blocked."""
    deployment = policy.deployment(decision.deployment or "")
    if deployment is None:
        why = "no permitted deployment can answer now" if decision.unavailable else "no deployment is permitted"
        return f"blocked: {why}"
    asked = ", if a person agrees" if decision.consent else ""
    return f"{deployment.alias} ({deployment.zone.value}, {deployment.model}){asked}"
