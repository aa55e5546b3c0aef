"""The engine: where a request may go, and which deployment it goes to."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from hybrid_guard.policies import decide, level, permit
from hybrid_guard.policies.engine import BUILT_IN_REASONS
from hybrid_guard.types import (
    AllOf,
    AnyOf,
    Candidate,
    Capability,
    Condition,
    Deployment,
    DetectionSettings,
    EndpointIs,
    EntityFound,
    Facts,
    Failure,
    HighWater,
    LevelAtLeast,
    Mode,
    Operator,
    Policy,
    RoutingSettings,
    Rule,
    Sensitivity,
    Tagged,
    Tier,
    Treatment,
    Zone,
)

LOCAL, PRIVATE, EXTERNAL = Zone.LOCAL, Zone.PRIVATE, Zone.EXTERNAL
EVERYWHERE = frozenset(Zone)


def deployment(alias: str, zone: Zone, tier: Tier = "device") -> Deployment:
    """A deployment that nothing is known of but its zone and tier."""
    return Deployment(alias=alias, model=f"x/{alias}", zone=zone, tier=tier)


DEPLOYMENTS = (
    deployment("gpt", EXTERNAL, "cloud"),
    deployment("phi", LOCAL),
    deployment("claude", EXTERNAL, "cloud"),
    deployment("ward", PRIVATE, "edge"),
    deployment("box", LOCAL, "edge"),
)


def make(*rules: Rule, mode: Mode = "auto", deployments: tuple[Deployment, ...] = DEPLOYMENTS) -> Policy:
    """A policy of *rules* over the deployments above."""
    return Policy(name="t", digest="d1", deployments=deployments, rules=rules, routing=RoutingSettings(mode=mode))


def found(*, score: float = 0.0, name: str = "low", **counts: int) -> Sensitivity:
    """A sensitivity by hand."""
    return Sensitivity(score=score, level=name, counts=MappingProxyType(counts))


def candidates(**known: Candidate) -> MappingProxyType[str, Candidate]:
    """What is known of deployments, by alias."""
    return MappingProxyType(known)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a rule with *condition* is among the reasons."""
    return permit(make(Rule(id="it", when=condition)), facts).reasons == ("it",)


def test_nothing_narrows_an_empty_policy() -> None:
    """Without rules all zones are permitted, untreated, without consent and without reasons."""
    permitted = permit(make(), Facts())

    assert list(permitted.zones.items()) == [(LOCAL, Treatment()), (PRIVATE, Treatment()), (EXTERNAL, Treatment())]
    assert permitted.consent is False
    assert permitted.reasons == ()


@pytest.mark.parametrize(
    ("needed", "now", "before", "expected"),
    [
        ("low", "low", "low", True),
        ("moderate", "low", "low", False),
        ("moderate", "moderate", "low", True),
        ("moderate", "high", "low", True),
        ("moderate", "low", "moderate", True),
        ("high", "moderate", "moderate", False),
        ("high", "low", "high", True),
        ("high", "mystery", "low", True),
        ("high", "low", "mystery", True),
        ("mystery", "low", "low", True),
        ("mystery", "high", "high", True),
    ],
)
def test_level_condition_goes_by_the_higher_one(needed: str, now: str, before: str, expected: bool) -> None:
    """The session's mark counts, an unknown level of the facts ranks highest, and one of a rule always holds."""
    facts = Facts(sensitivity=found(name=now), high_water=HighWater(level=before))

    assert holds(LevelAtLeast(level=needed), facts) is expected


def test_level_is_the_higher_of_request_and_session() -> None:
    """`level` names what the rules go by."""
    policy = make()

    assert level(policy, Facts(sensitivity=found(name="moderate"))) == "moderate"
    assert level(policy, Facts(high_water=HighWater(level="high"))) == "high"


@pytest.mark.parametrize(
    ("count", "now", "before", "expected"),
    [(1, 0, 0, False), (1, 1, 0, True), (1, 0, 1, True), (3, 2, 2, False), (3, 3, 0, True), (3, 0, 3, True)],
)
def test_entity_condition_takes_the_higher_count(count: int, now: int, before: int, expected: bool) -> None:
    """Findings of one request and of the session are not added up: the same name twice is one."""
    facts = Facts(sensitivity=found(PERSON=now, URL=9), high_water=HighWater(counts={"PERSON": before}))

    assert holds(EntityFound(entity="PERSON", count=count), facts) is expected


