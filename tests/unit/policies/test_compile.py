"""What the author wrote is what the engine gets: frozen, with defaults filled in, and with a digest of its own."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest

import hybrid_guard.policies
from hybrid_guard.policies import digest, effective, parse_policy
from hybrid_guard.policies.names import ZoneName
from hybrid_guard.policies.schema import cases_schema, policy_schema
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import (
    AllOf,
    AnyOf,
    Deployment,
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
    Treatment,
    Zone,
)

SMALL = """\
version: 1
name: small
deployments:
  here: {model: hg_llamacpp/tiny.gguf, zone: local}
"""

FULL = """\
version: 1
name: full
deployments:
  here: {model: hg_llamacpp/tiny.gguf, zone: local, tier: edge, context: 4096, supports: [tools]}
  ward: {model: hosted_vllm/a, zone: private, api_base: "https://llm.example.internal"}
  gpt: {model: openai/b, zone: external, api_key: "${KEY}"}
detection:
  {detectors: [ner.v2, patterns.v1], languages: [de], min_score: 0, allow: [B, A], deny: [Z, Y], on_error: block}
sensitivity:
  weights: {PERSON: 0.2, AGE: 1}
  alpha: 0.1
  levels: {amber: 0.2, red: 0.9}
  quasi_identifiers: {allowed: 2, entities: [AGE, NRP]}
rules:
  - {id: always, treat: {external: {default: mask}}}
  - id: every-part
    when:
      any: [{tag: x}, {endpoint: chat}]
      all: [{entity: AGE}]
      endpoint: chat
      tag: y
      entity: PERSON
      count: 2
      level: red
    zones: [private, local]
    treat: {private: {default: hash, PERSON: redact, AGE: keep}}
    consent: true
