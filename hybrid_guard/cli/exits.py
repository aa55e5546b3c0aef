"""
How a command ends, and what is said when it fails.

::

    0  done
    1  a check found something
    2  usage, input or policy error
    3  blocked by policy
    4  no permitted deployment is healthy
    130, 141  interrupted; the reader of the output went away

An error is told in one line that holds no data. What was typed is never repeated, for it may be the prompt.
"""

from __future__ import annotations

from typing import Any

from hybrid_guard.cli.terminal import complain, show_json
from hybrid_guard.errors import BackendError, BlockedError, HybridGuardError, PolicyError

__all__ = [
    "BLOCKED",
    "DONE",
    "FOUND",
    "INTERRUPTED",
    "NO_READER",
    "UNAVAILABLE",
    "WRONG",
    "error_json",
    "exit_code",
    "report",
]

DONE, FOUND, WRONG, BLOCKED, UNAVAILABLE = range(5)
INTERRUPTED = 130
NO_READER = 141


def exit_code(error: HybridGuardError) -> int:
    """The exit code of *error*."""
    match error:
        case BlockedError(unavailable=False):
            return BLOCKED
        case BlockedError() | BackendError():
            return UNAVAILABLE
        case _:
            return WRONG


def report(error: Exception, *, as_json: bool) -> int:
    """
    Tell what went wrong.

    Args:
        error: One of ours, one of typer's about the command line, or any other, of which only the type is told.
        as_json: Whether to show it as JSON on standard output, too.

    Returns:
        The exit code.
    """
    if isinstance(error, HybridGuardError):
        # A place first, so that editors can jump to it.
        complain(str(error) if isinstance(error, PolicyError) else f"error: {error}")
        shown, code = error_json(error), exit_code(error)
    else:
        typed = hasattr(error, "format_message")
        text = usage_problem(error) if typed else f"unexpected {type(error).__name__}; please report this"
        name = "HG900" if typed else "HG001"
        complain(f"error: [{name}] {text}")
        shown, code = {"code": name, "message": text}, WRONG
    if as_json:
        show_json({"error": shown})
    return code


def error_json(error: HybridGuardError) -> dict[str, Any]:
    """*error* as JSON."""
    shown: dict[str, Any] = {"code": error.code, "message": str(error.args[0])}
    match error:
        case PolicyError():
            shown |= {"file": error.file, "line": error.line, "column": error.column}
        case BlockedError():
            shown |= {"reasons": list(error.reasons), "unavailable": error.unavailable}
        case BackendError():
            shown |= {"deployment": error.deployment, "fault": error.fault}
    return shown


def usage_problem(error: Any) -> str:
    """
    An error about the command line, in words that repeat nothing that was typed.

    Typer's own messages quote it: a prompt without quotes, or one that begins with a dash, is an error that quotes it.
    """
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "hybrid-guard")
    parameter = getattr(error, "param", None)
    name = next(iter(getattr(parameter, "opts", ())), "")
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            return f"unknown option; `{command} --help` lists them; a prompt that begins with a dash stands after `--`"
        case "MissingParameter":
            what = f"option `{name}`" if name.startswith("-") else f"argument `{name.upper()}`"
            return f"{what} is missing; `{command} --help` tells more"
        case "BadParameter":
            return f"`{name or 'an option'}` has a wrong value; `{command} --help` tells which it takes"
        case "BadOptionUsage":
            return f"option `{option}` is used wrongly; `--help` tells whether it takes a value"
    if hasattr(getattr(context, "command", None), "commands"):
        return f"name a command; `{command} --help` lists them"
    return f"too many arguments; put a prompt in quotes, or give it on standard input with `-` (`{command} --help`)"
