"""
Detectors by their versioned names.

Third parties join through the entry-point group `ENTRY_POINTS`: the name of the entry point is the one that a policy
file gives, its object a factory ``DetectionSettings -> Detector``. A version keeps its meaning for good.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings

__all__ = ["ENTRY_POINTS", "SHIPPED", "DetectorFactory", "known_detectors", "make_detector"]

ENTRY_POINTS = "hybrid_guard.detectors"

DetectorFactory = Callable[[DetectionSettings], Detector]


def _make_patterns(settings: DetectionSettings) -> Detector:
    from hybrid_guard.detectors.addresses import ADDRESSES
    from hybrid_guard.detectors.dates import DATES
    from hybrid_guard.detectors.identifiers import IDENTIFIERS
    from hybrid_guard.detectors.money import MONEY
    from hybrid_guard.detectors.patterns import PatternDetector
    from hybrid_guard.detectors.phones import build_phone_patterns
    from hybrid_guard.detectors.recognizers import load_recognizer_patterns
    from hybrid_guard.detectors.vocabulary import build_vocabulary_patterns

    languages = settings.languages
    patterns = (
        *IDENTIFIERS,
        *ADDRESSES,
        *DATES,
        *MONEY,
        *build_phone_patterns(languages),
        *build_vocabulary_patterns(),
        *load_recognizer_patterns(languages),
    )
    return PatternDetector("patterns.v1", patterns)


def _make_secrets(settings: DetectionSettings) -> Detector:  # noqa: ARG001 - keys have no language
    from hybrid_guard.detectors.patterns import PatternDetector
    from hybrid_guard.detectors.secrets import SECRET_PATTERNS

    return PatternDetector("secrets.v1", SECRET_PATTERNS)


def _make_ner(settings: DetectionSettings) -> Detector:  # noqa: ARG001 - the pipeline is the same for every language
    from hybrid_guard.detectors.ner import NameDetector

    return NameDetector()


SHIPPED: dict[str, DetectorFactory] = {
    "ner.v1": _make_ner,
    "patterns.v1": _make_patterns,
    "secrets.v1": _make_secrets,
}
"""Factories of the shipped detectors."""


def known_detectors() -> tuple[str, ...]:
    """Every name that a policy may give, sorted: the shipped ones and those of installed packages."""
    return tuple(sorted({*SHIPPED, *(entry.name for entry in entry_points(group=ENTRY_POINTS))}))


def make_detector(name: str, settings: DetectionSettings) -> Detector:
    """
    The detector called *name*.

    A shipped name cannot be taken over by an installed package. Raises `DetectionError` for an unknown name, and for a
    factory that fails.
    """
    factory = SHIPPED.get(name)
    if factory is None:
        found = tuple(entry_points(group=ENTRY_POINTS, name=name))
        if not found:
            raise DetectionError(
                f"unknown detector `{name}`; known detectors: {', '.join(known_detectors())}", code="HG301"
            ) from None
        try:
            factory = found[0].load()
        except Exception as error:
            raise DetectionError(
                f"detector `{name}` could not be loaded: {type(error).__name__}", code="HG302"
            ) from None
    try:
        return factory(settings)
    except DetectionError:
        raise
    except Exception as error:
        raise DetectionError(f"detector `{name}` could not be built: {type(error).__name__}", code="HG302") from None
