"""What a detection service is given to read, with the evidence that it may."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybrid_guard.types.decision import Permit
from hybrid_guard.types.findings import Findings, Segment
from hybrid_guard.types.receipt import Receipt
from hybrid_guard.types.settings import DetectionService

__all__ = ["Consultation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """
    Texts for one detection service.

    The last three say why it may read them; they count for a service beyond the local zone only.

    Attributes:
        audit_id: Of the request.
        service: Who reads.
        segments: The texts.
        found: What the detectors of this machine found in exactly these texts and nobody replaced.
        permit: Where texts with these facts may go.
        recorded: The receipt of its intent.
    """

    audit_id: str
    service: DetectionService
    segments: tuple[Segment, ...] = field(repr=False)
    found: Findings
    permit: Permit = Permit()
    recorded: Receipt | None = None

    @property
    def size(self) -> int:
        """Bytes of the texts in UTF-8."""
        return sum(len(one.text.encode("utf-8", "surrogatepass")) for one in self.segments)
