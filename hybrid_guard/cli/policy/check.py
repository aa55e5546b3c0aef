"""``hybrid-guard policy check``: everything that is wrong with policy files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hybrid_guard.cli.exits import DONE, WRONG
from hybrid_guard.cli.options import AsJson
from hybrid_guard.cli.sources import find_policy, read_utf8
from hybrid_guard.cli.terminal import complain, say, show_json
from hybrid_guard.errors import PolicyError, VaultError

if TYPE_CHECKING:
    from hybrid_guard.types import Policy

__all__ = ["check"]


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE|-", help="Policies; without any `policy.yaml` in this directory."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> int:
    """
    List everything that is wrong with policies, each with file:line:col.

    Opens no connection. Environment variables that a policy names must be set; a shared vault store must have a key.
    """
    results = [examine(file) for file in files or [find_policy(None)]]
    if as_json:
        show_json({"ok": all(not errors for _, _, errors in results), "files": [as_object(*one) for one in results]})
    else:
        for file, policy, errors in results:
            for error in errors:
                complain(str(error))
            if policy is not None:
                rules, deployments = len(policy.rules), len(policy.deployments)
                say(f"{file}: ok: {policy.name}, digest {policy.digest}, {rules} rules, {deployments} deployments")
    return WRONG if any(errors for _, _, errors in results) else DONE


def examine(file: Path) -> tuple[str, Policy | None, tuple[PolicyError, ...]]:
    """The name of *file*, and its policy or what is wrong with it."""
    from hybrid_guard.policies import check_policy, error_at, parse_policy, read_text

    name = "standard input" if str(file) == "-" else str(file)
    try:
        text = read_utf8(sys.stdin.buffer.read(), name) if str(file) == "-" else read_text(file)
    except PolicyError as error:
        return name, None, (error,)
    errors = check_policy(text, file=name)
    policy = None if errors else parse_policy(text, file=name)
    if policy is not None and policy.vault.store != "memory":
        from hybrid_guard.anonymizer.keys import see_key

        try:
            see_key(policy.vault.key, os.environ)
        except VaultError as error:
            return name, None, (error_at(("vault", "key"), error, text=text, file=name),)
    return name, policy, errors


def as_object(file: str, policy: Policy | None, errors: tuple[PolicyError, ...]) -> dict[str, Any]:
    """The result for one file as JSON."""
    shown: dict[str, Any] = {"file": file, "ok": not errors}
    if policy is not None:
        shown |= {
            "name": policy.name,
            "digest": policy.digest,
            "rules": len(policy.rules),
            "deployments": len(policy.deployments),
        }
    shown["errors"] = [
        {"line": error.line, "column": error.column, "code": error.code, "message": str(error.args[0])}
        for error in errors
    ]
    return shown
