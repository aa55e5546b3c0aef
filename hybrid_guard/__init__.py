"""
Privacy-aware routing for litellm: private prompts stay local, the rest may leave, and every decision is on record.

Importing this package loads nothing heavy; `Guard` is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hybrid_guard.errors import (
    AuditError,
    BackendError,
    BlockedError,
    DetectionError,
    EgressError,
    HybridGuardError,
    InputError,
    PolicyError,
    RequestError,
    VaultError,
)

if TYPE_CHECKING:
    from hybrid_guard.guard import AsyncGuardedStream, Guard, GuardedStream
    from hybrid_guard.integrations import Patch, patch, register
    from hybrid_guard.policies import load_policy
    from hybrid_guard.types import Outcome, Policy, Provenance, Request, Zone

__all__ = [
    "AsyncGuardedStream",
    "AuditError",
    "BackendError",
    "BlockedError",
    "DetectionError",
    "EgressError",
    "Guard",
    "GuardedStream",
    "HybridGuardError",
    "InputError",
    "Outcome",
    "Patch",
    "Policy",
    "PolicyError",
    "Provenance",
    "Request",
    "RequestError",
    "VaultError",
    "Zone",
    "load_policy",
    "patch",
    "register",
]

_LAZY = {
    "AsyncGuardedStream": "guard",
    "Guard": "guard",
    "GuardedStream": "guard",
    "Outcome": "types",
    "Patch": "integrations",
    "Policy": "types",
    "Provenance": "types",
    "Request": "types",
    "Zone": "types",
    "load_policy": "policies",
    "patch": "integrations",
    "register": "integrations",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
