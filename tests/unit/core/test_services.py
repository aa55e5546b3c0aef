"""Detection services: one beyond the local zone reads what may go there as it is, on record, and nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from hybrid_guard.core import arun, build, preview, run
from hybrid_guard.errors import AuditError, DetectionError, VaultError
from hybrid_guard.types import (
    AuditRecord,
    Consultation,
    DetectionService,
    DetectionSettings,
    EntityFound,
    Findings,
    Operator,
    Overrides,
    Rule,
    Treatment,
    Zone,
)
from tests.unit.core.ports import MAIL, MASK, STAY, WAYS, Detector, House, Way, drive, policy, request

FOUR = pytest.mark.parametrize("way", WAYS)
WARD = DetectionService(alias="ward", url="https://pii.example", zone=Zone.PRIVATE)
ANNEX = DetectionService(alias="annex", url="https://annex.example", zone=Zone.PRIVATE)
NEAR = DetectionService(alias="near", url="http://127.0.0.1:5002", zone=Zone.LOCAL)
NAME = "Zorah"
PLAIN = f"I am {NAME}."
"""Only the service finds something in it."""


def house(*rules: Rule, services: Sequence[DetectionService] = (WARD,), on_error: Any = "local", **more: Any) -> House:
    """A house whose policy asks *services*, which find names."""
    names = tuple(f"presidio-service:{one.alias}" for one in services)
    settings = DetectionSettings(detectors=("fake.v1", *names), services=tuple(services), on_error=on_error)
    reader = Detector(words={NAME: "PERSON"}, name="presidio-service:ward")
    return House(policy(*rules, detection=settings), **{"reader": reader, **more})


def intents(of: House) -> list[AuditRecord]:
    """The intents for services."""
    return [one for one in of.audit.records if one.kind == "intent" and one.service is not None]


def texts(of: House) -> list[str]:
    """What services were given."""
    return [segment.text for one in of.services.asked for segment in one.segments if segment.text]


@FOUR
def test_a_service_reads_once_its_intent_is_on_record(way: Way) -> None:
    """The record says who, where and how much, and comes first; there is no decision yet."""
    asked = house()

    outcome, _ = drive(asked, way, request("Grüße"))

    assert outcome.code == "answered"
    assert asked.events[:2] == ["record intent", "consult ward"]
    assert texts(asked)[0] == "Grüße"
    first = intents(asked)[0]
    assert (first.service, first.zone, first.deployment, first.decision) == ("ward", Zone.PRIVATE, None, None)
    assert first.bytes_out == len("Grüße".encode())
    assert first.audit_id == asked.ending.audit_id
    assert asked.ending.service is None


@FOUR
def test_what_a_service_finds_counts_like_any_finding(way: Way) -> None:
    """It is replaced before the text leaves, and put back."""
    asked = house(MASK)
    asked.policy.sensitivity.weights.update({"PERSON": 0.5})  # type: ignore[attr-defined]  # a dict here

    outcome, text = drive(asked, way, request(PLAIN))

    assert asked.called == ["cloud"]
    assert NAME not in str(asked.backend.calls[0].body.content)
    assert text == PLAIN
    assert outcome.sensitivity.counts == {"PERSON": 1}


@FOUR
def test_what_a_service_finds_can_only_narrow(way: Way) -> None:
    """A rule for what only the service finds holds for the request that it has read."""
    asked = house(Rule(id="names-stay", when=EntityFound(entity="PERSON"), zones=frozenset({Zone.LOCAL})))

    outcome, _ = drive(asked, way, request(PLAIN))

    assert asked.called == ["tiny"]
    assert "names-stay" in outcome.decision.reasons
    assert asked.ending.errors == ()


@FOUR
@pytest.mark.parametrize(
    "rule",
    [
        STAY,
        Rule(id="far", when=STAY.when, zones=frozenset({Zone.LOCAL, Zone.EXTERNAL})),
        Rule(id="treated", when=STAY.when, treat={Zone.PRIVATE: Treatment(default=Operator.PLACEHOLDER)}),
        Rule(id="ask", when=STAY.when, consent=True),
    ],
    ids=["kept here", "kept from its zone", "to be treated", "consent"],
)
def test_a_service_does_not_read_what_may_not_go_to_its_zone_as_it_is(rule: Rule, way: Way) -> None:
    """The finding of this machine decides, and a text that nobody else may read is a failed detection."""
    asked = house(rule)

    outcome, _ = drive(asked, way)

    assert asked.services.asked == []
    assert intents(asked) == []
    assert asked.called == ["tiny"]
    assert "failure:detection" in outcome.decision.reasons
    assert asked.ending.errors == ("HG313",)
    assert outcome.sensitivity.level == "high"


@FOUR
@pytest.mark.parametrize(
    ("overrides", "reads"),
    [
        (Overrides(zones=frozenset({Zone.LOCAL})), False),
        (Overrides(mode="only_local"), False),
        (Overrides(alias="tiny"), False),
        (Overrides(alias="nowhere"), False),
        (Overrides(zones=frozenset({Zone.LOCAL, Zone.PRIVATE})), True),
        (Overrides(alias="cloud"), True),
        (Overrides(), True),
    ],
    ids=["zones", "mode", "local alias", "unknown alias", "far enough", "far alias", "none"],
)
def test_a_service_does_not_read_what_a_caller_keeps_from_its_zone(overrides: Overrides, reads: bool, way: Way) -> None:
    """A named deployment keeps the text from what is farther than it, and an unknown one keeps it here."""
    asked = house()

    drive(asked, way, request(PLAIN, overrides=overrides))

    assert bool(asked.services.asked) is reads
    assert ("HG313" in asked.ending.errors) is not reads
    if not reads:
        assert asked.called == ([] if overrides.alias == "nowhere" else ["tiny"])


@FOUR
def test_a_service_does_not_read_what_looks_like_a_disguise_or_cannot_be_seen(way: Way) -> None:
    """Both stay here, whatever the rules say."""
    suspicious = house(detector=Detector(script=lambda _: Findings(spans=((),), suspicious=True)))
    opaque = house()
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    body = {"messages": [{"role": "user", "content": [image]}]}

    drive(suspicious, way, request(PLAIN))
    drive(opaque, way, replace(request(), body=body))

    assert suspicious.services.asked == opaque.services.asked == []


@FOUR
def test_a_service_that_no_detector_names_is_nobodys_business(way: Way) -> None:
    """It reads nothing, so nothing is kept from it."""
    settings = DetectionSettings(detectors=("fake.v1",), services=(WARD,))
    idle = House(policy(detection=settings))

    drive(idle, way, request(overrides=Overrides(mode="only_local")))

    assert idle.services.asked == []
    assert idle.ending.errors == ()


@FOUR
def test_the_mark_of_a_session_is_looked_at_first(way: Way) -> None:
    """What an earlier turn keeps here is kept from the service in every later one."""
    asked = house(STAY)

    drive(asked, way, request(session="s"))
    drive(asked, way, request(PLAIN, session="s"))

    assert asked.services.asked == []
    assert asked.called == ["tiny", "tiny"]


@FOUR
def test_what_a_service_finds_raises_the_mark_of_the_session(way: Way) -> None:
    """The next turn does not repeat the name, and stays all the same."""
    asked = house(Rule(id="names-stay", when=EntityFound(entity="PERSON"), zones=frozenset({Zone.LOCAL})))

    drive(asked, way, request(PLAIN, session="s"))
    before = len(asked.services.asked)
    drive(asked, way, request("And now?", session="s"))

    assert asked.vault.marks[1].counts == {"PERSON": 1}
    assert asked.called == ["tiny", "tiny"]
    assert len(asked.services.asked) == before == 1


@FOUR
@pytest.mark.parametrize("error", [AuditError("x", code="HG501"), OSError(MAIL)], ids=["ours", "foreign"])
def test_without_a_record_a_service_reads_nothing(error: Exception, way: Way) -> None:
    """The text stays here, and the request is a failed detection."""
    asked = house()
    asked.audit.fails["intent"] = error

    outcome, _ = drive(asked, way, request(PLAIN))

    assert asked.services.asked == []
    assert asked.called == ["tiny"]
    assert "failure:detection" in outcome.decision.reasons


@FOUR
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (DetectionError("x", code="HG309"), "HG309"),
        (RuntimeError(MAIL), "HG001"),
        (Findings(spans=()), "HG302"),
        ([], "HG302"),
        (Findings(spans=((None,),)), "HG001"),  # type: ignore[arg-type]  # nonsense of a service
    ],
    ids=["error", "foreign error", "too few", "wrong type", "nonsense"],
)
@pytest.mark.parametrize("on_error", ["local", "block"])
def test_a_service_that_fails_closes_the_request(answer: object, code: str, on_error: str, way: Way) -> None:
    """At its own place in the chain as at any other."""

    def script(_: int) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    asked = house(on_error=on_error, reader=Detector(script=script))

    outcome, _ = drive(asked, way, request(PLAIN))

    assert asked.called == (["tiny"] if on_error == "local" else [])
    assert "failure:detection" in outcome.decision.reasons
    assert asked.ending.errors == (code,)
    assert outcome.sensitivity.score == 1.0


@FOUR
def test_a_vault_that_fails_keeps_the_text_from_a_service(way: Way) -> None:
    """A forgotten turn may have forbidden it."""
    asked = house()
    asked.vault.fails["mark"] = VaultError("x", code="HG404")

    drive(asked, way, request(PLAIN))

    assert asked.services.asked == []
    assert asked.called == ["tiny"]


@FOUR
def test_a_detector_that_failed_keeps_the_text_from_a_service(way: Way) -> None:
    """Nobody here knows what is in it."""

    def fail(_: int) -> object:
        raise DetectionError("x", code="HG301")

    asked = house(detector=Detector(script=fail))

    drive(asked, way, request(PLAIN))

    assert asked.services.asked == []
    assert asked.ending.errors == ("HG301",)


@FOUR
def test_a_service_does_not_read_what_another_has_found(way: Way) -> None:
    """Each is asked inside of what is known by then."""
    rule = Rule(id="names-stay", when=EntityFound(entity="PERSON"), zones=frozenset({Zone.LOCAL}))
    asked = house(rule, services=(WARD, ANNEX))

    drive(asked, way, request(PLAIN))

    assert [one.service.alias for one in asked.services.asked] == ["ward"]
    assert asked.called == ["tiny"]


@FOUR
def test_a_service_of_this_machine_reads_what_stays_here(way: Way) -> None:
    """Without a permit or a record of its own, and before the others."""
    asked = house(STAY, services=(WARD, NEAR))

    outcome, _ = drive(asked, way, request(f"{NAME} {MAIL}"))

    assert [one.service.alias for one in asked.services.asked] == ["near"]
    assert intents(asked) == []
    assert outcome.sensitivity.counts == {"EMAIL_ADDRESS": 1, "PERSON": 1}


@FOUR
def test_treated_texts_are_read_again_by_the_same_rule(way: Way) -> None:
    """On a record of its own, and by no means with what was replaced."""
    asked = house(MASK)
    asked.policy.sensitivity.weights.update({"PERSON": 0.5})  # type: ignore[attr-defined]  # a dict here

    drive(asked, way, request(f"{NAME} {MAIL}"))

    first, second = texts(asked)
    assert first == f"{NAME} {MAIL}"
    assert NAME not in second
    assert MAIL not in second
    assert [one.service for one in intents(asked)] == ["ward", "ward"]
    assert asked.called == ["cloud"]


@FOUR
def test_a_service_that_fails_at_the_second_reading_keeps_the_request_local(way: Way) -> None:
    """As a failed second scan."""

    def script(number: int) -> object:
        if number == 2:
            raise DetectionError("x", code="HG309")
        return None

    asked = house(MASK, reader=Detector(words={NAME: "PERSON"}, script=script))

    outcome, _ = drive(asked, way, request(f"{NAME} {MAIL}"))

    assert asked.called == ["tiny"]
    assert "failure:rescan" in outcome.decision.reasons
    assert asked.ending.errors == ("HG309",)


@FOUR
def test_what_the_second_reading_finds_is_treated_too(way: Way) -> None:
    """It may see a name only when its neighbour is gone."""

    class Late(Detector):
        def detect(self, segments: Any, *, language: str) -> Findings:
            found = super().detect(segments, language=language)
            return found if len(self.scans) > 1 else Findings(spans=((),) * len(segments))

    asked = house(MASK, reader=Late(words={NAME: "PERSON"}))

    drive(asked, way, request(f"{NAME} {MAIL}"))

    assert asked.called == ["cloud"]
    assert NAME not in str(asked.backend.calls[0].body.content)


@FOUR
def test_a_replacement_is_nothing_that_is_left(way: Way) -> None:
    """A detector that takes a placeholder for a person does not keep the treated text from the service."""
    both = Treatment(default=Operator.PLACEHOLDER)
    rule = Rule(id="masks", when=EntityFound(entity="PERSON"), treat={Zone.PRIVATE: both, Zone.EXTERNAL: both})
    asked = house(rule, detector=Detector(words={"PERSON": "PERSON"}))

    drive(asked, way, request(PLAIN))

    assert len(asked.services.asked) == 2
    assert asked.called == ["cloud"]


@FOUR
def test_a_service_reads_again_what_is_treated_to_the_end(way: Way) -> None:
    """What this machine finds only at the second scan is replaced first."""

    class Late(Detector):
        def detect(self, segments: Any, *, language: str) -> Findings:
            found = super().detect(segments, language=language)
            return found if len(self.scans) > 1 else Findings(spans=((),) * len(segments))

    asked = house(Rule(id="masks", when=EntityFound(entity="PERSON"), treat=MASK.treat), detector=Late())

    drive(asked, way, request(f"{NAME} {MAIL}"))

    assert [MAIL in text for text in texts(asked)] == [True, False]
    assert asked.called == ["cloud"]


@FOUR
def test_no_answer_without_a_record_once_a_service_has_read(way: Way) -> None:
    """A text was beyond the local zone, so the outcome must be on record even where the policy does not ask for it."""
    asked = house(STAY)
    asked.policy = replace(asked.policy, audit=replace(asked.policy.audit, required=False))
    asked.chain = replace(asked.chain, policy=asked.policy)
    asked.audit.fails["outcome"] = AuditError("x", code="HG501")

    with pytest.raises(AuditError):
        drive(asked, way, request(PLAIN, overrides=Overrides(zones=frozenset({Zone.LOCAL, Zone.PRIVATE}))))

    assert asked.called == ["tiny"]
    assert len(asked.services.asked) == 1


def test_a_preview_asks_nobody_elsewhere_and_says_so() -> None:
    """It puts nothing on record."""
    asked = house(services=(WARD, NEAR))

    seen = run(preview(asked.chain, request(PLAIN)), asked.ports)

    assert [one.service.alias for one in asked.services.asked] == ["near"]
    assert asked.audit.records == []
    assert seen.problems == ("HG314",)
    assert seen.decision.deployment == "tiny"


def test_a_service_is_asked_off_the_event_loop() -> None:
    """It takes as long as a network does."""
    threads: list[int] = []
    asked = house()

    def consult(consultation: Consultation, *, language: str) -> Findings:
        threads.append(threading.get_ident())
        return Findings(spans=((),) * len(consultation.segments))

    asked.services.consult = consult  # type: ignore[method-assign]

    asyncio.run(arun(build(asked.chain)(request()), asked.ports))

    assert threads
    assert threading.get_ident() not in threads
