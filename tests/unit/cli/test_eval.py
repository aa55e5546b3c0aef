"""`eval detect`: figures of labelled texts, for a person and for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Shell

SECRET = "zebra-quartz-7731"
POLICY = (
    "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
    "detection: {detectors: [patterns.v1], min_score: 0.5}\n"
)
TEXTS = [
    ("Write to ann@example.org now", [("ann@example.org", "email")]),
    ("Ann Lee, SSN 536-90-4399", [("Ann Lee", "name"), ("536-90-4399", "national_id")]),
    ("A clean text about rain", []),
    ("A clean text that names bob@example.org", []),
]


def line(number: int, text: str, spans: list[tuple[str, str]], **more: Any) -> str:
    """One line of data."""
    marked = [
        {"start": text.index(value), "end": text.index(value) + len(value), "label": label} for value, label in spans
    ]
    return json.dumps({"id": number, "text": text, "spans": marked, **more}) + "\n"


@pytest.fixture(autouse=True)
def data(hg: Shell) -> None:
    """The texts in `data.jsonl`, and a policy without the name finder, in the directory that commands run in."""
    Path("data.jsonl").write_text("".join(line(number, *text) for number, text in enumerate(TEXTS)), "utf-8")
    Path("policy.yaml").write_text(POLICY)


def test_figures_for_programs(hg: Shell) -> None:
    """Every figure of the table, and nothing of the texts."""
    result = hg("eval", "detect", "--data", "data.jsonl", "--json")
    shown = json.loads(result.out)
    groups = {one["group"]: one for one in shown["groups"]}

    assert result.code == 0
    assert list(groups) == ["PERSON", "CONTACT", "ID", "all"]
    assert groups["CONTACT"] == {
        "group": "CONTACT",
        "spans": 1,
        "recall": 1.0,
        "coverage": 1.0,
        "leaked": 0.0,
        "mentions": 1.0,
        "named": 1.0,
        "precision": 0.5,
        "f2": 0.8333,
    }
    assert (groups["PERSON"]["recall"], groups["PERSON"]["leaked"], groups["ID"]["coverage"]) == (0.0, 1.0, 1.0)
    assert shown["labels"] == [
        {"label": label, "spans": 1, "recall": found, "coverage": found, "leaked": 1.0 - found}
        for label, found in (("email", 1.0), ("name", 0.0), ("national_id", 1.0))
    ]
    assert shown["texts"] == 4
    assert shown["clean"] == {"texts": 2, "found": 0.5, "above_low": 0.5}
    assert shown["false_alarms_per_1000_characters"] == round(1000 / sum(len(text) for text, _ in TEXTS), 4)
    assert shown["ms_per_1000_characters"] > 0
    assert "curve" not in shown
    assert "example.org" not in result.out + result.err


def test_figures_for_a_person(hg: Shell) -> None:
    """A table, then what was found for nothing, then the speed."""
    result = hg("eval", "detect", "--data", "data.jsonl")
    rows = [one.split() for one in result.out.splitlines()]

    assert ["group", "spans", "found", "covered", "leaked", "mentions", "precision", "F2"] in rows
    assert ["CONTACT", "1", "1.000", "1.000", "0.000", "1.000", "0.500", "0.833"] in rows
    assert "2 texts without a span: something found in 50.0%, level above low in 50.0%" in result.out
    assert "ms per 1000 characters" in result.out
    assert result.err == ""


def test_data_can_come_by_pipe_with_a_language(hg: Shell) -> None:
    """As everywhere."""
    result = hg("eval", "detect", "--data", "-", "--json", stdin=line(1, *TEXTS[0], lang="de"))
    assert json.loads(result.out)["texts"] == 1


def test_a_plot_adds_the_curve(hg: Shell) -> None:
    """As a picture, and as figures for programs."""
    result = hg("eval", "detect", "--data", "data.jsonl", "--plot", "plot.svg", "--json")
    curve = json.loads(result.out)["curve"]

    assert result.code == 0
    assert [point["threshold"] for point in curve] == [round(step * 0.05, 2) for step in range(21)]
    assert "CONTACT (1)" in Path("plot.svg").read_text("utf-8")


def test_the_curve_knows_what_the_least_score_drops(hg: Shell) -> None:
    """It is about which threshold to choose, so that of the policy does not cut it short."""
    Path("policy.yaml").write_text(POLICY.replace("0.5", "0.99"))
    Path("data.jsonl").write_text(line(1, "He has asthma", [("asthma", "medical_condition")]))
    shown = json.loads(hg("eval", "detect", "--data", "data.jsonl", "--plot", "plot.svg", "--json").out)

    assert shown["groups"][0]["coverage"] == 0.0
    assert shown["curve"][0]["coverage"] == 1.0


def test_a_plot_that_cannot_be_drawn_costs_no_time(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told before the data is read."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = hg("eval", "detect", "--data", "no-such-file", "--plot", "plot.png")

    assert result.code == 2
    assert "[HG908]" in result.err


def test_a_plot_of_nothing_is_an_error(hg: Shell) -> None:
    """There must be a label somewhere."""
    Path("data.jsonl").write_text(line(1, "nothing here", []))
    result = hg("eval", "detect", "--data", "data.jsonl", "--plot", "plot.png")

    assert (result.code, Path("plot.png").exists()) == (2, False)
    assert "nothing to draw" in result.err


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (None, "`spans` should be a list"),
        ([SECRET], "`spans[0]` should be an object"),
        ([{"start": 0, "end": 99, "label": SECRET}], "`spans[0]` should lie inside its text"),
        ([{"start": 2, "end": 2, "label": SECRET}], "`spans[0]` should lie inside its text"),
        ([{"start": True, "end": 2, "label": SECRET}], "`spans[0]` should lie inside its text"),
        ([{"start": 0, "end": 2, "label": "A"}, {"start": 0, "end": 2, "label": 7}], "`spans[1].label` should be"),
    ],
)
def test_a_broken_line_is_named_by_its_number(hg: Shell, spans: object, words: str) -> None:
    """Nothing of the line is shown."""
    Path("data.jsonl").write_text(line(1, "ok", []) + json.dumps({"id": 2, "text": SECRET[:5], "spans": spans}) + "\n")
    result = hg("eval", "detect", "--data", "data.jsonl")

    assert result.code == 2
    assert result.err.startswith("error: [HG903] data.jsonl:2: ")
    assert words in result.err
    assert SECRET[:5] not in result.out + result.err


def test_eval_alone_tells_what_there_is(hg: Shell) -> None:
    """As a group of commands does."""
    assert "detect" in hg("eval", "--help").out
