"""Pictures: what they are drawn of, and what is said where they cannot be drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hybrid_guard.errors import InputError
from hybrid_guard.evaluation import Curve, Example, Judgement, Label, Table, draw, judge, summarise, trace
from hybrid_guard.types import Finding

TEXT = "Anna lives in Berlin."
FOUND = [Finding(start=0, end=4, entity="PERSON", score=0.7, detector="x")]


def figures() -> tuple[Table, Curve]:
    """Two labelled spans, one of which is found."""
    example = Example(text=TEXT, labels=(Label(start=0, end=4, label="PER"), Label(start=14, end=20, label="shelter")))
    judgement: Judgement = judge(example, FOUND, raised=True)
    return summarise(judgement), trace([(0, 4), (14, 20)], FOUND)


def test_a_vector_picture_names_groups_and_their_shares(tmp_path: Path) -> None:
    """Text stays text, so it can be looked at."""
    draw(*figures(), tmp_path / "plot.svg")
    drawn = (tmp_path / "plot.svg").read_text("utf-8")

    for words in ("PERSON (1)", "SHELTER (1)", "ALL (2)", "1.000", "0.500", "0.000", "covered", "min_score"):
        assert words in drawn


@pytest.mark.parametrize("name", ["plot.png", "plot.svg"])
def test_the_same_figures_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    """A picture in a repository changes only with its figures."""
    (tmp_path / "again").mkdir()
    for folder in (tmp_path, tmp_path / "again"):
        draw(*figures(), folder / name)
    assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert (tmp_path / name).stat().st_size > 5000


def test_without_matplotlib_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to guess."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"hybrid-guard\[plot\]") as caught:
        draw(*figures(), tmp_path / "plot.png")
    assert caught.value.code == "HG908"


@pytest.mark.parametrize(("target", "code"), [("plot.jpg", "HG900"), ("no/folder/plot.png", "HG904")])
def test_a_file_that_cannot_be_is_told(tmp_path: Path, target: str, code: str) -> None:
    """A wrong end, or a folder that is not there."""
    with pytest.raises(InputError) as caught:
        draw(*figures(), tmp_path / target)
    assert caught.value.code == code


def test_a_plot_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Which file, since a run may write several."""
    target = tmp_path / "no" / "folder" / "plot.png"
    with pytest.raises(InputError) as caught:
        draw(*figures(), target)
    assert f"`{target}`" in str(caught.value)
