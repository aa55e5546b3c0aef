"""``hybrid-guard vault``: what can be done with the vaults that processes share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson, PolicyFile
from hybrid_guard.cli.sources import find_policy
from hybrid_guard.cli.terminal import note, say, show_json
from hybrid_guard.errors import InputError, VaultError

if TYPE_CHECKING:
    from hybrid_guard.anonymizer.stores import SealedVault

__all__ = ["app", "purge"]

app = typer.Typer(name="vault", help="Delete what a shared vault store holds.")


@app.callback()
def describe() -> None:
    """Delete what a shared vault store holds."""


@app.command()
def purge(
    *,
    session: Annotated[str | None, typer.Option("--session", metavar="ID", help="One conversation.")] = None,
    principal: Annotated[
        str | None,
        typer.Option(
            "--principal", metavar="ID", help="All conversations of one principal, or whose `--session` it is."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All conversations, those sealed with another key as well.")
    ] = False,
    expired: Annotated[bool, typer.Option("--expired", help="What nobody used for the time to live.")] = False,
    policy: PolicyFile = None,
    as_json: AsJson = False,
) -> int:
    """
    Delete vaults without a trace: their originals, and their high-water marks.

    What was deleted is overwritten in the file, or gone from the server. Copies that others made (backups, the server's
    own files until it writes them anew) hold sealed bytes only.

    Say which: a conversation, a principal, all, or the expired ones. A guard that is running goes on; what it asks of a
    vault that is gone is not restored.
    """
    from hybrid_guard.anonymizer.stores import open_store
    from hybrid_guard.guard import SystemClock
    from hybrid_guard.policies import load_vault

    ways = [session is not None or principal is not None, everything, expired]
    if sum(ways) != 1:
        raise InputError(
            "say what to delete, and one thing only: `--session`, `--principal`, `--all` or `--expired`", code="HG900"
        )
    settings = load_vault(find_policy(policy))
    if settings.store == "memory":
        raise VaultError(
            "`store: memory` keeps vaults in the process of the guard; end it to delete them", code="HG439"
        )
    store = open_store(settings, clock=SystemClock(), environ=os.environ)
    try:
        gone = _purge(store, session=session, principal=principal, everything=everything)
    finally:
        store.close()
    if as_json:
        show_json({"vaults": gone})
    else:
        say(f"{gone} {'vault' if gone == 1 else 'vaults'} deleted")
        if gone == 0 and session is not None:
            note("a conversation belongs to the principal who leads it: give `--principal`, if there was one")
    return DONE


def _purge(store: SealedVault, *, session: str | None, principal: str | None, everything: bool) -> int:
    if session is not None:
        return store.purge_session(principal, session)
    if principal is not None:
        return store.purge_principal(principal)
    return store.purge_all() if everything else store.purge_expired()
