"""``patterns.v1``, and the detector of patterns that ``secrets.v1`` shares with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hybrid_guard.detectors.context import CONTEXT_FLOOR, CONTEXT_RAISE, Surroundings, prepare_context
from hybrid_guard.detectors.matching import Match, Pattern, PatternSet
from hybrid_guard.detectors.merge import merge, restrictiveness
from hybrid_guard.detectors.views import View, build_views
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["WEAK", "PatternDetector"]

WEAK = 0.4
"""A shape below this score counts only with a context word or a passed check."""


_BEFORE_OPERAND = re.compile(r"(?:[+*/^<>%×÷]|\s[-−])\s?$|\d\.$")
_AFTER_OPERAND = re.compile(r"\s?(?:[+*/^<>%×÷]|[-−]\s)|\.\d")


class PatternDetector:
    """
    Finds values by their shape.

    A context word near a value raises its score by 0.35, to 0.4 at least; a passed check raises it to 1. Where two
    shapes read the same characters, the reading with the better evidence stays: context first, then shape and check.
    """

    def __init__(self, name: str, patterns: Sequence[Pattern]) -> None:
        self._name = name
        self._patterns = tuple(patterns)
        self._set = PatternSet(self._patterns)

    @property
    def name(self) -> str:
        """Versioned name."""
        return self._name

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it looks for."""
        return self._patterns

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - shapes have none
        """Spans of each segment, sorted and disjoint; *language* changes nothing."""
        return Findings(spans=tuple(self._detect_text(segment.text) for segment in segments))

    def _detect_text(self, text: str) -> tuple[Finding, ...]:
        if not text:
            return ()
        reading = _Reading(text, self._name)
        for view in build_views(text):
            for match in self._set.find(view, skip=reading.is_hopeless):
                reading.weigh(match, view)
        return merge(reading.choose())


class _Reading:
    """What the patterns made of one text so far."""

    __slots__ = ("_candidates", "_detector", "_folded", "_hopeless", "_surroundings", "_text")

    def __init__(self, text: str, detector: str) -> None:
        self._text = text
        self._detector = detector
        self._folded: str | None = None
        self._hopeless: dict[tuple[str, ...], bool] = {}
        self._surroundings: dict[tuple[int, int], Surroundings] = {}
        self._candidates: list[tuple[float, Finding]] = []

    def is_hopeless(self, pattern: Pattern) -> bool:
        """Whether *pattern* needs a context word, and the whole text has none."""
        if pattern.score >= WEAK or pattern.check is not None:
            return False
        known = self._hopeless.get(pattern.context)
        if known is None:
            if self._folded is None:
                self._folded = self._text.casefold()
            known = not any(cue in self._folded for cue in prepare_context(pattern.context).cues)
            self._hopeless[pattern.context] = known
        return known

    def weigh(self, match: Match, view: View) -> None:
        """Score *match*, and keep it unless its check refutes it or it is too weak."""
        pattern = match.pattern
        verdict = None if pattern.check is None else pattern.check(view.read(match.start, match.end))
        if verdict is False:
            return
        span = view.locate(match.start, match.end)
        near = self._mentions(pattern.context, span)
        if pattern.score < WEAK and not near and self._is_operand(*span):
            return
        score = 1.0 if verdict else pattern.score
        if self._mentions(pattern.against, span):
            score -= CONTEXT_RAISE
        if near:
            score = min(1.0, max(score + CONTEXT_RAISE, CONTEXT_FLOOR))
        if score < WEAK:
            return
        evidence = pattern.score if pattern.evidence is None else pattern.evidence
        evidence += (2.0 if near else 0.0) + (0.3 if verdict else 0.0)
        finding = Finding(start=span[0], end=span[1], entity=pattern.entity, score=score, detector=self._detector)
        self._candidates.append((evidence, finding))

    def _is_operand(self, start: int, end: int) -> bool:
        """Whether the span is a part of a sum or a decimal: one checksum in ten holds for any number."""
        return bool(_BEFORE_OPERAND.search(self._text[max(0, start - 3) : start])) or bool(
            _AFTER_OPERAND.match(self._text[end : end + 3])
        )

    def choose(self) -> Iterator[Finding]:
        """The candidates, without those that lie wholly inside others with better evidence."""
        covered = bytearray(len(self._text) if self._candidates else 0)
        for _, finding in sorted(self._candidates, key=_rank, reverse=True):
            if covered.find(0, finding.start, finding.end) >= 0:
                covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
                yield finding

    def _mentions(self, words: tuple[str, ...], span: tuple[int, int]) -> bool:
        if not words:
            return False
        surroundings = self._surroundings.get(span)
        if surroundings is None:
            surroundings = self._surroundings[span] = Surroundings(self._text, *span)
        return surroundings.mention(prepare_context(words))


def _rank(candidate: tuple[float, Finding]) -> tuple[float, float, float, int, int]:
    evidence, finding = candidate
    return evidence, restrictiveness(finding.entity), finding.score, finding.end - finding.start, -finding.start
