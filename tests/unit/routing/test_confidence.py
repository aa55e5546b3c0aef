"""How far an answer can be trusted, from the answer alone."""

from __future__ import annotations

import math
from typing import Any

import pytest

from hybrid_guard.routing import judge


def reply(content: str | None = "Paris.", **more: Any) -> dict[str, Any]:
    """An answer of one choice."""
    said = {name: more.pop(name, None) for name in ("tool_calls", "refusal")}
    return {"choices": [{"finish_reason": "stop", "message": {"content": content, **said}, **more}]}


def entries(*logprobs: Any) -> dict[str, Any]:
    """Log-probabilities as an answer has them."""
    return {"content": [{"token": "t", "logprob": one} for one in logprobs]}


def call(arguments: str | None) -> dict[str, Any]:
    """A tool call."""
    return {"function": {"name": "f", "arguments": arguments}}


@pytest.mark.parametrize(
    ("answer", "signals", "score"),
    [
        (reply(), (), None),
        (reply(""), ("empty",), 0.0),
        (reply(None), ("empty",), 0.0),
        (reply("  \n"), ("empty",), 0.0),
        ({"choices": []}, ("empty",), 0.0),
        ({}, ("empty",), 0.0),
        ({"choices": [{}]}, ("empty",), 0.0),
        (reply("Half a", finish_reason="length"), ("truncated",), 0.3),
        (reply("", finish_reason="length"), ("empty", "truncated"), 0.0),
        (reply(None, tool_calls=[call('{"a": 1}')]), (), None),
        (reply(None, tool_calls=[call(None)]), (), None),
        (reply(None, tool_calls=[{}]), (), None),
        (reply(None, tool_calls=[call('{"a": ')]), ("broken-json",), 0.0),
        (reply(None, tool_calls=[call("[" * 100_000)]), ("broken-json",), 0.0),
        (reply("I'm sorry, no.", tool_calls=[call("{}")]), (), None),
        (reply("x", refusal="I will not."), ("refusal",), 0.0),
    ],
)
def test_signals_need_no_model(answer: dict[str, Any], signals: tuple[str, ...], score: float | None) -> None:
    """A hard signal leaves no confidence, a truncated answer little, and no signal says nothing."""
    confidence = judge(answer, wants_json=False)

    assert (confidence.signals, confidence.score) == (signals, score)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I cannot help with that.",
        "I am so sorry.",
        "I can't say.",
        "I cannot say.",
        "I don't know.",
        "As an AI, I have no view.",
        "Unfortunately, I am not able to.",
        "Es tut mir leid.",
        "Ich kann dir leider nicht helfen.",
        "Lo siento.",
        "Je suis désolé.",
        "... I won\u2019t do it.",
    ],
)
def test_an_opening_that_declines_is_a_refusal(text: str) -> None:
    """In several languages, after marks that are no words."""
    assert judge(reply(text), wants_json=False).signals == ("refusal",)


@pytest.mark.parametrize("text", ["Sorrow is no sin.", "Paris. I am sorry to hear it.", "I can do that.", "Iceland."])
def test_other_openings_are_none(text: str) -> None:
    """An apology later in an answer is not a refusal."""
    assert judge(reply(text), wants_json=False).signals == ()


@pytest.mark.parametrize(
    ("content", "signals"), [('{"a": 1}', ()), ("[1", ("broken-json",)), ("Paris.", ("broken-json",)), ("7", ())]
)
def test_json_that_was_asked_for_must_be_json(content: str, signals: tuple[str, ...]) -> None:
    """Only the content is looked at, and not if a tool is called instead."""
    assert judge(reply(content), wants_json=True).signals == signals
    assert judge(reply(content), wants_json=False).signals == ()
    assert judge(reply(content, tool_calls=[call("{}")]), wants_json=True).signals == ()


def test_the_score_is_the_mean_of_the_mean_and_the_lowest_quintile() -> None:
    """Both in logarithms, over the chosen tokens of all choices."""
    logprobs = (-0.1, -0.2, -0.3, -0.4, -2.0)
    expected = math.exp((sum(logprobs) / 5 + -2.0) / 2)

    assert judge(reply(logprobs=entries(*logprobs)), wants_json=False).score == pytest.approx(expected)
    one = reply(logprobs=entries(-0.5))
    two = {"choices": [*one["choices"], *reply(logprobs=entries(-1.5))["choices"]]}
    assert judge(two, wants_json=False).score == pytest.approx(math.exp((-1.0 + -1.5) / 2))


def test_a_sure_answer_scores_above_an_unsure_one() -> None:
    """The score orders answers, and lies in [0, 1]."""
    sure = judge(reply(logprobs=entries(-0.01, -0.02)), wants_json=False).score
    unsure = judge(reply(logprobs=entries(-1.0, -2.0)), wants_json=False).score

    assert sure is not None
    assert unsure is not None
    assert 0.0 <= unsure < sure <= 1.0
    assert judge(reply(logprobs=entries(0.5)), wants_json=False).score == 1.0


def test_a_truncated_answer_is_as_bad_as_its_tokens() -> None:
    """The ceiling does not raise a low score."""
    low = judge(reply("Half", finish_reason="length", logprobs=entries(-5.0)), wants_json=False)
    high = judge(reply("Half", finish_reason="length", logprobs=entries(-0.01)), wants_json=False)

    assert low.score == pytest.approx(math.exp(-5.0))
    assert high.score == 0.3


@pytest.mark.parametrize("logprobs", [None, {}, {"content": None}, entries(None, "x", float("nan"), -math.inf)])
def test_what_is_no_probability_is_passed_over(logprobs: Any) -> None:
    """A deployment that gives nothing usable cannot be judged by it."""
    assert judge(reply(logprobs=logprobs), wants_json=False).score is None
