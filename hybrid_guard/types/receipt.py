"""The proof that an intent is on record."""

from __future__ import annotations

from dataclasses import dataclass

from hybrid_guard.types.zone import Zone

__all__ = ["Receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    What an audit sink has taken. A driver makes one once the sink has returned, and nothing else does.

    A door compares it with what is about to leave, so that a record of something else opens nothing.

    Attributes:
        audit_id: Of the request.
        to: Alias of the deployment or of the detection service; None if the record names none.
        zone: Its zone.
        bytes_out: What was announced.
    """

    audit_id: str
    to: str | None
    zone: Zone | None
    bytes_out: int

    def covers(self, *, audit_id: str, to: str, zone: Zone, size: int) -> bool:
        """Whether it is for *size* bytes of request *audit_id* to *to* in *zone*, and nothing else."""
        return (self.audit_id, self.to, self.zone, self.bytes_out) == (audit_id, to, zone, size)
