"""
What a person sees: cleaned text, JSON, errors, notes and tables.

Everything shown goes through here. Colours and progress bars are for terminals only; texts lose the characters that
could move the cursor, rewrite a line or turn its direction.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

__all__ = [
    "clean",
    "complain",
    "console",
    "interactive",
    "note",
    "progress",
    "say",
    "show_json",
    "show_source",
    "show_table",
    "to_json",
    "write",
]

# C0 without tab and line feed, DEL and C1, direction marks and overrides, and halves of surrogate pairs, which no
# output can encode.
_UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE_TEXT = re.compile(f"[{_UNSAFE}]")
_UNSAFE_LINE = re.compile(rf"[\t\n{_UNSAFE}]+")
_WIDE = 200


def clean(text: str) -> str:
    """*text* without control characters other than tab and line feed, and without marks that turn its direction."""
    return _UNSAFE_TEXT.sub("", text)


def to_json(value: object, *, indent: int | None = None) -> str:
    """
    *value* as JSON; characters that `clean` would drop are escaped, so it is exact and safe to show.

    Args:
        value: A JSON value.
        indent: Spaces per level; None for one line.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE_TEXT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write(text: str) -> None:
    """Show a piece of *text* at once, without a line break."""
    sys.stdout.write(clean(text))
    sys.stdout.flush()


def say(text: str) -> None:
    """Show *text* and a line break."""
    sys.stdout.write(f"{clean(text)}\n")


def show_json(value: object) -> None:
    """Show *value* as one line of JSON."""
    sys.stdout.write(f"{to_json(value)}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Show a dim line beside the output, on standard error."""
    _aside(text, "dim")


def complain(text: str) -> None:
    """Show an error, on one line of standard error."""
    _aside(text, "red")


def interactive() -> bool:
    """Whether a person can be asked: they see standard error and type at standard input."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def console(stream: TextIO | None = None) -> Console:
    """
    A console for tables and highlighted text that takes nothing for markup.

    Args:
        stream: None for standard output.
    """
    from rich.console import Console

    target = stream or sys.stdout
    terminal = target.isatty()
    return Console(
        file=target,
        force_terminal=terminal,
        width=None if terminal else _WIDE,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=not terminal,
    )


def show_table(table: Table) -> None:
    """Show *table*; without blanks at the ends of lines in a pipe."""
    screen = console()
    if screen.is_terminal:
        screen.print(table)
        return
    with screen.capture() as capture:
        screen.print(table)
    for line in capture.get().splitlines():
        say(line.rstrip())


def show_source(text: str, language: str) -> None:
    """Show *text* in a computer language; highlighted on a terminal."""
    screen = console()
    if not screen.is_terminal:
        say(text.rstrip("\n"))
        return
    from rich.syntax import Syntax

    screen.print(Syntax(clean(text), language, theme="ansi_dark", background_color="default", word_wrap=True))


@contextmanager
def progress(what: str, *, total: int | None, hidden: bool = False) -> Iterator[Progress]:
    """
    A progress bar on standard error with one task, number 0; nothing is shown in a pipe.

    Args:
        what: Shown in front of it.
        total: Steps to the end; None if unknown.
        hidden: Whether to show nothing on a terminal either.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    errors = console(sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=hidden or not errors.is_terminal) as bar:
        bar.add_task(what, total=total)
        yield bar


def _aside(text: str, style: str) -> None:
    line = _UNSAFE_LINE.sub(" ", text)
    if sys.stderr.isatty():
        console(sys.stderr).print(line, style=style, soft_wrap=True)
    else:
        sys.stderr.write(f"{line}\n")
