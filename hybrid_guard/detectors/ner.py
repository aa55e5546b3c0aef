"""``ner.v2``: people, places, organisations and what is said of people, by the pipeline that comes with the package."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.ner_finder import NameFinder, load_finder
from hybrid_guard.detectors.ner_mentions import Mention
from hybrid_guard.detectors.public.parameters import is_parameter
from hybrid_guard.detectors.public.public_names import is_public_name
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["COMPONENT", "LABELS", "NameDetector", "bundled_pipeline_path"]

LABELS = frozenset(
    {
        *("ADDRESS", "AGE", "DATE_TIME", "EDUCATION", "GENDER", "ID_NUMBER", "LOCATION", "MARITAL_STATUS"),
        *("MEDICAL_CONDITION", "MEDICATION", "MONEY", "NRP", "OCCUPATION", "ORGANIZATION", "PERSON", "USERNAME"),
    }
)
"""What the bundled pipeline marks: entities of ours."""

COMPONENT = "names"
"""Name of the component, and of its folder, in the bundled pipeline."""

_PLACES = frozenset({"LOCATION", "ORGANIZATION"})
_BRIEF, _FEW = 60, 3

_lock = threading.Lock()
_finders: dict[Path, NameFinder] = {}


def bundled_pipeline_path() -> Path:
    """Directory of the spaCy pipeline that comes with the package."""
    return Path(__file__).with_name("ner_model")


class NameDetector:
    """
    Finds mentions in running text of any length and several languages; the score is their probability.

    The weights are read at the first text, once in a process; spaCy is not needed.

    Args:
        path: Directory of a pipeline with a `COMPONENT`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or bundled_pipeline_path()

    @property
    def name(self) -> str:
        """Versioned name."""
        return "ner.v2"

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - one network for all
        """
        Mentions in each segment, sorted and disjoint; *language* changes nothing.

        Raises:
            DetectionError: The files of the pipeline are missing or damaged.
        """
        return self.detect_until(segments, None)

    def detect_until(self, segments: Sequence[Segment], deadline: Deadline | None) -> Findings:
        """As `detect`, in the time that *deadline* leaves; HG312 if that is not enough."""
        if not any(segment.text for segment in segments):
            return Findings(spans=((),) * len(segments))
        finder = _load(self._path)
        return Findings(
            spans=tuple(
                tuple(
                    Finding(start=start, end=end, entity=label, score=score, detector=self.name)
                    for start, end, label, score in _read(finder, segment.text, deadline)
                    if not _is_bare(segment.text) or _stands_alone(segment.text, segment.text[start:end], label)
                )
                for segment in segments
            )
        )


def _read(finder: NameFinder, text: str, deadline: Deadline | None) -> Sequence[Mention]:
    # Most texts of a call with tools are names of parameters, and the network has seen few.
    return () if is_parameter(text) else finder(text, deadline=deadline)


def _is_bare(text: str) -> bool:
    """Whether *text* is a few small words, as in the arguments of tools: nothing there tells a place from a thing."""
    return len(text) <= _BRIEF and len(text.split()) <= _FEW and text == text.lower()


def _stands_alone(text: str, mention: str, label: str) -> bool:
    """Whether a mention in a few small words is one by itself: a place that is known, or a gender and nothing else."""
    if label in _PLACES:
        return is_public_name(mention, label)
    return label != "GENDER" or mention == text.strip()


def _load(path: Path) -> NameFinder:
    with _lock:
        finder = _finders.get(path)
        if finder is None:
            try:
                finder = load_finder(path / COMPONENT)
            except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile, zlib.error):
                raise DetectionError(
                    f"detector `ner.v2` cannot read its pipeline at `{path.name}`; reinstall the package, or leave "
                    "`ner.v2` out of `detection.detectors`",
                    code="HG304",
                ) from None
            _finders[path] = finder
    return finder
