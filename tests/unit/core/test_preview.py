"""A preview says what would happen, and leaves nothing behind."""

from __future__ import annotations

import pytest

from hybrid_guard.core import Preview, preview, run
from hybrid_guard.errors import DetectionError, RequestError, VaultError
from hybrid_guard.types import Request, Zone
from tests.unit.core.ports import CLOUD, MAIL, STAY, Detector, House, drive, policy, request


def look(house: House, asked: Request | None = None) -> Preview:
    """Preview a request."""
    return run(preview(house.chain, asked or request()), house.ports)


def test_a_preview_shows_the_exact_body_and_calls_nobody() -> None:
    """Nothing is sent or recorded, and its vault is forgotten."""
    house = House()

    seen = look(house)

    assert (seen.decision.deployment, seen.decision.zone, seen.problems) == ("cloud", Zone.EXTERNAL, ())
    assert seen.body is not None
    assert MAIL not in str(seen.body.content)
    assert [segment.text for segment in seen.segments] == [f"I am {MAIL}."]
    assert seen.findings.counts() == {"EMAIL_ADDRESS": 1}
    assert house.events == ["forget None/id1"]
    assert MAIL not in repr(seen)


def test_a_preview_counts_what_would_be_dropped() -> None:
    """What is not on the allow-list is not in the body."""
    seen = look(House(), Request(body={**request().body, "metadata": {"a": "b"}}))

    assert seen.dropped == 1
    assert seen.body is not None
    assert "metadata" not in seen.body.content


def test_a_preview_of_a_block_has_no_body() -> None:
    """Nothing would be sent."""
    seen = look(House(policy(STAY, deployments=[CLOUD])))

    assert seen.decision.blocked
    assert seen.body is None


def test_a_preview_tells_what_failed() -> None:
    """A failure before the decision and one after it."""
    before = look(House(detector=Detector(script=lambda _: [])))
    assert before.problems == ("HG302",)
    assert before.decision.deployment == "tiny"

    house = House()
    house.vault.fails["put"] = VaultError("x", code="HG404")
    after = look(house)
    assert after.problems == ("HG404",)
    assert after.body is None


def test_a_preview_sees_the_mark_of_a_session_and_does_not_raise_it() -> None:
    """Looking at a private text does not bind the session; a private turn binds the preview."""
    house = House(policy(STAY))
    look(house, request(session="s"))
    drive(house, "sync", request("Hello.", session="s"))
    drive(house, "sync", request(session="s"))

    assert house.called == ["cloud", "tiny"]
    assert look(house, request("Hello.", session="s")).decision.deployment == "tiny"


def test_a_body_that_cannot_be_read_has_no_preview() -> None:
    """The error says where."""
    with pytest.raises(RequestError):
        look(House(), Request(body={}))


def test_a_preview_that_fails_forgets_its_vault() -> None:
    """Whatever was raised."""
    house = House()

    def fail(scan: int) -> None:
        raise KeyboardInterrupt if scan == 2 else DetectionError("x")

    house.detector.script = lambda scan: fail(scan) if scan == 2 else None
    with pytest.raises(KeyboardInterrupt):
        look(house)

    assert house.events == ["forget None/id1"]
