"""The only room that calls models: the door, the fenced transports, and llama.cpp in this process."""

from __future__ import annotations

from hybrid_guard.backends.door import LitellmDoor
from hybrid_guard.backends.endpoints import PROVIDERS
from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.backends.responses import to_chunk, to_response
from hybrid_guard.backends.transport import is_tracked

__all__ = ["PROVIDERS", "LitellmDoor", "is_tracked", "load_litellm", "to_chunk", "to_response"]
