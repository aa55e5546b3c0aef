"""All the detectors of a policy as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hybrid_guard.detectors.lists import find_denied, fold, squash
from hybrid_guard.detectors.merge import merge
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.detectors.suspicion import is_suspicious
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment

__all__ = ["CompositeDetector", "build_detector", "detector_for_benchmarks"]

_ENTITY = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def build_detector(settings: DetectionSettings) -> Detector:
    """
    The detectors that *settings* name, behind one `Detector`.

    Takes about a second the first time, most of it to import Presidio. Raises `DetectionError` for an unknown name or a
    detector that cannot be built.
    """
    return CompositeDetector([make_detector(name, settings) for name in settings.detectors], settings)


def detector_for_benchmarks() -> Callable[[str], tuple[Finding, ...]]:
    """The default detectors as a function from a text to its findings; nothing is remembered from text to text."""
    detector = build_detector(DetectionSettings())

    def find(text: str) -> tuple[Finding, ...]:
        return detector.detect([Segment(path="", text=text)], language="en").spans[0]

    return find


class CompositeDetector:
    """
    Runs several detectors over the same segments and merges what they find.

    Findings below the least score and findings whose whole text is on the allow list are dropped; every occurrence of a
    text on the deny list is a finding of its own, ``DENIED_TEXT``, and is kept whatever else is said of it. Segments
    with the same text are read once.

    Fails closed: whatever a detector raises, and any answer that is not what the port promises, becomes a
    `DetectionError` that names the detector and the number of characters.
    """

    def __init__(self, detectors: Sequence[Detector], settings: DetectionSettings) -> None:
        self._detectors = tuple(detectors)
        self._min_score = settings.min_score
        self._allow = frozenset(fold(text) for text in settings.allow)
        self._deny = tuple(sorted({squash(text) for text in settings.deny} - {""}))

    @property
    def name(self) -> str:
        """Names of the detectors, joined by plus signs."""
        return "+".join(detector.name for detector in self._detectors)

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """Spans of each segment, sorted and disjoint; *language* is an ISO 639-1 code."""
        unique = {segment.text: segment for segment in segments}
        texts = tuple(unique.values())
        answers = [_ask(detector, texts, language) for detector in self._detectors]
        spans = {
            segment.text: self._combine(segment.text, [answer.spans[index] for answer in answers])
            for index, segment in enumerate(texts)
        }
        return Findings(
            spans=tuple(spans[segment.text] for segment in segments),
            suspicious=any(answer.suspicious for answer in answers) or any(map(is_suspicious, unique)),
        )

    def _combine(self, text: str, answers: Sequence[Sequence[Finding]]) -> tuple[Finding, ...]:
        found = [
            finding
            for answer in answers
            for finding in answer
            if finding.score >= self._min_score and fold(text[finding.start : finding.end]) not in self._allow
        ]
        denied = [
            Finding(start=start, end=end, entity="DENIED_TEXT", score=1.0, detector="deny")
            for start, end in find_denied(text, self._deny)
        ]
        return merge([*found, *denied])


def _ask(detector: Detector, segments: Sequence[Segment], language: str) -> Findings:
    """What *detector* answers, checked."""
    try:
        findings = detector.detect(segments, language=language)
    except DetectionError:
        raise
    except Exception:
        # PRIVACY: what was raised may quote the text.
        raise _failure(detector, segments, "failed") from None
    if not _keeps_promise(findings, segments):
        raise _failure(detector, segments, "answered with spans that lie outside the text, or with no valid score")
    return findings


def _failure(detector: Detector, segments: Sequence[Segment], what: str) -> DetectionError:
    characters = sum(len(segment.text) for segment in segments)
    return DetectionError(f"detector `{detector.name}` {what} ({characters} characters in {len(segments)} texts)")


def _keeps_promise(findings: object, segments: Sequence[Segment]) -> bool:
    return (
        isinstance(findings, Findings)
        and isinstance(findings.suspicious, bool)
        and isinstance(findings.spans, tuple)
        and len(findings.spans) == len(segments)
        and all(
            isinstance(spans, tuple) and all(_is_sound(finding, len(segment.text)) for finding in spans)
            for spans, segment in zip(findings.spans, segments, strict=True)
        )
    )


def _is_sound(finding: object, length: int) -> bool:
    return (
        isinstance(finding, Finding)
        and type(finding.start) is int
        and type(finding.end) is int
        and 0 <= finding.start < finding.end <= length
        and isinstance(finding.score, float)
        and 0.0 <= finding.score <= 1.0  # no number is in no range
        and isinstance(finding.entity, str)
        and _ENTITY.fullmatch(finding.entity) is not None
    )
