"""
The shape of the tiny chat model: a llama of three million weights, and the weights it starts from.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["BASE", "EPSILON", "FEED", "HEAD", "HEADS", "LAYERS", "VOCABULARY", "WIDTH", "TinyLM", "turning_speeds"]

VOCABULARY, WIDTH, LAYERS, HEADS, FEED = 1024, 256, 4, 4, 448
HEAD = WIDTH // HEADS
TURNING = 12  # pairs of a head's dimensions that carry position; the rest compare content at any distance
BASE = 10000.0  # of the usual rotary speeds, which the file's `rope_freqs` turn into ours
EPSILON = 1e-5


def turning_speeds() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Radians per position for each pair of a head's dimensions."""
    return np.concatenate([np.geomspace(2.2, 0.02, TURNING), np.zeros(HEAD // 2 - TURNING)])


class Norm(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """Root-mean-square normalisation, computed in float32."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: Tensor) -> Tensor:
        """*x* with unit mean square along its last axis, times the weight."""
        return functional.rms_norm(x.float(), (WIDTH,), self.weight, EPSILON)


class Layer(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """One transformer layer as llama has it, with biases on queries and keys."""

    def __init__(self) -> None:
        super().__init__()
        self.attn_norm, self.ffn_norm = Norm(), Norm()
        self.q, self.k = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.v, self.o = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.gate, self.up = nn.Linear(WIDTH, FEED, bias=False), nn.Linear(WIDTH, FEED, bias=False)
        self.down = nn.Linear(FEED, WIDTH, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """*x* (rows, positions, WIDTH) after attention and feed-forward."""
        rows, length, _ = x.shape
        h = self.attn_norm(x)
        q, k, v = (part(h).view(rows, length, HEADS, HEAD).transpose(1, 2) for part in (self.q, self.k, self.v))
        mixed = functional.scaled_dot_product_attention(_turn(q, cos, sin), _turn(k, cos, sin), v, is_causal=True)
        x = x + self.o(mixed.transpose(1, 2).reshape(rows, length, WIDTH))
        h = self.ffn_norm(x)
        return x + self.down(functional.silu(self.gate(h)) * self.up(h))


def _turn(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    even, odd = x[..., 0 : 2 * TURNING : 2], x[..., 1 : 2 * TURNING : 2]
    turned = torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)
    return torch.cat((turned.to(x.dtype), x[..., 2 * TURNING :]), dim=-1)


class TinyLM(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """A llama-shaped language model whose output layer is its embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.norm = Norm()
        self.start()

    @torch.no_grad()  # type: ignore[untyped-decorator]  # as above
    def start(self) -> None:
        """
        Set the first weights.

        Copying needs heads that look one, two and three tokens back, and heads that look up where the last three
        tokens were seen before and read what followed. Random weights take long to find them, so both kinds are given;
        training adjusts them like all others.
        """
        nn.init.normal_(self.embed.weight, std=WIDTH**-0.5)
        for layer in self.layers:
            for part in (layer.q, layer.k, layer.v, layer.o, layer.gate, layer.up, layer.down):
                closing = part in (layer.o, layer.down)
                nn.init.normal_(part.weight, std=0.02 / math.sqrt(2 * LAYERS) if closing else 0.02)
            nn.init.zeros_(layer.q.bias)
            nn.init.zeros_(layer.k.bias)
        read = nn.init.orthogonal_(torch.empty(HEAD, WIDTH))
        writes = [nn.init.orthogonal_(torch.empty(WIDTH, HEAD)) for _ in range(3)]
        self._look_back(read, writes)
        self._look_up(read, writes)

    def _look_back(self, read: Tensor, writes: list[Tensor]) -> None:
        """Heads of the first layer that read the token one, two and three places back and write it apart."""
        layer = self.layers[0]
        speeds = torch.tensor(turning_speeds()[:TURNING], dtype=torch.float32)
        for head, write in enumerate(writes):
            at = slice(head * HEAD, (head + 1) * HEAD)
            turned = slice(head * HEAD, head * HEAD + 2 * TURNING)
            angle = speeds * (head + 1)
            layer.q.bias[turned] = 3.5 * torch.stack((torch.ones(TURNING), torch.zeros(TURNING)), dim=-1).flatten()
            layer.k.bias[turned] = 3.5 * torch.stack((angle.cos(), angle.sin()), dim=-1).flatten()
            layer.v.weight[at], layer.o.weight[:, at] = read, 0.08 * write

    def _look_up(self, read: Tensor, writes: list[Tensor]) -> None:
        """Heads of the second layer that find where the last three tokens stood before and carry on what followed."""
        layer = self.layers[1]
        still = (HEAD - 2 * TURNING) // 3
        matches = ((read, writes[0]), (writes[0].T, writes[1]), (writes[1].T, writes[2]))
        for head in range(2):
            for back, (query, key) in enumerate(matches):
                row = head * HEAD + 2 * TURNING + back * still
                part = (head * 3 + back) * still % (HEAD - still)
                layer.q.weight[row : row + still] = 1.7 * query[part : part + still]
                layer.k.weight[row : row + still] = 1.7 * key.T[part : part + still]
            at = slice(head * HEAD, (head + 1) * HEAD)
            carry = nn.init.orthogonal_(torch.empty(HEAD, WIDTH))
            layer.v.weight[at], layer.o.weight[:, at] = carry, 0.15 * carry.T

    def forward(self, ids: Tensor) -> Tensor:
        """Hidden states (rows, positions, WIDTH) before the output layer."""
        angles = torch.outer(torch.arange(ids.shape[1]), torch.tensor(turning_speeds()[:TURNING], dtype=torch.float32))
        cos, sin = angles.cos(), angles.sin()
        x = self.embed(ids)
        for layer in self.layers:
            x = layer(x, cos, sin)
        hidden: Tensor = self.norm(x)
        return hidden
