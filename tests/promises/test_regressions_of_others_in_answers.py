"""
What was seen to come back wrong elsewhere comes back right here: originals of two people, tool arguments, cut streams.

Where a raw value is at stake, the same call is first made through litellm alone and seen to leak.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard.testing import (
    Answer,
    RecordedRequest,
    RecordingServer,
    Reply,
    TaintOracle,
    ToolCall,
    echo,
    fail,
    say_chunks,
)
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.faults import OneByte
from tests.promises.direct import aim
from tests.promises.rig import WAYS, Rig, Way, call, rig, said_in

ALICE = Canary(value="alice.wkzvbq@qvxhtz.example", label="alice", stop=("alice", ".example"))
BOB = Canary(value="bob.hjgfds@pklmwr.example", label="bob", stop=(".example",))
ORACLE = TaintOracle([ALICE, BOB])
STREAMED: tuple[Way, ...] = ("stream", "astream")


@pytest.fixture(name="masked")
def open_masked(tmp_path: Path) -> Iterator[Rig]:
    """A guard that replaces what it finds and prefers clouds."""
    with rig(tmp_path) as setup:
        yield setup


def pieces(guard: Any, way: Way, **arguments: Any) -> list[str]:
    """The texts that a streamed call hands out, in their order."""
    if way == "stream":
        return [said_in(chunk) for chunk in guard.completion(**arguments, stream=True)]

    async def read() -> list[str]:
        return [said_in(chunk) async for chunk in await guard.acompletion(**arguments, stream=True)]

    return asyncio.run(read())


def contents(request: RecordedRequest) -> list[str]:
    """What the messages of *request* say."""
    return [message["content"] or "" for message in request.json()["messages"]]


def in_pieces_of(size: int, text: str) -> Answer:
    """*text*, in a stream whose deltas have *size* characters."""
    return Answer(text=text, chunks=tuple(text[at : at + size] for at in range(0, len(text), size)))


def assert_never_partial(handed_out: list[str], whole: str) -> None:
    """Whatever was handed out so far is right so far: nobody sees a part of a placeholder, even for a moment."""
    so_far = ""
    for piece in handed_out:
        so_far += piece
        assert whole.startswith(so_far)
    assert so_far == whole


TWO_PEOPLE = [
    {"role": "user", "content": f"Alice is at {ALICE.value}."},
    {"role": "assistant", "content": "Noted."},
    {"role": "user", "content": f"Bob is at {BOB.value}."},
]
BACKWARDS = f"Bob is at {BOB.value}. Alice is at {ALICE.value}."


def tell_backwards(request: RecordedRequest) -> Answer:
    """The last message, then the first."""
    said = contents(request)
    return Answer(text=f"{said[-1]} {said[0]}")


@pytest.mark.parametrize("way", WAYS)
def test_each_person_gets_the_own_address_back(masked: Rig, litellm: Any, way: Way) -> None:
    """Two addresses in two messages are two placeholders, and the answer has each in its place."""
    with RecordingServer("other", tell_backwards) as other:
        assert call(litellm, way, messages=TWO_PEOPLE, **aim(other)) == BACKWARDS
        assert {leak.label for leak in ORACLE.leaks("other", other.received)} == {"alice", "bob"}
    masked.cloud_a.reply = tell_backwards

    assert call(masked.guard, way, messages=TWO_PEOPLE) == BACKWARDS

    sent = contents(masked.cloud_a.requests[-1])
    assert sent[0].removeprefix("Alice") != sent[2].removeprefix("Bob")
    ORACLE.assert_clean("clouds", masked.outside, strict=True)


@pytest.mark.parametrize("way", STREAMED)
@pytest.mark.parametrize("size", range(1, 31))
def test_each_person_gets_the_own_address_back_in_pieces(masked: Rig, size: int, way: Way) -> None:
    """So it is for every size of the pieces in which the answer arrives."""
    masked.cloud_a.reply = lambda request: in_pieces_of(size, tell_backwards(request).text)

    assert_never_partial(pieces(masked.guard, way, messages=TWO_PEOPLE), BACKWARDS)

    ORACLE.assert_clean("clouds", masked.outside, strict=True)


@pytest.mark.parametrize("way", WAYS)
def test_each_person_gets_the_own_address_back_in_a_later_turn(masked: Rig, way: Way) -> None:
    """A session remembers: one person has one placeholder in all its turns, and it comes back in any of them."""
    one = {"session": "s"}
    first = call(masked.guard, way, messages=TWO_PEOPLE[:1], hybrid_guard=one)
    alice = contents(masked.cloud_a.requests[-1])[0]
    masked.cloud_a.reply = tell_backwards

    history = [TWO_PEOPLE[0], {"role": "assistant", "content": first}, TWO_PEOPLE[2]]
    assert call(masked.guard, way, messages=history, hybrid_guard=one) == BACKWARDS
    assert contents(masked.cloud_a.requests[-1])[:2] == [alice, alice]

    masked.cloud_a.reply = lambda request: Answer(text=f"{contents(request)[0]} {alice}")
    assert call(masked.guard, way, messages=TWO_PEOPLE[2:], hybrid_guard=one) == BACKWARDS
    stranger = call(masked.guard, way, messages=TWO_PEOPLE[2:], hybrid_guard={"session": "t"})
    assert ALICE.value not in stranger
    assert BOB.value in stranger
    ORACLE.assert_clean("clouds", masked.outside, strict=True)


CALLED = [
    {"role": "user", "content": "Write to both."},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "mail", "arguments": json.dumps({"to": [ALICE.value], "cc": {BOB.value: 1}})},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "sent"},
    {"role": "user", "content": "And again, to each."},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "mail",
            "parameters": {"type": "object", "properties": {"to": {"type": "array", "items": {"type": "string"}}}},
        },
    }
]


def call_again(request: RecordedRequest) -> Answer:
    """Two calls of the tool: one for the person who was written to, one for the person who was in copy."""
    arguments = json.loads(request.json()["messages"][1]["tool_calls"][0]["function"]["arguments"])
    (alice,), (bob,) = arguments["to"], arguments["cc"]
    return Answer(
        tool_calls=(
            ToolCall(name="mail", arguments=json.dumps({"to": alice, "why": "as\tasked"})),
            ToolCall(name="mail", arguments=json.dumps({"to": bob, "again": [bob]})),
        )
    )


def calls_of(guard: Any, way: Way, **arguments: Any) -> list[dict[str, Any]]:
    """The arguments of each tool call of an answer, by its position."""
    written: defaultdict[int, str] = defaultdict(str)

    def take(calls: Any) -> None:
        for position, one in enumerate(calls or ()):
            written[getattr(one, "index", position)] += one.function.arguments or ""

    async def read() -> None:
        async for chunk in await guard.acompletion(**arguments, stream=True):
            take(chunk.choices[0].delta.tool_calls)

    match way:
        case "sync":
            take(guard.completion(**arguments).choices[0].message.tool_calls)
        case "async":
            take(asyncio.run(guard.acompletion(**arguments)).choices[0].message.tool_calls)
        case "stream":
            for chunk in guard.completion(**arguments, stream=True):
                take(chunk.choices[0].delta.tool_calls)
        case "astream":
            asyncio.run(read())
    return [json.loads(written[position]) for position in sorted(written)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reply", [call_again, fail(OneByte(), call_again)], ids=["whole", "byte-by-byte"])
def test_tool_arguments_are_treated_on_both_ways(masked: Rig, litellm: Any, reply: Reply, way: Way) -> None:
    """Values in the arguments of earlier calls, keys too, are replaced; those of new calls come back, call by call."""
    wanted = [{"to": ALICE.value, "why": "as\tasked"}, {"to": BOB.value, "again": [BOB.value]}]
    with RecordingServer("other", reply) as other:
        assert calls_of(litellm, way, messages=CALLED, tools=TOOLS, **aim(other)) == wanted
        assert {leak.label for leak in ORACLE.leaks("other", other.received)} == {"alice", "bob"}
    masked.cloud_a.reply = reply

    assert calls_of(masked.guard, way, messages=CALLED, tools=TOOLS) == wanted

    assert masked.calls_outside == 1
    ORACLE.assert_clean("clouds", masked.outside, strict=True)


@pytest.mark.parametrize("way", STREAMED)
def test_a_stream_cut_at_every_byte_is_restored(masked: Rig, litellm: Any, way: Way) -> None:
    """Bytes that arrive one at a time, not at event borders, make the same answer."""
    reply = fail(OneByte(), tell_backwards)
    with RecordingServer("other", reply) as other:
        assert call(litellm, way, messages=TWO_PEOPLE, **aim(other)) == BACKWARDS
        assert ORACLE.leaks("other", other.received)
    masked.cloud_a.reply = reply

    assert_never_partial(pieces(masked.guard, way, messages=TWO_PEOPLE), BACKWARDS)

    ORACLE.assert_clean("clouds", masked.outside, strict=True)


@pytest.mark.parametrize("way", STREAMED)
def test_a_placeholder_cut_anywhere_is_restored(masked: Rig, way: Way) -> None:
    """A placeholder may be cut at any of its characters, in two pieces or in three, and no part of it is shown."""
    question = [{"role": "user", "content": f"Write to {ALICE.value} soon."}]
    one = {"session": "s"}
    masked.cloud_a.reply = echo
    call(masked.guard, way, messages=question, hybrid_guard=one)
    said = contents(masked.cloud_a.requests[-1])[0]
    placeholder = said.removeprefix("Write to ").removesuffix(" soon.")
    start, end = len("Write to "), len("Write to ") + len(placeholder)
    cuts = [(at, at) for at in range(start - 1, end + 2)]
    cuts += [(at, end - (at - start)) for at in range(start, (start + end) // 2)]

    for first, second in cuts:
        chunks = tuple(filter(None, (said[:first], said[first:second], said[second:])))
        masked.cloud_a.reply = say_chunks(*chunks)

        handed_out = pieces(masked.guard, way, messages=question, hybrid_guard=one)

        assert_never_partial(handed_out, question[0]["content"])
        assert placeholder not in "".join(handed_out)
    ORACLE.assert_clean("clouds", masked.outside, strict=True)
