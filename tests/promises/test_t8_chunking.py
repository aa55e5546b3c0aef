"""T8: however a stream is cut, every text in it is restored like the whole, and nothing is put out too early."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from hybrid_guard.anonymizer import JsonRestorer, Restorer, Tally
from hybrid_guard.core.answers import ChunkWeaver, restore_reply
from hybrid_guard.testing import Answer, RecordedRequest, ToolCall
from hybrid_guard.testing.dialects import render
from hybrid_guard.types import Operator, RestorationSettings, VaultEntry
from tests.talk import STAND_INS, OneVault, Talk, makers_of

TRANSCRIPTS = 5000 if os.environ.get("HG_NIGHTLY") else 500
PATHS = {"chat": "/v1/chat/completions", "anthropic": "/v1/messages", "responses": "/v1/responses"}
SHAPES = tuple(PATHS)

VALUES = (
    *(("Ada Lovelace", "PERSON"), ('Jo "the\\pen" O\'Hara\n', "PERSON"), ("李小龍", "PERSON"), ("Turin", "CITY")),
    *(
        ("ada@example.com", "EMAIL_ADDRESS"),
        ("https://intranet.example/?q=", "URL"),
        ("4111 1111 1111 1111", "CREDIT_CARD"),
    ),
)
OPERATORS = (Operator.PLACEHOLDER, *STAND_INS)


@dataclass(frozen=True)
class Sent:
    """What a conversation has sent."""

    entries: tuple[VaultEntry, ...]
    tokens: tuple[str, ...]

    @staticmethod
    @cache
    def by(operator: Operator) -> Sent:
        """All values, one by one. Those that an operator has no stand-in for have their placeholders."""
        talk = Talk(operator, store=OneVault(b"v" * 32), makers=makers_of(b"k" * 32))
        tokens = tuple(talk.write(value) for value in VALUES)
        return Sent(entries=talk.entries, tokens=tokens)


WORDS = (
    *("the", "Person", "email", "see", "https://a.example/?q=", "[x](", "![i](//b/", ")", "<b>", "é", "\n", "\n\n"),
    *('<img src="', '"', ">", "**", "'s", ",", ".", ":", "&", "&nbsp;", "www.", "PERSON 7", "]: //c/", ".evil.example"),
    *("-x.evil.example", "😀", "url(", "\\", "2024", "x.py"),
)

Place = tuple[int, str, int]
"""Choice or block, name of the text, tool call."""


def prose(rng: random.Random, tokens: Sequence[str], most: int = 14) -> str:
    """A text as a model writes it."""

    def one() -> str:
        if rng.random() < 0.6:
            return rng.choice(WORDS)
        token = rng.choice(tokens)
        filler = rng.choice(["", "", "", "\\_", " ", "&#8203;"])
        token = rng.choice([token, token, token.lower(), token[:-1], token[3:], token[:-1] + "3"])
        return token[:8] + filler + token[8:] if filler else token

    return "".join(one() + rng.choice(["", " "]) for _ in range(rng.randint(1, most)))


def transcript(number: int, tokens: Sequence[str]) -> Answer:
    """An answer with two choices and two tool calls."""
    rng = random.Random(number)
    calls = tuple(
        ToolCall(
            name="send",
            arguments=json.dumps(
                {"to": prose(rng, tokens, 5), "n": [1.50, prose(rng, tokens, 3)]}, ensure_ascii=bool(at)
            ),
        )
        for at in range(rng.randint(0, 2))
    )
    return Answer(text=prose(rng, tokens), alternatives=(prose(rng, tokens, 6),), tool_calls=calls)


def rendered(shape: str, answer: Answer, *, stream: bool) -> list[dict[str, Any]]:
    """The answer in a dialect, decoded: one body, or the events of a stream."""
    asked = {"model": "m", "messages": [], "input": "", "n": 2, "stream": stream}
    request = RecordedRequest(method="POST", target=PATHS[shape], headers=(), body=json.dumps(asked).encode())
    pieces = render(request, answer, models=()).pieces
    if not stream:
        return [json.loads(pieces[0])]
    lines = b"".join(pieces).decode().splitlines()
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return [json.loads(one) for one in data if one != "[DONE]"]


def texts_in(shape: str, events: list[dict[str, Any]]) -> Iterator[tuple[Place, str]]:
    """The pieces of text in a stream, each with the text it belongs to."""
    for event in events:
        match shape:
            case "chat":
                for choice in event["choices"]:
                    yield from chat_texts(choice["index"], choice["delta"])
            case "anthropic":
                delta = event.get("delta") or {}
                if event["type"] == "content_block_delta":
                    name = "arguments" if "partial_json" in delta else "content"
                    yield (event["index"], name, 0), str(delta.get("partial_json", delta.get("text")))
            case _:
                if event["type"].endswith("_text.delta"):
                    yield (event["output_index"], "content", 0), event["delta"]
                elif event["type"].endswith("arguments.delta"):
                    yield (event["output_index"], "arguments", 0), event["delta"]


def chat_texts(index: int, delta: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """The texts of one delta of one choice."""
    for name in ("content", "reasoning_content"):
        if delta.get(name):
            yield (index, name, 0), delta[name]
    for call in delta.get("tool_calls") or ():
        if call["function"].get("arguments"):
            yield (index, "arguments", call["index"]), call["function"]["arguments"]


def whole(place: Place, text: str, entries: tuple[VaultEntry, ...]) -> str:
    """What a text is restored to if it comes at once."""
    return (JsonRestorer if place[1] == "arguments" else Restorer)(entries).restore(text)


def count(operator: Operator) -> int:
    """How many transcripts are tried: of stand-ins a part, and the less the longer they are."""
    return TRANSCRIPTS // {Operator.PLACEHOLDER: 1, Operator.ENCRYPT: 20}.get(operator, 10)


def delta_of(place: Place, piece: str, *, reason: str | None = None) -> dict[str, Any]:
    """A chunk of a chat completion that carries *piece*."""
    index, name, position = place
    delta: dict[str, Any] = {name: piece}
    if name == "arguments":
        delta = {"tool_calls": [{"index": position, "function": {"arguments": piece}}]}
    return {"choices": [{"index": index, "delta": delta, "finish_reason": reason}]}


def gather(texts: Iterator[tuple[Place, str]]) -> dict[Place, str]:
    """The pieces of each text, put together."""
    gathered: dict[Place, str] = {}
    for place, piece in texts:
        gathered[place] = gathered.get(place, "") + piece
    return gathered


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_cut_of_every_text_gives_the_same(shape: str, operator: Operator) -> None:
    """Cut in two at any place, or into characters: what has been put out is always the beginning of the whole."""
    sent, restored = Sent.by(operator), 0
    for number in range(count(operator)):
        written = rendered(shape, transcript(number, sent.tokens), stream=True)
        for place, text in gather(texts_in(shape, written)).items():
            make = JsonRestorer if place[1] == "arguments" else Restorer
            expected = whole(place, text, sent.entries)
            restored += expected != text
            single, out = make(sent.entries), ""
            for at, char in enumerate(text):
                restorer = make(sent.entries)
                first = restorer.feed(text[:at])
                assert first == out, "what is put out depends on the cut"
                assert first + restorer.feed(text[at:]) + restorer.flush() == expected
                out += single.feed(char)
            assert out + single.flush() == expected
    assert restored > count(operator) / 5


@pytest.mark.parametrize("operator", OPERATORS)
def test_interleaved_choices_and_calls_do_not_mix(operator: Operator) -> None:
    """A chat stream of several choices, reasoning and parallel calls, cut by characters and in any order."""
    sent = Sent.by(operator)
    for number in range(count(operator)):
        rng = random.Random(number)
        answer = transcript(number, sent.tokens)
        written = gather(texts_in("chat", rendered("chat", answer, stream=True)))
        written[0, "reasoning_content", 0] = prose(rng, sent.tokens)
        waiting = {place: list(text) for place, text in written.items()}
        weaver, woven = ChunkWeaver(sent.entries, RestorationSettings()), []
        while waiting:
            place = rng.choice(list(waiting))
            size = rng.randint(1, 3)
            woven.append(weaver.weave(delta_of(place, "".join(waiting[place][:size]))))
            del waiting[place][:size]
            if not waiting[place]:
                del waiting[place]
        woven += [
            weaver.weave({"choices": [{"index": index, "delta": {}, "finish_reason": "stop"}]}) for index in (0, 1)
        ]

        assert gather(texts_in("chat", woven)) == {
            place: restored for place, text in written.items() if (restored := whole(place, text, sent.entries))
        }


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_stream_says_what_the_whole_answer_says(operator: Operator) -> None:
    """The chunks of the dialect give the texts of the dialect's whole answer."""
    sent = Sent.by(operator)
    for number in range(count(operator)):
        answer = transcript(number, sent.tokens)
        weaver = ChunkWeaver(sent.entries, RestorationSettings())
        streamed = gather(texts_in("chat", [weaver.weave(event) for event in rendered("chat", answer, stream=True)]))
        (body,) = rendered("chat", answer, stream=False)
        reply, tallies = restore_reply(body, sent.entries, RestorationSettings())
        messages = ((choice["index"], choice["message"]) for choice in reply["choices"])
        said = gather(
            one
            for index, message in messages
            for one in chat_texts(index, {**message, "tool_calls": numbered(message)})
        )

        assert streamed == said
        assert Tally.account(weaver.tallies, sent=0) == Tally.account(tallies, sent=0)


def numbered(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tool calls of a message, with the index that deltas have."""
    return [{**call, "index": at} for at, call in enumerate(message.get("tool_calls") or ())]


@pytest.mark.parametrize("make", [Restorer, JsonRestorer])
def test_a_stream_that_breaks_off_shows_no_part_of_a_placeholder(make: type[Restorer | JsonRestorer]) -> None:
    """Whether it is flushed or not: no more than the name of the type is left of a placeholder that was cut."""
    sent = Sent.by(Operator.PLACEHOLDER)
    for token in sent.tokens:
        name = len(token) - 9
        for spelled in (
            token,
            token.lower(),
            token[:name] + "\\_" + token[name:],
            "&nbsp;".join((token[:9], token[9:])),
        ):
            text = (
                f'{{"a": "Dear {spelled.replace(chr(92), chr(92) * 2)}' if make is JsonRestorer else f"Dear {spelled}"
            )
            for end in range(len(text) - len(spelled) + name + 1, len(text)):
                restorer = make(sent.entries)
                out = restorer.feed(text[:end])
                assert out.endswith("Dear "), "a part was put out while the rest could still come"
                assert not any(map(str.isdigit, restorer.flush()))
