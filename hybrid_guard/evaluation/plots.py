"""Pictures of a table: recall per group, and what a higher score threshold does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hybrid_guard.errors import InputError
from hybrid_guard.evaluation.curves import Curve, points
from hybrid_guard.evaluation.table import EVERYTHING, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FORMATS", "check_plot", "draw"]

FORMATS = (".png", ".svg")
"""Ends of file names, which say what kind of picture is drawn."""

_OVERLAP, _COVERAGE, _PRECISION = "#9ecae1", "#08519c", "#e6550d"


def check_plot(target: Path) -> None:
    """
    See whether a picture can be drawn, before any work is done for it.

    Raises:
        InputError: HG900 the file has another end than `FORMATS`, HG908 matplotlib is not installed.
    """
    if target.suffix not in FORMATS:
        raise InputError(f"the plot should be a file that ends in {' or '.join(FORMATS)}", code="HG900")
    try:
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError:
        raise InputError('plots need matplotlib; run `pip install "hybrid-guard[plot]"`', code="HG908") from None


def draw(table: Table, curve: Curve, target: Path) -> None:
    """
    Draw recall per group beside the score threshold curve.

    The same figures give the same bytes.

    Args:
        table: Has at least one row.
        curve: Of the same texts.
        target: File to write; see `FORMATS`.

    Raises:
        InputError: As `check_plot`; HG904 the file cannot be written.
    """
    check_plot(target)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # A figure without the pyplot interface keeps no state and needs no screen.
    figure = Figure(figsize=(13, max(4.5, 0.42 * len(table.rows) + 1.8)), dpi=120, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _draw_groups(left, table)
    _draw_curve(right, curve)
    metadata = {"Date": None} if target.suffix == ".svg" else {"Software": None}
    try:
        with mpl.rc_context({"svg.hashsalt": "hybrid-guard", "svg.fonttype": "none"}):
            figure.savefig(target, metadata=metadata)
    except OSError:
        raise InputError(f"cannot write the plot `{target}`; check its path", code="HG904") from None


def _draw_groups(axes: Axes, table: Table) -> None:
    rows = table.rows[::-1]
    places = range(len(rows))
    axes.barh(
        [place + 0.2 for place in places], [row.recall or 0 for row in rows], 0.38, color=_OVERLAP, label="overlapped"
    )
    axes.barh(
        [place - 0.2 for place in places], [row.coverage or 0 for row in rows], 0.38, color=_COVERAGE, label="covered"
    )
    for place, row in enumerate(rows):
        for height, share in ((0.2, row.recall), (-0.2, row.coverage)):
            axes.text((share or 0) + 0.01, place + height, f"{share or 0:.3f}", va="center", fontsize=8)
    axes.set_yticks(list(places), [f"{'ALL' if row.group == EVERYTHING else row.group} ({row.spans})" for row in rows])
    axes.set_xlim(0, 1.08)
    axes.set_xlabel("share of labelled spans")
    axes.set_title("Recall per group (number of spans)")
    _tidy(axes, "x")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False)


def _draw_curve(axes: Axes, curve: Curve) -> None:
    traced = list(points(curve))
    thresholds = [point.threshold for point in traced]
    precise = [point for point in traced if point.precision is not None]
    axes.plot(thresholds, [point.overlap for point in traced], color=_OVERLAP, label="overlapped", linewidth=2)
    axes.plot(thresholds, [point.coverage for point in traced], color=_COVERAGE, label="covered", linewidth=2)
    axes.plot(
        [point.threshold for point in precise],
        [point.precision or 0.0 for point in precise],
        color=_PRECISION,
        label="findings on a labelled span",
        linewidth=2,
        linestyle="--",
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("lowest score that counts (`min_score`)")
    axes.set_ylabel("share")
    axes.set_title("What a higher threshold does")
    _tidy(axes, "both")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False)


def _tidy(axes: Axes, grid: str) -> None:
    axes.grid(axis=grid, alpha=0.3)  # type: ignore[arg-type]  # one of a closed set of words
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
