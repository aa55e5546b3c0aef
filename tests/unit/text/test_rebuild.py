"""What leaves is built from the skeleton: treated texts in their slots, and literals that the schema spells out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hybrid_guard.text import ENDPOINTS, rebuild, visit
from hybrid_guard.text.nodes import Array, EncodedJson, Literal, NumberSlot, Object, Opaque, Slot, render
from hybrid_guard.types import Operator, Treatment

PLACEHOLDERS = Treatment(default=Operator.PLACEHOLDER)


def round_trip(body: dict[str, Any], **changes: str) -> Any:
    """The outgoing body when the text of each segment that *changes* names by its text is replaced."""
    seen = visit(body)
    texts = [changes.get(segment.text, segment.text) for segment in seen.segments]
    return rebuild(seen, texts, PLACEHOLDERS).content


def test_a_body_without_changes_comes_back_as_it_was() -> None:
    """What is on the allow-list is kept, value by value."""
    body = {
        "messages": [
            {"role": "user", "name": "n", "content": [{"type": "text", "text": "t"}]},
            {"role": "assistant", "content": None, "refusal": "r"},
            {"role": "tool", "tool_call_id": "c", "content": "s"},
        ],
        "temperature": 0.5,
        "stop": ["a", "b"],
        "logit_bias": {"7": 1},
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "default": 5}}}],
    }

    assert round_trip(body) == body


def test_texts_are_replaced_in_their_slots_keys_included() -> None:
    """Keys that the caller chose are slots, too."""
    schema = {"type": "object", "properties": {"anna": {"type": "string"}}, "required": ["anna"]}
    tools = [{"type": "function", "function": {"name": "f", "parameters": schema}}]
    body = {"messages": [{"role": "user", "content": "anna"}], "tools": tools}

    sent = round_trip(body, anna="P1")

    assert sent["messages"][0]["content"] == "P1"
    assert sent["tools"][0]["function"]["parameters"]["properties"] == {"P1": {"type": "string"}}
    assert "anna" not in json.dumps(sent)


def test_a_number_stays_one_until_it_is_treated() -> None:
    """A treated number becomes a text, for a placeholder is none."""
    body = {
        "messages": [
            {
                "role": "assistant",
                "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": '{"card": 4929, "x": 1}'}}],
            }
        ]
    }

    sent = round_trip(body, **{"4929": "P1"})

    assert json.loads(sent["messages"][0]["tool_calls"][0]["function"]["arguments"]) == {"card": "P1", "x": 1}


def test_strings_are_counted_keys_included() -> None:
    """The count says how many strings were visited or spelled out."""
    seen = visit({"messages": [{"role": "user", "content": "x"}], "temperature": 1})

    # messages, role, user, content, x, temperature
    assert rebuild(seen, ["x", "1"], Treatment()).strings == 6


def test_extra_parameters_replace_those_of_the_caller() -> None:
    """What the chain itself wants wins."""
    seen = visit({"messages": [{"role": "user", "content": "x"}], "logprobs": False})

    body = rebuild(seen, ["x"], Treatment(), extra={"logprobs": True, "top_logprobs": 2})

    assert body.content["logprobs"] is True
    assert body.content["top_logprobs"] == 2
    assert rebuild(seen, ["x"], Treatment(), extra=None).content["logprobs"] is False


def test_there_must_be_one_text_per_segment() -> None:
    """A text that is missing must not become another's."""
    with pytest.raises(ValueError, match="one text per segment"):
        rebuild(visit({"messages": [{"role": "user", "content": "x"}]}), [], Treatment())


def test_nodes_render_to_values_and_counts() -> None:
    """Each kind of node has its value and its number of strings."""
    tree = Object(
        (
            (Literal("a"), Array((Slot(0), Literal(None), Opaque("bytes")))),
            (Slot(1), EncodedJson(Object(((Literal("x"), NumberSlot(2, 7)),)))),
        )
    )

    value, strings = render(tree, ["A", "key", "7"], ["a", "k", "7"])

    assert value == {"a": ["A", None, "bytes"], "key": '{"x": 7}'}
    assert strings == 5
    assert "bytes" not in repr(tree)


def test_only_chat_is_guarded() -> None:
    """An endpoint without a walker cannot be read."""
    assert set(ENDPOINTS) == {"chat"}
