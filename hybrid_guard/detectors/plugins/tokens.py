"""From the tags of tokens to spans of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from hybrid_guard.detectors.plugins.labels import entity_of
from hybrid_guard.detectors.plugins.pieces import trim
from hybrid_guard.types import Finding

__all__ = ["Token", "join"]

_BEGINS = ("B-", "U-", "S-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """
    One token and what a model says of it.

    Attributes:
        start, end: In code points of the text.
        word: Number of the word that it is a part of.
        label: As the model has it, such as ``B-PER`` or ``O``.
        score: Probability of the label, in [0, 1].
    """

    start: int
    end: int
    word: int
    label: str
    score: float


def join(text: str, tokens: Sequence[Token], *, detector: str) -> list[Finding]:
    """
    Findings in *text*: whole words, neighbours of one entity in one span.

    A word is private if any of its tokens is, with the label of the surest of those; the score of a span is the mean of
    its words'. A tag that begins a span (``B-``) ends the one before it.
    """
    found: list[Finding] = []
    entity: str | None = None
    start = end = 0
    scores: list[float] = []

    def close() -> None:
        edges = trim(text, start, end)
        if entity is not None and edges[0] < edges[1]:
            score = round(min(1.0, sum(scores) / len(scores)), 4)
            found.append(Finding(start=edges[0], end=edges[1], entity=entity, score=score, detector=detector))

    for _, group in groupby(tokens, key=lambda token: token.word):
        word = list(group)
        tagged = [(token, kind) for token in word if (kind := entity_of(token.label)) is not None]
        if not tagged:
            close()
            entity = None
            continue
        surest, kind = max(tagged, key=lambda pair: pair[0].score)
        if kind != entity or tagged[0][0].label.startswith(_BEGINS):
            close()
            entity, start, scores = kind, word[0].start, []
        end = word[-1].end
        scores.append(surest.score)
    close()
    return found
