"""From the probabilities of tags to spans: the best sequence in which nothing goes on that has not begun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hybrid_guard.detectors.deadline import Deadline, watch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SURELY_OUTSIDE", "read_tags"]

SURELY_OUTSIDE = 0.97
"""Probability from which on a word is outside of any span, whatever its neighbours are."""

_TINY = 1e-9


def read_tags(
    odds: NDArray[np.float32], biases: NDArray[np.float32], deadline: Deadline | None = None
) -> list[tuple[int, int, int, float]]:
    """
    Spans as (first word, one past the last, number of the label, probability that it is one at all).

    Args:
        odds: Shape (words, 1 + 2 * labels): outside, then ``begins`` of every label, then ``goes on`` of every label.
        biases: Shape (labels,): what the odds of each label are multiplied by; above 1, more is found.
        deadline: Looked at now and then, if given.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    import numpy as np

    labels = len(biases)
    odds = odds.copy()
    odds[:, 1 : 1 + labels] *= biases
    odds[:, 1 + labels :] *= biases
    odds /= odds.sum(axis=1, keepdims=True)
    outside = odds[:, 0]
    inside = np.flatnonzero(outside < SURELY_OUTSIDE)
    if not len(inside):
        return []
    # What several labels share counts for the best of them: a word that is a place or a firm is not left out for doubt.
    best = odds[:, 1:].max(axis=1)
    with np.errstate(divide="ignore"):
        scores = np.log(np.maximum(odds, _TINY))
        scores[:, 1:] += np.log(np.maximum(1 - outside, _TINY) / np.maximum(best, _TINY))[:, None]
    spans: list[tuple[int, int, int, float]] = []
    for island in watch(np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1), deadline):
        start, stop = int(island[0]), int(island[-1]) + 1
        for first, last, label in _walk(scores[start:stop], labels, deadline):
            sure = float(1 - outside[start + first : start + last].mean())
            spans.append((start + first, start + last, label, sure))
    return spans


def _walk(scores: NDArray[np.float32], labels: int, deadline: Deadline | None) -> Sequence[tuple[int, int, int]]:
    import numpy as np

    path = scores[0].copy()
    path[1 + labels :] = -np.inf
    came: list[tuple[int, NDArray[np.bool_]]] = []
    for row in watch(scores[1:], deadline):
        source = int(path.argmax())
        begun, gone = path[1 : 1 + labels], path[1 + labels :]
        went = gone > begun
        following = row + path[source]
        following[1 + labels :] = row[1 + labels :] + np.where(went, gone, begun)
        came.append((source, went))
        path = following
    tag = int(path.argmax())
    tags = [tag]
    for source, went in reversed(came):
        tag = source if tag <= labels else tag if went[tag - 1 - labels] else tag - labels
        tags.append(tag)
    tags.reverse()
    spans: list[tuple[int, int, int]] = []
    for at, tag in enumerate(tags):
        if 0 < tag <= labels:
            spans.append((at, at + 1, tag - 1))
        elif tag > labels:
            first, _, label = spans[-1]
            spans[-1] = (first, at + 1, label)
    return spans
