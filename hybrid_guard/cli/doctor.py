"""``hybrid-guard doctor``: what keeps a guard from working here."""

from __future__ import annotations

from typing import Annotated

import typer

from hybrid_guard.cli.exits import DONE, FOUND
from hybrid_guard.cli.options import AsJson, PolicyFile
from hybrid_guard.cli.terminal import clean, console, show_json

__all__ = ["doctor"]

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(
    *,
    policy: PolicyFile = None,
    connect: Annotated[
        bool,
        typer.Option(
            "--connect",
            help="Also see whether servers on this machine and a shared vault store answer; no text is sent.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """
    Find out what keeps a guard from working here, and what to do about it.

    Makes no connection without --connect. The exit code is 1 if something fails; a warning is no failure.
    """
    from rich.text import Text

    from hybrid_guard.cli.checkups import examine

    screen = console()
    found = []
    for one in examine(policy, connect=connect):
        found.append(one)
        if as_json:
            continue
        line = Text(f"{one.status:<5}", style=_STYLES[one.status])
        line.append(clean(f"{one.name}: {one.message}"), style="default")
        if one.remedy:
            line.append(clean(f"\n     -> {one.remedy}"), style="dim")
        screen.print(line)
    failed = any(one.status == "fail" for one in found)
    if as_json:
        checks = [
            {"name": one.name, "status": one.status, "message": one.message, "remedy": one.remedy} for one in found
        ]
        show_json({"ok": not failed, "checks": checks})
    return FOUND if failed else DONE
