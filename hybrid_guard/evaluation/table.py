"""From counts to the figures that people read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hybrid_guard.evaluation.groups import GROUPS
from hybrid_guard.evaluation.judgement import Judgement, Tally

__all__ = ["EVERYTHING", "Row", "Table", "f_score", "summarise"]

EVERYTHING = "all"
"""The row over all groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    Figures of one group; shares are in [0, 1], and None where there is nothing to take a share of.

    Attributes:
        group: Its name, or `EVERYTHING`; in a row for a label that label.
        spans: Labelled spans.
        recall: Share of spans that a finding of any entity overlaps.
        coverage: Share of spans that findings of any entity cover to the last character.
        leaked: Share of the characters of spans that no finding covers.
        mentions: Share of values that are covered wherever they stand in their text.
        named: Share of spans that a finding of the same group overlaps.
        precision: Share of the group's findings that overlap a span of the same group.
        f2: Of *precision* and *named*: recall counts as twice as important.
    """

    group: str
    spans: int
    recall: float | None
    coverage: float | None
    leaked: float | None
    mentions: float | None
    named: float | None
    precision: float | None
    f2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    The figures of a run.

    Attributes:
        rows: Groups with labelled spans, ours first, then `EVERYTHING` if there is any span.
        labels: A row for each label of the data, in the order of their names; without precision.
        texts: Texts that were read.
        characters: In them.
        alarms: Findings that overlap no labelled span, per 1000 characters.
        clean: Texts without a labelled span.
        clean_found: Share of these in which something was found.
        clean_raised: Share of these whose level is above low.
    """

    rows: tuple[Row, ...]
    labels: tuple[Row, ...]
    texts: int
    characters: int
    alarms: float | None
    clean: int
    clean_found: float | None
    clean_raised: float | None


def summarise(judgement: Judgement) -> Table:
    """The table of *judgement*."""
    return Table(
        rows=tuple(_rows(judgement)),
        labels=tuple(_row(label, tally, judged=False) for label, tally in sorted(judgement.labels.items())),
        texts=judgement.texts,
        characters=judgement.characters,
        alarms=_share(1000 * judgement.alarms, judgement.characters),
        clean=judgement.clean,
        clean_found=_share(judgement.clean_found, judgement.clean),
        clean_raised=_share(judgement.clean_raised, judgement.clean),
    )


def f_score(precision: float, recall: float, *, beta: float) -> float:
    """The weighted harmonic mean of two shares, in which recall is *beta* times as important; 0 if both are 0."""
    weight = beta * beta
    bottom = weight * precision + recall
    return (1 + weight) * precision * recall / bottom if bottom else 0.0


def _rows(judgement: Judgement) -> Iterator[Row]:
    labelled = [group for group, tally in judgement.groups.items() if tally.spans]
    order = [*(group for group in GROUPS if group in labelled), *sorted(set(labelled) - set(GROUPS))]
    total = Tally()
    for group in order:
        tally = judgement.groups[group]
        total += tally
        yield _row(group, tally, judged=group in GROUPS)
    if order:
        yield _row(EVERYTHING, total, judged=False)


def _row(group: str, tally: Tally, *, judged: bool) -> Row:
    # No entity of ours belongs to a group that is not ours, so nothing can be said of right and wrong there.
    named = _share(tally.named, tally.spans) if judged else None
    precision = _share(tally.right, tally.findings) if judged else None
    return Row(
        group=group,
        spans=tally.spans,
        recall=_share(tally.overlapped, tally.spans),
        coverage=_share(tally.covered, tally.spans),
        leaked=_share(tally.leaked, tally.characters),
        mentions=_share(tally.hidden, tally.values),
        named=named,
        precision=precision,
        f2=None if named is None or precision is None else f_score(precision, named, beta=2),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
