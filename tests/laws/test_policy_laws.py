"""Laws of policies: nothing that is learnt about a request ever widens where it may go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, get_args

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hybrid_guard.policies import check_policy, decide, digest, parse_policy, permit
from hybrid_guard.sensitivity import score
from hybrid_guard.types import (
    AllOf,
    AnyOf,
    Candidate,
    Condition,
    Deployment,
    DetectionSettings,
    EndpointIs,
    EntityFound,
    Facts,
    Failure,
    Finding,
    Findings,
    HighWater,
    LevelAtLeast,
    Mode,
    Operator,
    Permit,
    Policy,
    QuasiIdentifiers,
    RoutingSettings,
    Rule,
    Segment,
    Sensitivity,
    SensitivitySettings,
    Stage,
    Tagged,
    Tier,
    Treatment,
    Zone,
)

ENTITIES = ("PERSON", "EMAIL_ADDRESS", "SECRET", "URL", "DATE_TIME")
LEVELS = ("low", "moderate", "high")
TAGS = ("a", "b")
ALIASES = ("one", "two", "three", "four")

entities = st.sampled_from(ENTITIES)
levels = st.sampled_from(LEVELS)
tags = st.frozensets(st.sampled_from(TAGS))
zones = st.frozensets(st.sampled_from(list(Zone)))
operators = st.sampled_from(list(Operator))
modes = st.sampled_from(get_args(Mode))
failures = st.sampled_from(get_args(Failure))
counts = st.dictionaries(entities, st.integers(0, 6), max_size=4)

treatments = st.builds(Treatment, default=operators, entities=st.dictionaries(entities, operators, max_size=3))

conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        st.just(AllOf()),
        st.builds(LevelAtLeast, level=levels | st.just("mystery")),
        st.builds(EntityFound, entity=entities, count=st.integers(1, 5)),
        st.builds(Tagged, tag=st.sampled_from(TAGS)),
        st.builds(EndpointIs, endpoint=st.sampled_from(("chat", "embeddings"))),
    ),
    lambda inner: st.one_of(
        st.builds(AllOf, conditions=st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, conditions=st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)

rules = st.builds(
    Rule,
    id=st.text("rst", min_size=1, max_size=4),
    when=conditions,
    zones=st.none() | zones,
    treat=st.dictionaries(st.sampled_from(list(Zone)), treatments, max_size=3),
    consent=st.booleans(),
)

deployments = st.lists(
    st.builds(
        Deployment,
        alias=st.sampled_from(ALIASES),
        model=st.just("x/y"),
        zone=st.sampled_from(list(Zone)),
        tier=st.sampled_from(get_args(Tier)),
    ),
    max_size=4,
    unique_by=lambda one: one.alias,
).map(tuple)

policies = st.builds(
    Policy,
    name=st.just("t"),
    digest=st.just("d"),
    deployments=deployments,
    rules=st.lists(rules, max_size=5).map(tuple),
    detection=st.builds(DetectionSettings, on_error=st.sampled_from(("local", "block"))),
    sensitivity=st.builds(
        SensitivitySettings,
        quasi_identifiers=st.builds(
            QuasiIdentifiers, entities=st.frozensets(entities), allowed=st.integers(0, len(ENTITIES))
        ),
    ),
    routing=st.just(RoutingSettings()) | st.builds(RoutingSettings, mode=modes),
)

# Nothing but rules narrows what is decided from these.
calm_facts = st.builds(
    Facts,
    sensitivity=st.builds(Sensitivity, score=st.floats(0, 1), level=levels, counts=counts),
    tags=tags,
    high_water=st.builds(HighWater, level=levels, counts=counts, tags=tags),
)

facts = calm_facts | st.builds(
    Facts,
    stage=st.sampled_from(get_args(Stage)),
    endpoint=st.sampled_from(("chat", "embeddings")),
    sensitivity=st.builds(
        Sensitivity, score=st.floats(allow_nan=True), level=levels | st.just("mystery"), counts=counts
    )
    | st.builds(Sensitivity, score=st.floats(0, 1), level=levels, counts=counts),
    suspicious=st.booleans(),
    tags=tags,
    candidates=st.dictionaries(
        st.sampled_from(ALIASES),
        st.builds(
            Candidate,
            healthy=st.booleans(),
            lacks=st.lists(st.sampled_from(("tools", "context")), max_size=2).map(tuple),
            tried=st.booleans(),
        ),
    ),
    high_water=st.builds(HighWater, level=levels | st.just("mystery"), counts=counts, tags=tags),
    failures=st.frozensets(failures, max_size=2),
    opaque=st.integers(0, 2),
    mode=st.none() | modes,
    zones=st.none() | zones,
    alias=st.none() | st.sampled_from((*ALIASES, "nobody")),
    consent=st.none() | st.booleans(),
    confidence=st.none() | st.floats(),
)


def assert_narrower(after: Permit, before: Permit) -> None:
    """*after* permits no zone, loosens no operator and drops no wish for consent that *before* has not."""
    assert after.zones.keys() <= before.zones.keys()
    for zone, treatment in after.zones.items():
        for entity in (*ENTITIES, "ANYTHING_ELSE"):
            assert treatment.operator(entity).strictness >= before.zones[zone].operator(entity).strictness
    assert after.consent >= before.consent


def raise_level(level: str, by: str) -> str:
    """The higher one of two levels; an unknown one is the highest."""
    return max(level, by, key=lambda name: LEVELS.index(name) if name in LEVELS else len(LEVELS))


@given(policies, facts, entities, levels)
def test_one_more_finding_never_widens(policy: Policy, before: Facts, entity: str, level: str) -> None:
    """A finding adds to the counts and never lowers the level."""
    known = before.sensitivity
    more = {**known.counts, entity: known.counts.get(entity, 0) + 1}
    after = replace(before, sensitivity=replace(known, counts=more, level=raise_level(known.level, level)))

    assert_narrower(permit(policy, after), permit(policy, before))


@given(policies, facts, st.sampled_from(TAGS))
def test_one_more_tag_never_widens(policy: Policy, before: Facts, tag: str) -> None:
    """A tag only adds rules."""
    assert_narrower(permit(policy, replace(before, tags=before.tags | {tag})), permit(policy, before))


@given(policies, facts, calm_facts)
def test_one_more_turn_never_widens(policy: Policy, before: Facts, turn: Facts) -> None:
    """A session that has seen more permits less: any earlier turn may be added to the mark."""
    mark, seen = before.high_water, turn.sensitivity
    raised = HighWater(
        level=raise_level(mark.level, seen.level),
        counts={name: max(mark.counts.get(name, 0), seen.counts.get(name, 0)) for name in ENTITIES},
        tags=mark.tags | turn.tags,
    )

    after = permit(policy, replace(before, high_water=raised))

    assert_narrower(after, permit(policy, before))
    # What the turn was not permitted, the rest of its session is not permitted either.
    assert_narrower(after, permit(policy, replace(turn, endpoint=before.endpoint, high_water=HighWater())))


@given(policies, facts, failures)
def test_one_more_failure_never_widens(policy: Policy, before: Facts, failure: Failure) -> None:
    """Whatever fails, nothing farther than the local zone is left."""
    after = permit(policy, replace(before, failures=before.failures | {failure}))

    assert_narrower(after, permit(policy, before))
    assert after.zones.keys() <= {Zone.LOCAL}


@given(policies, facts)
def test_doubt_never_widens(policy: Policy, before: Facts) -> None:
    """Hiding attempts, opaque parts and a no of a person leave at most the local zone."""
    for after in (
        replace(before, suspicious=True),
        replace(before, opaque=before.opaque + 1),
        replace(before, consent=False),
    ):
        narrowed = permit(policy, after)
        assert_narrower(narrowed, permit(policy, before))
        assert narrowed.zones.keys() <= {Zone.LOCAL}


@given(policies, facts, zones, modes, st.sampled_from((*ALIASES, "nobody")))
def test_overrides_only_narrow(policy: Policy, before: Facts, wanted: frozenset[Zone], mode: Mode, alias: str) -> None:
    """A caller that asks for zones, a mode or a deployment never gets more than one that asks for nothing."""
    plain = replace(before, zones=None, mode=None, alias=None)
    free = permit(policy, plain)
    for asked in (replace(plain, zones=wanted), replace(plain, mode=mode), replace(plain, alias=alias)):
        assert_narrower(permit(policy, asked), free)
    assert permit(policy, replace(plain, zones=wanted)).zones.keys() == free.zones.keys() & wanted
    assert len(permit(policy, replace(plain, alias=alias)).zones) <= 1
    assert_narrower(permit(policy, replace(plain, zones=wanted, mode=mode, alias=alias)), free)


@given(policies, facts, rules)
def test_one_more_rule_never_widens(policy: Policy, given_facts: Facts, rule: Rule) -> None:
    """A rule can only narrow."""
    more = replace(policy, rules=(*policy.rules, rule))

    assert_narrower(permit(more, given_facts), permit(policy, given_facts))


@given(policies, facts, st.randoms(use_true_random=False))
def test_order_of_rules_means_nothing(policy: Policy, given_facts: Facts, random: Any) -> None:
    """Any order of the same rules gives the same permit and the same decision."""
    shuffled = list(policy.rules)
    random.shuffle(shuffled)

    assert decide(replace(policy, rules=tuple(shuffled)), given_facts) == decide(policy, given_facts)


@given(policies, facts)
def test_permits_are_idempotent(policy: Policy, given_facts: Facts) -> None:
    """Asking twice, or having every rule twice, changes nothing."""
    once = permit(policy, given_facts)

    assert permit(policy, given_facts) == once
    assert permit(replace(policy, rules=policy.rules * 2), given_facts) == once


@given(policies, facts)
def test_every_fact_has_a_decision_inside_the_permit(policy: Policy, given_facts: Facts) -> None:
    """`decide` answers for all facts, never with what the permit, the caller or the deployment's state forbids."""
    decision = decide(policy, given_facts)

    assert decision.permit == permit(policy, given_facts)
    assert decision.reasons[: len(decision.permit.reasons)] == tuple(sorted(decision.permit.reasons))
    if decision.deployment is None:
        assert decision.zone is None
        assert not decision.consent
        permitted = [one for one in policy.deployments if one.zone in decision.permit.zones]
        assert not decision.unavailable or permitted
        return
    chosen = policy.deployment(decision.deployment)
    known = given_facts.candidates.get(decision.deployment, Candidate())
    assert chosen is not None
    assert chosen.zone is decision.zone
    assert decision.zone in decision.permit.zones
    assert decision.treatment == decision.permit.zones[decision.zone]
    assert (known.healthy, known.lacks, known.tried) == (True, (), False)
    assert given_facts.alias in (None, decision.deployment)
    assert not decision.unavailable
    assert given_facts.stage == "request" or chosen.zone is not Zone.LOCAL or chosen.tier != "device"
    if decision.permit.consent and chosen.zone is not Zone.LOCAL:
        assert decision.consent is (given_facts.consent is None)
    else:
        assert not decision.consent


