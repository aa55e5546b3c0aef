"""``ner.v1``: names of people, places and organisations, by the spaCy pipeline that comes with the package."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hybrid_guard.errors import DetectionError
from hybrid_guard.types import Finding, Findings, Segment

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["CHUNK", "LABELS", "SCORE", "NameDetector", "bundled_pipeline_path", "split_text"]

LABELS = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
"""What the pipeline marks, under the names of our entities."""

SCORE = 0.85
"""Score of every name: the pipeline decides and gives no probability."""

CHUNK = 5000
"""Longest piece, in characters, that the pipeline reads at once; its memory grows with the piece."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W\d_]")
_BORDERS = (re.compile(r"\n\s*"), re.compile(r"[.!?。]\s+"), re.compile(r"\s+"))
_BATCH = 16

_lock = threading.Lock()
_JSON = re.compile(r'["\]}0-9el]\s*[:,]\s*["{\[]|[{\[]\s*"')
_JSON_MARKS = str.maketrans(dict.fromkeys('"{}[]', " "))

_pipelines: dict[Path, Language] = {}


def bundled_pipeline_path() -> Path:
    """Directory of the spaCy pipeline that comes with the package."""
    return Path(__file__).with_name("ner_model")


class NameDetector:
    """
    Finds names in running text. The pipeline is loaded at the first text that needs it, once in a process.

    Args:
        path: Directory of a spaCy pipeline that marks `LABELS`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or bundled_pipeline_path()

    @property
    def name(self) -> str:
        """Versioned name."""
        return "ner.v1"

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - one pipeline for all
        """Names in each segment, sorted and disjoint; *language* changes nothing."""
        pieces = [
            (index, offset, piece)
            for index, segment in enumerate(segments)
            if _LETTER.search(segment.text)
            for offset, piece in split_text(segment.text)
        ]
        spans: list[list[Finding]] = [[] for _ in segments]
        if pieces:
            for (index, offset, _), names in zip(pieces, self._read([piece for _, _, piece in pieces]), strict=True):
                spans[index].extend(
                    Finding(start=offset + start, end=offset + end, entity=label, score=SCORE, detector=self.name)
                    for start, end, label in names
                )
        return Findings(spans=tuple(map(tuple, spans)))

    def _read(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        # spaCy keeps new words in a table that all threads share; the zone gives them back, and admits one thread.
        with _lock:
            nlp = _load(self._path)
            with nlp.memory_zone():
                return [
                    [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents if ent.label_ in LABELS]
                    # Half a character has no UTF-8 form, which spaCy asks for.
                    for doc in nlp.pipe(map(prepare, texts), batch_size=_BATCH)
                ]


def prepare(text: str) -> str:
    """
    *text* as the pipeline reads it, of the same length: without lone surrogates, and with blanks for the punctuation of
    JSON, which would glue the words beside it together.
    """
    text = _SURROGATE.sub("\ufffd", text)
    return text.translate(_JSON_MARKS) if _JSON.search(text) else text


def split_text(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of at most `CHUNK` characters with their offsets, cut after a line, a sentence or a word if possible."""
    start = 0
    while len(text) - start > CHUNK:
        end = start + CHUNK
        for border in _BORDERS:
            cuts = [match.end() for match in border.finditer(text, start + CHUNK // 2, end)]
            if cuts:
                end = cuts[-1]
                break
        yield start, text[start:end]
        start = end
    if start < len(text):
        yield start, text[start:]


def _load(path: Path) -> Language:
    nlp = _pipelines.get(path)
    if nlp is None:
        import spacy

        try:
            nlp = spacy.load(path)
        except OSError:
            raise DetectionError(
                f"detector `ner.v1` has no pipeline at `{path.name}`; reinstall the package, or leave `ner.v1` out of "
                "`detection.detectors`",
                code="HG304",
            ) from None
        _pipelines[path] = nlp
    return nlp
