"""Several findings over the same characters become one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from hybrid_guard.sensitivity import BARE_SCORE, DECLARED_WEIGHT, DEFAULT_WEIGHTS, UNKNOWN_WEIGHT, is_bare
from hybrid_guard.types import Finding

__all__ = ["OWN", "merge", "prefer_named", "restrictiveness"]

# Numbers that one look at them tells apart, though they give away no more than the general kind.
_NAMED = frozenset(
    [
        "ABA_ROUTING_NUMBER",
        "AU_ABN",
        "AU_ACN",
        "DE_HANDELSREGISTER",
        "DE_KFZ",
        "DE_TAX_NUMBER",
        "DE_VAT_ID",
        "GEO_COORDINATES",
        "IN_GSTIN",
        "IN_VEHICLE_REGISTRATION",
        "IP_ADDRESS",
        "IT_VAT_CODE",
        "KR_BRN",
        "MAC_ADDRESS",
        "NG_VEHICLE_REGISTRATION",
        "PHONE_NUMBER",
        "PH_TIN",
        "SE_ORGANISATIONSNUMMER",
        "SG_UEN",
        "TR_LICENSE_PLATE",
        "UK_VEHICLE_REGISTRATION",
        "URL",
        "UUID",
        "VIN",
        "ZA_COMPANY_REGISTRATION",
        "ZA_INCOME_TAX_NUMBER",
        "ZA_LICENSE_PLATE",
        "ZA_VAT_NUMBER",
    ]
)


OWN = "policy"
"""Name of the detector under which findings of a policy's own patterns are given."""


def restrictiveness(entity: str, *, own: bool = False) -> float:
    """
    How much *entity* gives away, in [0, 1]; ``DENIED_TEXT`` is above everything, for a person wrote it down.

    Args:
        entity: What was found.
        own: Whether a pattern of the policy's own found it, which may have declared the entity.
    """
    if entity == "DENIED_TEXT":
        return 2.0
    return DEFAULT_WEIGHTS.get(entity, DECLARED_WEIGHT if own else UNKNOWN_WEIGHT)


def prefer_named(findings: Iterable[Finding]) -> Iterator[Finding]:
    """
    *findings* without each ``ID_NUMBER`` of which another one covers all and tells what number it is.

    A rule about ``IP_ADDRESS`` would not hold if a model's word for any number were heavier than that name.
    """
    every = tuple(findings)
    named = sorted((one.start, one.end) for one in every if one.entity in _NAMED or one.detector == OWN)
    starts = [start for start, _ in named]
    # The furthest that a named one reaches that begins here or before.
    reach = list(accumulate((end for _, end in named), max))
    for finding in every:
        before = bisect_right(starts, finding.start)
        if finding.entity != "ID_NUMBER" or not before or reach[before - 1] < finding.end:
            yield finding


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
    return restrictiveness(finding.entity, own=finding.detector == OWN), finding.score, finding.end - finding.start


def _cover(finding: Finding, start: int, end: int, surest: float) -> Finding:
    score = surest if is_bare(finding) and surest > BARE_SCORE else finding.score
    if (finding.start, finding.end, finding.score) == (start, end, score):
        return finding
    return Finding(start=start, end=end, entity=finding.entity, score=score, detector=finding.detector)
