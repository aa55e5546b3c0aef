"""
The cases of a policy's test file.

::

    version: 1
    cases:
      - id: email-is-masked
        prompt: "Write to ann@example.org"          # or messages: [{role: user, content: "..."}]
        tags: [research]                            # optional
        expect:                                     # at least one of these
          level: moderate                           # the level that the rules go by
          zones: [local, external]                  # exactly the zones that the rules leave permitted
          treatment: {external: {EMAIL_ADDRESS: placeholder}}
          reasons: [moderate-mask]                  # these are among the reasons
          entities: [EMAIL_ADDRESS]                 # exactly the entities that are found
          blocked: false
      - id: image-stays
        facts: {opaque: 1}                          # no detection: facts as they are
        expect: {zones: [local], reasons: [opaque-part]}

Facts may hold ``level, score, counts, endpoint, suspicious, opaque, failures, stage, mode, zones, alias, consent,
high_water: {level, counts, tags}`` and ``candidates: {alias: {healthy, lacks, tried}}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pydantic import JsonValue, ValidationError

from hybrid_guard.policies.loader import read_text
from hybrid_guard.policies.matrix import CaseSection, ExpectSection, FactsSection, MatrixFile
from hybrid_guard.policies.problems import Problem, first_of, locate, shape_problems, suggest
from hybrid_guard.policies.yaml_strict import Path as Place
from hybrid_guard.policies.yaml_strict import read
from hybrid_guard.types import Candidate, Facts, HighWater, Operator, Policy, Sensitivity, Zone

__all__ = ["Case", "Expectation", "load_tests", "parse_tests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """
    What has to come out; None is not looked at.

    Attributes:
        level: The level that the rules go by.
        zones: Exactly the permitted zones.
        treatment: Zone to entity to operator; ``default`` is the operator of entities not named.
        reasons: Among the reasons of the decision.
        entities: Exactly the entities that are found.
        blocked: Whether no deployment is chosen.
    """

    level: str | None = None
    zones: frozenset[Zone] | None = None
    treatment: Mapping[Zone, Mapping[str, Operator]] = field(default_factory=lambda: MappingProxyType({}))
    reasons: tuple[str, ...] = ()
    entities: frozenset[str] | None = None
    blocked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    One case.

    Attributes:
        id: Its name.
        line: Where it begins, from 1.
        expect: What has to come out.
        messages: The conversation; empty if *facts* are given.
        tags: Of the request.
        facts: Given by hand, tags included; None if *messages* are to be assessed.
    """

    id: str
    line: int
    expect: Expectation
    messages: tuple[Mapping[str, JsonValue], ...] = field(default=(), repr=False)
    tags: frozenset[str] = frozenset()
    facts: Facts | None = None


def load_tests(source: str | Path, *, policy: Policy) -> tuple[Case, ...]:
    """
    The cases in the file *source*, checked against *policy*.

    Raises:
        PolicyError: With file, line and column of the first thing that is wrong.
    """
    return parse_tests(read_text(source), policy=policy, file=str(source))


def parse_tests(text: str, *, policy: Policy, file: str = "policy_test.yaml") -> tuple[Case, ...]:
    """
    The cases that *text* describes, checked against *policy*.

    Raises:
        PolicyError: With file, line and column of the first thing that is wrong.
    """
    document = read(text, file=file)
    failure = None
    try:
        parsed = MatrixFile.model_validate(
            document.content, context={"declared": {pattern.entity for pattern in policy.detection.patterns}}
        )
    except ValidationError as exc:
        failure = exc
    problems = list(shape_problems(failure, document.content, MatrixFile))
    if not problems:
        problems = list(_reference_problems(parsed, policy))
    if problems:
        raise first_of(locate(problems, document, file=file))
    return tuple(
        _case(section, policy, line=document.value(("cases", position))[0])
        for position, section in enumerate(parsed.cases)
    )


