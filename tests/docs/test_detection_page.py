"""The page of figures can be written anew from any folder that holds the data sets."""

from __future__ import annotations

import json
import runpy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.types import Finding
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "why" / "detection.md"


@pytest.fixture(scope="module", name="tool")
def load_tool() -> dict[str, Any]:
    """The names of the script."""
    return runpy.run_path(str(ROOT / "tools" / "write_detection.py"))


def find_names(text: str, language: str) -> Sequence[Finding]:
    """Finds one name."""
    start = text.find("Ann")
    return [Finding(start=start, end=start + 3, entity="PERSON", score=0.9, detector="x")] if start >= 0 else []


def find_nothing(text: str, language: str) -> Sequence[Finding]:
    """Finds nothing."""
    return []


def test_the_page_has_a_place_for_figures_and_figures_in_it(tool: dict[str, Any]) -> None:
    """Filling it with its own figures changes nothing."""
    page = PAGE.read_text("utf-8")
    figures = page.partition(tool["BEGIN"])[2].partition(tool["END"])[0]

    assert tool["fill"](page, figures) == page
    for data in tool["SETS"]:
        assert data.title in figures


def test_a_page_without_the_place_is_refused(tool: dict[str, Any]) -> None:
    """Nothing is overwritten by accident."""
    with pytest.raises(SystemExit, match="lacks"):
        tool["fill"]("# A page", "figures")


def test_figures_of_both_stand_side_by_side(tool: dict[str, Any], tmp_path: Path) -> None:
    """Ours first, for each group, with what is not found."""
    rows = [
        {"id": 1, "text": "Ann and Bob", "lang": "en", "spans": [{"start": 0, "end": 3, "label": "name"}]},
        {"id": 2, "text": "Rome", "lang": "en", "spans": [{"start": 0, "end": 4, "label": "loc"}] * 12},
        {"id": 3, "text": "Ann", "lang": "en", "spans": []},
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    data = tool["DataSet"](title="Texts", source="nobody", file="texts")
    runs = [(data, tool["measure"](find_names, file), tool["measure"](find_nothing, file))]
    lines = list(tool["write"](runs))

    assert "| person | 1 | 1.00 / 0.00 | 1.00 / 0.00 | 0.00 / 1.00 | 1.00 / 0.00 | 0.50 / - |" in lines
    assert any(line.startswith("| Texts | 1 | 1.00 / 0.00 | 1.00 / 0.00 |") for line in lines)
    assert "| Texts | loc | 12 | 0.00 / 0.00 |" in lines
    assert "nobody; 3 texts." in lines


def test_prompts_without_labels_are_texts(tool: dict[str, Any], tmp_path: Path) -> None:
    """Turns of a conversation, and a task with its input."""
    file = tmp_path / "prompts.jsonl"
    rows = [{"turns": ["one", "two"]}, {"instruction": "do", "instances": [{"input": "this"}]}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    assert [example.text for example, _ in tool["examples"](file)] == ["one", "two", "do\nthis"]


def test_presidio_finds_what_it_finds_without_a_model(tool: dict[str, Any]) -> None:
    """The baseline is the real one."""
    found = tool["presidio"]()("Ann writes to ann@example.org", "en")
    assert {(one.entity, one.start, one.end) for one in found} >= {("EMAIL_ADDRESS", 14, 29)}
    assert "PERSON" not in {one.entity for one in found}
