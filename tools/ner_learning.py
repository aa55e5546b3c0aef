"""
Learning the network of the name finder with torch; `hybrid_guard.detectors.ner_network` runs it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
import torch
from ner_data import LABELS
from ner_lessons import Design, Lessons, Piece
from numpy.typing import NDArray
from torch import Tensor, nn

from hybrid_guard.detectors.ner_network import LEXICON_BITS
from hybrid_guard.detectors.ner_words import PLACES, SHAPES

__all__ = ["Tagger", "export", "learn"]

_POOL, _POOL_USES = 1 << 22, 500


class _Dropout(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """
    Dropout with masks cut from a pool of random ones, which takes a tenth of the time of fresh ones.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self._pool = torch.empty(0)
        self._uses = 0

    def forward(self, values: Tensor) -> Tensor:
        """
        The *values* with a share of them zero and the others larger, while training.
        """
        if not self.training:
            return values
        if self._uses % _POOL_USES == 0 or len(self._pool) < 2 * values.numel():
            size = max(_POOL, 3 * values.numel())
            self._pool = (torch.rand(size) >= self._share).float() / (1 - self._share)
        self._uses += 1
        start = int(torch.randint(len(self._pool) - values.numel(), ()))
        return values * self._pool[start : start + values.numel()].view(values.shape)


class Tagger(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """
    The network; see `hybrid_guard.detectors.ner_network.Network`.
    """

    def __init__(self, design: Design) -> None:
        super().__init__()
        self.design = design
        self.words = nn.Embedding(design.word_rows + 1, design.word_width)
        self.grams = nn.EmbeddingBag(design.gram_rows, design.gram_width, mode="mean")
        self.shapes = nn.Embedding(SHAPES, design.shape_width)
        self.places = nn.Embedding(PLACES, design.width)
        features = design.word_width + design.gram_width + design.shape_width + LEXICON_BITS
        self.inner = nn.Linear(features, design.inner_width)
        self.outer = nn.Linear(design.inner_width, design.width)
        self.norms = nn.ModuleList(nn.LayerNorm(design.width) for _ in design.dilations)
        self.layers = nn.ModuleList(nn.Linear(3 * design.width, design.width) for _ in design.dilations)
        self.last_norm = nn.LayerNorm(design.width)
        self.last = nn.Linear(design.width, 1 + 2 * len(LABELS))
        self.dropout = _Dropout(design.dropout)
        for table in (self.words, self.grams, self.shapes, self.places):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        """
        Logits, shape (words, tags).
        """
        features = torch.cat(
            [
                self.words(batch["rows"]),
                self.grams(batch["grams"], batch["starts"]),
                self.shapes(batch["shapes"]),
                batch["bits"],
            ],
            dim=1,
        )
        vectors = self.outer(torch.relu(self.inner(self.dropout(features))))
        hidden = vectors[batch["kinds"]] + self.places(batch["places"])
        texts = batch["texts"]
        for distance, norm, layer in zip(self.design.dilations, self.norms, self.layers, strict=True):
            middle = self.dropout(norm(hidden))
            same = (texts[distance:] == texts[:-distance]).unsqueeze(1)
            nothing = middle.new_zeros(distance, middle.shape[1])
            left = torch.cat([nothing, middle[:-distance] * same])
            right = torch.cat([middle[distance:] * same, nothing])
            hidden = hidden + torch.relu(layer(torch.cat([left, middle, right], dim=1)))
        logits: Tensor = self.last(self.dropout(self.last_norm(hidden)))
        return logits


def learn(
    tagger: Tagger,
    lessons: Lessons,
    pieces: Iterator[Piece],
    words: int,
) -> None:
    """
    Fit *tagger* on about *words* words; the learning rate warms up, then falls to zero; weights are averaged.
    """
    design = tagger.design
    steps = max(1, words // design.batch)
    optimizer = torch.optim.Adam(tagger.parameters(), lr=design.learn_rate, betas=(0.9, 0.98), fused=True)
    average = {name: value.detach().clone() for name, value in tagger.named_parameters()}
    started, total = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        rate = design.learn_rate * min(1.0, step / 300, (steps - step) / (0.8 * steps) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = lessons.batch(_take(pieces, design.batch))
        tagger.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = tagger(batch)
        logits = logits.float()
        weights = torch.from_numpy(np.stack(lessons.weights))[batch["targets"]]
        loss = (torch.logsumexp(logits, 1) - torch.logsumexp(logits + weights, 1)).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
        if step % 5 == 0:
            with torch.no_grad():
                keep = min(0.99, step / (step + 10))
                for name, value in tagger.named_parameters():
                    average[name].lerp_(value, 1 - keep)
        if step % 200 == 0:
            seconds = time.monotonic() - started
            print(f"step {step} of {steps}, loss {total / 200:.4f}, {seconds:.0f} s", file=sys.stderr, flush=True)
            total = 0.0
    with torch.no_grad():
        for name, value in tagger.named_parameters():
            value.copy_(average[name])


def export(tagger: Tagger, lexicon: dict[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """
    The arrays that `hybrid_guard.detectors.ner_network.Network` reads: tables in 8 bits, the rest in 16.
    """
    arrays = dict(lexicon)
    for name, table in (("words", tagger.words.weight), ("grams", tagger.grams.weight)):
        values = table.detach().numpy()
        scale = np.maximum(np.quantile(np.abs(values), 0.9999, axis=0), 1e-6) / 127
        arrays[name] = np.clip(np.round(values / scale), -127, 127).astype(np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)

    def put(name: str, values: Tensor) -> None:
        arrays[name] = np.ascontiguousarray(values.detach().numpy()).astype(np.float16)

    put("shapes", tagger.shapes.weight)
    put("places", tagger.places.weight)
    for name, linear in (("inner", tagger.inner), ("outer", tagger.outer)):
        put(name, linear.weight.T)
        put(f"{name}_bias", linear.bias)
    layers = [*zip(tagger.norms, tagger.layers, strict=True)]
    for name, norm, layer in [
        *((f"layer{index}", norm, layer) for index, (norm, layer) in enumerate(layers)),
        ("last", tagger.last_norm, tagger.last),
    ]:
        put(f"{name}_scale", norm.weight)
        put(f"{name}_shift", norm.bias)
        put(f"{name}_weights", layer.weight.T)
        put(f"{name}_bias", layer.bias)
    return arrays


def _take(pieces: Iterator[Piece], words: int) -> list[Piece]:
    taken: list[Piece] = []
    while words > 0:
        taken.append(next(pieces))
        words -= len(taken[-1].words)
    return taken
