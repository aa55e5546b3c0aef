"""The two lists of prompts in `tests/golden/mentions/`, as texts with findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hybrid_guard.types import Finding

__all__ = ["SCORE", "MarkedText", "read_marked"]

SCORE = 0.85
"""Score of every finding, as a detector that is sure gives it."""

_FOLDER = Path(__file__).with_name("mentions")
_MARK = re.compile(r"\{([A-Z_]+)\|([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """
    One line of a list.

    Attributes:
        language: ISO 639-1 code.
        text: Without the marks.
        findings: What the marks mark, in the order of the text.
    """

    language: str
    text: str
    findings: tuple[Finding, ...]


def read_marked(name: str) -> Iterator[MarkedText]:
    """The texts of one list: ``public`` or ``private``."""
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, marked = line.split("\t")
            yield _parse(language, marked.replace("\\n", "\n"))


def _parse(language: str, marked: str) -> MarkedText:
    text = ""
    findings = []
    position = 0
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        start = len(text)
        text += mark[2]
        findings.append(Finding(start=start, end=len(text), entity=mark[1], score=SCORE, detector="golden.v1"))
        position = mark.end()
    return MarkedText(language=language, text=text + marked[position:], findings=tuple(findings))