@given(policies, facts)
def test_a_deployment_that_fails_never_opens_a_zone(policy: Policy, given_facts: Facts) -> None:
    """Trying one deployment after another ends, and stays inside the first permit."""
    first = decide(policy, given_facts)
    decision, tried = first, dict(given_facts.candidates)
    for _ in policy.deployments:
        if decision.deployment is None:
            break
        tried[decision.deployment] = replace(tried.get(decision.deployment, Candidate()), tried=True)
        decision = decide(policy, replace(given_facts, candidates=tried))
        assert decision.permit == first.permit

    assert decision.blocked


# What follows is about files: random policies as their authors could write them.

file_operators = st.sampled_from([one.value for one in Operator])
file_zones = st.sampled_from([one.value for one in Zone])
file_conditions: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"level": levels}),
        st.fixed_dictionaries({"entity": entities}, optional={"count": st.integers(1, 3)}),
        st.fixed_dictionaries({"tag": st.sampled_from(TAGS)}),
        st.fixed_dictionaries({"level": levels, "endpoint": st.just("chat")}),
        st.fixed_dictionaries({"level": levels, "entity": entities}),
    ),
    lambda inner: st.fixed_dictionaries({}, optional={"all": st.lists(inner, min_size=1, max_size=2)}).flatmap(
        lambda one: st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}).map(lambda two: one | two)
    ),
    max_leaves=4,
)
file_treatments = st.dictionaries(st.sampled_from(("default", *ENTITIES)), file_operators, min_size=1, max_size=3)
file_rules = st.fixed_dictionaries(
    {},
    optional={
        "when": file_conditions,
        "zones": st.lists(file_zones, max_size=3),
        "treat": st.dictionaries(file_zones, file_treatments, min_size=1, max_size=2),
        "consent": st.booleans(),
    },
)
# Rules that make it likely that a file loads: without them nearly every one is refused.
likely_rules: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {
            "when": st.fixed_dictionaries({"level": st.sampled_from(LEVELS[1:])}),
            "treat": st.fixed_dictionaries(
                {
                    "external": st.fixed_dictionaries(
                        {"default": st.just("mask")}, optional=dict.fromkeys(ENTITIES, file_operators)
                    )
                }
            ),
        }
    ),
    st.fixed_dictionaries({"when": st.just({"level": "high"}), "zones": st.just(["local"])}),
)
files = st.fixed_dictionaries(
    {
        "version": st.just(1),
        "name": st.just("t"),
        "deployments": st.just({"gpt": {"model": "openai/x", "zone": "external"}}),
        "sensitivity": st.fixed_dictionaries(
            {
                "weights": st.dictionaries(entities, st.sampled_from((0, 0.1, 0.25, 0.5, 1)), max_size=4),
                "alpha": st.sampled_from((0, 0.05, 0.5)),
            }
        ),
        "rules": st.lists(likely_rules | file_rules, min_size=1, max_size=4).map(
            lambda found: [{"id": f"r{position}", **rule} for position, rule in enumerate(found)]
        ),
    }
)


