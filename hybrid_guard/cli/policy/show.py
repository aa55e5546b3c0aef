"""``hybrid-guard policy show``: the policy that is in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson
from hybrid_guard.cli.sources import find_policy
from hybrid_guard.cli.terminal import show_json, show_source

__all__ = ["show"]


def show(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Policy; without it `policy.yaml` in this directory.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> int:
    """
    Show a policy as it is in force, every default filled in.

    Keys are left out, and of the allowed and denied texts only the numbers are given.
    """
    from hybrid_guard.policies import effective, load_policy

    plain = effective(load_policy(find_policy(file)))
    if as_json:
        show_json(plain)
        return DONE
    import yaml

    show_source(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120), "yaml")
    return DONE
