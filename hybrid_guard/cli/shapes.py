"""Values as the JSON that commands print."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hybrid_guard.types import Finding, Json, Provenance, Restoration, Sensitivity

__all__ = ["finding_json", "provenance_json", "restoration_json", "sensitivity_json"]

_DIGITS = 6


def finding_json(finding: Finding) -> dict[str, Json]:
    """A finding; its offsets are code points, half-open."""
    return {
        "entity": finding.entity,
        "start": finding.start,
        "end": finding.end,
        "score": round(finding.score, _DIGITS),
        "detector": finding.detector,
    }


def sensitivity_json(sensitivity: Sensitivity) -> dict[str, Json]:
    """Score and level."""
    return {"score": round(sensitivity.score, _DIGITS), "level": sensitivity.level}


def restoration_json(restoration: Restoration) -> dict[str, Json]:
    """What became of placeholders."""
    return {**asdict(restoration), "lost": restoration.lost}


def provenance_json(provenance: Provenance) -> dict[str, Json]:
    """Where an answer came from and why."""
    return {
        "source": provenance.source,
        "zone": provenance.zone.value,
        "score": round(provenance.score, _DIGITS),
        "level": provenance.level,
        "reasons": list(provenance.reasons),
        "entities": dict(provenance.entities),
        "confidence": provenance.confidence,
        "degraded": provenance.degraded,
        "cost": provenance.cost,
        "dropped": provenance.dropped,
        "restoration": restoration_json(provenance.restoration),
        "audit_id": provenance.audit_id,
    }
