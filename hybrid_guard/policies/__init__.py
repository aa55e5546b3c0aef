"""
Policies: a strict loader that refuses at file, line and column, and a pure engine that only ever narrows.

The engine is light; all else loads pydantic and PyYAML when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hybrid_guard.policies.engine import decide, level, permit
from hybrid_guard.policies.show import digest, effective

if TYPE_CHECKING:
    from hybrid_guard.policies.cases import load_tests, parse_tests
    from hybrid_guard.policies.loader import check_policy, error_at, load_policy, load_vault, parse_policy, read_text

__all__ = [
    "check_policy",
    "decide",
    "digest",
    "effective",
    "error_at",
    "level",
    "load_policy",
    "load_tests",
    "load_vault",
    "parse_policy",
    "parse_tests",
    "permit",
    "read_text",
]

_LAZY = {
    "check_policy": "loader",
    "error_at": "loader",
    "load_policy": "loader",
    "load_tests": "cases",
    "load_vault": "loader",
    "parse_policy": "loader",
    "parse_tests": "cases",
    "read_text": "loader",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