def scored(policy: Policy, found: Mapping[str, int]) -> Sensitivity:
    """The sensitivity that a text with *found* has at least."""
    spans = tuple(
        Finding(start=0, end=1, entity=entity, score=1.0, detector="law")
        for entity, count in found.items()
        for _ in range(count)
    )
    return score(Findings(spans=(spans,)), (Segment(path="", text="x"),), policy.sensitivity)


@settings(max_examples=200)
@given(files, counts, levels, tags)
def test_loaded_policies_never_send_sensitive_findings_untreated(
    file: dict[str, Any], found: dict[str, int], level: str, given_tags: frozenset[str]
) -> None:
    """
    Whatever a policy that loads says, the external zone treats what is sensitive.

    An entity that reaches a level on its own is never kept there, and above the lowest level the default never is.
    """
    text = json.dumps(file)
    assume(not check_policy(text, env={}))
    policy = parse_policy(text, env={})
    sensitivity = scored(policy, found)
    reached = raise_level(sensitivity.level, level)
    request = Facts(sensitivity=replace(sensitivity, level=reached), tags=given_tags)

    outside = permit(policy, request).zones.get(Zone.EXTERNAL)

    if outside is not None and reached != "low":
        assert outside.default is not Operator.KEEP
    for entity in (name for name, count in found.items() if count):
        if outside is not None and scored(policy, {entity: 1}).level != "low":
            assert outside.operator(entity) is not Operator.KEEP


