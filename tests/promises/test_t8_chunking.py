"""T8: however a stream is cut, every text in it is restored like the whole, and nothing is put out too early."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hybrid_guard.anonymizer import JsonRestorer, Restorer, Tally
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.core.answers import ChunkWeaver, restore_reply
from hybrid_guard.testing import Answer, RecordedRequest, ToolCall
from hybrid_guard.testing.dialects import render
from hybrid_guard.types import RestorationSettings, VaultItem

TRANSCRIPTS = 5000 if os.environ.get("HG_NIGHTLY") else 500
PATHS = {"chat": "/v1/chat/completions", "anthropic": "/v1/messages", "responses": "/v1/responses"}
SHAPES = tuple(PATHS)

ENTRIES = Book(key=b"v" * 32, limit=100).put(
    [
        VaultItem(entity=entity, original=original, role="user")
        for entity, original in (
            *(("PERSON", "Ada Lovelace"), ("PERSON", 'Jo "the\\pen" O\'Hara\n'), ("PERSON", "李小龍")),
            *(("EMAIL_ADDRESS", "ada@example.com"), ("URL", "https://intranet.example/?q="), ("CITY", "Turin")),
        )
    ]
)
TOKENS = tuple(entry.placeholder for entry in ENTRIES)
WORDS = (
    *("the", "Person", "email", "see", "https://a.example/?q=", "[x](", "![i](//b/", ")", "<b>", "é", "\n", "\n\n"),
    *('<img src="', '"', ">", "**", "'s", ",", ".", ":", "&", "&nbsp;", "www.", "PERSON 7", "]: //c/", ".evil.example"),
    *("-x.evil.example", "😀", "url(", "\\", "2024", "x.py"),
)

Place = tuple[int, str, int]
"""Choice or block, name of the text, tool call."""


def prose(rng: random.Random, most: int = 14) -> str:
    """A text as a model writes it."""

    def one() -> str:
        if rng.random() < 0.6:
            return rng.choice(WORDS)
        token = rng.choice(TOKENS)
        filler = rng.choice(["", "", "", "\\_", " ", "&#8203;"])
        token = rng.choice([token, token, token.lower(), token[:-1], token[3:], token[:-1] + "3"])
        return token[:8] + filler + token[8:] if filler else token

    return "".join(one() + rng.choice(["", " "]) for _ in range(rng.randint(1, most)))


def transcript(number: int) -> Answer:
    """An answer with two choices and two tool calls."""
    rng = random.Random(number)
    calls = tuple(
        ToolCall(
            name="send", arguments=json.dumps({"to": prose(rng, 5), "n": [1.50, prose(rng, 3)]}, ensure_ascii=bool(at))
        )
        for at in range(rng.randint(0, 2))
    )
    return Answer(text=prose(rng), alternatives=(prose(rng, 6),), tool_calls=calls)


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


def whole(place: Place, text: str) -> str:
    """What a text is restored to if it comes at once."""
    return (JsonRestorer if place[1] == "arguments" else Restorer)(ENTRIES).restore(text)


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


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cut_of_every_text_gives_the_same(shape: str) -> None:
    """Cut in two at any place, or into characters: what has been put out is always the beginning of the whole."""
    for number in range(TRANSCRIPTS):
        for place, text in gather(texts_in(shape, rendered(shape, transcript(number), stream=True))).items():
            make = JsonRestorer if place[1] == "arguments" else Restorer
            expected = whole(place, text)
            single, out = make(ENTRIES), ""
            for at, char in enumerate(text):
                restorer = make(ENTRIES)
                first = restorer.feed(text[:at])
                assert first == out, "what is put out depends on the cut"
                assert first + restorer.feed(text[at:]) + restorer.flush() == expected
                out += single.feed(char)
            assert out + single.flush() == expected


def test_interleaved_choices_and_calls_do_not_mix() -> None:
    """A chat stream of several choices, reasoning and parallel calls, cut by characters and in any order."""
    for number in range(TRANSCRIPTS):
        rng = random.Random(number)
        answer = transcript(number)
        written = gather(texts_in("chat", rendered("chat", answer, stream=True)))
        written[0, "reasoning_content", 0] = prose(rng)
        waiting = {place: list(text) for place, text in written.items()}
        weaver, woven = ChunkWeaver(ENTRIES, RestorationSettings()), []
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
            place: text for place, text in ((place, whole(place, text)) for place, text in written.items()) if text
        }


def test_a_stream_says_what_the_whole_answer_says() -> None:
    """The chunks of the dialect give the texts of the dialect's whole answer."""
    for number in range(TRANSCRIPTS):
        answer = transcript(number)
        weaver = ChunkWeaver(ENTRIES, RestorationSettings())
        streamed = gather(texts_in("chat", [weaver.weave(event) for event in rendered("chat", answer, stream=True)]))
        (body,) = rendered("chat", answer, stream=False)
        reply, tallies = restore_reply(body, ENTRIES, RestorationSettings())
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
    for token in TOKENS:
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
                restorer = make(ENTRIES)
                out = restorer.feed(text[:end])
                assert out.endswith("Dear "), "a part was put out while the rest could still come"
                assert not any(map(str.isdigit, restorer.flush()))
