"""What a request needs, and what a deployment lacks: the capability gate. It may only rule deployments out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from hybrid_guard.types import Capability, Deployment, Json, Needs, Segment

__all__ = ["lacking", "needs_of"]

DEFAULT_ANSWER = 256
"""Tokens that an answer is assumed to take when the caller names no limit."""

BYTES_PER_TOKEN = 3
"""Bytes of UTF-8 per token, rounded down so that the estimate is on the safe side (English prose has about 4)."""

TOKENS_PER_MESSAGE = 8
"""What a chat template adds to each message."""


def needs_of(body: Mapping[str, Json], segments: Sequence[Segment], *, images: int) -> Needs:
    """
    What it takes to answer.

    Args:
        body: Arguments of the call.
        segments: Its texts.
        images: Number of parts that are not text.
    """
    text = sum(math.ceil(len(segment.text.encode()) / BYTES_PER_TOKEN) for segment in segments)
    messages = body.get("messages") or ()
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    answer = limit if isinstance(limit, int) else DEFAULT_ANSWER
    capabilities: set[Capability] = set()
    if body.get("tools") or body.get("functions"):
        capabilities.add("tools")
    if images:
        capabilities.add("vision")
    format_ = body.get("response_format")
    if isinstance(format_, Mapping) and format_.get("type") != "text":
        capabilities.add("response_format")
    if body.get("logprobs"):
        capabilities.add("logprobs")
    return Needs(
        tokens=text + TOKENS_PER_MESSAGE * len(messages) + answer,
        capabilities=frozenset(capabilities),
    )


def lacking(deployment: Deployment, needs: Needs) -> tuple[str, ...]:
    """
    What *deployment* cannot do and *needs* asks for: capabilities, and ``context``. Sorted; empty if it is capable.

    An unknown context length is taken as long enough.
    """
    missing = {str(one) for one in needs.capabilities - deployment.supports}
    if deployment.context is not None and needs.tokens > deployment.context:
        missing.add("context")
    return tuple(sorted(missing))
