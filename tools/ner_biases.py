"""
How readily each label is given: chosen on held-out texts, for more recall than precision.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from ner_data import LABELS, Labelled
from numpy.typing import NDArray

from hybrid_guard.detectors.ner_network import Network
from hybrid_guard.detectors.ner_tags import read_tags
from hybrid_guard.detectors.ner_words import split_words

__all__ = ["choose_biases"]

BETAS = {"LOCATION": 1.0, "ORGANIZATION": 1.0, "PERSON": 1.5}
BETA = 1.6
"""A missed mention weighs as much as this number, squared, of false ones; most false places and bodies are public."""

IN_NATURAL_TEXTS = frozenset(BETAS)
"""Labels that have enough mentions in texts that nobody invented, which are the better judges."""

LEAST = {
    **dict.fromkeys(("EDUCATION", "MARITAL_STATUS", "MEDICATION", "OCCUPATION"), 4.0),
    **dict.fromkeys(("MEDICAL_CONDITION", "ORGANIZATION", "PERSON"), 2.0),
}
"""Bias at least: texts like those that taught a label also judge it, and flatter, inventions most of all."""

GRID = (1.0, 1.4, 2.0, 2.8, 4.0)


def choose_biases(network: Network, texts: Sequence[Labelled]) -> list[float]:
    """
    For each of `LABELS`, what its odds are multiplied by: the value of `GRID` with the best F-score, or `LEAST`.

    Mentions count as found where any mention of the label overlaps; a text has no say in labels it is not marked with.
    """
    read = [(labelled, words, network(labelled.text, words)) for labelled, words in _words(texts)]
    tallies = np.array([_tally(read, bias) for bias in GRID])  # (grid, labels, [met, wanted, right, said])
    recall = tallies[..., 0] / np.maximum(tallies[..., 1], 1)
    precision = tallies[..., 2] / np.maximum(tallies[..., 3], 1)
    square = np.array([BETAS.get(label, BETA) for label in LABELS]) ** 2
    scores = (1 + square) * precision * recall / np.maximum(square * precision + recall, 1e-9)
    best = (GRID[int(index)] for index in scores.argmax(axis=0))
    return [max(bias, LEAST.get(label, 0)) for label, bias in zip(LABELS, best, strict=True)]


def _words(texts: Sequence[Labelled]) -> list[tuple[Labelled, list[tuple[int, int]]]]:
    return [(labelled, words) for labelled in texts if (words := split_words(labelled.text))]


def _has_a_say(labelled: Labelled, label: str) -> bool:
    if labelled.known is None:
        return label not in IN_NATURAL_TEXTS
    return label in labelled.known


def _tally(
    read: Sequence[tuple[Labelled, list[tuple[int, int]], NDArray[np.float32]]], bias: float
) -> NDArray[np.int64]:
    tally = np.zeros((len(LABELS), 4), dtype=np.int64)
    biases = np.full(len(LABELS), bias, dtype=np.float32)
    for labelled, words, odds in read:
        found = [
            (words[first][0], words[last - 1][1], LABELS[label]) for first, last, label, _ in read_tags(odds, biases)
        ]
        for index, label in enumerate(LABELS):
            if not _has_a_say(labelled, label):
                continue
            gold = [span for span in labelled.spans if span[2] == label]
            maybe = [span for span in labelled.spans if label in span[2] or not span[2]]
            said = [span for span in found if span[2] == label]
            tally[index] += (
                sum(any(a < end and start < b for a, b, _ in said) for start, end, _ in gold),
                len(gold),
                sum(any(a < end and start < b for a, b, _ in maybe) for start, end, _ in said),
                len(said),
            )
    return tally
