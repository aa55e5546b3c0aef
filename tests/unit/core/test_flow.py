"""The spine: where a request goes, what is sent, what comes back, and what happens when a part of the chain fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import pytest

from hybrid_guard.core import flow, learn
from hybrid_guard.core.layers import own_error
from hybrid_guard.errors import (
    AuditError,
    BackendError,
    BlockedError,
    DetectionError,
    HybridGuardError,
    RequestError,
    VaultError,
)
from hybrid_guard.policies.engine import decide
from hybrid_guard.ports import ConsentAsker
from hybrid_guard.types import (
    AllOf,
    AuditSettings,
    Decision,
    DetectionSettings,
    Facts,
    Finding,
    Findings,
    Operator,
    Overrides,
    Permit,
    Policy,
    RoutingSettings,
    Rule,
    Treatment,
    Usage,
    Zone,
)
from tests.unit.core.ports import (
    CLOUD,
    EDGE,
    MAIL,
    MASK,
    OTHER_CLOUD,
    STAY,
    TINY,
    WAYS,
    Detector,
    House,
    Way,
    drive,
    policy,
    refused,
    request,
)

FOUR = pytest.mark.parametrize("way", WAYS)


@FOUR
def test_what_may_leave_leaves_treated_and_on_record(way: Way) -> None:
    """The intent is durable before the call; the answer is restored; the vault of a single request is forgotten."""
    house = House()

    outcome, text = drive(house, way)

    assert text == f"I am {MAIL}."
    (call,) = house.backend.calls
    assert call.deployment is CLOUD
    assert (call.clean, call.recorded, call.stream, call.timeout) == (True, True, "stream" in way, 600.0)
    assert MAIL not in str(call.body.content)
    assert house.events == ["record intent", "call cloud", "forget None/id1", "record outcome"]
    intent = house.audit.records[0]
    assert (intent.audit_id, intent.attempt, intent.deployment, intent.zone) == ("id1", 1, "cloud", Zone.EXTERNAL)
    assert intent.bytes_out > 0
    assert house.ending.outcome == outcome.code == "answered"
    assert house.ending.restored == 1
    assert house.ending.errors == ()
    assert set(house.ending.timings) == {"detect", "prepare", "call", "total"}


@FOUR
def test_what_must_stay_stays_and_is_not_touched(way: Way) -> None:
    """A local call carries the text as given, with no intent and no second scan."""
    house = House(policy(STAY))

    outcome, text = drive(house, way, request(timeout=5.0))

    assert text == f"I am {MAIL}."
    (call,) = house.backend.calls
    assert call.body.content["messages"][0]["content"] == f"I am {MAIL}."
    assert (call.recorded, call.timeout) == (False, 5.0)
    assert house.events == ["call tiny", "forget None/id1", "record outcome"]
    assert len(house.detector.scans) == 1
    assert outcome.provenance().source == "tiny"


@FOUR
def test_an_outcome_tells_where_from_and_why(way: Way) -> None:
    """Provenance names deployment, zone, score, reasons, findings, price and record."""
    house = House()

    outcome, _ = drive(house, way, replace(request(), body={**request().body, "metadata": {"a": 1}}))

    told = outcome.provenance()
    assert (told.source, told.zone, told.level, told.reasons) == ("cloud", Zone.EXTERNAL, "moderate", ("mask",))
    assert told.entities == {"EMAIL_ADDRESS": 1}
    assert (told.confidence, told.degraded, told.cost, told.dropped, told.audit_id) == (None, False, 0.25, 1, "id1")
    assert outcome.usage == Usage(prompt_tokens=3, completion_tokens=2)


@FOUR
def test_a_block_is_a_value_until_it_is_raised(way: Way) -> None:
    """Nothing is called, and the error says whether the policy or the machines are in the way."""
    house = House(policy(STAY, deployments=[CLOUD]))
    outcome, _ = drive(house, way)
    assert outcome.code == house.ending.outcome == "blocked"
    with pytest.raises(BlockedError) as caught:
        outcome.provenance()
    assert (caught.value.code, caught.value.unavailable, caught.value.reasons) == ("HG801", False, ("stay",))

    house = House(policy(deployments=[CLOUD]))
    house.backend.health = lambda: {"cloud": False}
    outcome, _ = drive(house, way)
    assert outcome.code == "unavailable"
    with pytest.raises(BlockedError) as caught:
        outcome.raise_for_block()
    assert (caught.value.code, caught.value.unavailable) == ("HG802", True)
    assert house.backend.calls == []


PLACEHOLDERS = Treatment(default=Operator.PLACEHOLDER)
ASK = replace(MASK, id="ask", consent=True)


def raising(_: Decision) -> bool:
    """Asking fails."""
    raise RuntimeError(MAIL)


@FOUR
@pytest.mark.parametrize(
    ("consent", "called"),
    [
        (lambda _: True, "cloud"),
        (lambda _: False, "tiny"),
        (raising, "tiny"),
        (None, "tiny"),
        (lambda _: "yes", "tiny"),
    ],
    ids=["yes", "no", "error", "nobody", "not quite yes"],
)
def test_consent_is_a_yes_and_nothing_else(consent: ConsentAsker | None, called: str, way: Way) -> None:
    """A refusal, an error and an answer that is not True all keep the request local."""
    house = House(policy(ASK), consent=consent)

    outcome, _ = drive(house, way)

    assert house.called == [called]
    assert ("consent-refused" in outcome.decision.reasons) == (called == "tiny")


def test_consent_is_asked_once_and_sees_the_decision() -> None:
    """A retry does not ask again."""
    asked: list[Decision] = []

    def agree(decision: Decision) -> bool:
        asked.append(decision)
        return True

    house = House(policy(ASK, deployments=[CLOUD, OTHER_CLOUD]), consent=agree, cloud=[refused("cloud")])

    drive(house, "sync")

    assert house.called == ["cloud", "other"]
    assert [one.deployment for one in asked] == ["cloud"]


@FOUR
def test_a_yes_to_a_near_zone_is_none_to_a_farther_one(way: Way) -> None:
    """When the ward's own server fails, a person is asked again before the request goes to a cloud."""
    ward = replace(CLOUD, alias="ward", zone=Zone.PRIVATE)
    ask = replace(ASK, treat={Zone.PRIVATE: PLACEHOLDERS, Zone.EXTERNAL: PLACEHOLDERS})
    near = policy(ask, deployments=[ward, CLOUD, TINY], routing=RoutingSettings(mode="auto"))
    asked: list[str | None] = []

    def agree(decision: Decision) -> bool:
        asked.append(decision.deployment)
        return decision.zone is Zone.PRIVATE

    beyond = Overrides(zones=frozenset({Zone.PRIVATE, Zone.EXTERNAL}))
    house = House(near, consent=agree, ward=[refused("ward")])

    outcome, _ = drive(house, way, request(overrides=beyond))

    assert house.called == ["ward"]
    assert asked == ["ward", "cloud"]
    assert outcome.code == "blocked"
    assert "consent-refused" in outcome.decision.reasons