def test_tag_condition_remembers_the_session() -> None:
    """A tag of this request or of an earlier one holds."""
    assert holds(Tagged(tag="vip"), Facts(tags=frozenset({"vip"})))
    assert holds(Tagged(tag="vip"), Facts(high_water=HighWater(tags=frozenset({"vip"}))))
    assert not holds(Tagged(tag="vip"), Facts(tags=frozenset({"vi"})))


def test_endpoint_condition_is_exact() -> None:
    """A rule about one endpoint says nothing about the others."""
    assert holds(EndpointIs(endpoint="chat"), Facts())
    assert not holds(EndpointIs(endpoint="embeddings"), Facts())


def test_conditions_combine() -> None:
    """`AllOf` needs all, `AnyOf` one; an empty `AllOf` always holds, an empty `AnyOf` never."""
    yes, no = Tagged(tag="yes"), Tagged(tag="no")
    facts = Facts(tags=frozenset({"yes"}))

    assert holds(AllOf(conditions=(yes, AnyOf(conditions=(no, yes)))), facts)
    assert not holds(AllOf(conditions=(yes, no)), facts)
    assert not holds(AnyOf(conditions=(no,)), facts)
    assert holds(AllOf(), facts)
    assert not holds(AnyOf(), facts)


def test_rules_meet() -> None:
    """Zones intersect, the strictest operator of each entity wins, one wish for consent is enough."""
    policy = make(
        Rule(id="b", when=AllOf(), zones=frozenset({LOCAL, EXTERNAL}), consent=True),
        Rule(id="c", when=Tagged(tag="absent"), zones=frozenset()),
        Rule(
            id="a",
            when=AllOf(),
            treat={
                EXTERNAL: Treatment(default=Operator.MASK, entities={"URL": Operator.KEEP, "SECRET": Operator.REDACT}),
                PRIVATE: Treatment(default=Operator.REDACT),
            },
        ),
        Rule(id="d", when=AllOf(), treat={EXTERNAL: Treatment(entities={"URL": Operator.GENERALIZE})}),
    )

    permitted = permit(policy, Facts())
    outside = permitted.zones[EXTERNAL]

    assert set(permitted.zones) == {LOCAL, EXTERNAL}
    assert permitted.consent is True
    assert permitted.reasons == ("a", "b", "d")
    assert [outside.operator(one) for one in ("URL", "SECRET", "PERSON")] == [
        Operator.GENERALIZE,
        Operator.REDACT,
        Operator.MASK,
    ]


def test_zones_of_rules_intersect_in_any_order() -> None:
    """The last rule wins no more than the first."""
    near = Rule(id="near", when=AllOf(), zones=frozenset({LOCAL, PRIVATE}))
    ends = Rule(id="ends", when=AllOf(), zones=frozenset({LOCAL, EXTERNAL}))

    assert set(permit(make(near, ends), Facts()).zones) == {LOCAL}
    assert set(permit(make(ends, near), Facts()).zones) == {LOCAL}


@pytest.mark.parametrize(
    "failure", ["detection", "vault", "treatment", "rescan", "audit", "routing", "restoration", "internal"]
)
def test_failures_stay_local(failure: Failure) -> None:
    """Whatever failed, only the local zone is left."""
    permitted = permit(make(), Facts(failures=frozenset({failure})))

    assert set(permitted.zones) == {LOCAL}
    assert permitted.reasons == (f"failure:{failure}",)


def test_unreadable_request_goes_nowhere() -> None:
    """A request that could not be read is not even sent to a local model."""
    decision = decide(make(), Facts(failures=frozenset({"request", "vault"})))

    assert decision.blocked
    assert not decision.unavailable
    assert decision.reasons == ("failure:request", "failure:vault")


