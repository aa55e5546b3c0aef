"""What a higher score threshold costs and gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hybrid_guard.types import Finding

__all__ = ["STEPS", "Curve", "Point", "covered_from", "overlapped_from", "points", "trace"]

STEPS = 100
"""Thresholds are multiples of one in so many."""

_NONE: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """
    Counts per score, in steps of 1 / `STEPS`. Curves add up.

    Attributes:
        spans: Labelled spans.
        overlapped: Spans by the highest threshold at which a finding still overlaps them; the others are left out.
        covered: Spans by the highest threshold at which findings still cover all of them; the others are left out.
        findings: Findings by score.
        right: Those of *findings* that overlap a labelled span.
    """

    spans: int = 0
    overlapped: Mapping[int, int] = field(default_factory=lambda: _NONE)
    covered: Mapping[int, int] = field(default_factory=lambda: _NONE)
    findings: Mapping[int, int] = field(default_factory=lambda: _NONE)
    right: Mapping[int, int] = field(default_factory=lambda: _NONE)

    def __add__(self, other: Curve) -> Curve:
        return Curve(
            spans=self.spans + other.spans,
            overlapped=_sum(self.overlapped, other.overlapped),
            covered=_sum(self.covered, other.covered),
            findings=_sum(self.findings, other.findings),
            right=_sum(self.right, other.right),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """
    What is found if findings with a lower score are dropped.

    Attributes:
        threshold: In [0, 1].
        overlap: Share of labelled spans that a finding overlaps.
        coverage: Share of labelled spans that findings cover to the last character.
        precision: Share of findings that overlap a labelled span; None if there are no findings.
    """

    threshold: float
    overlap: float
    coverage: float
    precision: float | None


def trace(spans: Sequence[tuple[int, int]], findings: Sequence[Finding]) -> Curve:
    """The curve of one text: *spans* are those labelled in it, half-open."""
    right = [one for one in findings if any(one.start < end and start < one.end for start, end in spans)]
    return Curve(
        spans=len(spans),
        overlapped=_count(overlapped_from(start, end, findings) for start, end in spans),
        covered=_count(covered_from(start, end, findings) for start, end in spans),
        findings=_count(one.score for one in findings),
        right=_count(one.score for one in right),
    )


def points(curve: Curve, *, every: int = 5) -> Iterator[Point]:
    """The curve at each multiple of *every* / `STEPS`, from 0 to 1; nothing if there are no labelled spans."""
    if not curve.spans:
        return
    for step in range(0, STEPS + 1, every):
        findings = _from(curve.findings, step)
        yield Point(
            threshold=step / STEPS,
            overlap=_from(curve.overlapped, step) / curve.spans,
            coverage=_from(curve.covered, step) / curve.spans,
            precision=_from(curve.right, step) / findings if findings else None,
        )


def overlapped_from(start: int, end: int, findings: Sequence[Finding]) -> float | None:
    """The highest score of a finding that overlaps the span; None if none does."""
    return max((one.score for one in findings if one.start < end and start < one.end), default=None)


def covered_from(start: int, end: int, findings: Sequence[Finding]) -> float | None:
    """The highest threshold at which findings cover the whole span; None if they do not."""
    lowest = 1.0
    # Among the findings that cover a place, the surest counts; what covers a place changes at their borders only.
    near = [one for one in findings if one.start < end and start < one.end]
    borders = sorted(
        {start, *(one.start for one in near if one.start > start), *(one.end for one in near if one.end < end)}
    )
    for place in borders:
        surest = max((one.score for one in near if one.start <= place < one.end), default=None)
        if surest is None:
            return None
        lowest = min(lowest, surest)
    return lowest


def _count(scores: Iterator[float | None]) -> Mapping[int, int]:
    counts: dict[int, int] = {}
    for score in scores:
        if score is not None:
            # A little more than the score, so that 0.29 * 100 is 29.
            step = int(score * STEPS + 1e-6)
            counts[step] = counts.get(step, 0) + 1
    return counts


def _sum(one: Mapping[int, int], other: Mapping[int, int]) -> Mapping[int, int]:
    return {step: one.get(step, 0) + other.get(step, 0) for step in one.keys() | other.keys()}


def _from(counts: Mapping[int, int], step: int) -> int:
    return sum(number for score, number in counts.items() if score >= step)
