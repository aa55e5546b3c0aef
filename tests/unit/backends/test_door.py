"""The door lets a call through only if it is what its decision says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from hybrid_guard.backends import LitellmDoor, llamacpp, to_chunk, to_response
from hybrid_guard.backends.door import chunk_of, present, price, reply_of, usage_of
from hybrid_guard.backends.transport import track
from hybrid_guard.errors import BackendError, EgressError
from hybrid_guard.types import (
    Body,
    Call,
    Decision,
    Deployment,
    Operator,
    Permit,
    Policy,
    Receipt,
    Treatment,
    Usage,
    Zone,
)

MASK = Treatment(default=Operator.PLACEHOLDER)
KEEP = Treatment()
HERE = Deployment(alias="here", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge", api_base="http://127.0.0.1:9/v1")
TINY = Deployment(alias="tiny", model="hg_llamacpp/tiny", zone=Zone.LOCAL, tier="device")
CLOUD = Deployment(
    alias="cloud", model="openai/gpt-4o-mini", zone=Zone.EXTERNAL, tier="cloud", api_base="https://llm.example/v1"
)
POLICY = Policy(name="p", digest="0" * 16, deployments=(HERE, TINY, CLOUD))


def call_to(of: Deployment, /, **changes: Any) -> Call:
    """A call that the door lets through, but for *changes*."""
    treatment = KEEP if of.zone is Zone.LOCAL else MASK
    permit = Permit(zones={Zone.LOCAL: KEEP, Zone.EXTERNAL: MASK})
    decision = Decision(
        deployment=of.alias,
        zone=of.zone,
        treatment=treatment,
        permit=permit,
        reasons=(),
        policy=POLICY.digest,
    )
    body = Body(content={"messages": []}, treatment=treatment, strings=0)
    call = Call(
        audit_id="a",
        deployment=of,
        body=body,
        decision=decision,
        clean=True,
        recorded=Receipt(audit_id="a", to=of.alias, zone=of.zone, bytes_out=body.size),
    )
    return replace(call, **changes)


@pytest.mark.parametrize("deployment", POLICY.deployments, ids=lambda one: one.alias)
def test_a_call_that_is_in_order_is_let_through(deployment: Deployment) -> None:
    """The door gives litellm to send it with."""
    assert LitellmDoor(POLICY).open(call_to(deployment)).__name__ == "litellm"


def decision(of: Deployment, /, **changes: Any) -> dict[str, Any]:
    """A change of the decision."""
    return {"decision": replace(call_to(of).decision, **changes)}


def receipt(**changes: Any) -> dict[str, Any]:
    """A change of the receipt of a call to the cloud."""
    given = call_to(CLOUD).recorded
    assert given is not None
    return {"recorded": replace(given, **changes)}


REFUSED: dict[str, tuple[Deployment, dict[str, Any], str]] = {
    "equal deployment": (HERE, {"deployment": replace(HERE)}, "HG705"),
    "unknown deployment": (HERE, {"deployment": replace(HERE, alias="other")}, "HG705"),
    "another deployment": (HERE, decision(HERE, deployment="cloud"), "HG705"),
    "another zone": (HERE, decision(HERE, zone=Zone.EXTERNAL), "HG705"),
    "block": (HERE, decision(HERE, deployment=None, zone=None), "HG705"),
    "zone outside of the permit": (CLOUD, decision(CLOUD, permit=Permit(zones={Zone.LOCAL: KEEP})), "HG705"),
    "body that was not rebuilt": (CLOUD, {"body": {"messages": []}}, "HG706"),
    "untreated body": (CLOUD, {"body": Body(content={}, treatment=KEEP, strings=0)}, "HG706"),
    "body that was not scanned": (CLOUD, {"clean": False}, "HG707"),
    "body that nearly was": (CLOUD, {"clean": 1}, "HG707"),
    "body without a record": (CLOUD, {"recorded": None}, "HG707"),
    "body that is said to be on record": (CLOUD, {"recorded": True}, "HG707"),
    "record of another deployment": (CLOUD, receipt(to="here"), "HG707"),
    "record of another zone": (CLOUD, receipt(zone=Zone.PRIVATE), "HG707"),
    "record of another request": (CLOUD, receipt(audit_id="b"), "HG707"),
    "record of another body": (CLOUD, receipt(bytes_out=1), "HG707"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_call_that_is_not_is_refused(name: str) -> None:
    """By every way in, before litellm is asked."""
    deployment, changes, code = REFUSED[name]
    door = LitellmDoor(POLICY)
    call = call_to(deployment, **changes)
    codes = []

    for attempt in (lambda: door.complete(call), lambda: next(iter(door.stream(call)))):
        with pytest.raises(EgressError) as caught:
            attempt()
        codes.append(caught.value.code)
    with pytest.raises(EgressError) as caught:
        await door.acomplete(call)
    codes.append(caught.value.code)
    with pytest.raises(EgressError) as caught:
        await anext(aiter(door.astream(call)))
    codes.append(caught.value.code)

    assert codes == [code] * 4


def test_a_model_in_this_process_cannot_be_outside() -> None:
    """Its zone is local, whatever a policy that was made by hand says."""
    outside = replace(TINY, zone=Zone.EXTERNAL)
    door = LitellmDoor(Policy(name="p", digest="0" * 16, deployments=(outside,)))

    with pytest.raises(EgressError) as caught:
        door.open(call_to(outside))

    assert caught.value.code == "HG702"


def test_a_door_has_no_deployment_that_cannot_be_fenced() -> None:
    """It is refused when the door is made."""
    with pytest.raises(EgressError):
        LitellmDoor(Policy(name="p", digest="0" * 16, deployments=(replace(HERE, api_base="http://10.0.0.1/v1"),)))


def test_arguments_switch_off_whatever_could_send_a_call_elsewhere() -> None:
    """The address is the policy's, and the body comes first, so it cannot replace anything."""
    door = LitellmDoor(POLICY)
    call = call_to(CLOUD)
    hostile = {"messages": [], "model": "m", "api_base": "https://other.example", "num_retries": 5, "client": None}
    arguments = door.arguments(replace(call, body=replace(call.body, content=hostile)), asynchronous=False)

    assert arguments["api_base"] == "https://llm.example/v1"
    assert arguments["model"] == CLOUD.model
    assert (arguments["num_retries"], arguments["max_retries"], arguments["caching"]) == (0, 0, False)
    assert arguments["client"] is door.clients.client(CLOUD)
    assert "stream" not in arguments
    streamed = door.arguments(call_to(TINY, stream=True), asynchronous=False)
    assert (streamed["stream"], streamed["stream_options"]) == (True, {"include_usage": True})
    assert not {"api_base", "api_key", "client"} & set(streamed)
    door.close()