def test_failed_detection_blocks_if_the_policy_says_so() -> None:
    """`on_error: block` leaves no zone, for a failed detection and for nothing else."""
    policy = replace(make(), detection=DetectionSettings(on_error="block"))

    assert not permit(policy, Facts(failures=frozenset({"detection"}))).zones
    assert set(permit(policy, Facts(failures=frozenset({"vault"}))).zones) == {LOCAL}


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -0.01, 1.01])
def test_impossible_score_is_a_failed_detection(score: float) -> None:
    """A score that is none is no evidence that nothing was found."""
    permitted = permit(make(), Facts(sensitivity=found(score=score)))

    assert set(permitted.zones) == {LOCAL}
    assert permitted.reasons == ("failure:detection",)


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_bounds_of_the_score_are_scores(score: float) -> None:
    """0 and 1 are as good as any other score."""
    assert permit(make(), Facts(sensitivity=found(score=score))).reasons == ()


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(opaque=1), "opaque-part"),
        (Facts(suspicious=True), "suspicious-text"),
        (Facts(consent=False), "consent-refused"),
    ],
)
def test_what_cannot_be_judged_stays_local(facts: Facts, reason: str) -> None:
    """Parts that no detector reads, hiding attempts and a person's no leave only the local zone."""
    permitted = permit(make(), facts)

    assert set(permitted.zones) == {LOCAL}
    assert permitted.reasons == (reason,)
    assert reason in BUILT_IN_REASONS


KINDS = ("AGE", "LOCATION", "OCCUPATION", "GENDER", "DATE_TIME")


@pytest.mark.parametrize("split", range(6))
def test_too_many_kinds_of_details_raise_the_level_by_one(split: int) -> None:
    """Whether they came in one request or over the whole conversation."""
    high = make(Rule(id="stay", when=LevelAtLeast(level="high"), zones=frozenset({LOCAL})))
    now, before = dict.fromkeys(KINDS[:split], 1), dict.fromkeys(KINDS[split:], 3)
    facts = Facts(sensitivity=found(name="moderate", **now), high_water=HighWater(counts=MappingProxyType(before)))

    assert level(high, facts) == "high"
    assert permit(high, facts).reasons == ("quasi-identifiers", "stay")


@pytest.mark.parametrize(
    ("name", "counts", "reached"),
    [
        ("low", dict.fromkeys(KINDS, 1), "moderate"),
        ("high", dict.fromkeys(KINDS, 1), "high"),
        ("mystery", dict.fromkeys(KINDS, 1), "mystery"),
        ("moderate", {"AGE": 99, "LOCATION": 1, "OCCUPATION": 1, "GENDER": 1}, "moderate"),
        ("moderate", {"PERSON": 1, "AGE": 1, "LOCATION": 1, "OCCUPATION": 1, "GENDER": 1}, "moderate"),
        ("moderate", {**dict.fromkeys(KINDS, 1), "AGE": 0}, "moderate"),
    ],
)
def test_only_kinds_count(name: str, counts: dict[str, int], reached: str) -> None:
    """Five ages are one kind, a name is none, and there is nothing above the highest level."""
    assert level(make(), Facts(sensitivity=found(name=name, **counts))) == reached


@pytest.mark.parametrize(
    ("mode", "zones"),
    [
        ("only_local", {LOCAL}),
        ("prefer_local", EVERYWHERE),
        ("auto", EVERYWHERE),
        ("prefer_cloud", EVERYWHERE),
        ("only_cloud", {PRIVATE, EXTERNAL}),
    ],
)
def test_modes_limit_zones(mode: Mode, zones: set[Zone]) -> None:
    """The modes that begin with `only` limit zones, in the policy and from the caller."""
    by_policy = permit(make(mode=mode), Facts())
    by_caller = permit(make(), Facts(mode=mode))

    assert set(by_policy.zones) == set(by_caller.zones) == set(zones)
    assert by_policy.reasons == ((f"mode:{mode}",) if len(zones) < 3 else ())
    assert by_caller.reasons == (("override:mode",) if len(zones) < 3 else ())


