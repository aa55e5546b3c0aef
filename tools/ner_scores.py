"""
How well the name finder does on texts that it was not trained on.

Usage::

    PYTHONPATH=. python tools/ner_scores.py --data DATA/pii [--pipeline FOLDER]
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from hybrid_guard.detectors.ner import COMPONENT, bundled_pipeline_path
from hybrid_guard.detectors.ner_finder import load_finder
from hybrid_guard.detectors.ner_mentions import Mention
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS

__all__ = ["main", "measure", "milliseconds"]

Find = Callable[[str], list[Mention]]

_PERSON = {
    "uner_en_ewt_dev": {"PER"},
    "wnut17_dev": {"person"},
    "btc_dev": {"PER"},
    "lener_br_dev": {"PESSOA"},
    "meddocan_dev": {"NOMBRE_SUJETO_ASISTENCIA", "NOMBRE_PERSONAL_SANITARIO"},
    "pl_pii_core": {"PERSON"},
    "pl_pii_inflection": {"PERSON"},
}
_NAMES = {
    **dict.fromkeys(("PER", "person"), "PERSON"),
    **dict.fromkeys(("LOC", "location"), "LOCATION"),
    **dict.fromkeys(("ORG", "corporation", "group"), "ORGANIZATION"),
}
_EXACT = ("uner_en_ewt_dev", "wnut17_dev", "btc_dev")
_LEAKS = ("safe_trigger_dev2000", "meddocan_dev", "pl_pii_core")
_PROMPTS = "safe_trigger_dev2000"
_ALARMING = 0.3  # A finding of this weight takes a text out of the level "low".


def measure(find: Find, data: Path) -> dict[str, Any]:
    """
    All figures on the JSONL files in *data*.

    ``exact_spans``: precision, recall, F1 and number of names by label, the span being exactly right.
    ``person``: recall and precision by any overlap.  ``units``: share of private units that are still there after
    masking.  ``leaked``: share of the private characters outside of any finding.  ``covered``: by label, share of
    the private spans that findings cover whole.  ``alarms``: of the texts without private spans, the share with a
    finding of each label, and with any that weighs `_ALARMING` or more.
    """
    return {
        "exact_spans": {name: _exact(find, _rows(data, name)) for name in _EXACT},
        "person": {name: _person(find, _rows(data, name), labels) for name, labels in _PERSON.items()},
        "units": _units(find, _rows(data, "pupa_tnb")),
        "leaked": {name: _leaked(find, _rows(data, name)) for name in _LEAKS},
        "covered": _covered(find, _rows(data, _PROMPTS)),
        "alarms": _alarms(find, [row["text"] for row in _rows(data, _PROMPTS) if not row["spans"]]),
    }


def milliseconds(find: Find, texts: Sequence[str]) -> float:
    """
    Time on one core per 1000 characters, the words of *texts* being new to the finder in the usual measure.
    """
    started = time.process_time()
    for text in texts:
        find(text)
    return round(1e6 * (time.process_time() - started) / sum(map(len, texts)), 2)


def _rows(data: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _person(find: Find, rows: Iterable[dict[str, Any]], labels: set[str]) -> dict[str, float]:
    wanted = met = said = right = 0
    for row in rows:
        gold = [(start, end) for start, end, _ in _gold(row, dict.fromkeys(labels, "PERSON"))]
        found = [(mention.start, mention.end) for mention in find(row["text"]) if mention.label == "PERSON"]
        wanted, said = wanted + len(gold), said + len(found)
        met += sum(any(a < end and start < b for a, b in found) for start, end in gold)
        right += sum(any(a < end and start < b for a, b in gold) for start, end in found)
    return {"recall": _share(met, wanted), "precision": _share(right, said), "mentions": wanted}


def _gold(row: dict[str, Any], labels: dict[str, str]) -> list[tuple[int, int, str]]:
    """
    The spans of a row with our labels; the sign before a social handle and the handle are one.
    """
    gold: list[tuple[int, int, str]] = []
    for mark in sorted(row["spans"], key=lambda mark: int(mark["start"])):
        if mark["label"] in labels:
            handle = gold and row["text"][gold[-1][0] : gold[-1][1]] == "@" and mark["start"] - gold[-1][1] < 2
            gold.append((gold.pop()[0] if handle else mark["start"], mark["end"], labels[mark["label"]]))
    return gold


def _exact(find: Find, rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, float]]:
    right, said, wanted = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        found = {mention[:3] for mention in find(row["text"])}
        gold = set(_gold(row, _NAMES))
        said.update(label for *_, label in found)
        wanted.update(label for *_, label in gold)
        right.update(label for *_, label in found & gold)
    scores = {}
    for label in ("PERSON", "LOCATION", "ORGANIZATION"):
        precision, recall = right[label] / max(1, said[label]), right[label] / max(1, wanted[label])
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        scores[label] = {"p": round(precision, 3), "r": round(recall, 3), "f": round(f1, 3), "n": wanted[label]}
    return scores


def _units(find: Find, rows: Iterable[dict[str, Any]]) -> float:
    left = total = 0
    for row in rows:
        text = row["text"]
        units = {unit.lower() for unit in row["units"]}
        units = {unit for unit in units if unit and unit in text.lower()}
        for mention in reversed(find(text)):
            text = f"{text[: mention.start]}\0{text[mention.end :]}"
        total += len(units)
        left += sum(unit in text.lower() for unit in units)
    return _share(left, total)


def _inside(find: Find, text: str) -> set[int]:
    return {at for mention in find(text) for at in range(mention.start, mention.end)}


def _leaked(find: Find, rows: Iterable[dict[str, Any]]) -> float:
    leaked = total = 0
    for row in rows:
        gold = {at for mark in row["spans"] for at in range(mark["start"], mark["end"])}
        total += len(gold)
        leaked += len(gold - _inside(find, row["text"]))
    return _share(leaked, total)


def _covered(find: Find, rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    whole, total = Counter[str](), Counter[str]()
    for row in rows:
        if row["spans"]:
            inside = _inside(find, row["text"])
            for mark in row["spans"]:
                total[mark["label"]] += 1
                whole[mark["label"]] += all(at in inside for at in range(mark["start"], mark["end"]))
    return {label: _share(whole[label], count) for label, count in total.most_common()}


def _alarms(find: Find, texts: Sequence[str]) -> dict[str, float]:
    hits, any_hit = Counter[str](), 0
    for text in texts:
        labels = {mention.label for mention in find(text)}
        hits.update(labels)
        any_hit += any(DEFAULT_WEIGHTS[label] >= _ALARMING for label in labels)
    return {"any that weighs": _share(any_hit, len(texts))} | {
        label: _share(count, len(texts)) for label, count in sorted(hits.items())
    }


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 3)


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Print the figures of a pipeline.
    """
    parser = argparse.ArgumentParser(description="Measure the name finder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the JSONL files")
    parser.add_argument("--pipeline", type=Path, default=bundled_pipeline_path(), help="folder of the pipeline")
    options = parser.parse_args(arguments)
    find = load_finder(options.pipeline / COMPONENT)
    text = " ".join(row["text"] for row in _rows(options.data, _PROMPTS))[:300_000]
    speed = milliseconds(find, [text[at : at + 1000] for at in range(0, len(text), 1000)])
    print(json.dumps({**measure(find, options.data), "milliseconds": speed}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
