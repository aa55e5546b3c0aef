"""What a caller is handed: the chunks and the parts of them that were asked for, and all of the text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hybrid_guard.core import build, run, stream
from hybrid_guard.types import Chunk, Request
from tests.unit.core.ports import MAIL, STAY, House, policy, request, text_of


def asked(**more: Any) -> Request:
    """A streamed request with more arguments."""
    plain = request(stream=True)
    return replace(plain, body={**plain.body, **more})


def handed_out(house: House, wanted: Request) -> list[Chunk]:
    """All chunks that the caller gets."""
    return list(stream(build(house.chain)(wanted), house.ports))


def test_the_tokens_are_handed_out_if_they_were_asked_for() -> None:
    """The door always asks for them; a caller who did not gets no chunk without choices."""
    plain = handed_out(House(), asked())
    told = handed_out(House(), asked(stream_options={"include_usage": True}))

    assert all(chunk.body["choices"] for chunk in plain)
    assert not told[-1].body["choices"]
    assert told[-1].usage is not None
    assert len(told) == len(plain) + 1
    assert handed_out(House(), asked(stream_options={"include_usage": False}))[-1].body["choices"]


@pytest.mark.parametrize("logprobs", [True, False, None])
def test_log_probabilities_are_handed_out_if_they_were_asked_for(logprobs: bool | None) -> None:
    """The chain may want them for itself."""
    for way in ("whole", "stream"):
        house = House(policy(STAY))
        house.backend.logprob = -0.5
        wanted = asked() if logprobs is None else asked(logprobs=logprobs)
        if way == "whole":
            outcome = run(build(house.chain)(replace(wanted, stream=False)), house.ports)
            assert outcome.body is not None
            choices = outcome.body["choices"]
        else:
            choices = [choice for chunk in handed_out(house, wanted) for choice in chunk.body["choices"]]
        assert any(choice.get("logprobs") for choice in choices) is bool(logprobs)


def test_a_stream_without_an_end_gives_all_of_its_text() -> None:
    """What was held back for a placeholder that did not come is handed out at the end."""
    house = House()

    def cut_short(call: Any) -> Any:
        yield Chunk(body={"id": "7", "choices": [{"index": 0, "delta": {"content": "Dear EM"}, "finish_reason": None}]})

    house.backend.chunks = cut_short  # type: ignore[method-assign]  # the port is scripted
    chunks = handed_out(house, asked())

    assert "".join(map(text_of, chunks)) == "Dear EM"


@pytest.mark.parametrize("wanted", [{"type": "json_object"}, {"type": "text"}, None])
def test_an_answer_is_judged_by_what_was_asked_for(wanted: dict[str, str] | None) -> None:
    """JSON that is none has no confidence, if JSON was wanted."""
    house = House(policy(STAY))
    body = {**request().body, **({} if wanted is None else {"response_format": wanted})}
    deployment = replace(house.policy.deployments[0], supports=frozenset({"response_format"}))
    house = House(replace(house.policy, deployments=(deployment,)))

    outcome = run(build(house.chain)(Request(body=body)), house.ports)

    assert outcome.confidence is not None
    is_json = wanted == {"type": "json_object"}
    assert outcome.confidence.signals == (("broken-json",) if is_json else ())
    assert outcome.body is not None
    assert outcome.body["choices"][0]["message"]["content"] == f"I am {MAIL}."
