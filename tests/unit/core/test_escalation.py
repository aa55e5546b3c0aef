"""A weak local answer is a second decision, never a side door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from hybrid_guard.types import (
    Policy,
    Rule,
    Usage,
)
from tests.unit.core.ports import (
    CLOUD,
    EDGE,
    MAIL,
    STAY,
    WAYS,
    House,
    Way,
    drive,
    policy,
    refused,
)

FOUR = pytest.mark.parametrize("way", WAYS)


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
