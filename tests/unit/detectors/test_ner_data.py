"""How the training tool reads and varies labelled texts."""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"


@pytest.fixture(scope="module")
def data() -> Iterator[Any]:
    """The module of the tool, which is a script and no part of the package."""
    sys.path.insert(0, str(TOOLS))
    yield importlib.import_module("ner_data")
    sys.path.remove(str(TOOLS))


def _file(folder: Path, name: str, *rows: dict[str, object]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _marked(labelled: Any) -> list[tuple[str, str]]:
    return [(labelled.text[start:end], label) for start, end, label in labelled.spans]


def _row(text: str, *marks: tuple[str, str], **more: object) -> dict[str, object]:
    at, spans = 0, []
    for piece, label in marks:
        at = text.index(piece, at)
        spans.append({"start": at, "end": at + len(piece), "label": label})
        at += len(piece)
    return {"text": text, "spans": spans, **more}


def test_tokenised_texts_lose_their_blanks_and_keep_their_spans(data: Any, tmp_path: Path) -> None:
    """The text as it was tokenised stays beside it."""
    row = _row('He said " no , Bob Ray " .', ("Bob Ray", "PER"), tokenised=True)
    (labelled,) = data.read_texts(_file(tmp_path, "btc_train", row))
    assert labelled.text == 'He said "no, Bob Ray".'
    assert _marked(labelled) == [("Bob Ray", "PERSON")]
    assert labelled.raw.text == row["text"]
    assert _marked(labelled.raw) == [("Bob Ray", "PERSON")]


def test_handles_are_user_names_unless_a_blank_parts_them(data: Any, tmp_path: Path) -> None:
    """The two pieces of one handle are one span."""
    row = _row("RT @ann_b : hi @ bob", ("@", "PER"), ("bob", "PER"), tokenised=True)
    row["spans"] = [{"start": 15, "end": 16, "label": "PER"}, {"start": 17, "end": 20, "label": "PER"}]
    (labelled,) = data.read_texts(_file(tmp_path, "btc_train", row))
    assert _marked(labelled) == [("@ann_b", "USERNAME"), ("@bob", "USERNAME")]
    assert _marked(labelled.raw) == [("@ann_b", "USERNAME"), ("@ bob", "PERSON")]


def test_a_corpus_says_what_it_marks(data: Any, tmp_path: Path) -> None:
    """Labels outside of it are unknown, not absent; what may be anything has no label."""
    row = _row("Ana, 46 años, tel. 555", ("Ana", "NOMBRE_SUJETO_ASISTENCIA"), ("555", "NUMERO_TELEFONO"))
    (labelled,) = data.read_texts(_file(tmp_path, "meddocan_train", row))
    assert _marked(labelled) == [("Ana", "PERSON"), ("555", data.UNSURE)]
    assert "AGE" in labelled.known
    assert "MEDICATION" not in labelled.known


def test_every_corpus_maps_to_labels_that_exist(data: Any) -> None:
    """And marks the labels that it maps to."""
    for corpus in data.CORPORA.values():
        options = {label for labels in corpus.labels.values() for label in labels.split("|")} - {data.UNSURE}
        assert options <= set(data.LABELS)
        assert corpus.known <= set(data.LABELS)


def test_templates_whose_slots_stayed_open_are_left_out(data: Any, tmp_path: Path) -> None:
    """The others remember their template, and texts of one template stay together."""
    rows = [_row("I am {name}"), *(_row(f"I am {name}", (name, "PERSON"), template_id=3) for name in ("Al", "Bo"))]
    texts = list(data.read_texts(_file(tmp_path, "presidio_synth_v2", *rows)))
    assert [labelled.text for labelled in texts] == ["I am Al", "I am Bo"]
    taught, held = data.split_templates(texts)
    assert not taught or not held


def test_changed_texts_carry_their_spans_along(data: Any) -> None:
    """Before, behind and inside of a change; a span that vanishes is dropped."""
    labelled = data.Labelled(text="Mr Bob saw Rome, ok", spans=((3, 6, "PERSON"), (11, 15, "LOCATION")))
    changed = data.edit(labelled, [(3, 6, "Alexander"), (15, 16, "")])
    assert changed.text == "Mr Alexander saw Rome ok"
    assert _marked(changed) == [("Alexander", "PERSON"), ("Rome", "LOCATION")]
    assert data.edit(labelled, [(3, 6, "")]).spans == ((8, 12, "LOCATION"),)


def test_varied_texts_stay_labelled(data: Any) -> None:
    """Whatever the dice say, a span is a name, in some case; what the corpus marks is not forgotten."""
    known = frozenset({"PERSON"})
    labelled = data.Labelled(text="Then Bob Ray, came. Bye!", spans=((5, 12, "PERSON"),), known=known)
    seen = set()
    for seed in range(200):
        varied = data.vary(labelled, random.Random(seed), {"PERSON": ["Eve Wu"]})
        ((name, label),) = _marked(varied)
        assert name.lower() in {"bob ray", "eve wu"}
        assert label == "PERSON"
        assert varied.known == known
        seen.add(varied.text)
    assert {"then bob ray, came. bye!", "THEN BOB RAY, CAME. BYE!", "Then Eve Wu, came. Bye!"} <= seen
