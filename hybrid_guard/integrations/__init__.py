"""Guards where litellm is in use already: every call of a process, or every call of one model name."""

from __future__ import annotations

from hybrid_guard.integrations.handles import Patch
from hybrid_guard.integrations.litellm_provider import register
from hybrid_guard.integrations.patching import patch

__all__ = ["Patch", "patch", "register"]
