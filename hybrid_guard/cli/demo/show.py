"""What a person sees of the demo: a table, the decisions, both sides of the cloud, and the audit trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hybrid_guard.cli.demo.stage import Act
from hybrid_guard.types import Zone

__all__ = ["show", "verdict"]

SHOWN = 120
"""Most characters that are shown of one text."""


def verdict(act: Act) -> str:
    """What the guard made of a conversation, in two words."""
    if act.guarded:
        return f"LEAK of {act.guarded}"
    if act.provenance.zone is Zone.LOCAL:
        return "kept local"
    return "anonymised" if act.conversation.private else "clean"


def show(console: Console, acts: Sequence[Act], audit: Path, *, real_model: bool, seconds: float) -> None:
    """Print everything."""
    console.print(table(acts))
    direct, guarded = sum(act.direct for act in acts), sum(act.guarded for act in acts)
    console.print(
        Text.assemble(
            "\nprivate values that the cloud saw: ",
            (f"{direct} directly", "bold red"),
            ", ",
            (f"{guarded} through the guard", "bold green" if not guarded else "bold red"),
            f"   ({seconds:.1f} s)",
        )
    )
    console.print("\n[bold]Why[/bold]")
    console.print(pairs((act.conversation.path, Text(reason(act))) for act in acts))
    console.print("\n[bold]What the cloud saw, and what the user saw[/bold]")
    for act in acts:
        if act.cloud_saw is not None and act.conversation.private:
            console.print(Text(f"  {act.conversation.path}"))
            sides = (("cloud", act.cloud_saw, "yellow"), ("user", act.user_saw, "green"))
            console.print(pairs((f"  {side}", Text(short(text), style=style)) for side, text, style in sides))
    console.print("\n[bold]What the local model said[/bold]")
    note = (
        "a stand-in of 4 MB in this process; any GGUF file or local server can take its place"
        if real_model
        else "a scripted server that always says the same, since the `llama-cpp` extra is not installed"
    )
    console.print(pairs([("local lane", Text(note))]))
    local = (act for act in acts if act.provenance.zone is Zone.LOCAL)
    console.print(pairs((act.conversation.path, Text(short(act.user_saw), style="green")) for act in local))
    console.print(f"\n[bold]The audit trail[/bold] ({len(lines(audit))} records, none with a text)")
    for line in lines(audit)[:3]:
        console.print(Text(f"  {line}"))


def pairs(rows: Iterable[tuple[str, Text]]) -> Table:
    """Names and what is said of them, with long lines kept beside their name."""
    result = Table.grid(padding=(0, 2), pad_edge=True)
    result.add_column(no_wrap=True)
    result.add_column()
    for name, text in rows:
        result.add_row(f"  {name}", text)
    return result


def table(acts: Sequence[Act]) -> Table:
    """One line per conversation."""
    result = Table(
        title="Six conversations with a cloud that records every byte", title_justify="left", box=box.SIMPLE_HEAD
    )
    for heading in ("conversation", "direct", "guarded", "answered by", "level"):
        result.add_column(heading, no_wrap=True)
    for act in acts:
        leaks = f"LEAK of {act.direct}" if act.direct else "clean"
        result.add_row(
            act.conversation.path,
            Text(leaks, style="red" if act.direct else "green"),
            Text(verdict(act), style="red" if act.guarded else "green"),
            act.provenance.source,
            f"{act.provenance.level} {act.provenance.score:.2f}",
        )
    return result


def reason(act: Act) -> str:
    """One line: what was found, which rules applied, where it went."""
    found = ", ".join(f"{count} {entity}" for entity, count in sorted(act.provenance.entities.items())) or "nothing"
    rules = ", ".join(act.provenance.reasons) or "no rule applies"
    return f"found {found}; {rules}; so {verdict(act)}"


def lines(audit: Path) -> list[str]:
    """Each record of the trail in short."""
    result = []
    for line in audit.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        ending = record["outcome"] or f"{record['bytes_out']} bytes are about to leave"
        where = f"{record['deployment']} ({record['zone']})"
        result.append(f"{record['kind']:<8} {record['audit_id'][:8]}  {where}  {ending}")
    return result


def short(text: str) -> str:
    """*text* on one line, cut if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]} ..."
