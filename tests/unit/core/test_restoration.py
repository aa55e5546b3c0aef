"""What becomes of placeholders is counted, on record, and a loss is answered as the policy says."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any, Literal

import pytest

from hybrid_guard.errors import AuditError
from hybrid_guard.types import (
    Call,
    Deployment,
    Operator,
    Policy,
    Restoration,
    RestorationSettings,
    RoutingSettings,
    Treatment,
    Zone,
)
from tests.talk import STAND_INS, makers_of
from tests.unit.core.ports import (
    CLOUD,
    MAIL,
    MASK,
    OTHER_CLOUD,
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
WHOLE = pytest.mark.parametrize("way", ["sync", "async"])
CARD = "4111 1111 1111 1111"
LOSS = Restoration(sent=1, invented=1)


def spoiled(call: Call) -> str:
    """The last message with its placeholders cut short."""
    text = str(call.body.content["messages"][-1]["content"])
    return re.sub(r"(EMAILADDRESS\w{5})\w{4}", r"\1", text)


def losing(when_lost: Literal["warn", "retry", "local"], **fields: Any) -> Policy:
    """A policy that sends masked texts to the cloud first."""
    return policy(restoration=RestorationSettings(when_lost=when_lost), **fields)


@FOUR
def test_a_loss_is_told_and_the_answer_given(way: Way) -> None:
    """The answer says so itself, and so does the record."""
    house = House(losing("warn"), cloud=[spoiled, spoiled])

    outcome, text = drive(house, way)

    assert re.fullmatch(r"I am EMAILADDRESS\w{5}\.", text)
    assert outcome.code == house.ending.outcome == "degraded"
    assert outcome.provenance().degraded
    assert outcome.provenance().restoration == house.ending.restoration == LOSS
    assert house.called == ["cloud"]


@WHOLE
def test_the_same_deployment_is_asked_once_more(way: Way) -> None:
    """Only the second answer counts; its call has an intent of its own."""
    house = House(losing("retry"), cloud=[spoiled])

    outcome, text = drive(house, way)

    assert text == f"I am {MAIL}."
    assert (outcome.code, outcome.provenance().degraded) == ("answered", False)
    assert outcome.restoration == house.ending.restoration == Restoration(sent=1, returned=1, restored=1)
    assert house.called == ["cloud", "cloud"]
    assert [one.attempt for one in house.audit.records if one.kind == "intent"] == [1, 2]
    assert outcome.cost == 0.5


@WHOLE
def test_a_second_loss_is_given_as_degraded(way: Way) -> None:
    """There is no third call."""
    house = House(losing("retry", deployments=[TINY, CLOUD, OTHER_CLOUD]), cloud=[spoiled, spoiled, spoiled])

    outcome, text = drive(house, way)

    assert "EMAILADDRESS" in text
    assert (outcome.code, outcome.restoration, house.called) == ("degraded", LOSS, ["cloud", "cloud"])


@WHOLE
def test_a_local_deployment_answers_instead(way: Way) -> None:
    """It is a second decision, with the loss as a failure in its facts."""
    house = House(losing("local"), cloud=[spoiled])

    outcome, text = drive(house, way)

    assert text == f"I am {MAIL}."
    assert (outcome.code, outcome.zone, house.called) == ("answered", Zone.LOCAL, ["cloud", "tiny"])
    assert "failure:restoration" in outcome.decision.reasons
    assert outcome.restoration == house.ending.restoration == Restoration()


@WHOLE
@pytest.mark.parametrize("failing", ["the deployment", "the record"])
def test_an_answer_is_asked_for_again_no_farther_away(way: Way, failing: str) -> None:
    """If the second call fails, the first answer is what there is, though a farther zone is permitted."""
    ward = Deployment(alias="ward", model="hosted_vllm/x", zone=Zone.PRIVATE, tier="edge")
    treat = {zone: Treatment(default=Operator.PLACEHOLDER) for zone in (Zone.PRIVATE, Zone.EXTERNAL)}
    rules = losing("retry", deployments=[ward, CLOUD], routing=RoutingSettings(mode="prefer_local"))
    house = House(replace(rules, rules=(replace(MASK, treat=treat),)))

    def first(call: Call) -> str:
        if failing == "the record":
            house.audit.fails["intent"] = AuditError("full")
        return spoiled(call)

    house.backend.script["ward"] = [first, refused("ward")]

    outcome, text = drive(house, way)

    assert "EMAILADDRESS" in text
    assert (outcome.code, outcome.zone, outcome.restoration) == ("degraded", Zone.PRIVATE, LOSS)
    assert "cloud" not in house.called


@WHOLE
@pytest.mark.parametrize(("offline", "code"), [("best_effort", "degraded"), ("refuse", "unavailable")])
def test_without_a_local_answer_the_first_one_is_all_there_is(
    way: Way, offline: Literal["best_effort", "refuse"], code: str
) -> None:
    """The record tells of the loss, also where the answer is not given for it."""
    routing = RoutingSettings(mode="prefer_cloud", offline=offline)
    house = House(losing("local", routing=routing), cloud=[spoiled], tiny=[refused("tiny")])

    outcome, text = drive(house, way)

    assert outcome.code == house.ending.outcome == code
    assert house.called == ["cloud", "tiny"]
    assert house.ending.restoration == LOSS
    assert ("EMAILADDRESS" in text) == (code == "degraded")


@pytest.mark.parametrize("way", ["stream", "astream"])
@pytest.mark.parametrize("when_lost", ["retry", "local"])
def test_a_stream_is_given_as_it_is(way: Way, when_lost: Literal["retry", "local"]) -> None:
    """Its beginning was seen, so nothing replaces it."""
    house = House(losing(when_lost), cloud=[spoiled])

    outcome, _ = drive(house, way)

    assert (outcome.code, outcome.restoration, house.called) == ("degraded", LOSS, ["cloud"])


@FOUR
@pytest.mark.parametrize("operator", STAND_INS)
def test_stand_ins_are_counted_like_placeholders(way: Way, operator: Operator) -> None:
    """What was sent, what came back and what was restored; a value that is named twice is one."""
    asked = f"Write to {MAIL} about {CARD},\n{MAIL}."
    treat = replace(MASK, treat={Zone.EXTERNAL: Treatment(default=operator)})
    house = House(policy(treat), detector=Detector(words={MAIL: "EMAIL_ADDRESS", CARD: "CREDIT_CARD"}))
    makers = makers_of(secrets.token_bytes(32))
    house.chain = replace(house.chain, stand_ins=lambda _: makers)

    outcome, text = drive(house, way, request(asked))

    assert text == asked
    assert not [value for value in (MAIL, CARD) if value in str(house.backend.calls[0].body.content)]
    assert outcome.restoration == house.ending.restoration == Restoration(sent=2, returned=2, restored=3)


@WHOLE
def test_an_answer_that_needs_no_original_has_lost_none(way: Way) -> None:
    """What was sent need not come back."""
    house = House(losing("retry"), cloud=["Fine, and serial number AB2C3D4E5F6."])

    outcome, _ = drive(house, way)

    assert (outcome.code, outcome.restoration, house.called) == ("answered", Restoration(sent=1), ["cloud"])
