"""What a request needs and what a deployment lacks: the capability gate only rules out."""

from __future__ import annotations

from typing import Any

import pytest

from hybrid_guard.routing import lacking, needs_of
from hybrid_guard.types import Capability, Deployment, Needs, Segment, Zone


def segment(text: str) -> Segment:
    """A text of a request."""
    return Segment(path="/messages/0/content", text=text)


def deployment(context: int | None = None, *supports: Capability) -> Deployment:
    """A deployment with a context length and capabilities."""
    return Deployment(
        alias="d", model="openai/x", zone=Zone.EXTERNAL, tier="cloud", context=context, supports=frozenset(supports)
    )


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ({}, 10 + 256),
        ({"messages": [{}, {}]}, 10 + 16 + 256),
        ({"max_tokens": 100}, 110),
        ({"max_completion_tokens": 50, "max_tokens": 100}, 60),
        ({"max_tokens": "many"}, 10 + 256),
    ],
    ids=["default", "messages", "limit", "newer limit", "no number"],
)
def test_tokens_are_the_texts_the_messages_and_the_answer(body: dict[str, Any], tokens: int) -> None:
    """Bytes are rounded up text by text, so the estimate is on the safe side."""
    assert needs_of(body, [segment("x" * 28)], images=0).tokens == tokens


def test_tokens_are_counted_in_bytes() -> None:
    """A text in another script has more tokens than letters."""
    assert needs_of({"max_tokens": 1}, [segment("ж" * 6), segment("a")], images=0).tokens == 4 + 1 + 1


@pytest.mark.parametrize(
    ("body", "images", "capabilities"),
    [
        ({}, 0, set()),
        ({"tools": [{}]}, 0, {"tools"}),
        ({"functions": [{}]}, 0, {"tools"}),
        ({"tools": []}, 0, set()),
        ({}, 1, {"vision"}),
        ({"response_format": {"type": "json_object"}}, 0, {"response_format"}),
        ({"response_format": {"type": "text"}}, 0, set()),
        ({"response_format": None}, 0, set()),
        ({"logprobs": True}, 0, {"logprobs"}),
        ({"logprobs": False}, 0, set()),
    ],
)
def test_capabilities_are_what_the_request_uses(body: dict[str, Any], images: int, capabilities: set[str]) -> None:
    """An argument that asks for nothing needs nothing."""
    assert needs_of(body, [], images=images).capabilities == capabilities


def test_a_deployment_lacks_what_it_does_not_have() -> None:
    """Capabilities and context, in a fixed order; an unknown context is taken as long enough."""
    needs = Needs(tokens=100, capabilities=frozenset({"vision", "tools"}))

    assert lacking(deployment(99), needs) == ("context", "tools", "vision")
    assert lacking(deployment(100, "tools"), needs) == ("vision",)
    assert lacking(deployment(None, "tools", "vision"), needs) == ()
