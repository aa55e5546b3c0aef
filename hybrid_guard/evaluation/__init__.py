"""
How good detection is: pure functions from labelled texts and findings to figures.

`judge` compares the findings of one text with its labels; its answers add up. `summarise` makes the table.
"""

from __future__ import annotations

from hybrid_guard.evaluation.curves import Curve, Point, points, trace
from hybrid_guard.evaluation.groups import GROUPS, group_of_entity, group_of_label
from hybrid_guard.evaluation.judgement import Example, Judgement, Label, Tally, judge
from hybrid_guard.evaluation.plots import draw
from hybrid_guard.evaluation.table import Row, Table, summarise

__all__ = [
    "GROUPS",
    "Curve",
    "Example",
    "Judgement",
    "Label",
    "Point",
    "Row",
    "Table",
    "Tally",
    "draw",
    "group_of_entity",
    "group_of_label",
    "judge",
    "points",
    "summarise",
    "trace",
]
