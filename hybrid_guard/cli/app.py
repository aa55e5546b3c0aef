"""Puts the commands together, runs one, and turns whatever it raises into an exit code."""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from hybrid_guard.cli import anonymize, ask, chat, demo, doctor, explain, policy, restore, scan, vault
from hybrid_guard.cli import eval as measuring
from hybrid_guard.cli.exits import DONE, INTERRUPTED, NO_READER, report
from hybrid_guard.cli.terminal import say

__all__ = ["app", "main", "run"]

app = typer.Typer(
    name="hybrid-guard",
    add_completion=False,
    rich_markup_mode="markdown",
    # A traceback shows local variables, and those are prompts.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (demo.demo, ask.ask, chat.chat, explain.explain, scan.scan, anonymize.anonymize, restore.restore):
    app.command()(command)
app.add_typer(policy.app)
app.add_typer(vault.app)
app.add_typer(measuring.app)
app.command()(doctor.doctor)


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        say(f"hybrid-guard {version('hybrid-guard')}")
    except PackageNotFoundError:
        say("hybrid-guard, run from its sources")
    raise typer.Exit(DONE)


@app.callback()
def describe(
    shown: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=show_version)
    ] = False,
) -> None:
    """Privacy-aware routing for LLM calls: private prompts stay local, and every decision is on record."""


def run(arguments: Sequence[str]) -> int:
    """
    Run one command.

    Args:
        arguments: What stands behind ``hybrid-guard``.

    Returns:
        The exit code; `hybrid_guard.cli.exits` lists them.
    """
    options = list(arguments) or ["--help"]
    as_json = "--json" in options[: options.index("--") if "--" in options else None]
    try:
        command = get_command(app)
        with command.make_context("hybrid-guard", options) as context:
            code = command.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except typer.Exit as end:
        return end.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes standard output once more on its way out, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return NO_READER
    except Exception as error:
        return report(error, as_json=as_json)


def main() -> None:
    """The console script ``hybrid-guard``."""
    # PRIVACY: pydantic's warnings quote the values that they are about.
    warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
