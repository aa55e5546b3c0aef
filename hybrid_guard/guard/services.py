"""The door to detection services: nothing else in a guard lets one read a text."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

from hybrid_guard.backends.services import connect
from hybrid_guard.detectors import build_detector
from hybrid_guard.errors import EgressError
from hybrid_guard.plugins import SERVICE, named_services
from hybrid_guard.ports import Detector
from hybrid_guard.types import Consultation, DetectionService, DetectionSettings, Findings, Operator, Receipt, Zone

__all__ = ["ServiceDoor"]


class ServiceDoor:
    """
    Asks the services that a policy names. Just before it does, it checks that they may read.

    What a service finds is merged, remembered and checked as findings of any detector are.

    Args:
        settings: Of the policy.
    """

    def __init__(self, settings: DetectionSettings) -> None:
        self.settings = settings
        self.lock = Lock()
        self.detectors: dict[DetectionService, Detector] = {}

    def consult(self, consultation: Consultation, *, language: str) -> Findings:
        """
        What the service finds.

        Raises:
            DetectionError: It could not do its work.
            EgressError: HG705, HG707 it may not read these texts; HG702 it is not at an address of its zone.
        """
        self.check(consultation)
        return self.detector(consultation.service).detect(consultation.segments, language=language)

    def check(self, consultation: Consultation) -> None:
        """
        See whether the service is the policy's and may read.

        Raises:
            EgressError: HG705 it is another one, or its zone is not permitted; HG707 something is left to treat, or
                nothing is on record.
        """
        service, found = consultation.service, consultation.found
        if service not in named_services(self.settings):
            raise EgressError("the texts are for a service that is not the policy's", code="HG705")
        if service.zone is Zone.LOCAL:
            return
        treatment = consultation.permit.zones.get(service.zone)
        if treatment is None:
            raise EgressError(f"the texts may not go to the zone of service `{service.alias}`", code="HG705")
        entities = {one.entity for spans in found.spans for one in spans}
        untreated = any(treatment.operator(entity) is not Operator.KEEP for entity in entities)
        if untreated or len(found.spans) != len(consultation.segments) or not is_on_record(consultation):
            raise EgressError("the texts were not found clean or are not on record", code="HG707")

    def detector(self, service: DetectionService) -> Detector:
        """The way to *service*; it is made once."""
        with self.lock:
            if service not in self.detectors:
                # What is denied by the policy is found on this machine, so no list of it goes along.
                own = replace(self.settings, detectors=(f"{SERVICE}:{service.alias}",), deny=())
                self.detectors[service] = build_detector(own, connect=connect)
            return self.detectors[service]


def is_on_record(consultation: Consultation) -> bool:
    """Whether the intent that was written is for *consultation*: this request, this service, texts of this size."""
    receipt, service = consultation.recorded, consultation.service
    return isinstance(receipt, Receipt) and receipt.covers(
        audit_id=consultation.audit_id, to=service.alias, zone=service.zone, size=consultation.size
    )