@FOUR
def test_an_argument_that_a_deployment_does_not_know_is_the_callers_to_mend(way: Way) -> None:
    """Another deployment would be a silent surprise."""
    unsupported = BackendError("x", deployment="cloud", fault="unsupported", code="HG606")
    house = House(cloud=[unsupported])

    with pytest.raises(BackendError) as caught:
        drive(house, way)

    assert caught.value.fault == "unsupported"
    assert house.called == ["cloud"]


def judging(*rules: Rule, offline: Literal["best_effort", "refuse"] = "best_effort", **fields: Any) -> Policy:
    """A policy that prefers local answers and escalates weak ones."""
    plain = policy(*rules, **fields)
    escalate = replace(plain.routing.escalate, when_confidence_below=0.7)
    return replace(plain, routing=replace(plain.routing, mode="prefer_local", escalate=escalate, offline=offline))


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_weak_local_answer_is_escalated_where_that_is_permitted(way: Way) -> None:
    """It is a second decision with the confidence as a fact, and its call is treated like any other."""
    house = House(judging())
    house.backend.logprob = -2.0

    outcome, text = drive(house, way)

    assert house.called == ["tiny", "cloud"]
    assert house.backend.calls[0].body.content["logprobs"] is True
    assert "logprobs" not in house.backend.calls[1].body.content
    assert MAIL not in str(house.backend.calls[1].body.content)
    assert text == f"I am {MAIL}."
    assert outcome.code == "answered"
    assert outcome.confidence is None
    assert house.ending.facts is not None
    assert house.ending.facts.stage == "escalation"
    assert house.ending.facts.confidence == pytest.approx(0.1353, abs=1e-3)
    assert outcome.usage == Usage(prompt_tokens=6, completion_tokens=4)
    assert outcome.cost == 0.5


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize(("offline", "code"), [("best_effort", "degraded"), ("refuse", "blocked")])
def test_a_weak_local_answer_does_not_leave_where_that_is_not_permitted(
    way: Way, offline: Literal["best_effort", "refuse"], code: str
) -> None:
    """What the permit forbids is not escalated: the weak answer is given and marked, or refused."""
    house = House(judging(STAY, offline=offline))
    house.backend.logprob = -2.0

    outcome, text = drive(house, way)

    assert house.called == ["tiny"]
    assert outcome.code == house.ending.outcome == code
    if code == "degraded":
        assert text == f"I am {MAIL}."
        assert outcome.provenance().degraded
        assert outcome.provenance().confidence == pytest.approx(0.1353, abs=1e-3)
        assert house.ending.deployment == "tiny"
    else:
        assert "no-escalation" in outcome.decision.reasons
        assert outcome.body is None


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize(("offline", "code"), [("best_effort", "degraded"), ("refuse", "unavailable")])
def test_a_weak_local_answer_is_all_there_is_when_the_cloud_is_down(
    way: Way, offline: Literal["best_effort", "refuse"], code: str
) -> None:
    """The failed escalation is on record, and the price of both calls too."""
    house = House(judging(offline=offline), cloud=[refused("cloud")])
    house.backend.logprob = -2.0

    outcome, _ = drive(house, way)

    assert house.called == ["tiny", "cloud"]
    assert outcome.code == code
    assert house.ending.errors == ("HG601",)
    assert outcome.cost is None, "nobody knows what the failed call cost"