routing: {mode: only_cloud, escalate: {when_confidence_below: 0.5, max_wrong_local: 0.2}, offline: refuse}
vault: {ttl: 60}
restoration: {when_lost: local, tools: {mail: [PERSON, AGE], file: [all]}}
audit: {path: trail.jsonl, required: false}
"""


def load(text: str, key: str = "k1") -> Policy:
    """*text* compiled."""
    return parse_policy(text, env={"KEY": key})


def test_defaults_are_those_of_the_types() -> None:
    """A policy of three keys equals the defaults of the frozen types."""
    policy = load(SMALL)
    here = Deployment(
        alias="here",
        model="hg_llamacpp/tiny.gguf",
        zone=Zone.LOCAL,
        tier="device",
        supports=frozenset({"response_format", "logprobs"}),
    )

    assert policy == Policy(name="small", digest=policy.digest, deployments=(here,))


def test_every_key_arrives() -> None:
    """Each key of the file ends up where the engine looks for it."""
    policy = load(FULL)

    assert policy.deployments == (
        Deployment(
            alias="here",
            model="hg_llamacpp/tiny.gguf",
            zone=Zone.LOCAL,
            tier="edge",
            context=4096,
            supports=frozenset({"tools"}),
        ),
        Deployment(
            alias="ward",
            model="hosted_vllm/a",
            zone=Zone.PRIVATE,
            tier="edge",
            api_base="https://llm.example.internal",
            supports=frozenset({"tools", "response_format", "logprobs"}),
        ),
        Deployment(
            alias="gpt",
            model="openai/b",
            zone=Zone.EXTERNAL,
            tier="cloud",
            api_key="k1",
            supports=frozenset({"tools", "vision", "response_format", "logprobs"}),
        ),
    )
    assert policy.detection == DetectionSettings(
        detectors=("ner.v2", "patterns.v1"),
        languages=("de",),
        min_score=0.0,
        allow=("B", "A"),
        deny=("Z", "Y"),
        on_error="block",
    )
    assert policy.sensitivity == SensitivitySettings(
        weights={"AGE": 1.0, "PERSON": 0.2},
        alpha=0.1,
        levels=(("low", 0.0), ("amber", 0.2), ("red", 0.9)),
        quasi_identifiers=QuasiIdentifiers(entities=frozenset({"AGE", "NRP"}), allowed=2),
    )
    assert policy.routing == RoutingSettings(
        mode="only_cloud",
        escalate=Escalation(when_confidence_below=0.5, max_wrong_local=0.2),
        offline="refuse",
    )
    assert (policy.vault.store, policy.vault.ttl) == ("memory", 60.0)
    assert policy.restoration == RestorationSettings(
        when_lost="local", tools={"file": frozenset({"all"}), "mail": frozenset({"AGE", "PERSON"})}
    )
    assert (policy.audit.path, policy.audit.required) == ("trail.jsonl", False)


def test_rules_are_compiled_whole() -> None:
    """Several keys of one `when` must all hold, and a rule without `when` always does."""
    always, every = load(FULL).rules

    assert always == Rule(id="always", when=AllOf(), treat={Zone.EXTERNAL: Treatment(default=Operator.MASK)})
    assert every == Rule(
        id="every-part",
        when=AllOf(
            conditions=(
                LevelAtLeast(level="red"),
                EntityFound(entity="PERSON", count=2),
                Tagged(tag="y"),
                EndpointIs(endpoint="chat"),
                AllOf(conditions=(EntityFound(entity="AGE"),)),
                AnyOf(conditions=(Tagged(tag="x"), EndpointIs(endpoint="chat"))),
            )
        ),
        zones=frozenset({Zone.LOCAL, Zone.PRIVATE}),
        treat={
            Zone.PRIVATE: Treatment(default=Operator.HASH, entities={"PERSON": Operator.REDACT, "AGE": Operator.KEEP})
        },
        consent=True,
    )


def test_one_condition_stands_alone() -> None:
    """A `when` of one key is that condition, not a conjunction of one."""
    (rule,) = load(SMALL + "rules: [{id: a, when: {level: high}, zones: []}]").rules

    assert rule == Rule(id="a", when=LevelAtLeast(level="high"), zones=frozenset())


def test_treatment_without_a_default_keeps_the_rest() -> None:
    """A rule about one entity says nothing about the others."""
    (rule,) = load(SMALL + "rules: [{id: a, treat: {local: {SECRET: redact}}}]").rules

    assert rule.treat == {Zone.LOCAL: Treatment(default=Operator.KEEP, entities={"SECRET": Operator.REDACT})}


def test_literals_of_the_file_are_those_of_the_types() -> None:
    """The words of the file and of the types cannot drift apart."""
    assert list(ZoneName.__args__) == [zone.value for zone in Zone]  # type: ignore[attr-defined]  # a Literal has args


def test_digest_ignores_the_order_of_keys_rules_and_texts() -> None:
    """Files that mean the same have the same digest."""
    head, rules = FULL.split("rules:\n")
    first, rest = rules.split("  - id: every-part\n")
    second, tail = rest.split("routing:")
    reordered = (
        "audit: {required: false, path: trail.jsonl}\nrules:\n  - id: every-part\n"
        + second.replace("default: hash, PERSON: redact", "PERSON: redact, default: hash")
        + first
        + head.replace("allow: [B, A], deny: [Z, Y]", "deny: [Y, Z], allow: [A, B]")
        .replace("PERSON: 0.2, AGE: 1", "AGE: 1.0, PERSON: 0.2")
        .replace("{model: openai/b, zone: external", "{zone: external, model: openai/b")
        + "routing:"
        + tail.replace("audit: {path: trail.jsonl, required: false}\n", "")
    )

    assert reordered != FULL
    assert load(reordered).digest == load(FULL).digest
    assert len(load(FULL).digest) == 16
    assert int(load(FULL).digest, 16) >= 0


def test_digest_ignores_the_key_but_not_that_there_is_one() -> None:
    """A rotated key is the same policy; a deployment without a key is another."""
    assert load(FULL, "k1").digest == load(FULL, "k2").digest
    assert load(FULL).digest != load(FULL.replace(', api_key: "${KEY}"', "")).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: full", "name: fuller"),
        ("openai/b", "openai/c"),
        ("tier: edge", "tier: cloud"),
        ("context: 4096", "context: 4097"),
        ("supports: [tools]", "supports: [vision]"),
        ("llm.example", "lim.example"),
        ("deny: [Z, Y]", "deny: [Z]"),
        ("min_score: 0,", "min_score: 0.1,"),
        ("[ner.v2, patterns.v1]", "[patterns.v1, ner.v2]"),
        ("on_error: block", "on_error: local"),
        ("alpha: 0.1", "alpha: 0.2"),
        ("red: 0.9", "red: 0.8"),
        ("AGE: 1}", "AGE: 0.9}"),
        ("default: mask", "default: redact"),
        ("count: 2", "count: 3"),
        ("tag: y", "tag: z"),
        ("AGE: keep", "AGE: mask"),
        ("zones: [private, local]", "zones: [local]"),
        ("consent: true", "consent: false"),
        ("offline: refuse", "offline: best_effort"),
        ("max_wrong_local: 0.2", "max_wrong_local: 0.3"),
        ("ttl: 60", "ttl: 61"),
        ("required: false", "required: true"),
    ],
)
def test_digest_changes_with_every_part(old: str, new: str) -> None:
    """Whatever changes a decision, or what is recorded, changes the digest."""
    assert load(FULL.replace(old, new)).digest != load(FULL).digest


def test_digest_keeps_the_order_of_deployments() -> None:
    """The order of deployments is a preference, so it is part of the policy."""
    lines = FULL.split("\n")
    lines[3], lines[4] = lines[4], lines[3]

    assert lines[3].startswith("  ward")
    assert load("\n".join(lines)).digest != load(FULL).digest


def test_digest_is_of_the_value_not_of_its_name_tag() -> None:
    """The digest of a policy does not depend on the digest that it carries."""
    policy = load(FULL)

    assert digest(dataclasses.replace(policy, digest="other")) == policy.digest


def test_effective_policy_is_json_without_secrets() -> None:
    """What is shown has every default, the weights in force, and neither keys nor private texts."""
    shown = effective(load(FULL.replace("deny: [Z, Y]", "deny: [Bluebird]"), key="key-of-the-test"))
    text = json.dumps(shown)

    assert "key-of-the-test" not in text
    assert "Bluebird" not in text
    assert shown["digest"] == load(FULL.replace("deny: [Z, Y]", "deny: [Bluebird]")).digest
    assert shown["detection"] == {
        "detectors": ["ner.v2", "patterns.v1"],
        "languages": ["de"],
        "min_score": 0.0,
        "allow": 2,
        "deny": 1,
        "on_error": "block",
    }
    assert shown["sensitivity"] == {
        "weights": {**DEFAULT_WEIGHTS, "PERSON": 0.2, "AGE": 1.0},
        "alpha": 0.1,
        "levels": {"low": 0.0, "amber": 0.2, "red": 0.9},
        "quasi_identifiers": {"entities": ["AGE", "NRP"], "allowed": 2},
    }
    assert shown["rules"] == [
        {
            "id": "always",
            "when": {"all": []},
            "zones": None,
            "treat": {"external": {"default": "mask"}},
            "consent": False,
        },
        {
            "id": "every-part",
            "when": {
                "all": [
                    {"level": "red"},
                    {"entity": "PERSON", "count": 2},
                    {"tag": "y"},
                    {"endpoint": "chat"},
                    {"all": [{"entity": "AGE", "count": 1}]},
                    {"any": [{"tag": "x"}, {"endpoint": "chat"}]},
                ]
            },
            "zones": ["local", "private"],
            "treat": {"private": {"default": "hash", "AGE": "keep", "PERSON": "redact"}},
            "consent": True,
        },
    ]
    deployments = shown["deployments"]
    assert isinstance(deployments, list)
    assert deployments[2] == {
        "alias": "gpt",
        "model": "openai/b",
        "zone": "external",
        "tier": "cloud",
        "api_base": None,
        "has_key": True,
        "context": None,
        "supports": ["logprobs", "response_format", "tools", "vision"],
    }


def test_schema_completes_in_editors() -> None:
    """The schema is draft 2020-12, describes every key, forbids others, and knows no null."""
    schema = policy_schema()
    text = json.dumps(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "hybrid_guard policy"
    assert "null" not in text
    assert '"PERSON"' in text
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    for section in [schema, *definitions.values()]:
        assert isinstance(section, dict)
        assert section["additionalProperties"] is False
        properties = section["properties"]
        assert isinstance(properties, dict)
        assert all(isinstance(one, dict) and {"description", "$ref"} & one.keys() for one in properties.values())


def test_schema_accepts_what_the_loader_accepts() -> None:
    """A validator of JSON Schema agrees with the loader on good files and on shape errors."""
    jsonschema = pytest.importorskip("jsonschema", reason="litellm brings it")
    yaml = pytest.importorskip("yaml")
    for schema in (policy_schema(), cases_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(policy_schema())

    assert validator.is_valid(yaml.safe_load(FULL))
    assert validator.is_valid(yaml.safe_load(SMALL))
    for old, new in [
        ("zone: local", "zone: moon"),
        ("version: 1", "version: 2"),
        ('"${KEY}"', '"abc"'),
        ("default: mask", "default: hide"),
        # Which names in capitals are known depends on the patterns of the file; the loader says.
        ("PERSON: redact", "Person: redact"),
        ("min_score: 0", "min_score: 2"),
        ("ttl: 60", "tll: 60"),
        ("name: full", "name:"),
    ]:
        assert not validator.is_valid(yaml.safe_load(FULL.replace(old, new))), new


def test_import_is_light() -> None:
    """The engine loads neither pydantic nor PyYAML; the loader does, when it is asked for."""
    code = (
        "import sys, hybrid_guard.policies as p; "
        "assert not {'pydantic', 'yaml', 'litellm'} & set(sys.modules); "
        "p.load_policy; assert {'pydantic', 'yaml'} <= set(sys.modules); "
        "assert 'litellm' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_exist() -> None:
    """Every public name can be had, and no other."""
    for name in hybrid_guard.policies.__all__:
        assert getattr(hybrid_guard.policies, name) is not None
    with pytest.raises(AttributeError, match="no attribute `nonsense`"):
        _ = hybrid_guard.policies.nonsense