@given(files, st.randoms(use_true_random=False))
def test_digests_ignore_the_order_of_keys(file: dict[str, Any], random: Any) -> None:
    """Files whose keys stand in another order are the same policy."""

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(inner)) for key, inner in value.items()]
            random.shuffle(items)
            return dict(items)
        return [shuffled(inner) for inner in value] if isinstance(value, list) else value

    text = json.dumps(file)
    assume(not check_policy(text, env={}))
    policy, other = parse_policy(text, env={}), parse_policy(json.dumps(shuffled(file)), env={})

    assert other.digest == policy.digest == digest(policy)
    assert replace(other, rules=()) == replace(policy, rules=(), sensitivity=other.sensitivity)


@settings(max_examples=300)
@given(st.text() | st.text(alphabet="{}[]:,-&*!|>'\"%@#?\t\n ab1~<", max_size=60))
def test_any_text_is_refused_with_a_place(text: str) -> None:
    """No text makes the loader fail in any way but its own, on one line and with a place."""
    errors = check_policy(text, env={})

    assert errors
    assert all(error.line >= 1 and error.column >= 1 and "\n" not in str(error) for error in errors)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ("version", "name", "deployments", "rules", "when", "all", "treat", "zone", "x", "[key]")
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_value_is_refused_with_a_place(value: Any) -> None:
    """Random structures with the words of a policy are refused as policy errors, never as anything else."""
    errors = check_policy(json.dumps(value), env={})

    assert errors
    assert all(error.line >= 1 and error.column >= 1 and "\n" not in str(error) for error in errors)


def test_laws_look_at_frozen_values() -> None:
    """Permits cannot be changed by who gets them."""
    permitted = permit(Policy(name="t", digest="d", deployments=()), Facts())

    assert isinstance(permitted.zones, MappingProxyType)
