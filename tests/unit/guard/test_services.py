"""The door to detection services: it looks at the evidence itself, whatever the chain believes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybrid_guard.errors import DetectionError, EgressError
from hybrid_guard.guard import services
from hybrid_guard.guard.assembly import LazyDetector
from hybrid_guard.guard.services import ServiceDoor
from hybrid_guard.types import (
    Consultation,
    DetectionService,
    DetectionSettings,
    Finding,
    Findings,
    Operator,
    Permit,
    Receipt,
    Segment,
    Treatment,
    Zone,
)

WARD = DetectionService(alias="ward", url="http://127.0.0.1:9", zone=Zone.PRIVATE)
SETTINGS = DetectionSettings(detectors=("patterns.v1", "presidio-service:ward"), services=(WARD,), deny=("Berlin",))
MASKED = Treatment(entities={"PERSON": Operator.MASK})
FOUND = Findings(spans=((Finding(start=0, end=4, entity="PERSON", score=1.0, detector="d"),),))
RECEIPT = Receipt(audit_id="a", to="ward", zone=Zone.PRIVATE, bytes_out=4)
GOOD = Consultation(
    audit_id="a",
    service=WARD,
    segments=(Segment(path="", text="Anna"),),
    found=FOUND,
    permit=Permit(zones={Zone.PRIVATE: Treatment()}),
    recorded=RECEIPT,
)


@pytest.mark.parametrize(
    ("consultation", "code"),
    [
        (replace(GOOD, service=replace(WARD, url="http://127.0.0.1:8")), "HG705"),
        (replace(GOOD, service=replace(WARD, zone=Zone.LOCAL)), "HG705"),
        (replace(GOOD, permit=Permit()), "HG705"),
        (replace(GOOD, permit=Permit(zones={Zone.EXTERNAL: Treatment()})), "HG705"),
        (replace(GOOD, permit=Permit(zones={Zone.PRIVATE: MASKED})), "HG707"),
        (replace(GOOD, found=Findings(spans=())), "HG707"),
        (replace(GOOD, recorded=None), "HG707"),
        (replace(GOOD, recorded=True), "HG707"),  # type: ignore[arg-type]  # to say so is not enough
        (replace(GOOD, recorded=replace(RECEIPT, to="annex")), "HG707"),
        (replace(GOOD, recorded=replace(RECEIPT, zone=Zone.EXTERNAL)), "HG707"),
        (replace(GOOD, recorded=replace(RECEIPT, bytes_out=5)), "HG707"),
        (replace(GOOD, recorded=replace(RECEIPT, audit_id="b")), "HG707"),
    ],
    ids=[
        "elsewhere",
        "other zone",
        "no zone",
        "far zone",
        "untreated",
        "not looked",
        "no record",
        "word for it",
        "record of another",
        "of another zone",
        "of another size",
        "of another request",
    ],
)
def test_no_way_to_a_service_without_the_evidence(
    consultation: Consultation, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused before a connection is made."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(services, "connect", forbidden)
    with pytest.raises(EgressError) as caught:
        ServiceDoor(SETTINGS).consult(consultation, language="en")
    assert caught.value.code == code


def test_with_the_evidence_there_is_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made once, and its findings are merged and checked as those of any detector."""
    made: list[DetectionService] = []

    def connect(service: DetectionService) -> object:
        made.append(service)
        return lambda _path, _body: (
            b'[{"start": 0, "end": 4, "entity_type": "PERSON", "score": 0.9},'
            b' {"start": 1, "end": 4, "entity_type": "PERSON", "score": 0.5},'
            b' {"start": 5, "end": 11, "entity_type": "LOCATION", "score": 0.1}]'
        )

    monkeypatch.setattr(services, "connect", connect)
    door = ServiceDoor(SETTINGS)
    asked = replace(GOOD, segments=(Segment(path="", text="Anna Berlin"),), recorded=replace(RECEIPT, bytes_out=11))

    first, second = door.consult(asked, language="en"), door.consult(asked, language="en")

    assert first == second
    assert [(one.entity, one.start, one.end, one.detector) for one in first.spans[0]] == [
        ("PERSON", 0, 4, "presidio-service:ward")
    ]
    assert made == [WARD]


def test_a_service_of_this_machine_needs_no_permit(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may read what stays here."""
    near = DetectionService(alias="near", url="http://127.0.0.1:9", zone=Zone.LOCAL)
    monkeypatch.setattr(services, "connect", lambda _: lambda _path, _body: b"[]")
    door = ServiceDoor(DetectionSettings(detectors=("presidio-service:near",), services=(near,)))

    found = door.consult(Consultation(audit_id="a", service=near, segments=GOOD.segments, found=FOUND), language="en")

    assert found.spans == ((),)


def test_a_service_that_is_not_declared_has_no_way() -> None:
    """However the settings came to be."""
    with pytest.raises(DetectionError) as caught:
        ServiceDoor(DetectionSettings(detectors=("presidio-service:ward",))).consult(GOOD, language="en")
    assert caught.value.code == "HG301"


def test_the_detectors_of_this_process_have_no_service_among_them() -> None:
    """So to detect is never to connect."""
    lazy = LazyDetector(SETTINGS)
    assert lazy.detect([Segment(path="", text="in Berlin")], language="en").counts() == {"DENIED_TEXT": 1}
    assert lazy.detector is not None
    assert lazy.detector.name == "patterns.v1"
