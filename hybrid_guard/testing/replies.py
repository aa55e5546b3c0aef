"""
What a recording server answers: scripts from a request to an answer.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hybrid_guard.testing.faults import Fault
from hybrid_guard.testing.wire import RecordedRequest

__all__ = [
    "Answer",
    "Reply",
    "ToolCall",
    "call_tool",
    "echo",
    "fail",
    "in_turn",
    "say",
    "say_chunks",
    "say_json",
    "say_surely",
    "say_unsurely",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """
    A function call in an answer.

    Attributes:
        name: The function.
        arguments: Its arguments as JSON text, sent as they are, well-formed or not.
    """

    name: str
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What a model says, in no API's dialect yet.

    Attributes:
        text: The text of every choice that *alternatives* does not cover.
        chunks: The exact deltas of a stream; when empty, *text* is cut at word ends.
        alternatives: The texts of the second and later choices, for requests that ask for more than one.
        tool_calls: Function calls after the text.
        logprobs: Natural logarithms of token probabilities, repeated over the tokens; sent when asked for.
        finish_reason: In OpenAI's words; None for `stop`, or `tool_calls` when there are any.
        model: The model that signs; None for the one that was asked.
        body: JSON to send in place of an API's answer, at any path.
        fault: What goes wrong on the way.
    """

    text: str = field(default="", repr=False)
    chunks: tuple[str, ...] = field(default=(), repr=False)
    alternatives: tuple[str, ...] = field(default=(), repr=False)
    tool_calls: tuple[ToolCall, ...] = ()
    logprobs: tuple[float, ...] = (-0.05,)
    finish_reason: str | None = None
    model: str | None = None
    body: Mapping[str, object] | Sequence[object] | None = field(default=None, repr=False)
    fault: Fault | None = None

    def tokens(self, choice: int = 0) -> tuple[str, ...]:
        """
        The pieces in which the choice is streamed; joined, they are its text.
        """
        if choice == 0 and self.chunks:
            return self.chunks
        return tuple(re.findall(r"\s*\S+|\s+\Z", self.spoken(choice)))

    def spoken(self, choice: int = 0) -> str:
        """
        The text of the choice.
        """
        if choice and choice <= len(self.alternatives):
            return self.alternatives[choice - 1]
        return self.text


Reply = Callable[[RecordedRequest], Answer]


def say(text: str, *alternatives: str) -> Reply:
    """
    Answer *text*; the *alternatives* are the second and later choices.
    """
    return _always(Answer(text=text, alternatives=alternatives))


def say_chunks(*chunks: str) -> Reply:
    """
    Answer the joined *chunks*; a stream carries exactly these deltas.
    """
    return _always(Answer(text="".join(chunks), chunks=chunks))


def say_surely(text: str) -> Reply:
    """
    Answer *text* with token probabilities of about 0.99.
    """
    return _always(Answer(text=text, logprobs=(-0.01,)))


def say_unsurely(text: str) -> Reply:
    """
    Answer *text* with token probabilities of about 0.11.
    """
    return _always(Answer(text=text, logprobs=(-2.2,)))


def say_json(body: Mapping[str, object]) -> Reply:
    """
    Answer *body* at any path, for endpoints that are neither OpenAI's nor Anthropic's.
    """
    return _always(Answer(body=body))


def call_tool(name: str, arguments: str) -> Reply:
    """
    Call the function *name* with *arguments*, which is JSON text.
    """
    return _always(Answer(tool_calls=(ToolCall(name=name, arguments=arguments),)))


def _always(answer: Answer) -> Reply:
    def reply(_request: RecordedRequest) -> Answer:
        return answer

    return reply


def fail(fault: Fault, reply: Reply | None = None) -> Reply:
    """
    Let *fault* happen to what *reply* answers; a plain sentence when it is None.
    """
    script = reply or say("This answer goes wrong on its way.")
    return lambda request: replace(script(request), fault=fault)


def in_turn(first: Reply, *others: Reply) -> Reply:
    """
    Answer each request by the next of the replies; the last one stays.
    """
    waiting = [first, *others]
    lock = threading.Lock()

    def reply(request: RecordedRequest) -> Answer:
        with lock:
            script = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return script(request)

    return reply


def echo(request: RecordedRequest) -> Answer:
    """
    Answer the text of the last user message, or nothing when there is none.
    """
    try:
        body = request.json()
    except ValueError:
        return Answer()
    if not isinstance(body, dict):
        return Answer()
    return Answer(text=_last_said(body.get("messages", body.get("input", body.get("prompt")))))


def _last_said(value: object) -> str:
    if isinstance(value, str):
        return value
    for item in reversed(value) if isinstance(value, list) else ():
        match item:
            case {"role": "user", "content": content}:
                return _join_parts(content)
            case str():
                return item
    return ""


def _join_parts(content: object) -> str:
    match content:
        case str():
            return content
        case list():
            return "".join(
                part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
            )
        case _:
            return ""