@pytest.mark.parametrize("way", ["stream", "astream"])
def test_a_weak_streamed_answer_is_marked(way: Way) -> None:
    """The caller has seen it, so nobody else is asked."""
    house = House(judging())
    house.backend.logprob = -2.0

    outcome, text = drive(house, way)

    assert house.called == ["tiny"]
    assert text == f"I am {MAIL}."
    assert outcome.provenance().degraded


@FOUR
def test_a_sure_local_answer_is_given(way: Way) -> None:
    """A deployment without probabilities cannot be judged by them, and is not asked for them."""
    house = House(judging())
    house.backend.logprob = -0.01
    outcome, _ = drive(house, way)
    assert (outcome.code, house.called) == ("answered", ["tiny"])
    assert outcome.body is None or "logprobs" not in outcome.body["choices"][0]

    house = House(judging(deployments=[EDGE, CLOUD]))
    outcome, _ = drive(house, way)
    assert (outcome.code, house.called) == ("answered", ["edge"])
    assert "logprobs" not in house.backend.calls[0].body.content


@FOUR
def test_a_failed_deployment_is_followed_by_the_next_and_then_no_other(way: Way) -> None:
    """Two calls are all there are; each passed the policy."""
    house = House(policy(deployments=[TINY, CLOUD, OTHER_CLOUD]), cloud=[refused("cloud")], other=[refused("other")])

    outcome, _ = drive(house, way)

    assert house.called == ["cloud", "other"]
    assert outcome.code == "unavailable"
    assert outcome.decision.reasons == ("mask", "tried:cloud", "tried:other", "attempts-used")
    assert house.ending.attempt == 2
    assert house.ending.errors == ("HG601", "HG601")
    assert [record.attempt for record in house.audit.records if record.kind == "intent"] == [1, 2]


@pytest.mark.parametrize("way", ["stream", "astream"])
def test_nobody_else_is_called_once_a_chunk_was_seen(way: Way) -> None:
    """A stream that breaks off ends in an error, and before its first chunk it is followed by another."""
    house = House(policy(deployments=[TINY, CLOUD, OTHER_CLOUD]), cloud=[refused("cloud")])
    house.backend.breaks = 1
    with pytest.raises(BackendError):
        drive(house, way)
    assert house.called == house.backend.closed == ["cloud"]
    assert house.ending.outcome == "failed"
    assert house.ending.errors == ("HG601",)

    house = House(policy(deployments=[TINY, CLOUD, OTHER_CLOUD]), cloud=[refused("cloud")])
    drive(house, way)
    assert house.called == ["cloud", "other"]


