"""
OpenAI's chat completions and the older completions.
"""

from __future__ import annotations

import math
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
from hybrid_guard.testing.replies import Answer

__all__ = ["render_chat", "render_completion"]

_Json = dict[str, object]


def render_chat(asked: Mapping[str, object], answer: Answer, serial: str) -> Rendered:
    """
    Answer `POST /chat/completions`, whole or as a stream.
    """
    head: _Json = {"id": f"chatcmpl-{serial}", "created": CREATED, "model": signed_by(asked, answer)}
    choices = range(_whole(asked.get("n"), 1))
    usage = _count_usage(asked.get("messages"), answer, len(choices))
    if not asked.get("stream"):
        said = [_say_choice(asked, answer, index) for index in choices]
        return render_json(head | {"object": "chat.completion", "choices": said, "usage": usage})
    head["object"] = "chat.completion.chunk"
    events = [head | {"choices": [delta]} for index in choices for delta in _stream_choice(asked, answer, index)]
    if _wants_usage(asked):
        events.append(head | {"choices": [], "usage": usage})
    return render_events(events, named=False)


def render_completion(asked: Mapping[str, object], answer: Answer, serial: str) -> Rendered:
    """
    Answer `POST /completions`, whole or as a stream.
    """
    prompts = asked.get("prompt", "")
    count = _whole(asked.get("n"), 1)
    if isinstance(prompts, list) and prompts and isinstance(prompts[0], str):
        count *= len(prompts)
    head: _Json = {"id": f"cmpl-{serial}", "created": CREATED, "model": signed_by(asked, answer)}
    head["object"] = "text_completion"
    usage = _count_usage(prompts, answer, count)
    reason = answer.finish_reason or "stop"
    wanted = asked.get("logprobs")
    if not asked.get("stream"):
        said: list[_Json] = [
            {
                "index": index,
                "text": answer.spoken(index),
                "finish_reason": reason,
                "logprobs": _list_logprobs(answer, index, _whole(wanted, 0)) if wanted is not None else None,
            }
            for index in range(count)
        ]
        return render_json(head | {"choices": said, "usage": usage})
    events: list[_Json] = []
    for index in range(count):
        events += [head | {"choices": [_text_delta(index, token, None)]} for token in answer.tokens(index)]
        events.append(head | {"choices": [_text_delta(index, "", reason)]})
    if _wants_usage(asked):
        events.append(head | {"choices": [], "usage": usage})
    return render_events(events, named=False)


def _say_choice(asked: Mapping[str, object], answer: Answer, index: int) -> _Json:
    message: _Json = {"role": "assistant", "content": answer.spoken(index), "refusal": None}
    if answer.tool_calls:
        message["content"] = answer.spoken(index) or None
        message["tool_calls"] = [
            {
                "id": f"call_{index}_{place}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for place, call in enumerate(answer.tool_calls)
        ]
    scores = _score(asked, answer, index)
    return {
        "index": index,
        "message": message,
        "logprobs": {"content": scores, "refusal": None} if scores is not None else None,
        "finish_reason": _finish(answer),
    }


def _stream_choice(asked: Mapping[str, object], answer: Answer, index: int) -> Iterator[_Json]:
    scores = _score(asked, answer, index)

    def delta(content: _Json, *, at: int | None = None, reason: str | None = None) -> _Json:
        logprobs = {"content": [scores[at]]} if scores is not None and at is not None else None
        return {"index": index, "delta": content, "logprobs": logprobs, "finish_reason": reason}

    yield delta({"role": "assistant", "content": ""})
    for at, token in enumerate(answer.tokens(index)):
        yield delta({"content": token}, at=at)
    for place, call in enumerate(answer.tool_calls):
        opening = {"name": call.name, "arguments": ""}
        yield delta(
            {"tool_calls": [{"index": place, "id": f"call_{index}_{place}", "type": "function", "function": opening}]}
        )
        for piece in cut(call.arguments):
            yield delta({"tool_calls": [{"index": place, "function": {"arguments": piece}}]})
    yield delta({}, reason=_finish(answer))


def _finish(answer: Answer) -> str:
    return answer.finish_reason or ("tool_calls" if answer.tool_calls else "stop")


def _score(asked: Mapping[str, object], answer: Answer, index: int) -> list[_Json] | None:
    if not asked.get("logprobs"):
        return None
    width = _whole(asked.get("top_logprobs"), 0)
    return [
        {
            "token": token,
            "logprob": logprob,
            "bytes": list(token.encode("utf-8", "replace")),
            "top_logprobs": [
                {"token": other, "logprob": score, "bytes": list(other.encode("utf-8", "replace"))}
                for other, score in _rank(token, logprob, width)
            ],
        }
        for token, logprob in _pair(answer, index)
    ]


def _list_logprobs(answer: Answer, index: int, width: int) -> _Json:
    pairs = _pair(answer, index)
    offsets = [0]
    for token, _ in pairs:
        offsets.append(offsets[-1] + len(token))
    return {
        "tokens": [token for token, _ in pairs],
        "token_logprobs": [logprob for _, logprob in pairs],
        "top_logprobs": [dict(_rank(token, logprob, width)) for token, logprob in pairs],
        "text_offset": offsets[:-1],
    }


def _pair(answer: Answer, index: int) -> list[tuple[str, float]]:
    scores = answer.logprobs or (0.0,)
    return [(token, scores[at % len(scores)]) for at, token in enumerate(answer.tokens(index))]


def _rank(token: str, logprob: float, width: int) -> list[tuple[str, float]]:
    # The tokens that were not chosen share what probability is left.
    rest = max(1e-9, 1.0 - math.exp(logprob)) / max(1, width - 1)
    others = [(f" other{place}", math.log(rest)) for place in range(1, width)]
    return [(token, logprob), *others][:width]


def _text_delta(index: int, text: str, reason: str | None) -> _Json:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}


def _wants_usage(asked: Mapping[str, object]) -> bool:
    options = asked.get("stream_options")
    return isinstance(options, dict) and bool(options.get("include_usage"))


def _count_usage(prompt: object, answer: Answer, choices: int) -> _Json:
    given = count_words(prompt)
    made = sum(max(1, len(answer.tokens(index))) for index in range(choices))
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


def _whole(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default