def _reference_problems(parsed: MatrixFile, policy: Policy) -> Iterator[Problem]:
    levels = [name for name, _ in policy.sensitivity.levels]
    aliases = [deployment.alias for deployment in policy.deployments]
    taken: set[str] = set()
    for position, case in enumerate(parsed.cases):
        path: Place = ("cases", position)
        if case.id in taken:
            message = f"case id `{case.id}` is taken; choose another one"
            yield Problem(code="HG114", message=message, path=(*path, "id"))
        taken.add(case.id)
        if sum(given is not None for given in (case.prompt, case.messages, case.facts)) != 1:
            message = f"case `{case.id}` should have exactly one of `prompt`, `messages` and `facts`"
            yield Problem(code="HG109", message=message, path=path)
        if not case.expect.model_fields_set:
            message = f"case `{case.id}` expects nothing; name `level`, `zones` or another key in `expect`"
            yield Problem(code="HG109", message=message, path=(*path, "expect"))
        named: list[tuple[str | None, Place]] = [(case.expect.level, (*path, "expect", "level"))]
        if case.facts is not None:
            at = (*path, "facts")
            named += [(case.facts.level, (*at, "level")), (case.facts.high_water.level, (*at, "high_water", "level"))]
            for alias in case.facts.candidates:
                if alias not in aliases:
                    message = suggest(alias, aliases, noun="deployment")
                    yield Problem(code="HG113", message=message, path=(*at, "candidates", alias), on_key=True)
            if case.facts.alias not in (None, *aliases):
                message = suggest(case.facts.alias, aliases, noun="deployment")
                yield Problem(code="HG113", message=message, path=(*at, "alias"))
        for name, place in named:
            if name not in (None, *levels):
                yield Problem(code="HG112", message=suggest(name, levels, noun="level"), path=place)


def _case(section: CaseSection, policy: Policy, *, line: int) -> Case:
    tags = frozenset(section.tags)
    messages = section.messages or ([{"role": "user", "content": section.prompt}] if section.prompt else [])
    facts = None if section.facts is None else _facts(section.facts, policy, tags)
    expect = _expectation(section.expect)
    return Case(id=section.id, line=line, expect=expect, messages=tuple(messages), tags=tags, facts=facts)


def _facts(section: FactsSection, policy: Policy, tags: frozenset[str]) -> Facts:
    begins = dict(policy.sensitivity.levels)[section.level]
    return Facts(
        stage=section.stage,
        endpoint=section.endpoint,
        sensitivity=Sensitivity(
            score=begins if section.score is None else section.score,
            level=section.level,
            counts=MappingProxyType(dict(section.counts)),
        ),
        suspicious=section.suspicious,
        tags=tags,
        candidates=MappingProxyType(
            {
                alias: Candidate(healthy=one.healthy, lacks=tuple(one.lacks), tried=one.tried)
                for alias, one in section.candidates.items()
            }
        ),
        high_water=HighWater(
            level=section.high_water.level,
            counts=MappingProxyType(dict(section.high_water.counts)),
            tags=frozenset(section.high_water.tags),
        ),
        failures=frozenset(section.failures),
        opaque=section.opaque,
        mode=section.mode,
        zones=None if section.zones is None else frozenset(Zone(zone) for zone in section.zones),
        alias=section.alias,
        consent=section.consent,
    )


def _expectation(section: ExpectSection) -> Expectation:
    treatment = {
        Zone(zone): MappingProxyType({entity: Operator(name) for entity, name in operators.items()})
        for zone, operators in (section.treatment or {}).items()
    }
    return Expectation(
        level=section.level,
        zones=None if section.zones is None else frozenset(Zone(zone) for zone in section.zones),
        treatment=MappingProxyType(treatment),
        reasons=tuple(section.reasons or ()),
        entities=None if section.entities is None else frozenset(section.entities),
        blocked=section.blocked,
    )