@FOUR
def test_what_a_second_scan_finds_is_treated_too(way: Way) -> None:
    """What becomes visible when its neighbour is gone does not leave."""
    house = House(detector=Detector({MAIL: "EMAIL_ADDRESS"}))
    hidden = "4929641822975133"

    def reveal(scan: int) -> None:
        if scan == 2:
            house.detector.words = {hidden: "CREDIT_CARD"}

    house.detector.script = reveal

    _, text = drive(house, way, request(f"{MAIL} {hidden} {MAIL}"))

    assert house.called == ["cloud"]
    sent = str(house.backend.calls[0].body.content)
    assert MAIL not in sent
    assert hidden not in sent
    assert text == f"{MAIL} {hidden} {MAIL}"
    assert len(house.detector.scans) == 3


@FOUR
def test_a_text_that_is_never_clean_stays(way: Way) -> None:
    """After a bounded number of scans the request is kept local."""
    words = ["one", "two", "three", "four", "five", "six", "seven"]
    house = House()

    def another(scan: int) -> None:
        house.detector.words = {MAIL: "EMAIL_ADDRESS", words[scan]: "PERSON"}

    house.detector.script = another

    outcome, _ = drive(house, way, request(f"{MAIL} " + " ".join(words)))

    assert house.called == ["tiny"]
    assert "failure:rescan" in outcome.decision.reasons
    assert house.ending.errors == ("HG303",)
    assert len(house.detector.scans) == 4


def failing_at(scan: int, error: Exception) -> Callable[[int], None]:
    """A script that raises at one scan."""

    def script(number: int) -> None:
        if number == scan:
            raise error

    return script


@FOUR
@pytest.mark.parametrize(
    ("script", "stage", "code"),
    [
        (failing_at(1, DetectionError("x", code="HG301")), "detection", "HG301"),
        (failing_at(1, RuntimeError(MAIL)), "detection", "HG001"),
        (lambda scan: Findings(spans=()) if scan == 1 else None, "detection", "HG302"),
        (lambda scan: [] if scan == 1 else None, "detection", "HG302"),
        (failing_at(2, DetectionError("x", code="HG301")), "rescan", "HG301"),
        (lambda scan: Findings(spans=((), ())) if scan == 2 else None, "rescan", "HG302"),
        (lambda scan: Findings(spans=((None,),)) if scan == 2 else None, "rescan", "HG001"),  # type: ignore[arg-type]
    ],
    ids=["error", "foreign error", "too few", "wrong type", "rescan error", "rescan too many", "rescan nonsense"],
)
def test_a_failed_detector_keeps_the_request_local(
    script: Callable[[int], object], stage: str, code: str, way: Way
) -> None:
    """Not finding and not looking are not the same."""
    house = House(detector=Detector(script=script))

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert f"failure:{stage}" in outcome.decision.reasons
    assert house.ending.errors == (code,)


@FOUR
def test_a_failed_detector_blocks_where_the_policy_says_so(way: Way) -> None:
    """``on_error: block``."""
    house = House(
        policy(detection=DetectionSettings(on_error="block")), detector=Detector(script=failing_at(1, ValueError()))
    )

    outcome, _ = drive(house, way)

    assert outcome.code == "blocked"
    assert house.backend.calls == []
    assert outcome.sensitivity.score == 1.0


@FOUR
def test_spans_that_overlap_are_a_failed_treatment(way: Way) -> None:
    """Replacing them would leave a part of one."""
    spans = tuple(
        Finding(start=start, end=end, entity="PERSON", score=1.0, detector="d") for start, end in ((0, 9), (5, 12))
    )
    house = House(detector=Detector(script=lambda _: Findings(spans=(spans,))))

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert house.ending.errors == ("HG311",)
    assert "failure:treatment" in outcome.decision.reasons


@FOUR
@pytest.mark.parametrize(("method", "stage"), [("put", "vault"), ("mark", "vault")])
@pytest.mark.parametrize("error", [VaultError("x", code="HG404"), RuntimeError(MAIL)], ids=["ours", "foreign"])
def test_a_failed_vault_keeps_the_request_local(method: str, stage: str, error: Exception, way: Way) -> None:
    """What cannot be restored is not sent, nor what a forgotten turn might forbid."""
    house = House()
    house.vault.fails[method] = error

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert f"failure:{stage}" in outcome.decision.reasons
    assert house.ending.errors == ("HG404" if isinstance(error, VaultError) else "HG001",)


