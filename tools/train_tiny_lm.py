"""
Train the tiny chat model that ships with the package and write it as a GGUF file.

    python tools/train_tiny_lm.py --out hybrid_guard/backends/tiny_chat.gguf --seed 7

Needs torch, numpy, gguf and tokenizers, and about 25 minutes of one core that has AMX. Reads no data: `tiny_lm_text`
makes every sentence. The model answers in short sentences that copy the user's words; it knows next to nothing and is
no judge of anything.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import tiny_lm_text as text
import torch
from tiny_lm_gguf import END, SPECIAL, export
from tiny_lm_model import VOCABULARY, TinyLM
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["batches", "encode", "learn_vocabulary", "train"]

LONGEST = 512  # tokens of a training conversation


def learn_vocabulary(rng: random.Random) -> Tokenizer:
    """A byte-level BPE tokenizer; every digit is a piece of its own, so numbers are copied figure by figure."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text.vocabulary_text(rng, 20_000), trainer)
    return tokenizer


def encode(turns: list[text.Turn], tokenizer: Tokenizer) -> tuple[list[int], list[bool]]:
    """Tokens of a conversation as the chat template writes it, and which of them the model is to predict."""
    ids: list[int] = []
    wanted: list[bool] = []
    for role, said in turns:
        ours, asked = role in ("assistant", "rest"), role in ("system", "user")
        piece = tokenizer.encode(" " + said.strip() if asked else said, add_special_tokens=False).ids
        before = [] if role == "rest" else [SPECIAL.index("<|assistant|>" if role == "given" else f"<|{role}|>")]
        after = [] if role == "given" else [END]
        ids += [*before, *piece, *after]
        wanted += [*([False] * len(before)), *([ours] * (len(piece) + len(after)))]
    return ids, wanted


def batches(
    tokenizer: Tokenizer, rng: random.Random, *, tokens: int, copying: float
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches of about *tokens* tokens: rows of like length, and the targets with -100 where none is wanted."""
    while True:
        pool = [encode(text.conversation(rng, copying=rng.random() < copying), tokenizer) for _ in range(2000)]
        pool = sorted((row for row in pool if len(row[0]) <= LONGEST), key=lambda row: len(row[0]))
        groups: list[list[tuple[list[int], list[bool]]]] = [[]]
        for row in pool:
            if len(row[0]) * (len(groups[-1]) + 1) > tokens:
                groups.append([])
            groups[-1].append(row)
        rng.shuffle(groups)
        for group in groups:
            longest = max(len(ids) for ids, _ in group)
            inputs = torch.full((len(group), longest - 1), END)
            targets = torch.full((len(group), longest - 1), -100)
            for index, (ids, wanted) in enumerate(group):
                inputs[index, : len(ids) - 1] = torch.tensor(ids[:-1])
                targets[index, : len(ids) - 1] = torch.tensor(
                    [i if w else -100 for i, w in zip(ids[1:], wanted[1:], strict=True)]
                )
            yield inputs, targets


def train(tokenizer: Tokenizer, *, seed: int, steps: int, tokens: int, rate: float, out: Path) -> TinyLM:
    """
    A trained model.

    Args:
        tokenizer: What turns text into tokens.
        seed: Fixes first weights and data.
        steps: Updates.
        tokens: Tokens of a batch, padding included.
        rate: Highest learning rate.
        out: Where the model is written every few minutes and at the end.
    """
    torch.manual_seed(seed)
    model = TinyLM()
    matrices = [p for p in model.parameters() if p.ndim > 1]
    rest = [p for p in model.parameters() if p.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}],
        lr=rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    rng = random.Random(seed + 1)
    first, later = (batches(tokenizer, rng, tokens=tokens, copying=share) for share in (0.5, 0.1))
    began = saved = time.monotonic()
    average = 5.0
    for step in range(steps):
        done = step / steps
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 100) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * done)))
        inputs, targets = next(first if done < 0.2 else later)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = model(inputs)
            at = targets >= 0
            loss = functional.cross_entropy((hidden[at] @ model.embed.weight.T).float(), targets[at])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average += 0.02 * (loss.item() - average)
        if step % 50 == 0:
            print(
                f"step {step} of {steps}, {time.monotonic() - began:.0f} s, loss {average:.3f}",
                file=sys.stderr,
                flush=True,
            )
        if time.monotonic() - saved > 240:
            saved = time.monotonic()
            export(model, tokenizer, out)
    return model


def main() -> None:
    """Read the command line, train, write."""
    parser = argparse.ArgumentParser(description="Train the tiny chat model and write it as a GGUF file.")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--seed", type=int, default=7, help="fixes text, vocabulary and first weights (default: %(default)s)"
    )
    parser.add_argument(
        "--steps", type=int, default=1400, help="updates; each takes about a second (default: %(default)s)"
    )
    parser.add_argument("--tokens", type=int, default=4096, help="tokens of a batch (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate (default: %(default)s)")
    given = parser.parse_args()
    torch.set_num_threads(1)
    tokenizer = learn_vocabulary(random.Random(given.seed))
    model = train(tokenizer, seed=given.seed, steps=given.steps, tokens=given.tokens, rate=given.rate, out=given.out)
    export(model, tokenizer, given.out)
    print(f"wrote {given.out} ({given.out.stat().st_size} bytes)", file=sys.stderr)


if __name__ == "__main__":
    main()
