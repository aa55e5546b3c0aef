"""
Detectors: what finds private spans in texts.

`build_detector` puts the detectors that a policy names behind one `hybrid_guard.ports.Detector`. Shipped are
``patterns.v1`` (shapes and checksums, in RE2), ``secrets.v1`` (keys and passwords) and ``ner.v1`` (names, by the
bundled spaCy pipeline).
"""

from __future__ import annotations

from hybrid_guard.detectors.engine import build_detector, detector_for_benchmarks
from hybrid_guard.detectors.ner import bundled_pipeline_path
from hybrid_guard.detectors.registry import known_detectors

__all__ = ["build_detector", "bundled_pipeline_path", "detector_for_benchmarks", "known_detectors"]