@FOUR
def test_a_vault_that_cannot_be_read_ends_the_request(way: Way) -> None:
    """An answer that cannot be restored is not asked for."""
    house = House()
    house.vault.fails["entries"] = VaultError("x", code="HG405")

    with pytest.raises(VaultError):
        drive(house, way)

    assert house.backend.calls == []
    assert house.ending.outcome == "failed"
    assert house.ending.errors == ("HG405",)


@FOUR
@pytest.mark.parametrize("error", [VaultError("x", code="HG404"), RuntimeError(MAIL)], ids=["ours", "foreign"])
def test_a_vault_that_cannot_be_forgotten_is_told(error: Exception, way: Way) -> None:
    """The answer is given; the vault's time to live deletes it."""
    house = House()
    house.vault.fails["forget"] = error

    outcome, text = drive(house, way)

    assert (outcome.code, text) == ("answered", f"I am {MAIL}.")
    assert house.ending.errors == ("HG420",)


@FOUR
def test_a_failed_survey_keeps_the_request_local(way: Way) -> None:
    """Routing that cannot look chooses the closed side."""
    house = House()

    def fail() -> Any:
        raise OSError(MAIL)

    house.backend.health = fail

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert "failure:routing" in outcome.decision.reasons


@FOUR
def test_a_failed_score_keeps_the_request_local(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """Whatever was found, nobody knows how much it says."""

    def fail(*_: object) -> None:
        raise ArithmeticError(MAIL)

    monkeypatch.setattr(learn, "score", fail)
    house = House()

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert "failure:internal" in outcome.decision.reasons
    assert outcome.sensitivity.level == "high"


@FOUR
@pytest.mark.parametrize("error", [AuditError("x", code="HG501"), OSError(MAIL)], ids=["ours", "foreign"])
def test_without_an_intent_nothing_leaves(error: Exception, way: Way) -> None:
    """A record that cannot be made durable keeps the request local."""
    house = House()
    house.audit.fails["intent"] = error

    outcome, _ = drive(house, way)

    assert house.called == ["tiny"]
    assert "failure:audit" in outcome.decision.reasons


@FOUR
@pytest.mark.parametrize(
    ("rule", "required", "raises"),
    [(STAY, True, True), (STAY, False, False), (MASK, True, True), (MASK, False, True)],
    ids=["local required", "local", "outside required", "outside"],
)
def test_an_outcome_that_cannot_be_recorded(rule: Rule, required: bool, raises: bool, way: Way) -> None:
    """A local answer is given without its record where the policy lets it; one from outside never is."""
    house = House(policy(rule, audit=AuditSettings(required=required)))
    house.audit.fails["outcome"] = AuditError("x", code="HG501")

    if raises:
        with pytest.raises(AuditError):
            drive(house, way)
    else:
        assert drive(house, way)[1] == f"I am {MAIL}."


@FOUR
def test_the_own_error_of_a_request_says_more_than_a_lost_record(way: Way) -> None:
    """Both failed; the caller hears of the first."""
    house = House()
    house.audit.fails["outcome"] = AuditError("x", code="HG501")
    house.vault.fails["entries"] = VaultError("x", code="HG405")

    with pytest.raises(VaultError):
        drive(house, way)


class Broken:
    """An operator that fails."""

    def apply(self, text: str, *, entity: str) -> str:
        raise ValueError(text)


@FOUR
def test_a_stage_that_fails_twice_ends_the_request(way: Way) -> None:
    """The local call needs the same treatment, so there is nothing left to try."""
    redact = Treatment(default=Operator.REDACT)
    everywhere = replace(MASK, treat={Zone.EXTERNAL: redact, Zone.LOCAL: redact})
    house = House(policy(everywhere), operators=lambda _: dict.fromkeys(Operator, Broken()))

    with pytest.raises(HybridGuardError) as caught:
        drive(house, way)

    assert house.backend.calls == []
    assert "`treatment` failed twice" in str(caught.value)
    assert MAIL not in str(caught.value)
    assert caught.value.__context__ is None
    assert house.ending.outcome == "failed"
    assert house.ending.errors == ("HG001", "HG001")


@FOUR
@pytest.mark.parametrize(
    ("body", "endpoint", "code"),
    [({"messages": 7}, "chat", "HG202"), ({"input": MAIL}, "embeddings", "HG208")],
    ids=["bad", "unknown endpoint"],
)
def test_what_cannot_be_read_is_refused_and_recorded(body: dict[str, Any], endpoint: str, code: str, way: Way) -> None:
    """Nothing is looked for in it, and it goes nowhere."""
    house = House()

    with pytest.raises(RequestError) as caught:
        drive(house, way, replace(request(), body=body, endpoint=endpoint))

    assert caught.value.code == code
    assert (house.ending.outcome, house.ending.errors, house.ending.facts) == ("refused", (code,), None)
    assert house.detector.scans == []


def deciding(*answers: Decision | None) -> Callable[[Policy, Facts], Decision]:
    """A `decide` that gives *answers* one after the other, of which None is an error, and then decides."""
    waiting = list(answers)

    def decide_or_not(rules: Policy, facts: Facts) -> Decision:
        if not waiting:
            return decide(rules, facts)
        if (answer := waiting.pop(0)) is None:
            raise RuntimeError(MAIL)
        return answer

    return decide_or_not


@FOUR
def test_a_failed_decision_is_made_again_with_the_failure_as_a_fact(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """An error, or a zone that the permit does not have, closes."""
    wrong = Decision(
        deployment="cloud",
        zone=Zone.EXTERNAL,
        treatment=Treatment(),
        permit=Permit(zones={Zone.LOCAL: Treatment()}),
        reasons=(),
        policy="",
    )
    for first in (None, wrong):
        house = House()
        monkeypatch.setattr(flow, "decide", deciding(first))

        outcome, _ = drive(house, way)

        assert house.called == ["tiny"]
        assert "failure:internal" in outcome.decision.reasons


@FOUR
def test_without_a_decision_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """It failed with and without the failure as a fact."""
    monkeypatch.setattr(flow, "decide", deciding(None, None))
    house = House()

    with pytest.raises(HybridGuardError) as caught:
        drive(house, way)

    assert caught.value.code == "HG002"
    assert house.backend.calls == []


@FOUR
def test_a_session_keeps_its_high_water_mark(way: Way) -> None:
    """After a private turn a harmless one stays local too; another session, or another person's, does not."""
    harmless = Rule(id="mask-all", when=AllOf(), treat={Zone.EXTERNAL: Treatment(default=Operator.PLACEHOLDER)})
    house = House(policy(STAY, harmless))

    drive(house, way, request(session="s", principal="p"))
    outcome, _ = drive(house, way, request("Hello.", session="s", principal="p"))
    drive(house, way, request("Hello.", session="t", principal="p"))
    drive(house, way, request("Hello.", session="s", principal="q"))
    drive(house, way, request("Hello."))

    assert house.called == ["tiny", "tiny", "cloud", "cloud", "cloud"]
    assert outcome.decision.reasons == ("mask-all", "stay")
    assert outcome.sensitivity.level == "low"
    assert [event for event in house.events if event.startswith("forget")] == ["forget None/id5"]


@FOUR
def test_overrides_reach_the_decision(way: Way) -> None:
    """What a caller asks for narrows."""
    house = House()
    drive(house, way, request(overrides=Overrides(zones=frozenset({Zone.LOCAL}))))
    drive(house, way, request(overrides=Overrides(alias="tiny")))
    drive(house, way, request(overrides=Overrides(mode="only_local", tags=frozenset({"t"}))))

    assert house.called == ["tiny"] * 3
    assert house.audit.records[-1].facts is not None
    assert house.audit.records[-1].facts.tags == {"t"}
    assert house.vault.marks[-1].tags == {"t"}


@FOUR
def test_a_foreign_error_is_told_by_its_type(way: Way) -> None:
    """A bug anywhere ends the request, and its words stay inside."""
    house = House(cloud=[RuntimeError(MAIL)])

    with pytest.raises(HybridGuardError) as caught:
        drive(house, way)

    assert caught.value.code == "HG001"
    assert "RuntimeError" in str(caught.value)
    assert MAIL not in str(caught.value)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    assert house.ending.outcome == "failed"


def test_an_error_of_ours_loses_what_led_to_it() -> None:
    """Its cause may quote the prompt."""
    error = VaultError("x")
    error.__cause__ = ValueError(MAIL)

    assert own_error(error) is error
    assert error.__cause__ is None
