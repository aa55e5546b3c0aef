"""
Anthropic's messages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from hybrid_guard.testing.dialects.rendering import (
    Rendered,
    count_words,
    cut,
    render_events,
    render_json,
    signed_by,
)
from hybrid_guard.testing.replies import Answer

__all__ = ["render_message"]

_Json = dict[str, object]
_REASONS = {"length": "max_tokens", "stop": "end_turn", "tool_calls": "tool_use"}


def render_message(asked: Mapping[str, object], answer: Answer, serial: str) -> Rendered:
    """
    Answer `POST /messages`, whole or as named events.
    """
    reason = answer.finish_reason or ("tool_calls" if answer.tool_calls else "stop")
    ending: _Json = {"stop_reason": _REASONS.get(reason, reason), "stop_sequence": None}
    given, made = count_words(asked.get("messages")), max(1, len(answer.tokens()))
    message: _Json = {
        "id": f"msg_{serial}",
        "type": "message",
        "role": "assistant",
        "model": signed_by(asked, answer),
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": given, "output_tokens": 1},
    }
    if asked.get("stream"):
        return render_events(_stream(answer, message, ending, made), named=True)
    content: list[_Json] = [{"type": "text", "text": answer.text}] if _speaks(answer) else []
    for place, call in enumerate(answer.tool_calls):
        block: _Json = {"type": "tool_use", "id": f"toolu_{place}", "name": call.name}
        content.append(block | {"input": _read_arguments(call.arguments)})
    usage = {"input_tokens": given, "output_tokens": made}
    return render_json(message | ending | {"content": content, "usage": usage})


def _stream(answer: Answer, message: _Json, ending: _Json, made: int) -> Iterator[_Json]:
    yield {"type": "message_start", "message": message}
    index = 0
    if _speaks(answer):
        yield _open(index, {"type": "text", "text": ""})
        yield {"type": "ping"}
        for token in answer.tokens():
            yield _extend(index, {"type": "text_delta", "text": token})
        yield {"type": "content_block_stop", "index": index}
        index += 1
    for place, call in enumerate(answer.tool_calls):
        yield _open(index, {"type": "tool_use", "id": f"toolu_{place}", "name": call.name, "input": {}})
        for piece in cut(call.arguments):
            yield _extend(index, {"type": "input_json_delta", "partial_json": piece})
        yield {"type": "content_block_stop", "index": index}
        index += 1
    yield {"type": "message_delta", "delta": ending, "usage": {"output_tokens": made}}
    yield {"type": "message_stop"}


def _open(index: int, block: _Json) -> _Json:
    return {"type": "content_block_start", "index": index, "content_block": block}


def _extend(index: int, delta: _Json) -> _Json:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def _speaks(answer: Answer) -> bool:
    return bool(answer.text or not answer.tool_calls)


def _read_arguments(arguments: str) -> object:
    # The API carries an object here, so text that is no JSON can only be shown as a string.
    try:
        return json.loads(arguments)
    except ValueError:
        return arguments
