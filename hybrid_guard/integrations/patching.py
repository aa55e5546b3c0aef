"""All calls of litellm in this process through one guard."""

from __future__ import annotations

from pathlib import Path

from hybrid_guard.errors import EgressError
from hybrid_guard.guard import Guard
from hybrid_guard.integrations.gate import GATE
from hybrid_guard.integrations.handles import Patch
from hybrid_guard.policies import load_policy
from hybrid_guard.types import Policy

__all__ = ["patch"]

HOLDERS: list[Patch] = []
"""The handles that have not been undone."""


def patch(policy: str | Path | Policy) -> Patch:
    """
    Let every call of litellm in this process go through a guard.

    ``litellm.completion`` and ``litellm.acompletion``, also those that a ``litellm.Router`` makes, are answered by a
    guard. Every other function of litellm that sends something (``embedding``, ``responses``, ``text_completion``,
    ``transcription`` and so on) is refused with HG208. Errors are litellm's, with ours in their ``hybrid_guard``.

    Again with the same policy it changes nothing, and gives another handle; litellm is as before when the last one is
    undone.

    Args:
        policy: Path of a policy file, or a policy that is compiled already.

    Raises:
        EgressError: HG708 a name was imported from litellm before, or a router was made, which would go past the
            guard; HG709 another policy is at work.
        HybridGuardError: As for `Guard`.
    """
    with GATE.lock:
        if GATE.everything is None:
            guard = Guard(policy)
            try:
                GATE.stand()
            except BaseException:
                guard.close()
                raise
            GATE.everything = guard
        else:
            wanted = policy if isinstance(policy, Policy) else load_policy(policy)
            if wanted.digest != GATE.everything.policy.digest:
                raise EgressError("litellm is patched with another policy; undo that first", code="HG709")
        handle = Patch(lambda: _undo(handle))
        HOLDERS.append(handle)
        return handle


def _undo(handle: Patch) -> None:
    with GATE.lock:
        HOLDERS.remove(handle)
        guard = GATE.everything
        if HOLDERS or guard is None:
            return
        GATE.everything = None
        GATE.leave()
    guard.close()
