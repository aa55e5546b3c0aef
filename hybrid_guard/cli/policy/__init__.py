"""``hybrid-guard policy``: what can be done with a policy file."""

from __future__ import annotations

import typer

from hybrid_guard.cli.policy.check import check
from hybrid_guard.cli.policy.schema import schema
from hybrid_guard.cli.policy.show import show
from hybrid_guard.cli.policy.test import run_tests

__all__ = ["app"]

app = typer.Typer(name="policy", help="Check, test and show policy files.")

app.command()(check)
app.command("test")(run_tests)
app.command()(show)
app.command()(schema)
