"""Texts of a request, and what detectors find in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

__all__ = ["EMPTY_SENSITIVITY", "Finding", "Findings", "Segment", "SegmentRole", "Sensitivity"]

SegmentRole = Literal["system", "user", "assistant", "tool", "other"]
"""Who supplied a text: provenance for the vault. ``other`` is everything outside the messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """
    One text of a request, with its place.

    Attributes:
        path: JSON pointer into the body; the pointer of a key ends in ``#key``, and the strings inside tool arguments
            are pointed to below ``.../arguments``. It can hold names that the caller chose, so it is not logged.
        text: The text itself, in code points.
        role: Who supplied it.
    """

    path: str = field(repr=False)
    text: str = field(repr=False)
    role: SegmentRole = "other"

    def __repr__(self) -> str:
        return f"<Segment {self.role} {len(self.text)} chars>"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """
    One private span of one segment.

    Attributes:
        start: First code point of the original text, from 0.
        end: One past the last code point; greater than *start*.
        entity: Type in ``UPPER_SNAKE``, Presidio's name where it has one.
        score: Confidence of the detector in [0, 1].
        detector: Versioned name of the detector, such as ``patterns.v1``.
    """

    start: int
    end: int
    entity: str
    score: float
    detector: str

    def __repr__(self) -> str:
        return f"<Finding {self.entity} {self.start}..{self.end} {self.score:.2f}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """
    What was found in a tuple of segments.

    Attributes:
        spans: One tuple per segment, in the order of the segments; sorted and disjoint.
        suspicious: Whether some text looks like an attempt to hide from detectors.
    """

    spans: tuple[tuple[Finding, ...], ...]
    suspicious: bool = False

    def counts(self) -> dict[str, int]:
        """Number of findings per entity, over all segments."""
        counts: dict[str, int] = {}
        for spans in self.spans:
            for finding in spans:
                counts[finding.entity] = counts.get(finding.entity, 0) + 1
        return counts

    def __repr__(self) -> str:
        return f"<Findings {sum(map(len, self.spans))} in {len(self.spans)} segments>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """
    How much a request would reveal if it left the machine.

    Attributes:
        score: In [0, 1]; 0 means nothing found. Never falls when a finding is added.
        level: The policy's name for the band that *score* lies in.
        counts: Findings per entity. Holds no text.
    """

    score: float
    level: str
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


EMPTY_SENSITIVITY = Sensitivity(score=0.0, level="low")
