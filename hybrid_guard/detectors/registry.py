"""
Detectors by their versioned names.

Third parties join through the entry-point group `hybrid_guard.plugins.ENTRY_POINTS`: the name of the entry point is the
one that a policy file gives, its object a factory ``DetectionSettings -> Detector``. A version keeps its meaning for
good. A name with a kind (``spacy:en_core_web_lg``) loads what its user has.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from hybrid_guard.detectors.plugins.presidio_service import PresidioService
from hybrid_guard.errors import DetectionError
from hybrid_guard.plugins import ENTRY_POINTS, find_service, known_names, lacking, split_name
from hybrid_guard.ports import Connect, Detector
from hybrid_guard.types import DetectionSettings

__all__ = ["SHIPPED", "DetectorFactory", "known_detectors", "make_detector"]

DetectorFactory = Callable[[DetectionSettings], Detector]


def _make_patterns(settings: DetectionSettings) -> Detector:
    from hybrid_guard.detectors.patterns import PatternDetector
    from hybrid_guard.detectors.tables import build_pattern_table

    return PatternDetector("patterns.v1", build_pattern_table(settings.languages))


def _make_secrets(settings: DetectionSettings) -> Detector:  # noqa: ARG001 - keys have no language
    from hybrid_guard.detectors.patterns import PatternDetector
    from hybrid_guard.detectors.tables.secrets import SECRET_PATTERNS

    return PatternDetector("secrets.v1", SECRET_PATTERNS)


def _make_ner(settings: DetectionSettings) -> Detector:  # noqa: ARG001 - the pipeline is the same for every language
    from hybrid_guard.detectors.ner import NameDetector

    return NameDetector()


SHIPPED: dict[str, DetectorFactory] = {
    "ner.v2": _make_ner,
    "patterns.v1": _make_patterns,
    "secrets.v1": _make_secrets,
}
"""Factories of the shipped detectors."""


def known_detectors() -> tuple[str, ...]:
    """Every name that a policy may give: the shipped ones and those of installed packages, sorted, then the kinds."""
    return known_names()


def make_detector(name: str, settings: DetectionSettings, connect: Connect | None = None) -> Detector:
    """
    The detector called *name*.

    A shipped name or a kind cannot be taken over by an installed package.

    Args:
        name: See `hybrid_guard.plugins`.
        settings: Passed to its factory.
        connect: Makes the way to a detection service; without it none can be asked.

    Raises:
        DetectionError: HG301 the name is unknown; HG302, or a code of its own, it cannot be made.
    """
    kind = split_name(name)
    factory = SHIPPED.get(name)
    try:
        if kind is not None:
            return _make_plugin(name, *kind, settings, connect)
        if factory is None:
            factory = _load_factory(name)
        return factory(settings)
    except DetectionError:
        raise
    except Exception as error:
        raise DetectionError(f"detector `{name}` could not be built: {type(error).__name__}", code="HG302") from None


def _load_factory(name: str) -> DetectorFactory:
    found = tuple(entry_points(group=ENTRY_POINTS, name=name))
    if not found:
        raise DetectionError(f"unknown detector `{name}`; known detectors: {', '.join(known_names())}", code="HG301")
    try:
        factory: DetectorFactory = found[0].load()
    except Exception as error:
        raise DetectionError(f"detector `{name}` could not be loaded: {type(error).__name__}", code="HG302") from None
    return factory


def _make_plugin(name: str, kind: str, target: str, settings: DetectionSettings, connect: Connect | None) -> Detector:
    problem = lacking(name)
    if problem is not None:
        raise DetectionError(problem, code="HG302")
    match kind:
        case "gliner":
            from hybrid_guard.detectors.plugins.gliner_model import GlinerDetector, load_gliner

            model, words = load_gliner(target)
            return GlinerDetector(name, model, threshold=settings.min_score, words=words)
        case "spacy":
            from hybrid_guard.detectors.plugins.spacy_pipeline import SpacyDetector, load_pipeline

            return SpacyDetector(name, load_pipeline(target))
        case "transformers":
            from hybrid_guard.detectors.plugins.transformers_model import TaggingDetector, load_tagger

            return TaggingDetector(name, load_tagger(target))
        case "presidio-service":
            service = find_service(target, settings.services)
            if connect is None:
                raise DetectionError(
                    f"detector `{name}` asks a server, and nobody here may connect; build it by a guard", code="HG302"
                )
            return PresidioService(name, connect(service))
        case _:
            raise DetectionError(f"detector `{name}` is of a kind that cannot be made", code="HG301")
