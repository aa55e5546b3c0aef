"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hybrid_guard.types import Mode

__all__ = ["Alias", "AsJson", "Input", "ModeOption", "Output", "PolicyFile", "Prompt", "Session", "Tags", "Vault"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

PolicyFile = Annotated[
    Path | None, typer.Option("--policy", metavar="FILE", help="Policy; without it `policy.yaml` in this directory.")
]

Prompt = Annotated[
    str | None,
    typer.Argument(
        metavar="PROMPT|-",
        help="The text; `-` or nothing reads standard input. Arguments stay in the history of the shell and can be "
        "seen by other users, so give private texts on standard input.",
    ),
]

Input = Annotated[str, typer.Option("--jsonl", metavar="IN", help="JSON Lines to read; `-` is standard input.")]

Output = Annotated[str, typer.Option("--out", metavar="OUT", help="JSON Lines to write; `-` is standard output.")]

Vault = Annotated[
    Path,
    typer.Option(
        "--vault",
        metavar="FILE",
        help="Encrypted file of the originals. Its key is in HYBRID_GUARD_VAULT_KEY, or in FILE.key beside it.",
    ),
]

ModeOption = Annotated[Mode | None, typer.Option("--mode", help="Which deployments come first; can only narrow.")]

Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag for rules; may be repeated.")]

Alias = Annotated[
    str | None, typer.Option("--model", metavar="ALIAS", help="The only deployment wanted, by its name in the policy.")
]

Session = Annotated[str | None, typer.Option("--session", metavar="ID", help="Name of the conversation.")]
