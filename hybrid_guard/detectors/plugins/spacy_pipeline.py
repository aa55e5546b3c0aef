"""``spacy:NAME``: entities that a spaCy pipeline of the user marks."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hybrid_guard.detectors.merge import merge
from hybrid_guard.detectors.plugins.labels import entity_of
from hybrid_guard.detectors.plugins.pieces import cut, readable, trim
from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["SCORE", "SpacyDetector", "load_pipeline"]

SCORE = 0.85
"""Score of an entity whose component gives no probability: the score that Presidio gives to them."""

_BATCH = 16
_WORDS, _OVERLAP = 1000, 50
# Components that neither mark entities nor are read by those that are trained to.
_UNNEEDED = frozenset(
    {"attribute_ruler", "lemmatizer", "morphologizer", "parser", "senter", "tagger", "trainable_lemmatizer"}
)
_MARKING = frozenset(
    {"beam_ner", "ner", "spancat", "spancat_singlelabel", "tok2vec", "transformer", "curated_transformer"}
)


class SpacyDetector:
    """
    Reads texts with a pipeline: its entities, and the spans of its span categorisers, with their scores.

    Args:
        name: What the policy calls it.
        nlp: See `load_pipeline`.
    """

    def __init__(self, name: str, nlp: Language) -> None:
        self._name = name
        self._nlp = nlp
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """As the policy has it."""
        return self._name

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - a pipeline has its own
        """Entities in each segment, sorted and disjoint; *language* changes nothing."""
        pieces = [
            (index, offset, piece)
            for index, segment in enumerate(segments)
            for offset, piece in cut(readable(segment.text), words=_WORDS, overlap=_OVERLAP)
        ]
        found: list[list[Finding]] = [[] for _ in segments]
        # spaCy keeps new words in a table that all threads share; the zone gives them back, and admits one thread.
        with self._lock, self._nlp.memory_zone():
            docs = self._nlp.pipe([piece for _, _, piece in pieces], batch_size=_BATCH)
            for (index, offset, piece), doc in zip(pieces, docs, strict=True):
                for start, end, label, score in _spans(doc):
                    entity = entity_of(label)
                    start, end = trim(piece, start, end)  # noqa: PLW2901 - the same span, smaller
                    if entity is not None and start < end:
                        found[index].append(
                            Finding(
                                start=offset + start, end=offset + end, entity=entity, score=score, detector=self._name
                            )
                        )
        return Findings(spans=tuple(merge(one) for one in found))


def load_pipeline(target: str) -> Language:
    """
    The pipeline *target*: the name of an installed package, or the path of a directory.

    Components that no entity depends on are switched off.

    Raises:
        DetectionError: HG306 it is not on this machine.
    """
    import spacy

    folder = Path(target).expanduser()
    try:
        nlp = spacy.load(folder if folder.is_dir() else target)
    except OSError:
        known = f"install it (`python -m spacy download {target}`), or give the path of its folder"
        remedy = known if target.isidentifier() else "check the path of its folder"
        raise DetectionError(f"there is no spaCy pipeline `{target}` on this machine; {remedy}", code="HG306") from None
    factories = {name: nlp.get_pipe_meta(name).factory for name in nlp.pipe_names}
    if set(factories.values()) <= _UNNEEDED | _MARKING:
        nlp.select_pipes(disable=[name for name, factory in factories.items() if factory in _UNNEEDED])
    return nlp


def _spans(doc: Doc) -> Iterator[tuple[int, int, str, float]]:
    for ent in doc.ents:
        yield ent.start_char, ent.end_char, ent.label_, SCORE
    for group in doc.spans.values():
        scores = group.attrs.get("scores")
        for position, span in enumerate(group):
            score = SCORE if scores is None else min(1.0, max(0.0, float(scores[position])))
            yield span.start_char, span.end_char, span.label_, score
