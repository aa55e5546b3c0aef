"""
Texts as numbers that the network of the name finder learns from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from ner_data import LABELS, UNSURE, Labelled
from numpy.typing import NDArray
from torch import Tensor

from hybrid_guard.detectors.ner_network import lexicon_bits
from hybrid_guard.detectors.ner_words import describe_words, places_of, split_words

__all__ = ["Design", "Lessons", "Piece"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """
    Sizes of the network, and how it learns.
    """

    width: int = 192
    word_width: int = 80
    gram_width: int = 80
    gram_rows: int = 65536
    shape_width: int = 24
    inner_width: int = 256
    dilations: tuple[int, ...] = (1, 2, 4, 1)
    word_rows: int = 30000
    dropout: float = 0.2
    word_loss: float = 0.1  # Share of the commonest words that are read without their own row, by their letters alone.
    rare_loss: float = 0.4  # How many more of the rarest: outside of the lessons, most rare words have no row.
    name_loss: float = 0.4  # The same for words inside of people's names.
    list_loss: float = 0.1  # Share of words that are read without what the lists say.
    unknown: float = 0.25  # How much of the odds of a label that a corpus does not mark counts as "outside".
    batch: int = 2500  # Words.
    learn_rate: float = 0.003


_LOST_ROW, _LOST_BITS = 1, 2
_PIECE = 300


@dataclass(slots=True)
class _Words:
    """
    All words seen so far, by number, with what describes them.
    """

    numbers: dict[str, int]
    rows: list[int]
    bits: list[int]
    shapes: list[int]
    grams: list[NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Piece:
    words: NDArray[np.int64]
    places: NDArray[np.int64]
    targets: NDArray[np.int64]
    names: NDArray[np.bool_]


class Lessons:
    """
    Turns texts into numbers to learn from.
    """

    def __init__(self, design: Design, lexicon: dict[str, NDArray[np.generic]], seed: int) -> None:
        self._design = design
        self._lexicon = {
            int(key): (int(bits), int(row))
            for key, bits, row in zip(
                lexicon["lexicon_hashes"], lexicon["lexicon_bits"], lexicon["lexicon_rows"], strict=True
            )
        }
        self._words = _Words({}, [], [], [], [])
        self._targets: dict[tuple[frozenset[str], tuple[str, ...], bool], int] = {}
        self.weights: list[NDArray[np.float32]] = []
        self._rng = np.random.default_rng(seed)

    def pieces(self, labelled: Labelled) -> Iterator[Piece]:
        """
        The words of a text, and what may be said of each.
        """
        text = labelled.text
        spans = split_words(text)
        if not spans:
            return
        places = places_of(text, spans)
        known = frozenset(LABELS) if labelled.known is None else labelled.known
        outside = self._target(known, ("O",), False)
        targets, names = [outside] * len(spans), [False] * len(spans)
        at = 0
        for first, last, label in sorted(labelled.spans):
            while at < len(spans) and spans[at][1] <= first:
                at += 1
            options = tuple(label.split("|")) if label != UNSURE else ()
            begins = True
            while at < len(spans) and spans[at][0] < last:
                targets[at] = self._target(known, options, begins)
                names[at] = label == "PERSON"
                begins = False
                at += 1
        words = self._number([text[start:end] for start, end in spans])
        for cut in range(0, len(spans), _PIECE):
            yield Piece(
                np.array(words[cut : cut + _PIECE]),
                np.array(places[cut : cut + _PIECE]),
                np.array(targets[cut : cut + _PIECE]),
                np.array(names[cut : cut + _PIECE]),
            )

    def batch(self, pieces: Sequence[Piece]) -> dict[str, Tensor]:
        """
        Several pieces side by side.
        """
        design, rng = self._design, self._rng
        words = np.concatenate([piece.words for piece in pieces])
        names = np.concatenate([piece.names for piece in pieces])
        rarity = np.sqrt(np.array([self._words.rows[word] for word in words.tolist()]) / design.word_rows)
        losses = np.where(names, design.name_loss, design.word_loss + design.rare_loss * rarity)
        lost = rng.random(len(words)) < losses
        blind = rng.random(len(words)) < design.list_loss
        keys, kinds_of = np.unique(words * 4 + lost * _LOST_ROW + blind * _LOST_BITS, return_inverse=True)
        kinds = keys >> 2
        known = self._words
        grams = [known.grams[kind] for kind in kinds]
        bits = np.array([known.bits[kind] for kind in kinds], dtype=np.uint16)
        return {
            "rows": _long(np.where(keys & _LOST_ROW, 0, [known.rows[kind] for kind in kinds])),
            "bits": torch.from_numpy(lexicon_bits(np.where(keys & _LOST_BITS, 0, bits).astype(np.uint16))),
            "shapes": _long([known.shapes[kind] for kind in kinds]),
            "grams": _long(np.concatenate(grams)),
            "starts": _long(np.cumsum([0, *map(len, grams[:-1])])),
            "kinds": _long(kinds_of),
            "places": _long(np.concatenate([piece.places for piece in pieces])),
            "texts": _long(np.repeat(np.arange(len(pieces)), [len(piece.words) for piece in pieces])),
            "targets": _long(np.concatenate([piece.targets for piece in pieces])),
        }

    def _number(self, words: Sequence[str]) -> list[int]:
        known = self._words
        new = [word for word in dict.fromkeys(words) if word not in known.numbers]
        if new:
            described = describe_words(new, self._design.gram_rows)
            grams = np.split(described.grams, described.starts[1:])
            for index, word in enumerate(new):
                bits, row = self._lexicon.get(int(described.hashes[index]), (0, 0))
                known.numbers[word] = len(known.rows)
                known.rows.append(row)
                known.bits.append(bits)
                known.shapes.append(int(described.shapes[index]))
                known.grams.append(grams[index])
        return [known.numbers[word] for word in words]

    def _target(self, known: frozenset[str], options: tuple[str, ...], begins: bool) -> int:
        key = (known, options, begins)
        if key not in self._targets:
            weights = np.full(1 + 2 * len(LABELS), 1e-9, dtype=np.float32)
            if not options:
                weights[:] = 1
            elif options == ("O",):
                weights[0] = 1
                for index, label in enumerate(LABELS):
                    if label not in known:
                        weights[[1 + index, 1 + len(LABELS) + index]] = self._design.unknown
            else:
                for option in options:
                    weights[1 + LABELS.index(option) + (0 if begins else len(LABELS))] = 1
            self._targets[key] = len(self.weights)
            self.weights.append(np.log(weights))
        return self._targets[key]


def _long(values: object) -> Tensor:
    return torch.from_numpy(np.asarray(values, dtype=np.int64))
