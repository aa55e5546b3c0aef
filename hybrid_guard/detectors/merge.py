"""Several findings over the same characters become one."""

from __future__ import annotations

from collections.abc import Iterable

from hybrid_guard.sensitivity import BARE_SCORE, DEFAULT_WEIGHTS, UNKNOWN_WEIGHT, is_bare
from hybrid_guard.types import Finding

__all__ = ["merge", "restrictiveness"]


def restrictiveness(entity: str) -> float:
    """How much *entity* gives away, in [0, 1]; ``DENIED_TEXT`` is above everything, for a person wrote it down."""
    if entity == "DENIED_TEXT":
        return 2.0
    return DEFAULT_WEIGHTS.get(entity, UNKNOWN_WEIGHT)


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """
    Findings of one text, sorted and disjoint.

    Findings that share a character become one over the union of their spans, so nothing that any of them covered is
    left bare. It takes the entity, score and detector of the most restrictive of them; among equals of the surest, then
    of the longest, then of the first. A bare mention among others that are not takes the score of the surest of all,
    for it is no longer bare. Findings that only touch stay apart.
    """
    merged: list[Finding] = []
    winner: Finding | None = None
    start = end = 0
    surest = 0.0
    for finding in sorted(findings):
        if winner is None or finding.start >= end:
            if winner is not None:
                merged.append(_cover(winner, start, end, surest))
            winner, start, end, surest = finding, finding.start, finding.end, finding.score
            continue
        end = max(end, finding.end)
        surest = max(surest, finding.score)
        if _rank(finding) > _rank(winner):
            winner = finding
    if winner is not None:
        merged.append(_cover(winner, start, end, surest))
    # INVARIANT: sorted and disjoint, and every character of the input spans is covered.
    return tuple(merged)


def _rank(finding: Finding) -> tuple[float, float, int]:
    return restrictiveness(finding.entity), finding.score, finding.end - finding.start


def _cover(finding: Finding, start: int, end: int, surest: float) -> Finding:
    score = surest if is_bare(finding) and surest > BARE_SCORE else finding.score
    if (finding.start, finding.end, finding.score) == (start, end, score):
        return finding
    return Finding(start=start, end=end, entity=finding.entity, score=score, detector=finding.detector)