def test_caller_cannot_undo_the_mode() -> None:
    """Modes of policy and caller meet."""
    permitted = permit(make(mode="only_local"), Facts(mode="only_cloud"))

    assert not permitted.zones
    assert permitted.reasons == ("mode:only_local", "override:mode")
    assert set(permit(make(mode="only_local"), Facts(mode="prefer_cloud")).zones) == {LOCAL}


def test_caller_can_restrict_zones() -> None:
    """Zones of the caller intersect; they never add one."""
    policy = make(Rule(id="house", when=AllOf(), zones=frozenset({LOCAL, PRIVATE})))

    permitted = permit(policy, Facts(zones=frozenset({PRIVATE, EXTERNAL})))

    assert set(permitted.zones) == {PRIVATE}
    assert permitted.reasons == ("house", "override:zones")
    assert not permit(policy, Facts(zones=frozenset())).zones


def test_caller_can_name_a_deployment() -> None:
    """The only deployment that the caller wants is chosen, or nothing is."""
    decision = decide(make(), Facts(alias="claude"))
    unknown = decide(make(), Facts(alias="nobody"))
    down = decide(make(), Facts(alias="claude", candidates=candidates(claude=Candidate(healthy=False))))

    assert decision.deployment == "claude"
    assert decision.reasons == ("override:alias",)
    assert unknown.blocked
    assert not unknown.permit.zones
    assert not unknown.unavailable
    assert down.blocked
    assert down.unavailable
    assert down.reasons == ("override:alias", "unhealthy:claude")


def test_caller_cannot_name_a_way_out() -> None:
    """Naming a deployment does not permit its zone."""
    policy = make(Rule(id="stay", when=AllOf(), zones=frozenset({LOCAL})))

    decision = decide(policy, Facts(alias="gpt"))

    assert decision.blocked
    assert not decision.unavailable
    assert decision.reasons == ("override:alias", "stay")


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("auto", ["phi", "box", "ward", "gpt", "claude"]),
        ("prefer_local", ["phi", "box", "ward", "gpt", "claude"]),
        ("only_local", ["phi", "box"]),
        ("prefer_cloud", ["gpt", "claude", "ward", "phi", "box"]),
        ("only_cloud", ["gpt", "claude", "ward"]),
    ],
)
@pytest.mark.parametrize("by_caller", [True, False])
def test_order_of_preference(mode: Mode, order: list[str], by_caller: bool) -> None:
    """Zones by distance, the order of the policy within a zone; what was tried is not tried again."""
    policy = make() if by_caller else make(mode=mode)
    facts = Facts(mode=mode) if by_caller else Facts()
    chosen: list[str] = []
    for _ in order:
        tried = candidates(**{alias: Candidate(tried=True) for alias in chosen})
        chosen.append(decide(policy, replace(facts, candidates=tried)).deployment or "none")

    decision = decide(policy, replace(facts, candidates=candidates(**dict.fromkeys(chosen, Candidate(tried=True)))))
    assert chosen == order
    assert decision.blocked
    assert decision.unavailable
    assert decision.reasons[-len(order) :] == tuple(f"tried:{alias}" for alias in order)


def test_preference_of_the_caller_wins_over_that_of_the_policy() -> None:
    """Inside the permit the caller may prefer."""
    assert decide(make(mode="prefer_cloud"), Facts(mode="prefer_local")).deployment == "phi"
    assert decide(make(mode="prefer_local"), Facts(mode="prefer_cloud")).deployment == "gpt"


def test_decision_carries_its_treatment_and_its_policy() -> None:
    """The treatment is that of the chosen zone."""
    treatment = Treatment(default=Operator.HASH)
    policy = make(Rule(id="t", when=AllOf(), treat={EXTERNAL: treatment}), mode="prefer_cloud")

    decision = decide(policy, Facts())

    assert (decision.deployment, decision.zone, decision.treatment) == ("gpt", EXTERNAL, treatment)
    assert decision.policy == "d1"
    assert decision.permit == permit(policy, Facts())
    assert decision.reasons == ("t",)
    assert not decision.unavailable


