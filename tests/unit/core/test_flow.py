"""The spine: where a request goes, what is sent, what comes back, and what a caller is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybrid_guard.errors import (
    BackendError,
    BlockedError,
)
from hybrid_guard.types import (
    AllOf,
    Operator,
    Overrides,
    Receipt,
    Restoration,
    Rule,
    Treatment,
    Usage,
    Zone,
)
from tests.unit.core.ports import (
    CLOUD,
    MAIL,
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
    assert (call.clean, call.stream, call.timeout) == (True, "stream" in way, 600.0)
    assert MAIL not in str(call.body.content)
    assert house.events == ["record intent", "call cloud", "forget None/id1", "record outcome"]
    intent = house.audit.records[0]
    assert (intent.audit_id, intent.attempt, intent.deployment, intent.zone) == ("id1", 1, "cloud", Zone.EXTERNAL)
    assert intent.bytes_out == call.body.size > 0
    assert call.recorded == Receipt(audit_id="id1", to="cloud", zone=Zone.EXTERNAL, bytes_out=intent.bytes_out)
    assert house.ending.outcome == outcome.code == "answered"
    assert house.ending.restoration == outcome.restoration == Restoration(sent=1, returned=1, restored=1)
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
    assert (call.recorded, call.timeout) == (None, 5.0)
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


@FOUR
def test_an_argument_that_a_deployment_does_not_know_is_the_callers_to_mend(way: Way) -> None:
    """Another deployment, or the same again, would be a silent surprise; the error keeps its own code."""
    unsupported = BackendError("x", deployment="cloud", fault="unsupported", code="HG606")
    house = House(policy(deployments=[CLOUD, OTHER_CLOUD, TINY]), cloud=[unsupported])

    with pytest.raises(BackendError) as caught:
        drive(house, way)

    assert caught.value is unsupported
    assert (caught.value.fault, caught.value.code, caught.value.deployment) == ("unsupported", "HG606", "cloud")
    assert house.called == ["cloud"]
    assert (house.ending.outcome, house.ending.errors) == ("failed", ("HG606",))


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
