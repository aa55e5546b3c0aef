"""What the patterns made of one text: matches are weighed, and some of those on the same characters are kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from hybrid_guard.detectors.context import CONTEXT_FLOOR, CONTEXT_RAISE, Surroundings, prepare_context
from hybrid_guard.detectors.matching import Match, Pattern
from hybrid_guard.detectors.merge import OWN, restrictiveness
from hybrid_guard.detectors.views import View
from hybrid_guard.types import Finding

__all__ = ["PROVEN", "STRONG", "WEAK", "Explained", "Reading"]

WEAK = 0.4
"""A shape below this score counts only with a context word or a passed check."""

STRONG = 0.5
"""A shape from this score on counts in a disguised form without more."""

PROVEN = frozenset({"CREDIT_CARD", "CRYPTO", "IBAN_CODE"})
"""Entities whose check hardly any other number passes; in a made-up form only such a check is a proof."""

_GRAVE = 0.55
_LOOSE = frozenset(
    {"DE_KFZ", "GEO_COORDINATES", "ID_NUMBER", "IN_VEHICLE_REGISTRATION", "LICENSE_PLATE", "MONEY"}
    | {"NG_VEHICLE_REGISTRATION", "TR_LICENSE_PLATE", "UK_VEHICLE_REGISTRATION", "USERNAME", "UUID", "ZA_LICENSE_PLATE"}
)
# Entities that give away less, and these, are not looked for in disguise: their shapes come about by chance.

_NEAR, _CHECKED = 2.0, 0.3
# Added to the evidence of a shape.

_STEPS = 40
# To each unit of evidence, as a byte counts it.

_SHORT = 64
# A text of so few characters may be a value alone, which is its own context.

_BEFORE_OPERAND = re.compile(r"(?:[+*/^<>%×÷]|\s[-−])\s?$|\d\.$")
_AFTER_OPERAND = re.compile(r"\s?(?:[+*/^<>%×÷]|[-−]\s)|\.\d")


class Reading:
    """
    The matches in one text so far.

    Args:
        text: The original.
    """

    __slots__ = ("_best", "_candidates", "_folded", "_hopeless", "_surroundings", "_text", "_verdicts")

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded: str | None = None
        self._hopeless: dict[tuple[str, ...], bool] = {}
        self._surroundings: dict[tuple[int, int], Surroundings] = {}
        self._verdicts: dict[tuple[Callable[[str], bool | None], str], bool | None] = {}
        self._candidates: list[tuple[float, Finding]] = []
        # Of each character, the evidence of the best candidate over it so far.
        self._best = bytearray()

    def __repr__(self) -> str:
        return f"<Reading {len(self._candidates)} candidates>"

    def is_hopeless(self, pattern: Pattern) -> bool:
        """Whether *pattern* needs a context word, and the whole text has none."""
        if pattern.score >= WEAK or pattern.check is not None or len(self._text) <= _SHORT:
            return False
        known = self._hopeless.get(pattern.context)
        if known is None:
            if self._folded is None:
                self._folded = self._text.casefold()
            known = not any(cue in self._folded for cue in prepare_context(pattern.context).cues)
            self._hopeless[pattern.context] = known
        return known

    def weigh(self, match: Match, view: View, detector: str) -> None:
        """Score *match*, and keep it unless its check refutes it, it is too weak, or `choose` would drop it."""
        pattern = match.pattern
        span = view.locate(match.start, match.end)
        if self._is_beaten(span, pattern.weight + _NEAR + _CHECKED):
            return
        near = self._mentions(pattern.context, span)
        if pattern.check is not None and self._is_beaten(span, pattern.weight + _NEAR * near + _CHECKED):
            # Checks are dear, and no answer would help.
            return
        verdict = self._check(pattern, view.read(match.start, match.end))
        if verdict is False:
            return
        if pattern.score < WEAK and not near and self._is_operand(*span):
            return
        score = self._score(pattern, verdict, near=near, span=span)
        if score >= WEAK:
            self._keep(pattern, verdict, near=near, span=span, score=score, detector=detector)

    def weigh_disguised(self, match: Match, view: View, detector: str, *, sure: bool) -> bool:
        """
        Score *match* in a form that the text may have had; whether it is kept.

        Args:
            match: In *view*.
            view: The form.
            detector: Who looks.
            sure: Whether the shape was there and only disguised. One that was made up needs a proof or a context word.
        """
        pattern = match.pattern
        if restrictiveness(pattern.entity, own=pattern.own) < _GRAVE or pattern.entity in _LOOSE:
            return False
        span = view.locate(match.start, match.end)
        near = self._mentions(pattern.context, span, alone=False)
        likely = near or (sure and pattern.score >= STRONG)
        if not likely and pattern.entity not in PROVEN:
            # Checks are dear, and no answer would help.
            return False
        verdict = self._check(pattern, view.read(match.start, match.end))
        if verdict is False or not (likely or verdict is True):
            return False
        score = self._score(pattern, verdict, near=near, span=span)
        if score < WEAK:
            return False
        self._keep(pattern, verdict, near=near, span=span, score=score, detector=detector)
        return True

    def choose(self) -> tuple[Finding, ...]:
        """The candidates, without those that lie wholly inside others with better evidence."""
        covered = bytearray(len(self._text) if self._candidates else 0)
        chosen: list[Finding] = []
        for _, finding in sorted(self._candidates, key=_rank, reverse=True):
            if covered.find(0, finding.start, finding.end) >= 0:
                covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
                chosen.append(finding)
        return tuple(chosen)

    def _score(self, pattern: Pattern, verdict: bool | None, *, near: bool, span: tuple[int, int]) -> float:
        score = 1.0 if verdict else pattern.score
        if self._mentions(pattern.against, span):
            score -= CONTEXT_RAISE
        if near:
            score = min(1.0, max(score + CONTEXT_RAISE, CONTEXT_FLOOR))
        return score

    def _keep(
        self, pattern: Pattern, verdict: bool | None, *, near: bool, span: tuple[int, int], score: float, detector: str
    ) -> None:
        start, end = span
        evidence = pattern.weight + (_NEAR if near else 0.0) + (_CHECKED if verdict else 0.0)
        finding = Finding(start=start, end=end, entity=pattern.entity, score=score, detector=detector)
        self._candidates.append((evidence, finding))
        if not self._best:
            self._best = bytearray(len(self._text))
        step = min(255, int(evidence * _STEPS))
        self._best[start:end] = bytes(max(step, one) for one in self._best[start:end])

    def _is_beaten(self, span: tuple[int, int], evidence: float) -> bool:
        """Whether candidates with more than *evidence* cover *span*, so that `choose` drops what has no more."""
        return bool(self._best) and min(self._best[slice(*span)]) > evidence * _STEPS

    def _is_operand(self, start: int, end: int) -> bool:
        """Whether the span is a part of a sum or a decimal: one checksum in ten holds for any number."""
        return bool(_BEFORE_OPERAND.search(self._text[max(0, start - 3) : start])) or bool(
            _AFTER_OPERAND.match(self._text[end : end + 3])
        )

    def _check(self, pattern: Pattern, value: str) -> bool | None:
        """What the check of *pattern* says of *value*, asked once for each value of this text."""
        if pattern.check is None:
            return None
        asked = pattern.check, value
        if asked not in self._verdicts:
            self._verdicts[asked] = pattern.check(value)
        return self._verdicts[asked]

    def _mentions(self, words: tuple[str, ...], span: tuple[int, int], *, alone: bool = True) -> bool:
        """Whether one of *words* is near; not *alone*, a text of nothing but values is no context."""
        if not words:
            return False
        surroundings = self._surroundings.get(span)
        if surroundings is None:
            surroundings = self._surroundings[span] = Surroundings(self._text, *span)
        return surroundings.mention(prepare_context(words), alone=alone)


class Explained:
    """
    Which parts of a text are spoken for.

    Args:
        findings: Sorted and disjoint.
    """

    __slots__ = ("_findings", "_starts")

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = findings
        self._starts = [finding.start for finding in findings]

    def __call__(self, start: int, end: int) -> bool:
        """Whether one finding covers [*start*, *end*)."""
        return self.over(start, end) is not None

    def over(self, start: int, end: int) -> Finding | None:
        """The finding that covers [*start*, *end*)."""
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and self._findings[index].end >= end:
            return self._findings[index]
        return None

    def touching(self, start: int, end: int) -> Iterator[Finding]:
        """The findings that share a character with [*start*, *end*)."""
        index = max(0, bisect_right(self._starts, start) - 1)
        while index < len(self._findings) and self._findings[index].start < end:
            if self._findings[index].end > start:
                yield self._findings[index]
            index += 1


def _rank(candidate: tuple[float, Finding]) -> tuple[float, float, float, int, int]:
    evidence, finding = candidate
    return (
        evidence,
        restrictiveness(finding.entity, own=finding.detector == OWN),
        finding.score,
        finding.end - finding.start,
        -finding.start,
    )
