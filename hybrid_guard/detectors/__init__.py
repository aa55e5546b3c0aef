"""
Detectors: what finds private spans in texts.

`build_detector` puts the detectors that a policy names behind one `hybrid_guard.ports.Detector`. Shipped are
``patterns.v1`` (shapes and checksums, in RE2), ``secrets.v1`` (keys and passwords) and ``ner.v2`` (names, and what is
said of people, by the bundled spaCy pipeline). RE2 and all else that is heavy is loaded when the first one is built.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hybrid_guard.detectors.ner import bundled_pipeline_path
from hybrid_guard.detectors.registry import known_detectors

if TYPE_CHECKING:
    from hybrid_guard.ports import Connect, Detector
    from hybrid_guard.types import DetectionSettings, Finding

__all__ = ["build_detector", "bundled_pipeline_path", "detector_for_benchmarks", "known_detectors"]


def build_detector(settings: DetectionSettings, *, connect: Connect | None = None) -> Detector:
    """
    The detectors that *settings* name, behind one `Detector`.

    Takes about a second the first time, most of it to import Presidio.

    Args:
        settings: Of a policy.
        connect: Makes the way to a detection service; without it a detector that asks one cannot be built.

    Raises:
        DetectionError: HG301 to HG309, a detector is not known or cannot be built.
    """
    from hybrid_guard.detectors.engine import compose

    return compose(settings, connect=connect, remember=True)


def detector_for_benchmarks() -> Callable[[str], tuple[Finding, ...]]:
    """The default detectors as a function from a text to its findings; nothing is remembered from text to text."""
    from hybrid_guard.detectors.engine import compose
    from hybrid_guard.types import DetectionSettings, Segment

    detector = compose(DetectionSettings(), connect=None, remember=False)

    def find(text: str) -> tuple[Finding, ...]:
        return detector.detect([Segment(path="", text=text)], language="en").spans[0]

    return find
