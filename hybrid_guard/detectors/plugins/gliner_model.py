"""``gliner:NAME``: what a GLiNER model finds when it is asked for our entities."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from hybrid_guard.detectors.merge import merge
from hybrid_guard.detectors.plugins.files import find_model, go_offline
from hybrid_guard.detectors.plugins.labels import PROMPTS
from hybrid_guard.detectors.plugins.pieces import cut, readable, trim
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["GlinerDetector", "GlinerModel", "load_gliner"]

_BATCH = 8
_WORDS = 200


class GlinerModel(Protocol):
    """**Protocol:** the part of a GLiNER model that is used."""

    def inference(
        self, texts: list[str], labels: list[str], *, flat_ner: bool, threshold: float, batch_size: int
    ) -> list[list[Mapping[str, Any]]]:
        """For each text the entities found in it: ``start``, ``end``, ``label`` and ``score``."""


class GlinerDetector:
    """
    Finds what a model finds for `PROMPTS`.

    Args:
        name: What the policy calls it.
        model: See `load_gliner`.
        threshold: Least score that the model is asked for, in [0, 1].
        words: Most words that the model reads at once.
    """

    def __init__(self, name: str, model: GlinerModel, *, threshold: float, words: int = _WORDS) -> None:
        self._name = name
        self._model = model
        self._threshold = threshold
        self._words = words
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """As the policy has it."""
        return self._name

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - a model has its own
        """Spans of each segment, sorted and disjoint; *language* changes nothing."""
        pieces = [
            (index, offset, piece)
            for index, segment in enumerate(segments)
            for offset, piece in cut(readable(segment.text), words=self._words, overlap=self._words // 8)
        ]
        found: list[list[Finding]] = [[] for _ in segments]
        if pieces:
            with self._lock:
                answers = self._model.inference(
                    [piece for _, _, piece in pieces],
                    list(PROMPTS),
                    flat_ner=True,
                    threshold=self._threshold,
                    batch_size=_BATCH,
                )
            for (index, offset, piece), entities in zip(pieces, answers, strict=True):
                for one in entities:
                    start, end = trim(piece, int(one["start"]), int(one["end"]))
                    if start < end:
                        found[index].append(
                            Finding(
                                start=offset + start,
                                end=offset + end,
                                entity=PROMPTS[one["label"]],
                                score=round(min(1.0, float(one["score"])), 4),
                                detector=self._name,
                            )
                        )
        return Findings(spans=tuple(merge(one) for one in found))


def load_gliner(target: str) -> tuple[GlinerModel, int]:
    """
    The model *target* and how many words it reads at once; it runs on the CPU.

    Args:
        target: The path of a folder, or a name of the hub whose files are in its cache.

    Raises:
        DetectionError: HG306 it is not on this machine.
    """
    folder = find_model(target)
    go_offline()
    from gliner import GLiNER

    try:
        model = GLiNER.from_pretrained(str(folder), local_files_only=True)
    except OSError:
        raise DetectionError(
            f"the model `{target}` lacks files, its own or those of the encoder that its `gliner_config.json` names;"
            " fetch both once with `hf download`",
            code="HG306",
        ) from None
    model.eval()
    return model, min(_WORDS, int(model.config.max_len))
