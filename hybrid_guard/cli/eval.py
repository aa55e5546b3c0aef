"""``hybrid-guard eval``: how good this installation is, on texts of one's own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson, PolicyFile
from hybrid_guard.cli.terminal import clean, say, show_json, show_table
from hybrid_guard.errors import InputError

if TYPE_CHECKING:
    from hybrid_guard.cli.lines import Row as Text
    from hybrid_guard.evaluation import Curve, Example, Judgement, Row, Table

__all__ = ["app", "detect"]

_DIGITS = 4
_OF_LABELS = ("label", "spans", "recall", "coverage", "leaked")

app = typer.Typer(name="eval", help="Measure on texts of your own.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure on texts of your own."""


@app.command()
def detect(
    *,
    data: Annotated[
        str, typer.Option("--data", metavar="FILE", help="JSON Lines with labelled texts; `-` is standard input.")
    ],
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Also draw the figures, as .png or .svg.")
    ] = None,
    policy: PolicyFile = None,
    as_json: AsJson = False,
) -> int:
    """
    Measure what detectors find in labelled texts.

    Nothing is sent anywhere, and no text is shown.
    Each line is an object with "id", "text", perhaps "lang", and "spans": a list of objects with "start", "end" (code
    points, half-open) and "label". Labels of well-known data sets fall into ten groups, any other is its own group.

    Found is what a finding of any entity overlaps, covered what findings cover to the last character, leaked the share
    of characters that none covers. Mentions counts values that are covered wherever they stand in their text. Precision
    and F2 look at findings of the same group; a group that the data does not label has none.
    """
    from hybrid_guard.evaluation import draw, summarise
    from hybrid_guard.evaluation.plots import check_plot

    if plot is not None:
        check_plot(plot)
    run = measure(data, policy, with_curve=plot is not None)
    table = summarise(run.judgement)
    if plot is not None:
        if not table.rows:
            raise InputError("no text has a labelled span, so there is nothing to draw", code="HG903")
        draw(table, run.curve, plot)
    if as_json:
        show_json(table_json(table, run))
    else:
        show(table, run)
    return DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """
    What was measured.

    Attributes:
        judgement: Counts over all texts.
        curve: Counts per score; empty unless it was asked for.
        seconds: That detectors took, without the time to load them.
    """

    judgement: Judgement
    curve: Curve
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """
    One line of the data.

    Attributes:
        row: Its text.
        example: The text with its labels.
    """

    row: Text = field(repr=False)
    example: Example = field(repr=False)


def measure(data: str, policy: Path | None, *, with_curve: bool) -> Run:
    """
    Run the detectors of *policy* over *data*, one text after the other.

    Raises:
        InputError: HG901 or HG903.
    """
    from hybrid_guard.cli.detection import detectors_by_language, find_settings
    from hybrid_guard.cli.lines import place, read
    from hybrid_guard.errors import DetectionError
    from hybrid_guard.evaluation import Curve, Judgement, judge, trace
    from hybrid_guard.sensitivity import score
    from hybrid_guard.types import LOWEST_LEVEL, Segment

    settings, weights = find_settings(policy)
    detector = detectors_by_language(settings)
    # Without a least score, for the curve: what is dropped by it is what the curve is about.
    everything = detectors_by_language(replace(settings, min_score=0.0)) if with_curve else None
    judgement, curve, seconds = Judgement(), Curve(), 0.0
    warm: set[str | None] = set()
    for lines in read(data, labelled, what="measuring"):
        for line in lines:
            row, example = line.content.row, line.content.example
            language = row.language or settings.languages[0]
            segments = (Segment(path="", text=row.text, role="user"),)
            problem = None
            try:
                reader = detector(row.language)
                if row.language not in warm:
                    reader.detect((Segment(path="", text="Good morning."),), language=language)
                    warm.add(row.language)
                start = time.perf_counter()
                findings = reader.detect(segments, language=language)
                seconds += time.perf_counter() - start
                if everything is not None:
                    found = everything(row.language).detect(segments, language=language).spans[0]
                    curve += trace([(one.start, one.end) for one in example.labels], found)
            except DetectionError as error:
                problem = error
            # PRIVACY: raised outside of the handler, so that no context with the line hangs on it.
            if problem is not None:
                raise DetectionError(f"{place(data, line.number)}: {problem.args[0]}", code=problem.code)
            raised = score(findings, segments, weights).level != LOWEST_LEVEL
            judgement += judge(example, findings.spans[0], raised=raised)
    return Run(judgement=judgement, curve=curve, seconds=seconds)


