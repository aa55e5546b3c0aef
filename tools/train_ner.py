"""
Train the bundled name finder: a small spaCy pipeline that marks PERSON, LOCATION and ORGANIZATION.

Usage::

    python tools/train_ner.py --data DATA/pii --names DATA/names --out hybrid_guard/detectors/ner_model

One seed on one core gives the same weights again.  The pipeline learns from `TRAINED_ON`, whose licences let
trained weights be shipped; every other file gives scores and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy
from ner_data import LABELS, Labelled, read_texts, split_templates, vary
from ner_invent import Inventor
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import filter_spans
from thinc.api import Adam, fix_random_seed

__all__ = ["main"]

TRAINED_ON = {
    "crossner_all": "CrossNER (MIT)",
    "btc_train": "Broad Twitter Corpus (CC BY 4.0)",
    "wnut17_train": "WNUT 2017 emerging entities (CC BY 4.0)",
    "wikigold": "WikiGold (CC BY 4.0)",
    "presidio_synth_v2": "presidio-research (MIT)",
    "presidio_generated_large": "presidio-research (MIT)",
}
CHECKED_ON = ("btc_dev", "wnut17_dev", "uner_en_ewt_dev")
CHECKED_LABELS = ("name", "employer", "address", "location")

WIDTH = 80
DEPTH = 4
ROWS = {"NORM": 5500, "PREFIX": 1000, "SUFFIX": 2000, "SHAPE": 500}
WORDS_PER_BATCH = 1500
INVENTED_PER_PASS = 16000
PEAK_LEARN_RATE = 0.002
DROPOUT = 0.1

CONFIG = {
    "nlp": {"lang": "en", "pipeline": ["ner"]},
    "components": {
        "ner": {
            "factory": "ner",
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": {
                    "@architectures": "spacy.Tok2Vec.v2",
                    "embed": {
                        "@architectures": "spacy.MultiHashEmbed.v2",
                        "width": WIDTH,
                        "attrs": list(ROWS),
                        "rows": list(ROWS.values()),
                        "include_static_vectors": False,
                    },
                    "encode": {
                        "@architectures": "spacy.MaxoutWindowEncoder.v2",
                        "width": WIDTH,
                        "depth": DEPTH,
                        "window_size": 1,
                        "maxout_pieces": 3,
                    },
                },
            },
        }
    },
}


def build(seed: int) -> Language:
    """
    The untrained pipeline.
    """
    fix_random_seed(seed)
    nlp = spacy.util.load_model_from_config(CONFIG, auto_fill=True)
    ner: Any = nlp.get_pipe("ner")  # spaCy types every pipe as a callable
    for label in LABELS:
        ner.add_label(label)
    nlp.initialize()
    return nlp


def lesson(nlp: Language, labelled: Labelled) -> Example:
    """
    What spaCy learns from: the text, and the same tokens with their entities.
    """
    truth = nlp.make_doc(labelled.text)
    spans = (truth.char_span(start, end, label, alignment_mode="expand") for start, end, label in labelled.spans)
    truth.ents = filter_spans(
        [span for span in spans if span is not None and not span[0].is_space and not span[-1].is_space]
    )
    return Example(Doc(nlp.vocab, words=[t.text for t in truth], spaces=[bool(t.whitespace_) for t in truth]), truth)


def batches(
    nlp: Language, natural: Sequence[Labelled], inventor: Inventor, rng: random.Random
) -> Iterator[list[Example]]:
    """
    Endless batches of about `WORDS_PER_BATCH` words.

    Every pass over the *natural* texts varies them anew and mixes `INVENTED_PER_PASS` new prompts in.
    """
    batch: list[Example] = []
    words = 0
    while True:
        texts = [vary(labelled, rng, inventor.person) for labelled in natural]
        texts += [inventor.message() for _ in range(INVENTED_PER_PASS)]
        rng.shuffle(texts)
        for labelled in texts:
            batch.append(lesson(nlp, labelled))
            words += len(batch[-1].reference)
            if words >= WORDS_PER_BATCH:
                yield batch
                batch, words = [], 0


def train(nlp: Language, lessons: Iterator[list[Example]], steps: int) -> None:
    """
    Fit the pipeline in *steps* updates; the learning rate warms up, then falls to zero; weights are averaged.
    """
    optimizer = Adam(
        PEAK_LEARN_RATE,
        beta1=0.9,
        beta2=0.999,
        L2=0.01,
        L2_is_weight_decay=True,
        grad_clip=1.0,
        use_averages=True,
    )
    warm = max(1, steps // 20)
    started, loss = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        rate = PEAK_LEARN_RATE * min(step / warm, (steps - step) / (steps - warm) + 0.01)
        optimizer.learn_rate = rate
        loss += nlp.update(next(lessons), sgd=optimizer, drop=DROPOUT)["ner"]
        if step % 100 == 0:
            seconds = time.monotonic() - started
            print(f"step {step} of {steps}, loss {loss / 100:.1f}, {seconds:.0f} s", file=sys.stderr, flush=True)
            loss = 0.0
    ner: Any = nlp.get_pipe("ner")
    ner.model.use_params(optimizer.averages).__enter__()


def score(nlp: Language, texts: Sequence[Labelled]) -> dict[str, dict[str, float]]:
    """
    Precision, recall and F1 of exact spans by label, in [0, 1], and the number of true spans.
    """
    right, said, wanted = Counter[str](), Counter[str](), Counter[str]()
    for doc, labelled in zip(nlp.pipe(labelled.text for labelled in texts), texts, strict=True):
        found = {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}
        truth = {(ent.start_char, ent.end_char, ent.label_) for ent in lesson(nlp, labelled).reference.ents}
        said.update(label for *_, label in found)
        wanted.update(label for *_, label in truth)
        right.update(label for *_, label in found & truth)
    scores = {}
    for label in LABELS:
        precision, recall = right[label] / max(1, said[label]), right[label] / max(1, wanted[label])
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        scores[label] = {
            "p": round(precision, 3),
            "r": round(recall, 3),
            "f": round(f1, 3),
            "n": wanted[label],
        }
    return scores


def character_recall(nlp: Language, path: Path) -> dict[str, float]:
    """
    Share of the characters of private spans that lie in some found span, by the labels of the file.
    """
    covered, total = Counter[str](), Counter[str]()
    for row in _rows(path):
        inside = {at for ent in nlp(row["text"]).ents for at in range(ent.start_char, ent.end_char)}
        for span in row["spans"]:
            total[span["label"]] += span["end"] - span["start"]
            covered[span["label"]] += sum(at in inside for at in range(span["start"], span["end"]))
    return {label: round(covered[label] / count, 3) for label, count in sorted(total.items())}


def false_alarms(nlp: Language, path: Path) -> dict[str, float]:
    """
    Share of the prompts without any private span in which the pipeline marks each label.
    """
    texts = [row["text"] for row in _rows(path) if not row["spans"]]
    hits = Counter(label for doc in nlp.pipe(texts) for label in {ent.label_ for ent in doc.ents})
    return {label: round(hits[label] / len(texts), 4) for label in LABELS}


def words_per_second(nlp: Language, texts: Sequence[Labelled]) -> int:
    """
    Words of running text read in one second of one core.
    """
    pages = [" ".join(labelled.text for labelled in texts[at : at + 8]) for at in range(0, 800, 8)]
    started = time.process_time()
    for page in pages:
        nlp(page)
    return int(sum(len(page.split()) for page in pages) / (time.process_time() - started))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _read_corpora(data: Path) -> tuple[list[Labelled], list[Labelled]]:
    """
    The texts to learn from, and the held-out texts of the corpora that templates made.
    """
    texts = [labelled for name in TRAINED_ON for labelled in read_texts(data / f"{name}.jsonl")]
    taught, held_out = split_templates(labelled for labelled in texts if labelled.template)
    return [labelled for labelled in texts if not labelled.template] + taught, held_out


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Train, print the scores and write the pipeline.
    """
    parser = argparse.ArgumentParser(description="Train the bundled name finder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the JSONL files")
    parser.add_argument("--names", type=Path, required=True, help="folder with the census name lists")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pipeline")
    parser.add_argument("--seed", type=int, default=7, help="fixes texts, order and first weights")
    parser.add_argument("--max-steps", type=int, default=4500, help="updates; 4500 take about 10 minutes on one core")
    options = parser.parse_args(arguments)

    natural, held_out = _read_corpora(options.data)
    rng = random.Random(options.seed)
    nlp = build(options.seed)
    inventor = Inventor(rng, options.names, natural)
    train(nlp, batches(nlp, natural, inventor, rng), options.max_steps)

    exact = {"presidio_held_out": score(nlp, held_out)}
    exact.update({name: score(nlp, list(read_texts(options.data / f"{name}.jsonl"))) for name in CHECKED_ON})
    prompts = options.data / "safe_trigger_dev2000.jsonl"
    performance: dict[str, object] = {
        "exact_spans": exact,
        "character_recall": {
            "pupa_tnb": character_recall(nlp, options.data / "pupa_tnb.jsonl"),
            "safe_trigger": {label: character_recall(nlp, prompts)[label] for label in CHECKED_LABELS},
        },
        "texts_with_false_alarm": {"safe_trigger": false_alarms(nlp, prompts)},
    }
    print(json.dumps({**performance, "words_per_second": words_per_second(nlp, natural)}, indent=1))
    nlp.meta.update(
        name="names_small",
        version="0.1.0",
        description="Marks people, places and organisations in English prompts.",
        license="Apache-2.0",
        trained_on=[*dict.fromkeys(TRAINED_ON.values()), "US census 1990 name lists (public domain)"],
        seed=options.seed,
        steps=options.max_steps,
        performance=performance,
    )
    # The vocabulary holds every string seen in training; the labels that matter are in the component itself.
    nlp.to_disk(options.out, exclude=["vocab"])
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file())
    print(f"wrote {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