def test_a_server_is_taken_as_healthy_and_a_model_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A survey makes no connection."""
    assert LitellmDoor(POLICY).survey() == {"here": True, "tiny": llamacpp.is_available(), "cloud": True}
    assert not present(replace(TINY, model=f"hg_llamacpp/{tmp_path / 'missing.gguf'}"))
    monkeypatch.setattr(llamacpp, "is_available", lambda: False)
    assert not present(TINY)


@pytest.mark.parametrize(
    ("given", "usage"),
    [
        (None, None),
        ({}, None),
        ({"prompt_tokens": 3, "completion_tokens": 2}, Usage(prompt_tokens=3, completion_tokens=2)),
        ({"prompt_tokens": None}, Usage()),
        ({"other": 1}, Usage()),
        ({"prompt_tokens": "3", "completion_tokens": True}, Usage()),
        ({"prompt_tokens": -1, "completion_tokens": 1 << 40}, Usage()),
    ],
)
def test_usage_is_what_was_reported(given: Any, usage: Usage | None) -> None:
    """Nothing reported is None, and a missing number is none."""
    assert usage_of(given) == usage


def test_a_price_is_litellms_and_local_calls_are_free() -> None:
    """A model without a price has None."""
    usage = Usage(prompt_tokens=1_000_000, completion_tokens=0)

    assert price(call_to(TINY), usage) == 0.0
    known = price(call_to(CLOUD), usage)
    assert known is not None
    assert known > 0
    unknown = replace(CLOUD, model="openai/nobody-knows-it")
    assert price(replace(call_to(CLOUD), deployment=unknown), usage) is None


class Dumped:
    """What litellm answers with."""

    def __init__(self, body: dict[str, Any] | None = None, *, reason: str | None = None) -> None:
        self.received_finish_reason = reason
        self.intermittent_finish_reason = None
        self.body = body or {}

    def model_dump(self, **_: Any) -> dict[str, Any]:
        return self.body


def test_answers_become_plain_values() -> None:
    """Tokens are there whether they were reported or not, and a chunk has them only where they were."""
    body = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}

    assert reply_of(call_to(TINY), Dumped(body)).usage == Usage(prompt_tokens=3, completion_tokens=2)
    assert reply_of(call_to(TINY), Dumped({"choices": []})).usage == Usage()
    assert chunk_of(call_to(TINY), Dumped({"choices": []}), Dumped()).usage is None
    assert chunk_of(call_to(TINY), Dumped(body), Dumped()).cost == 0.0


def test_a_reason_to_finish_that_nobody_gave_is_no_end() -> None:
    """litellm makes one up for a stream that only stopped."""
    last = Dumped({"choices": [{"finish_reason": "stop"}]})

    assert chunk_of(call_to(TINY), last, Dumped(reason="stop")).body == last.body
    with pytest.raises(EOFError):
        chunk_of(call_to(TINY), last, Dumped())


async def test_a_provider_that_fails_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """By all four ways; nothing of the exception hangs on ours."""
    door = LitellmDoor(POLICY)
    call = call_to(TINY, stream=True)
    litellm = door.open(call)

    def fail(**_: Any) -> Any:
        raise ValueError("very private")

    async def afail(**_: Any) -> Any:
        raise ValueError("very private")

    monkeypatch.setattr(litellm, "completion", fail)
    monkeypatch.setattr(litellm, "acompletion", afail)
    failures: list[BackendError] = []
    for attempt in (lambda: door.complete(call), lambda: list(door.stream(call))):
        with pytest.raises(BackendError) as caught:
            attempt()
        failures.append(caught.value)
    with pytest.raises(BackendError) as caught:
        await door.acomplete(call)
    failures.append(caught.value)
    with pytest.raises(BackendError) as caught:
        await anext(aiter(door.astream(call)))
    failures.append(caught.value)

    assert [failure.fault for failure in failures] == ["unavailable"] * 4
    assert all(failure.__context__ is None and failure.__cause__ is None for failure in failures)


class Streamed(Dumped):
    """A stream as litellm gives it, with an answer below that can be closed."""

    def __init__(self, *chunks: dict[str, Any], fails: bool = False) -> None:
        super().__init__(reason="stop")
        self.chunks = chunks
        self.fails = fails
        self.completion_stream = self
        self.closed = 0

    def __iter__(self) -> Iterator[Dumped]:
        yield from map(Dumped, self.chunks)
        if self.fails:
            raise ValueError("very private")

    async def __aiter__(self) -> AsyncIterator[Dumped]:
        for chunk in self:
            yield chunk

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


WORDS = tuple({"choices": [{"delta": {"content": word}}]} for word in "abc")


def answer_with(monkeypatch: pytest.MonkeyPatch, door: LitellmDoor, answer: Dumped) -> list[httpx.Response]:
    """Let litellm answer with *answer*; gives the HTTP answers that it makes for that."""
    litellm = door.open(call_to(TINY))
    made: list[httpx.Response] = []

    def completion(**_: Any) -> Dumped:
        made.append(httpx.Response(200))
        track(made[-1])
        return answer

    async def acompletion(**_: Any) -> Dumped:
        return completion()

    monkeypatch.setattr(litellm, "completion", completion)
    monkeypatch.setattr(litellm, "acompletion", acompletion)
    return made


async def test_whole_answers_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they came, by both ways."""
    door = LitellmDoor(POLICY)
    answer_with(monkeypatch, door, Dumped(WORDS[0]))

    assert door.complete(call_to(TINY)).body == WORDS[0]
    assert (await door.acomplete(call_to(TINY))).body == WORDS[0]


