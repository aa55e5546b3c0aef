"""``hybrid-guard scan``: what detectors find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson, Output, PolicyFile, Prompt
from hybrid_guard.cli.shapes import finding_json, sensitivity_json
from hybrid_guard.cli.terminal import clean, note, say, show_json, show_table
from hybrid_guard.errors import InputError

if TYPE_CHECKING:
    from hybrid_guard.cli.lines import Row
    from hybrid_guard.ports import Detector
    from hybrid_guard.types import Finding, Findings, Json, Segment, Sensitivity

__all__ = ["scan"]


def scan(
    text: Prompt = None,
    *,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", metavar="IN", help="JSON Lines to read; `-` is standard input.")
    ] = None,
    out: Output = "-",
    policy: PolicyFile = None,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show what was found, not only where.")] = False,
    as_json: AsJson = False,
) -> int:
    """
    Find private spans in a text, or in each line of a file.

    Nothing is sent anywhere.
    With --jsonl each line is an object with "id", "text" and perhaps "lang". OUT gets one line for each: "id",
    "findings" with their offsets in code points, "sensitivity" and "suspicious".

    Without a policy the default detectors and weights are used.
    """
    if jsonl is not None:
        if text is not None or show_values:
            raise InputError("give either a text or `--jsonl`; `--show-values` is for a text", code="HG900")
        return scan_lines(jsonl, out, policy, as_json=as_json)
    if out != "-":
        raise InputError("`--out` needs `--jsonl`; a text is shown on standard output", code="HG900")
    return scan_text(text, policy, show_values=show_values, as_json=as_json)


def scan_lines(source: str, target: str, policy: Path | None, *, as_json: bool) -> int:
    """Scan JSON Lines, a batch at a time."""
    from hybrid_guard.cli.detection import detectors_by_language, find_settings
    from hybrid_guard.cli.lines import convert
    from hybrid_guard.sensitivity import score
    from hybrid_guard.types import Segment

    settings, weights = find_settings(policy)
    detector = detectors_by_language(settings)
    found = 0

    def change(rows: Sequence[Row]) -> list[Mapping[str, object]]:
        nonlocal found
        changed: list[Mapping[str, object]] = []
        for language, same in groupby(rows, key=lambda row: row.language):
            several = list(same)
            # Lines have nothing to do with each other; the texts of one role would be read as one conversation.
            segments = [Segment(path="", text=row.text, role="other") for row in several]
            answers = detect_each(detector(language), segments, language or settings.languages[0])
            changed += [
                {"id": row.id, **as_object(findings, score(findings, (segment,), weights))}
                for row, segment, findings in zip(several, segments, answers, strict=True)
            ]
            found += sum(len(findings.spans[0]) for findings in answers)
        return changed

    lines = convert(source, target, change, what="scanning")
    if target != "-" and as_json:
        show_json({"lines": lines, "findings": found})
    elif target != "-":
        note(f"{lines} lines, {found} findings")
    return DONE


def detect_each(detector: Detector, segments: Sequence[Segment], language: str) -> list[Findings]:
    """
    What is found in each of *segments*, which belong to different texts.

    They are read together. Suspicion is told of all of them at once, so where there is some each is read alone.
    """
    findings = detector.detect(segments, language=language)
    if findings.suspicious and len(segments) > 1:
        return [detector.detect((segment,), language=language) for segment in segments]
    return [replace(findings, spans=(spans,)) for spans in findings.spans]


def scan_text(given: str | None, policy: Path | None, *, show_values: bool, as_json: bool) -> int:
    """Scan one text."""
    from hybrid_guard.cli.detection import detectors_by_language, find_settings
    from hybrid_guard.cli.sources import read_prompt
    from hybrid_guard.sensitivity import score
    from hybrid_guard.types import Segment

    settings, weights = find_settings(policy)
    text = read_prompt(given)
    segments = (Segment(path="", text=text, role="user"),)
    findings = detectors_by_language(settings)(None).detect(segments, language=settings.languages[0])
    sensitivity = score(findings, segments, weights)
    if as_json:
        shown = as_object(findings, sensitivity)
        if show_values:
            for finding, row in zip(findings.spans[0], shown["findings"], strict=True):
                row["value"] = text[finding.start : finding.end]
        show_json(shown)
        return DONE
    if findings.spans[0]:
        show_findings(findings.spans[0], text if show_values else None)
    else:
        say("nothing found")
    say(f"sensitivity {sensitivity.score:.2f}, level {sensitivity.level}")
    if findings.suspicious:
        say("suspicious: the text looks as if it hid something from detectors")
    return DONE


def show_findings(spans: tuple[Finding, ...], text: str | None) -> None:
    """A table of findings; with the values if *text* is given."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("entity", style="bold")
    table.add_column("start", justify="right")
    table.add_column("end", justify="right")
    table.add_column("score", justify="right")
    table.add_column("detector")
    if text is not None:
        table.add_column("value", overflow="fold")
    for one in spans:
        values = () if text is None else (clean(text[one.start : one.end]),)
        table.add_row(one.entity, str(one.start), str(one.end), f"{one.score:.2f}", one.detector, *values)
    show_table(table)


def as_object(findings: Findings, sensitivity: Sensitivity) -> dict[str, Json]:
    """Findings of one text, and its sensitivity, as JSON."""
    return {
        "findings": [finding_json(one) for one in findings.spans[0]],
        "sensitivity": sensitivity_json(sensitivity),
        "suspicious": findings.suspicious,
    }
