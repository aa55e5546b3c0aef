"""A person is asked where the policy says so, and only a yes is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybrid_guard.ports import ConsentAsker
from hybrid_guard.types import (
    Decision,
    Operator,
    Overrides,
    RoutingSettings,
    Treatment,
    Zone,
)
from tests.unit.core.ports import (
    CLOUD,
    MAIL,
    MASK,
    OTHER_CLOUD,
    TINY,
    WAYS,
    House,
    Way,
    drive,
    policy,
    refused,
    request,
)

FOUR = pytest.mark.parametrize("way", WAYS)


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
def test_a_yes_to_each_zone_goes_as_far_as_the_last_yes(way: Way) -> None:
    """A person who agrees twice is asked twice: once for the ward, once for the cloud, and no more."""
    ward = replace(CLOUD, alias="ward", zone=Zone.PRIVATE)
    ask = replace(ASK, treat={Zone.PRIVATE: PLACEHOLDERS, Zone.EXTERNAL: PLACEHOLDERS})
    near = policy(ask, deployments=[ward, CLOUD], routing=RoutingSettings(mode="auto"))
    asked: list[Zone | None] = []
    house = House(near, ward=[refused("ward")])

    def agree(decision: Decision) -> bool:
        asked.append(decision.zone)
        house.events.append("asked")
        return True

    house.consent = agree

    outcome, _ = drive(house, way)

    assert outcome.code == "answered"
    assert asked == [Zone.PRIVATE, Zone.EXTERNAL]
    assert [one for one in house.events if one == "asked" or one.startswith("call")] == [
        "asked", "call ward", "asked", "call cloud",
    ]  # fmt: skip
