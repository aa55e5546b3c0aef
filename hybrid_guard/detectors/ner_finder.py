"""The name finder: words, network and tags put together, and read from a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hybrid_guard.detectors.deadline import Deadline, watch
from hybrid_guard.detectors.ner_handles import mark_handles
from hybrid_guard.detectors.ner_known import name_known
from hybrid_guard.detectors.ner_mentions import Mention, make_whole
from hybrid_guard.detectors.ner_network import Network
from hybrid_guard.detectors.ner_tags import read_tags
from hybrid_guard.detectors.ner_words import split_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SETTINGS_FILE", "WEIGHTS_FILE", "NameFinder", "load_finder"]

SETTINGS_FILE = "settings.json"
"""Labels, their biases, and the distances of the layers."""

WEIGHTS_FILE = "weights.npz"
"""The arrays of `Network`."""


SURE = 0.8
"""Score from which on a person's name is looked for in the rest of its text."""

LEAST_ODDS = 0.08
"""Probability of being a person's name that another place needs to count as one."""

ECHO_SCORE = 0.6
"""Score of such a place."""

_ECHOED, _SHORTEST_ECHO = "PERSON", 2


class NameFinder:
    """
    Finds mentions in a text. Safe to use from several threads; the same text gives the same mentions.

    Args:
        network: Gives the probabilities of the tags.
        labels: In the order of the tags.
        biases: What the odds of each label are multiplied by; above 1, more is found.
    """

    def __init__(self, network: Network, labels: Sequence[str], biases: NDArray[np.float32]) -> None:
        self._network, self._biases = network, biases
        self.labels = tuple(labels)

    def __call__(
        self, text: str, words: Sequence[tuple[int, int]] | None = None, *, deadline: Deadline | None = None
    ) -> list[Mention]:
        """
        Mentions in *text*, sorted and disjoint.

        Args:
            text: Of any length.
            words: Its words, where they are known already.
            deadline: Looked at now and then, if given.

        Raises:
            DetectionError: HG312 the *deadline* is over.
        """
        words = split_words(text) if words is None else words
        if not words:
            return []
        odds = self._network(text, words, deadline)
        spans = read_tags(odds, self._biases, deadline)
        spans += self._find_echoes([text[start:end] for start, end in words], spans, odds)
        found = (
            Mention(words[first][0], words[last - 1][1], self.labels[label], score)
            for first, last, label, score in watch(sorted(spans), deadline)
            if _says_something(text, words[first][0], words[last - 1][1])
        )
        marked = mark_handles(text, make_whole(text, found), self._network.is_given_name)
        return name_known(text, marked, self._network.is_name, self.labels)

    def _find_echoes(
        self, words: Sequence[str], spans: Sequence[tuple[int, int, int, float]], odds: NDArray[np.float32]
    ) -> list[tuple[int, int, int, float]]:
        """Other places where a word of a sure name stands, if it may well be a name there too."""
        names = {
            word
            for first, last, label, score in spans
            if score >= SURE and self.labels[label] == _ECHOED
            for word in words[first:last]
            if len(word) > _SHORTEST_ECHO and not word.islower()
        }
        if not names:
            return []
        number = self.labels.index(_ECHOED)
        maybe = odds[:, 1 + number] + odds[:, 1 + len(self.labels) + number]
        inside = {at for first, last, _, _ in spans for at in range(first, last)}
        return [
            (at, at + 1, number, ECHO_SCORE)
            for at in (maybe >= LEAST_ODDS).nonzero()[0].tolist()
            if at not in inside and words[at] in names
        ]


def _says_something(text: str, start: int, end: int) -> bool:
    """Whether there is a letter or a digit: signs alone, such as dots or a face, name nobody."""
    return any(map(str.isalnum, text[start:end]))


def load_finder(folder: Path) -> NameFinder:
    """
    The finder whose files are in *folder*.

    Raises:
        OSError: A file is missing.
        KeyError: A setting or an array is missing.
        ValueError: A file is damaged, or its parts do not fit together.
    """
    import numpy as np

    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    with np.load(folder / WEIGHTS_FILE, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    network = Network(arrays, settings["dilations"])
    return NameFinder(network, settings["labels"], np.array(settings["biases"], dtype=np.float32))