def test_incapable_and_unhealthy_deployments_are_passed_over() -> None:
    """Each obstacle of a deployment before the chosen one is a reason."""
    known = candidates(
        phi=Candidate(lacks=("context", "tools")),
        box=Candidate(healthy=False, tried=True),
        claude=Candidate(healthy=False),
    )

    decision = decide(make(), Facts(candidates=known))

    assert decision.deployment == "ward"
    assert decision.reasons == ("lacks-context:phi", "lacks-tools:phi", "unhealthy:box", "tried:box")


def test_block_without_a_permitted_deployment_is_no_outage() -> None:
    """`unavailable` tells an outage from a policy that permits nothing."""
    nothing = make(Rule(id="never", when=AllOf(), zones=frozenset()))
    elsewhere = make(deployments=(deployment("gpt", EXTERNAL, "cloud"),), mode="only_local")
    outage = make(deployments=(deployment("gpt", EXTERNAL, "cloud"),))
    down = Facts(candidates=candidates(gpt=Candidate(healthy=False)))

    for decision, unavailable in [
        (decide(nothing, Facts()), False),
        (decide(elsewhere, Facts()), False),
        (decide(outage, down), True),
    ]:
        assert decision.blocked
        assert decision.zone is None
        assert decision.treatment == Treatment()
        assert decision.consent is False
        assert decision.unavailable is unavailable


def test_consent_is_asked_for_outside_the_local_zone() -> None:
    """A person is asked once, and only if something would leave."""
    policy = make(Rule(id="ask", when=AllOf(), consent=True))

    near = decide(policy, Facts())
    far = decide(policy, Facts(mode="prefer_cloud"))
    agreed = decide(policy, Facts(mode="prefer_cloud", consent=True))
    refused = decide(policy, Facts(mode="prefer_cloud", consent=False))

    assert (near.deployment, near.consent) == ("phi", False)
    assert (far.deployment, far.consent) == ("gpt", True)
    assert (agreed.deployment, agreed.consent) == ("gpt", False)
    assert (refused.deployment, refused.consent) == ("phi", False)
    assert refused.reasons == ("ask", "consent-refused")


def test_no_consent_is_asked_for_without_a_rule() -> None:
    """Nobody is asked about what the policy simply permits."""
    assert decide(make(), Facts(mode="prefer_cloud")).consent is False


def test_escalation_goes_beyond_the_device() -> None:
    """A weak local answer is followed by a bigger local model, then by farther zones."""
    weak = Facts(stage="escalation", candidates=candidates(phi=Candidate(tried=True)))

    first = decide(make(), weak)
    second = decide(make(), replace(weak, candidates=candidates(box=Candidate(tried=True))))

    assert first.deployment == "box"
    assert first.reasons == ()
    assert second.deployment == "ward"
    assert second.reasons == ("tried:box",)


def test_escalation_never_returns_to_the_device() -> None:
    """With nothing beyond the device there is no escalation, even if a device model is untried."""
    policy = make(Rule(id="stay", when=AllOf(), zones=frozenset({LOCAL})), deployments=DEPLOYMENTS[:4])

    decision = decide(policy, Facts(stage="escalation"))

    assert decision.blocked
    assert not decision.unavailable
    assert decision.reasons == ("stay", "no-escalation")


def test_escalation_that_is_down_is_an_outage() -> None:
    """What would be permitted, but does not answer, is unavailable."""
    known = candidates(gpt=Candidate(healthy=False), claude=Candidate(tried=True), ward=Candidate(lacks=("tools",)))

    decision = decide(make(deployments=DEPLOYMENTS[:4]), Facts(stage="escalation", candidates=known))

    assert decision.blocked
    assert decision.unavailable
    assert decision.reasons == ("lacks-tools:ward", "unhealthy:gpt", "tried:claude", "no-escalation")


def test_capabilities_have_short_reasons() -> None:
    """Reasons of every capability fit into the words that the audit trail allows."""
    for lack in ("context", *Capability.__args__):  # type: ignore[attr-defined]  # a Literal has args
        alias = "a" * 64
        only = make(deployments=(deployment(alias, LOCAL),))
        decision = decide(only, Facts(candidates=candidates(**{alias: Candidate(lacks=(lack,))})))

        assert decision.reasons == (f"lacks-{lack}:{alias}",)
        assert len(decision.reasons[0]) <= 128
