"""``hybrid-guard policy test``: the cases beside a policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hybrid_guard.cli.exits import DONE, FOUND
from hybrid_guard.cli.options import AsJson
from hybrid_guard.cli.sources import DEFAULT_POLICY, find_policy, offline_policy
from hybrid_guard.cli.terminal import clean, say, show_json, show_table
from hybrid_guard.errors import InputError

if TYPE_CHECKING:
    from hybrid_guard.policies.check import Assess, Report
    from hybrid_guard.types import Facts, Json, Policy

__all__ = ["run_tests"]


def run_tests(
    places: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE|DIR",
            help="Policies, or folders that hold a `policy.yaml` or folders with one; without any this directory.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> int:
    """
    Run the tests of policies.

    The cases for policy.yaml are in policy_test.yaml beside it. No model is called and environment variables need
    not be set. The exit code is 1 if a case fails.
    """
    from hybrid_guard.policies import load_tests
    from hybrid_guard.policies.check import run

    reports: list[tuple[Path, Report]] = []
    for file in [file for place in places or [find_policy(None)] for file in policies_at(place)]:
        policy = offline_policy(file)
        cases = load_tests(file.with_name(f"{file.stem}_test{file.suffix}"), policy=policy)
        reports.append((file, run(policy, cases, assess=assessor(policy))))
    passed = all(report.passed for _, report in reports)
    if as_json:
        show_json({"passed": passed, "policies": [as_object(*one) for one in reports]})
    else:
        for file, report in reports:
            show_report(file, report)
    return DONE if passed else FOUND


def policies_at(place: Path) -> Iterator[Path]:
    """The policy file *place*, or those in the folder *place*."""
    if not place.is_dir():
        yield place
        return
    found = [file for file in (place / DEFAULT_POLICY, *sorted(place.glob(f"*/{DEFAULT_POLICY}"))) if file.is_file()]
    if not found:
        raise InputError(f"there is no `{DEFAULT_POLICY}` in `{place}`; name the file", code="HG905")
    yield from found


def assessor(policy: Policy) -> Assess:
    """Detection for the tests of *policy*: messages and tags to facts. The detectors are built when first needed."""
    from hybrid_guard.cli.detection import detectors_by_language
    from hybrid_guard.sensitivity import score
    from hybrid_guard.text import visit
    from hybrid_guard.types import Facts

    detector = detectors_by_language(policy.detection)

    def assess(messages: Sequence[Mapping[str, Json]], tags: frozenset[str]) -> Facts:
        seen = visit({"messages": list(messages)})
        findings = detector(None).detect(seen.segments, language=policy.detection.languages[0])
        return Facts(
            sensitivity=score(findings, seen.segments, policy.sensitivity),
            suspicious=findings.suspicious,
            opaque=seen.opaque,
            tags=tags,
        )

    return assess


def as_object(file: Path, report: Report) -> dict[str, Any]:
    """The report on one policy as JSON."""
    return {
        "file": str(file),
        "passed": report.passed,
        "cases": [
            {"id": one.id, "line": one.line, "passed": one.passed, "problems": list(one.problems)}
            for one in report.results
        ],
        "uncovered": list(report.uncovered),
    }


def show_report(file: Path, report: Report) -> None:
    """The report on one policy for a person."""
    from rich.table import Table
    from rich.text import Text

    failed = sum(not one.passed for one in report.results)
    total = len(report.results)
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column()
    table.add_column(justify="right", style="dim")
    table.add_column()
    table.add_column(overflow="fold")
    for one in report.results:
        style, word = ("green", "pass") if one.passed else ("bold red", "FAIL")
        table.add_row(Text(word, style=style), str(one.line), clean(one.id), clean("\n".join(one.problems)))
    say(f"{file}: {total - failed} of {total} cases passed")
    show_table(table)
    if report.uncovered:
        say(f"  no case exercises: {', '.join(report.uncovered)}")
