"""The figures that are published of the name finder."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.detectors.ner_mentions import Mention

TOOLS = Path(__file__).resolve().parents[3] / "tools"


@pytest.fixture(scope="module")
def scores() -> Iterator[Any]:
    """The module of the tool, which is a script and no part of the package."""
    sys.path.insert(0, str(TOOLS))
    yield importlib.import_module("ner_scores")
    sys.path.remove(str(TOOLS))


def _find(text: str) -> list[Mention]:
    """Capitalised words are people."""
    return [Mention(*match.span(), "PERSON", 0.9) for match in re.finditer(r"[A-Z]\w+", text)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Every file with the same three texts: a name found in part, a name missed, and a false alarm."""
    rows: list[dict[str, Any]] = [
        {"text": "so Mary ann came", "spans": [(3, 11)], "units": ["mary ann", "came", "absent"]},
        {"text": "ask bob", "spans": [(4, 7)], "units": ["bob"]},
        {"text": "Hello", "spans": [], "units": []},
    ]
    labels = {
        **dict.fromkeys(("uner_en_ewt_dev", "btc_dev"), "PER"),
        **dict.fromkeys(("pl_pii_core", "pl_pii_inflection"), "PERSON"),
        "wnut17_dev": "person",
        "lener_br_dev": "PESSOA",
        "meddocan_dev": "NOMBRE_SUJETO_ASISTENCIA",
        "pupa_tnb": "PII",
        "safe_trigger_dev2000": "name",
    }
    for name, label in labels.items():
        lines = [
            row | {"spans": [{"start": start, "end": end, "label": label} for start, end in row["spans"]]}
            for row in rows
        ]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def test_overlap_counts_for_people_and_exactness_for_spans(scores: Any, data: Path) -> None:
    """One of two names is met, by one of two findings, and none is exact."""
    measured = scores.measure(_find, data)
    assert measured["person"]["wnut17_dev"] == {"recall": 0.5, "precision": 0.5, "mentions": 2}
    assert measured["exact_spans"]["uner_en_ewt_dev"]["PERSON"] == {"p": 0, "r": 0, "f": 0, "n": 2}


def test_leaks_are_counted_in_characters_and_in_units(scores: Any, data: Path) -> None:
    """Seven of eleven private characters are outside; of the units in the text, "came" and "bob" are left."""
    measured = scores.measure(_find, data)
    assert measured["leaked"]["pl_pii_core"] == pytest.approx(7 / 11, abs=0.001)
    assert measured["units"] == pytest.approx(2 / 3, abs=0.001)


def test_a_span_is_covered_when_all_of_it_is(scores: Any, data: Path) -> None:
    """A part is not enough; what alarms is counted in texts without spans only."""
    measured = scores.measure(_find, data)
    assert measured["covered"] == {"name": 0.0}
    assert measured["alarms"] == {"any that weighs": 1.0, "PERSON": 1.0}
