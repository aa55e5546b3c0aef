"""
OpenAI's responses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hybrid_guard.testing.dialects.rendering import (
    CREATED,
    Rendered,
    count_words,
    cut,
    render_events,
    render_json,
    signed_by,
)
from hybrid_guard.testing.replies import Answer, ToolCall

__all__ = ["render_response"]

_Json = dict[str, object]


def render_response(asked: Mapping[str, object], answer: Answer, serial: str) -> Rendered:
    """
    Answer `POST /responses`, whole or as named events.
    """
    items = [_say_message(answer, serial)] if answer.text or not answer.tool_calls else []
    items += [_say_call(call, serial, place) for place, call in enumerate(answer.tool_calls)]
    given, made = count_words(asked.get("input")), max(1, len(answer.tokens()))
    usage: _Json = {
        "input_tokens": given,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": given + made,
    }
    empty: _Json = {
        "id": f"resp_{serial}",
        "object": "response",
        "created_at": CREATED,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": signed_by(asked, answer),
        "output": [],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": None,
    }
    whole = empty | {"status": "completed", "output": items, "usage": usage}
    if not asked.get("stream"):
        return render_json(whole)
    numbered = (event | {"sequence_number": at} for at, event in enumerate(_stream(answer, empty, whole, items)))
    return render_events(numbered, named=True)


def _stream(answer: Answer, empty: _Json, whole: _Json, items: list[_Json]) -> Iterator[_Json]:
    yield {"type": "response.created", "response": empty}
    yield {"type": "response.in_progress", "response": empty}
    for place, item in enumerate(items):
        hollow: _Json = {"content": []} if item["type"] == "message" else {"arguments": ""}
        begun = item | hollow | {"status": "in_progress"}
        yield {"type": "response.output_item.added", "output_index": place, "item": begun}
        where: _Json = {"item_id": item["id"], "output_index": place}
        if item["type"] == "message":
            yield from _stream_text(answer, where | {"content_index": 0})
        else:
            arguments = str(item["arguments"])
            for piece in cut(arguments):
                yield {"type": "response.function_call_arguments.delta", **where, "delta": piece}
            yield {"type": "response.function_call_arguments.done", **where, "arguments": arguments}
        yield {"type": "response.output_item.done", "output_index": place, "item": item}
    yield {"type": "response.completed", "response": whole}


def _stream_text(answer: Answer, where: _Json) -> Iterator[_Json]:
    yield {"type": "response.content_part.added", **where, "part": _say_part("")}
    for token in answer.tokens():
        yield {"type": "response.output_text.delta", **where, "delta": token, "logprobs": []}
    yield {"type": "response.output_text.done", **where, "text": answer.text, "logprobs": []}
    yield {"type": "response.content_part.done", **where, "part": _say_part(answer.text)}


def _say_part(text: str) -> _Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _say_message(answer: Answer, serial: str) -> _Json:
    return {
        "type": "message",
        "id": f"msg_{serial}",
        "status": "completed",
        "role": "assistant",
        "content": [_say_part(answer.text)],
    }


def _say_call(call: ToolCall, serial: str, place: int) -> _Json:
    return {
        "type": "function_call",
        "id": f"fc_{serial}_{place}",
        "call_id": f"call_0_{place}",
        "status": "completed",
        "name": call.name,
        "arguments": call.arguments,
    }
