"""What every backend promises: one answer by all four ways, errors without text, an end when the caller goes."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from hybrid_guard import BackendError
from hybrid_guard.backends import LitellmDoor, llamacpp
from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.errors import BackendFault
from hybrid_guard.testing import Answer, Fault, RecordingServer, TaintOracle, ToolCall, fail, say, say_surely
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.faults import (
    BadJson,
    Empty,
    InvalidUtf8,
    Redirect,
    Reset,
    Silent,
    Status,
    Truncate,
    WrongType,
)
from hybrid_guard.types import Chunk, Reply, Usage
from tests.contract.backend_rig import StallingServer, ask, call_for, door_to
from tests.promises.rig import WAYS, Way

SERVED = ("hosted_vllm", "openai")
STREAMED: tuple[Way, ...] = ("stream", "astream")
CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
QUESTION = {"messages": [{"role": "user", "content": "Which capital has the Eiffel tower?"}]}
PRIVATE = {"messages": [{"role": "user", "content": f"My card is {CARD.value}."}]}


@pytest.fixture(name="door", params=[*SERVED, "hg_llamacpp"])
def open_door(request: pytest.FixtureRequest) -> Iterator[LitellmDoor]:
    """A door to a server, by each kind of client, and to the bundled model in this process."""
    if request.param == "hg_llamacpp":
        door = door_to("hg_llamacpp/tiny")
        yield door
        llamacpp.unload()
        return
    with RecordingServer("only", say_surely("Paris, of course.")) as server:
        door = door_to(f"{request.param}/stub", server.base_url)
        yield door
        door.close()


def text_of(answer: Reply | list[Chunk]) -> str:
    """What was said."""
    if isinstance(answer, Reply):
        return str(answer.body["choices"][0]["message"]["content"])
    choices = [choice for chunk in answer for choice in chunk.body["choices"]]
    return "".join(choice["delta"]["content"] or "" for choice in choices)


def reason_of(answer: Reply | list[Chunk]) -> list[str]:
    """Why it ended."""
    bodies = [answer.body] if isinstance(answer, Reply) else [chunk.body for chunk in answer]
    return [one["finish_reason"] for body in bodies for one in body["choices"] if one["finish_reason"]]


def usage_of(answer: Reply | list[Chunk]) -> list[Usage]:
    """Every report of tokens."""
    if isinstance(answer, Reply):
        return [answer.usage]
    return [chunk.usage for chunk in answer if chunk.usage is not None]


def cost_of(answer: Reply | list[Chunk]) -> list[float | None]:
    """Every report of a price."""
    if isinstance(answer, Reply):
        return [answer.cost]
    return [chunk.cost for chunk in answer if chunk.usage is not None]


def logprobs_of(answer: Reply | list[Chunk]) -> list[tuple[str, float]]:
    """Token and log-probability, over the whole answer."""
    bodies = [answer.body] if isinstance(answer, Reply) else [chunk.body for chunk in answer]
    entries = [(one.get("logprobs") or {}).get("content") or [] for body in bodies for one in body["choices"]]
    return [(one["token"], one["logprob"]) for content in entries for one in content]


def test_four_ways_give_the_same_answer(door: LitellmDoor) -> None:
    """Text, reason, tokens and price are the same however the deployment is called, and told once."""
    answers = [ask(door, way, {**QUESTION, "max_tokens": 24}) for way in WAYS]

    assert text_of(answers[0])
    assert len({text_of(answer) for answer in answers}) == 1
    assert [reason_of(answer) for answer in answers] == [reason_of(answers[0])] * 4
    assert len(reason_of(answers[0])) == 1
    (usage,) = usage_of(answers[0])
    assert usage.prompt_tokens > 0
    assert usage.completion_tokens > 0
    assert [usage_of(answer) for answer in answers] == [[usage]] * 4
    assert [cost_of(answer) for answer in answers] == [[0.0]] * 4


def test_four_ways_give_the_same_probabilities(door: LitellmDoor) -> None:
    """Log-probabilities come through, token by token, and spell the answer."""
    answers = [ask(door, way, {**QUESTION, "max_tokens": 24, "logprobs": True}) for way in WAYS]

    tokens = logprobs_of(answers[0])
    assert tokens
    assert all(logprob <= 0.0 for _, logprob in tokens)
    assert "".join(token for token, _ in tokens).strip() == text_of(answers[0]).strip()
    for answer in answers:
        again = logprobs_of(answer)
        assert [token for token, _ in again] == [token for token, _ in tokens]
        # What llama.cpp keeps of the prompt from one call to the next moves the last digits.
        assert [logprob for _, logprob in again] == pytest.approx([logprob for _, logprob in tokens], abs=1e-3)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", SERVED)
def test_a_price_is_told_beyond_the_local_zone(provider: str, way: Way) -> None:
    """A known model has a price, and an unknown one has none; only a local call is free."""
    with RecordingServer("only", say("Paris.")) as server:
        priced = door_to("openai/gpt-4o-mini", server.base_url, zone="external")
        (cost,) = cost_of(ask(priced, way, QUESTION))
        assert cost is not None
        assert cost > 0

        unknown = door_to(f"{provider}/stub", server.base_url, zone="external")
        assert cost_of(ask(unknown, way, QUESTION)) == [None]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", SERVED)
def test_tool_calls_come_through(provider: str, way: Way) -> None:
    """Parallel calls keep their positions, names and arguments."""
    wanted = [("look_up", '{"what": "a b c"}'), ("note", '{"x": [1, 2]}')]
    answer = Answer(tool_calls=tuple(ToolCall(name=name, arguments=arguments) for name, arguments in wanted))
    with RecordingServer("only", lambda _: answer) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        given = ask(door, way, QUESTION)
        door.close()

    bodies = [given.body] if isinstance(given, Reply) else [chunk.body for chunk in given]
    written: dict[int, list[str]] = {}
    for body in bodies:
        for choice in body["choices"]:
            for position, one in enumerate((choice.get("message") or choice["delta"])["tool_calls"] or ()):
                name, arguments = written.setdefault(one.get("index", position), ["", ""])
                function = one["function"]
                written[one.get("index", position)] = [
                    name + (function["name"] or ""),
                    arguments + function["arguments"],
                ]
    assert [tuple(written[position]) for position in sorted(written)] == wanted


FAULTS: dict[str, tuple[Fault, BackendFault]] = {
    **{f"status {code}": (Status(code=code, echo=True), "refused") for code in (400, 401, 403, 404, 409, 413, 422)},
    **{f"status {code}": (Status(code=code, echo=True), "unavailable") for code in (500, 501, 502, 503, 507)},
    **{f"status {code}": (Status(code=code, echo=True), "timeout") for code in (408, 504)},
    "status 429": (Status(code=429, echo=True), "rate_limited"),
    "reset": (Reset(), "unavailable"),
    "reset in the answer": (Reset(after=20), "unavailable"),
    "cut": (Truncate(after=20), "unavailable"),
    "redirect": (Redirect(to="http://127.0.0.1:9/v1"), "unavailable"),
    "silence": (Silent(), "timeout"),
}
UNREADABLE: dict[str, Fault] = {
    "bad JSON": BadJson(),
    "HTML": WrongType(),
    "nothing": Empty(),
    "not UTF-8": InvalidUtf8(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", SERVED)
@pytest.mark.parametrize("name", FAULTS)
def test_a_failure_is_named_and_quotes_nothing(name: str, provider: str, way: Way) -> None:
    """The kind of a failure is the same by all four ways, and nothing of the prompt is in the error or behind it."""
    fault, expected = FAULTS[name]
    with RecordingServer("only", fail(fault)) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        with pytest.raises(BackendError) as caught:
            ask(door, way, PRIVATE, timeout=0.5)
        door.close()

        assert len(server.requests) == 1
    error = caught.value
    assert (error.fault, error.deployment) == (expected, "only")
    assert error.__cause__ is None
    assert error.__context__ is None
    ORACLE.assert_clean("error", "".join(traceback.format_exception(error)) + repr(vars(error)))


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("provider", SERVED)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_whole_answer_that_cannot_be_read_is_a_failure(name: str, provider: str, way: Way) -> None:
    """What is no answer is not taken for an empty one."""
    with RecordingServer("only", fail(UNREADABLE[name])) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        with pytest.raises(BackendError):
            ask(door, way, QUESTION)
        door.close()


@pytest.mark.parametrize("way", STREAMED)
@pytest.mark.parametrize("provider", SERVED)
@pytest.mark.parametrize("name", ["HTML", "nothing"])
def test_a_stream_that_says_nothing_is_a_failure(name: str, provider: str, way: Way) -> None:
    """A page or an empty body is not taken for a stream without words, though litellm makes up an end for it."""
    with RecordingServer("only", fail(UNREADABLE[name])) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        with pytest.raises(BackendError) as caught:
            ask(door, way, QUESTION)
        door.close()

    assert caught.value.fault == "bad_reply"


class UnfinishedServer(StallingServer):
    """Sends the beginning of an answer and then ends it as if it were whole."""

    closing = b"0\r\n\r\n"


@pytest.mark.parametrize("way", STREAMED)
@pytest.mark.parametrize("provider", SERVED)
def test_a_stream_without_an_end_is_a_failure(provider: str, way: Way) -> None:
    """An answer that stops without a reason to finish is not taken for a whole one."""
    with UnfinishedServer("only", say("word " * 20)) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        with pytest.raises(BackendError) as caught:
            ask(door, way, QUESTION)
        door.close()

    assert caught.value.fault == "interrupted"


@pytest.mark.parametrize("way", WAYS)
def test_an_answer_without_words_is_an_answer(way: Way) -> None:
    """A model may say nothing."""
    with RecordingServer("only", say("")) as server:
        door = door_to("hosted_vllm/stub", server.base_url)
        answer = ask(door, way, QUESTION)
        door.close()

    assert text_of(answer) == ""
    assert reason_of(answer) == ["stop"]


@pytest.fixture(name="kept")
def keep_streams(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """litellm's streams, kept, so that it is not the garbage collector that closes them."""
    litellm: Any = load_litellm()
    whole, asynchronous = litellm.completion, litellm.acompletion
    kept: list[Any] = []

    def completion(**arguments: Any) -> Any:
        kept.append(whole(**arguments))
        return kept[-1]

    async def acompletion(**arguments: Any) -> Any:
        kept.append(await asynchronous(**arguments))
        return kept[-1]

    monkeypatch.setattr(litellm, "completion", completion)
    monkeypatch.setattr(litellm, "acompletion", acompletion)
    return kept


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("provider", SERVED)
def test_closing_a_stream_closes_the_connection(provider: str) -> None:
    """A caller who leaves early is not paid for: the server sees the connection go."""
    with StallingServer("only", say("word " * 20)) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        chunks: Any = door.stream(call_for(door, QUESTION, "stream"))
        next(chunks)

        chunks.close()

        assert server.was_left()
        door.close()


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("provider", SERVED)
async def test_closing_an_asynchronous_stream_closes_the_connection(provider: str) -> None:
    """So it is on an event loop."""
    with StallingServer("only", say("word " * 20)) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        chunks: Any = door.astream(call_for(door, QUESTION, "astream"))
        async with aclosing(chunks):
            await anext(chunks)

        assert await asyncio.to_thread(server.was_left)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("way", ["async", "astream"])
@pytest.mark.parametrize("provider", SERVED)
async def test_cancelling_a_task_closes_the_connection(provider: str, way: Way) -> None:
    """A task that is cancelled while it waits for the deployment lets go of it."""
    with StallingServer("only", say("word " * 20)) as server:
        door = door_to(f"{provider}/stub", server.base_url)
        call = call_for(door, QUESTION, way)

        async def wait() -> None:
            if way == "async":
                await door.acomplete(call)
            else:
                async for _ in door.astream(call):
                    continue

        task = asyncio.create_task(wait())
        await server.is_asked()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert await asyncio.to_thread(server.was_left)