def labelled(content: Mapping[str, object]) -> Labelled:
    """
    A labelled text from one object of the data.

    Raises:
        InputError: Without the place.
    """
    from hybrid_guard.cli.lines import row_of
    from hybrid_guard.evaluation import Example, Label

    row = row_of(content)
    spans = content.get("spans")
    if not isinstance(spans, list):
        raise InputError('`spans` should be a list of objects such as {"start": 0, "end": 4, "label": "PERSON"}')
    labels = []
    for number, span in enumerate(spans):
        if not isinstance(span, dict):
            raise InputError(f"`spans[{number}]` should be an object with `start`, `end` and `label`")
        start, end, label = span.get("start"), span.get("end"), span.get("label")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(row.text):
            raise InputError(f"`spans[{number}]` should lie inside its text: 0 <= `start` < `end`, in code points")
        if not isinstance(label, str) or not label.strip():
            raise InputError(f"`spans[{number}].label` should be a text that is not empty")
        labels.append(Label(start=start, end=end, label=label))
    return Labelled(row=row, example=Example(text=row.text, labels=tuple(labels)))


def table_json(table: Table, run: Run) -> dict[str, Any]:
    """The figures as JSON; shares have four decimals."""
    from hybrid_guard.evaluation import points

    shown: dict[str, Any] = {
        "groups": [rounded(asdict(row)) for row in table.rows],
        "labels": [
            {name: value for name, value in rounded(asdict(row) | {"label": row.group}).items() if name in _OF_LABELS}
            for row in table.labels
        ],
        "texts": table.texts,
        "characters": table.characters,
        "false_alarms_per_1000_characters": table.alarms,
        "clean": {"texts": table.clean, "found": table.clean_found, "above_low": table.clean_raised},
        "ms_per_1000_characters": speed(run),
    }
    curve = [rounded(asdict(point)) for point in points(run.curve)]
    return rounded(shown | ({"curve": curve} if curve else {}))


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    """*values* with few decimals."""
    return {
        name: rounded(value)
        if isinstance(value, dict)
        else round(value, _DIGITS)
        if isinstance(value, float)
        else value
        for name, value in values.items()
    }


def speed(run: Run) -> float | None:
    """Milliseconds per 1000 characters."""
    characters = run.judgement.characters
    return 1e6 * run.seconds / characters if characters else None


def show(table: Table, run: Run) -> None:
    """The figures for a person."""
    from rich.table import Table as Shown

    shown = Shown(box=None, pad_edge=False)
    shown.add_column("group", style="bold")
    for name in ("spans", "found", "covered", "leaked", "mentions", "precision", "F2"):
        shown.add_column(name, justify="right")
    for row in table.rows:
        shown.add_row(clean(row.group), str(row.spans), *map(figure, cells(row)))
    if table.rows:
        show_table(shown)
        say("")
    say(f"{table.texts} texts, {table.characters} characters")
    if table.alarms is not None:
        say(f"{table.alarms:.3f} findings outside of every span, per 1000 characters")
    if table.clean_found is not None and table.clean_raised is not None:
        say(
            f"{table.clean} texts without a span: something found in {table.clean_found:.1%},"
            f" level above low in {table.clean_raised:.1%}"
        )
    milliseconds = speed(run)
    if milliseconds is not None:
        say(f"{milliseconds:.2f} ms per 1000 characters")


def cells(row: Row) -> tuple[float | None, ...]:
    """The shares of a row, in the order of the columns."""
    return row.recall, row.coverage, row.leaked, row.mentions, row.precision, row.f2


def figure(share: float | None) -> str:
    """A share in a cell."""
    return "-" if share is None else f"{share:.3f}"
