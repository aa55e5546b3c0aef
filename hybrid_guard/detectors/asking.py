"""One detector, asked, with its answer checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import Hidden
from hybrid_guard.detectors.ner import NameDetector
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["Answer", "ask", "is_ours"]

_ENTITY = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def is_ours(detector: Detector) -> bool:
    """Whether *detector* looks at the clock of the request by itself."""
    return isinstance(detector, PatternDetector | NameDetector)


class Answer(NamedTuple):
    """
    What a detector says of one text.

    Attributes:
        spans: What it found.
        suspicious: Whether the text makes the request suspicious.
        hidden: How much of it was encoded, if the detector knows.
    """

    spans: Sequence[Finding]
    suspicious: bool
    hidden: Hidden | None


def ask(detector: Detector, segments: Sequence[Segment], language: str, deadline: Deadline) -> Sequence[Answer]:
    """What *detector* answers of each segment, checked."""
    try:
        if isinstance(detector, PatternDetector):
            return [Answer(*read) for read in detector.detect_each([segment.text for segment in segments], deadline)]
        if isinstance(detector, NameDetector):
            findings = detector.detect_until(segments, deadline)
        else:
            findings = detector.detect(segments, language=language)
    except DetectionError:
        raise
    except Exception:
        # PRIVACY: what was raised may quote the text.
        raise _failure(detector, segments, "failed") from None
    if not _keeps_promise(findings, segments):
        raise _failure(detector, segments, "answered with spans that lie outside the text, or with no valid score")
    # A detector does not say which of the texts it suspects, so all of them are.
    return [Answer(spans, findings.suspicious, None) for spans in findings.spans]


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