async def test_a_door_closes_its_connections() -> None:
    """By both ways."""
    door = LitellmDoor(POLICY)
    clients = [door.clients.client(CLOUD), door.clients.async_client(CLOUD)]

    door.close()
    assert clients[0].is_closed()
    await door.aclose()
    clients.append(door.clients.async_client(CLOUD))
    await door.aclose()
    assert clients[2].is_closed()


async def test_streams_are_handed_on_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read to the end or left early, by both ways, what is below is closed."""
    door = LitellmDoor(POLICY)
    call = call_to(TINY, stream=True)
    answer = Streamed(*WORDS)
    made = answer_with(monkeypatch, door, answer)

    assert [chunk.body for chunk in door.stream(call)] == [*WORDS]
    assert [chunk.body async for chunk in door.astream(call)] == [*WORDS]
    early: Any = door.stream(call)
    assert next(early).body == WORDS[0]
    early.close()
    late: Any = door.astream(call)
    assert (await anext(late)).body == WORDS[0]
    await late.aclose()

    assert answer.closed == 4
    assert len(made) == 4
    assert all(one.is_closed for one in made)


async def test_a_stream_that_breaks_off_is_closed_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first chunk it is an interruption; the chunk was handed on."""
    door = LitellmDoor(POLICY)
    call = call_to(TINY, stream=True)
    answer = Streamed(WORDS[0], fails=True)
    answer_with(monkeypatch, door, answer)

    chunks = iter(door.stream(call))
    assert next(chunks).body == WORDS[0]
    with pytest.raises(BackendError) as caught:
        next(chunks)
    assert caught.value.fault == "interrupted"
    achunks = aiter(door.astream(call))
    assert (await anext(achunks)).body == WORDS[0]
    with pytest.raises(BackendError) as caught:
        await anext(achunks)
    assert caught.value.fault == "interrupted"

    assert answer.closed == 2


def test_plain_values_become_litellms_own() -> None:
    """Callers get what litellm would give them, and where it came from."""
    provenance = object()
    response: Any = to_response({"choices": [{"message": {"role": "assistant", "content": "x"}}]}, provenance)
    chunk: Any = to_chunk({"choices": [{"index": 0, "delta": {"content": "y"}}]})

    assert response.choices[0].message.content == "x"
    assert response.hybrid_guard is provenance
    assert chunk.choices[0].delta.content == "y"
