"""Whatever part of the chain fails, the request stays local or is refused, on record and in our own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hybrid_guard.core import flow, learn
from hybrid_guard.core.layers import own_error
from hybrid_guard.errors import (
    AuditError,
    DetectionError,
    HybridGuardError,
    RequestError,
    VaultError,
)
from hybrid_guard.policies.engine import decide
from hybrid_guard.types import (
    AuditSettings,
    Decision,
    DetectionSettings,
    Facts,
    Finding,
    Findings,
    Operator,
    Permit,
    Policy,
    Rule,
    Treatment,
    Zone,
)
from tests.unit.core.ports import (
    MAIL,
    MASK,
    STAY,
    WAYS,
    Detector,
    House,
    Way,
    drive,
    policy,
    request,
)

FOUR = pytest.mark.parametrize("way", WAYS)


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
