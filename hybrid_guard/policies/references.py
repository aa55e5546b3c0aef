"""Whether the parts of a policy file fit together: names that refer to others, rising levels, rules with an effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hybrid_guard.policies.endpoints import VARIABLE, deployment_problems
from hybrid_guard.policies.engine import BUILT_IN_REASONS
from hybrid_guard.policies.models import ConditionSection, PolicyFile, RuleSection
from hybrid_guard.policies.operators import operator_problems
from hybrid_guard.policies.problems import Problem, place, suggest
from hybrid_guard.policies.services import service_problems
from hybrid_guard.policies.vaults import vault_problems
from hybrid_guard.policies.yaml_strict import Path, Value
from hybrid_guard.types import LOWEST_LEVEL

__all__ = ["reference_problems"]

_LEAST_SCORE = 0.4
# A finding of a lower score is never kept; see `hybrid_guard.detectors.reading`.


def reference_problems(parsed: PolicyFile, content: Value, env: Mapping[str, str]) -> Iterator[Problem]:
    """
    What does not fit in *parsed*.

    Args:
        parsed: The file, each part of which has the right form.
        content: The same as plain values.
        env: Environment variables.
    """
    yield from _stray_variables(content, ())
    if not parsed.deployments:
        message = "no deployment; add one, such as `phi4: {model: hg_llamacpp/phi-4-mini-q4.gguf, zone: local}`"
        yield Problem(code="HG113", message=message, path=("deployments",), on_key=True)
    for alias, section in parsed.deployments.items():
        yield from deployment_problems(alias, section, env)
    yield from service_problems(parsed)
    yield from vault_problems(parsed, env)
    yield from operator_problems(parsed, env)
    yield from _pattern_problems(parsed)
    yield from _list_problems(parsed)
    yield from _level_problems(parsed)
    levels = (LOWEST_LEVEL, *parsed.sensitivity.levels)
    taken: dict[str, int] = {}
    for position, rule in enumerate(parsed.rules):
        path = ("rules", position)
        yield from _id_problems(rule.id, path, taken)
        yield from _effect_problems(rule, path)
        if rule.when is not None:
            yield from _condition_problems(rule.when, (*path, "when"), levels)


def _stray_variables(content: Value, path: Path) -> Iterator[Problem]:
    match content:
        case dict():
            for key, value in content.items():
                yield from _stray_variables(value, (*path, key))
        case list():
            for position, value in enumerate(content):
                yield from _stray_variables(value, (*path, position))
        case str():
            # Only deployments have these keys: all other parts have passed the models.
            read = path[-1] in ("api_key", "api_base") or path in (("vault", "url"), ("operators", "key"))
            if VARIABLE.search(content) and not read:
                message = (
                    "`${...}` is only read in `api_key` and `api_base` of a deployment, in `vault.url` and in"
                    " `operators.key`; write the value out"
                )
                yield Problem(code="HG118", message=message, path=path)


def _pattern_problems(parsed: PolicyFile) -> Iterator[Problem]:
    least = max(parsed.detection.min_score, _LEAST_SCORE)
    seen: dict[tuple[str, str], int] = {}
    for position, section in enumerate(parsed.detection.patterns):
        path: Path = ("detection", "patterns", position)
        first = seen.setdefault((section.entity, section.regex), position)
        if section.entity == "DENIED_TEXT":
            message = "`DENIED_TEXT` is found by `detection.deny` alone; give the pattern a name of your own"
            yield Problem(code="HG127", message=message, path=(*path, "entity"))
        if first != position:
            message = f"{place(path)} is the same as {place(('detection', 'patterns', first))}; remove one of them"
            yield Problem(code="HG127", message=message, path=path)
        if section.score < least and not section.context and section.check is None:
            message = f"{place(path)} scores less than {least:g}, so it never counts; raise `score`, or add `context`"
            yield Problem(
                code="HG127", message=message, path=(*path, "score") if "score" in section.model_fields_set else path
            )


def _list_problems(parsed: PolicyFile) -> Iterator[Problem]:
    denied = {text.casefold() for text in parsed.detection.deny}
    for position, text in enumerate(parsed.detection.allow):
        if text.casefold() in denied:
            # PRIVACY: what is denied is private, so it is named by its place.
            path: Path = ("detection", "allow", position)
            message = f"{place(path)} stands on `detection.deny`, too, which counts; remove it from one of them"
            yield Problem(code="HG122", message=message, path=path)


def _level_problems(parsed: PolicyFile) -> Iterator[Problem]:
    previous = (LOWEST_LEVEL, 0.0)
    for name, bound in parsed.sensitivity.levels.items():
        path = ("sensitivity", "levels", name)
        if name == LOWEST_LEVEL:
            message = f"level `{LOWEST_LEVEL}` begins at 0 and needs no bound; remove it"
            yield Problem(code="HG115", message=message, path=path, on_key=True)
        elif bound <= previous[1]:
            message = f"level `{name}` should begin above level `{previous[0]}`, that is above {previous[1]:g}"
            yield Problem(code="HG115", message=message, path=path)
        previous = (name, bound)


def _id_problems(identifier: str, path: Path, taken: dict[str, int]) -> Iterator[Problem]:
    if identifier in BUILT_IN_REASONS:
        message = f"rule id `{identifier}` is a built-in reason; choose another one"
        yield Problem(code="HG114", message=message, path=(*path, "id"))
    elif identifier in taken:
        message = f"rule id `{identifier}` is taken by `rules[{taken[identifier]}]`; choose another one"
        yield Problem(code="HG114", message=message, path=(*path, "id"))
    taken.setdefault(identifier, int(path[-1]))


def _effect_problems(rule: RuleSection, path: Path) -> Iterator[Problem]:
    if rule.zones is None and rule.treat is None and not rule.consent:
        message = f"rule `{rule.id}` does nothing; give it `zones`, `treat` or `consent: true`"
        yield Problem(code="HG122", message=message, path=path)


def _condition_problems(condition: ConditionSection, path: Path, levels: tuple[str, ...]) -> Iterator[Problem]:
    if not condition.model_fields_set:
        message = f"{place(path)} should name a condition; leave `when` out for a rule that always applies"
        yield Problem(code="HG109", message=message, path=path)
    if condition.level is not None and condition.level not in levels:
        yield Problem(code="HG112", message=suggest(condition.level, levels, noun="level"), path=(*path, "level"))
    if condition.count is not None and condition.entity is None:
        message = f"`count` should stand beside `entity` in {place(path)}; add `entity`, or remove `count`"
        yield Problem(code="HG122", message=message, path=(*path, "count"), on_key=True)
    for name, conditions in (("all", condition.all), ("any", condition.any)):
        for position, inner in enumerate(conditions or ()):
            yield from _condition_problems(inner, (*path, name, position), levels)
