"""Plain values as litellm's answer objects, for callers who expect litellm's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.types import Json

if TYPE_CHECKING:
    from litellm import ModelResponse
    from litellm.types.utils import ModelResponseStream

__all__ = ["to_chunk", "to_response"]


def to_response(body: Mapping[str, Json], provenance: object) -> ModelResponse:
    """A ``litellm.ModelResponse`` that also has ``hybrid_guard``."""
    litellm: Any = load_litellm()
    response: ModelResponse = litellm.ModelResponse(**body)
    object.__setattr__(response, "hybrid_guard", provenance)
    return response


def to_chunk(body: Mapping[str, Json]) -> ModelResponseStream:
    """A ``litellm.ModelResponseStream``."""
    litellm: Any = load_litellm()
    chunk: ModelResponseStream = litellm.ModelResponseStream(**body)
    return chunk
