"""``hybrid-guard policy schema``: what editors need to complete and check a policy file."""

from __future__ import annotations

from hybrid_guard.cli.exits import DONE
from hybrid_guard.cli.options import AsJson
from hybrid_guard.cli.terminal import show_json, show_source, to_json

__all__ = ["schema"]


def schema(*, as_json: AsJson = False) -> int:
    """
    Print the JSON Schema of the policy file.

    With --json it is on one line.
    """
    from hybrid_guard.policies.schema import policy_schema

    if as_json:
        show_json(policy_schema())
    else:
        show_source(to_json(policy_schema(), indent=2), "json")
    return DONE
