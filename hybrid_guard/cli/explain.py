"""``hybrid-guard explain``: what would happen to a request, without any call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import Alias, AsJson, ModeOption, PolicyFile, Prompt, Tags
from hybrid_guard.cli.reasons import describe, destination, treatment_words
from hybrid_guard.cli.shapes import finding_json, sensitivity_json
from hybrid_guard.cli.terminal import clean, console, say, show_json, show_source, show_table, to_json
from hybrid_guard.errors import AuditError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from hybrid_guard.core import Preview
    from hybrid_guard.types import AuditRecord, Policy

__all__ = ["NoTrail", "explain"]


class NoTrail:
    """An audit sink for commands that call nothing: it has no file, and refuses a record."""

    def write(self, record: AuditRecord) -> None:  # noqa: ARG002 - refused whatever it is
        """Always raises `AuditError`, so nothing can be sent."""
        raise AuditError("this command makes no calls, so it keeps no audit trail")

    def close(self) -> None:
        """Nothing to release."""


def explain(
    prompt: Prompt = None,
    *,
    messages: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON: a list of messages, or an object with `messages` and other arguments; `-` is standard input.",
        ),
    ] = None,
    policy: PolicyFile = None,
    mode: ModeOption = None,
    tag: Tags = None,
    model: Alias = None,
    what_leaves: Annotated[
        bool,
        typer.Option(
            "--what-leaves", help="Print only the exact body that would leave this machine; null if nothing would."
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """
    Tell what would happen to a request, and why, without a call.

    No model is called and nothing is recorded.
    Shows what was found, the score, the rules that apply, where the request would go, and the exact body that would
    be sent there.
    The store of the vaults is not opened: what a session has shown before does not count.
    """
    from hybrid_guard.cli.sources import find_policy, offline_policy, read_arguments, read_prompt
    from hybrid_guard.guard import Guard

    if prompt is not None and messages is not None:
        raise InputError("give either a prompt or `--messages`", code="HG900")
    rules = offline_policy(find_policy(policy))
    if messages is None:
        arguments: dict[str, Any] = {"messages": [{"role": "user", "content": read_prompt(prompt)}]}
    else:
        arguments = read_arguments(messages)
    wishes = {name: value for name, value in (("mode", mode), ("tags", tag)) if value is not None}
    if wishes:
        arguments["hybrid_guard"] = {**arguments.get("hybrid_guard", {}), **wishes}
    if model is not None:
        arguments["model"] = model
    alone = replace(rules, vault=replace(rules.vault, store="memory", path=None, url=None, key=None))
    with Guard(alone, audit=NoTrail()) as guard:
        preview = guard.explain(**arguments)
    if what_leaves:
        show_source(to_json(leaving(preview), indent=2), "json")
    elif as_json:
        show_json(as_object(preview))
    else:
        show(preview, rules)
    return DONE


def as_object(preview: Preview) -> dict[str, Any]:
    """The preview as JSON; facts and decision look as they do in the audit trail."""
    from hybrid_guard.audit import to_event
    from hybrid_guard.types import AuditRecord

    record = AuditRecord(kind="outcome", audit_id="explain", time=0.0, facts=preview.facts, decision=preview.decision)
    event = to_event(record)
    return {
        "findings": [
            {"path": segment.path, **finding_json(finding)}
            for segment, spans in zip(preview.segments, preview.findings.spans, strict=True)
            for finding in spans
        ],
        "sensitivity": sensitivity_json(preview.facts.sensitivity),
        "suspicious": preview.findings.suspicious,
        "facts": event["facts"],
        "decision": event["decision"],
        "dropped": preview.dropped,
        "body": None if preview.body is None else dict(preview.body.content),
        "problems": list(preview.problems),
    }


def leaving(preview: Preview) -> dict[str, Any] | None:
    """The body for a deployment beyond this machine; None if there is none."""
    zone = preview.decision.zone
    if preview.body is None or zone is None or zone.value == "local":
        return None
    return dict(preview.body.content)


def show(preview: Preview, policy: Policy) -> None:
    """The preview for a person."""
    screen = console()
    show_findings(screen, preview)
    show_rules(screen, preview, policy)
    decision = preview.decision
    heading(screen, "where it would go")
    say(f"  {destination(decision, policy)}")
    if decision.zone is not None:
        say(f"  treatment: {treatment_words(decision.treatment)}")
    if preview.dropped:
        say(f"  dropped: {preview.dropped} arguments or parts that no deployment is sent")
    if preview.problems:
        say(f"  problems: {', '.join(preview.problems)}")
    show_body(screen, preview)


def heading(screen: Console, text: str) -> None:
    """A heading with an empty line above it."""
    say("")
    screen.print(text, style="bold")


def show_findings(screen: Console, preview: Preview) -> None:
    """What was found, and the score."""
    from rich.table import Table

    screen.print("findings", style="bold")
    table = Table(box=None, pad_edge=True, show_header=True, header_style="dim")
    for name in ("where", "entity", "span", "score", "detector"):
        table.add_column(name, overflow="fold")
    for segment, spans in zip(preview.segments, preview.findings.spans, strict=True):
        for one in spans:
            span = f"{one.start}..{one.end}"
            table.add_row(clean(segment.path), one.entity, span, f"{one.score:.2f}", one.detector)
    if table.row_count:
        show_table(table)
    else:
        say("  nothing found")
    sensitivity = preview.facts.sensitivity
    say(f"  sensitivity {sensitivity.score:.2f}, level {sensitivity.level}")
    if preview.findings.suspicious:
        say("  suspicious: a text looks as if it hid something from detectors")


def show_rules(screen: Console, preview: Preview, policy: Policy) -> None:
    """Which rules applied, and what each narrowed."""
    from rich.table import Table

    heading(screen, "reasons")
    table = Table(box=None, pad_edge=True, show_header=False)
    table.add_column(style="cyan")
    table.add_column(overflow="fold")
    for reason in preview.decision.reasons:
        table.add_row(clean(reason), clean(describe(reason, policy)))
    if table.row_count:
        show_table(table)
    else:
        say("  no rule applies: every zone is permitted, and nothing is replaced")


def show_body(screen: Console, preview: Preview) -> None:
    """The body that would leave, or what a local deployment would get."""
    alias = preview.decision.deployment
    if preview.body is None:
        heading(screen, "what would leave: nothing")
        return
    local = leaving(preview) is None
    nothing = f"what would leave: nothing; `{alias}` on this machine would get"
    heading(screen, nothing if local else f"what would leave, to `{alias}`")
    show_source(to_json(preview.body.content, indent=2), "json")
