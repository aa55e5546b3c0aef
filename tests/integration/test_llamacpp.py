"""The in-process provider: real llama.cpp with the bundled model, through litellm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from litellm.exceptions import (
    ContextWindowExceededError,
    InternalServerError,
    NotFoundError,
    ServiceUnavailableError,
    UnsupportedParamsError,
)

from hybrid_guard.backends import llama_model, llama_worker, llamacpp
from hybrid_guard.backends.llama_model import Piece
from hybrid_guard.errors import BackendError
from tests.integration.llamacpp_rig import LONG, MODEL, NOTE, SECRET, ask, joined, provider, text_of, usage_of

__all__ = ["provider"]

pytestmark = pytest.mark.usefixtures("provider")

# A request and what of it the reply must hold, letter by letter.
COPIES = {
    "note": (NOTE, ["Anna", "the meeting on Friday"]),
    "clinical": ("Summarise: patient Maria Lopez, 54, has type 2 diabetes.", ["Maria Lopez, 54, has type 2 diabetes"]),
    "fact": ("What is the capital of France?", ["Paris"]),
    "placeholder": ("Repeat exactly: PERSON7QK2MX9A", ["PERSON7QK2MX9A"]),
    "social security number": ("My SSN is 078-05-1120.", ["078-05-1120"]),
    "card": ("My card number is 4929 1804 7735 6120. Is it valid?", ["4929 1804 7735 6120"]),
    "api key": ("My API key is sk-7fQ2LpXw81.", ["sk-7fQ2LpXw81"]),
    "two placeholders": (
        "Write a short email to PERSONQ7X2MK9A about the invoice LOCATIONZZ81KQPA.",
        ["PERSONQ7X2MK9A", "LOCATIONZZ81KQPA"],
    ),
    "e-mail address": (
        "Write an email to john.q.public@example.org about the overdue invoice.",
        ["john.q.public@example.org"],
    ),
    "resume": ("Improve this resume: Quentin Blackwood, barista at Brewhaus.", ["Quentin Blackwood", "Brewhaus"]),
    "made-up words": ("What is the weather in Zumbrelo?", ["Zumbrelo"]),
    "greeting": ("Hello, my name is Wanda Moss.", ["Wanda Moss"]),
}


async def test_all_four_ways_give_the_same_text() -> None:
    """Completion, acompletion and both streams answer alike."""
    streamed = joined(list(litellm.completion(**ask(NOTE), stream=True)))
    astreamed = joined([chunk async for chunk in await litellm.acompletion(**ask(NOTE), stream=True)])
    whole = text_of(litellm.completion(**ask(NOTE)))
    awhole = text_of(await litellm.acompletion(**ask(NOTE)))
    assert "Anna" in whole
    assert [streamed, astreamed, awhole] == [whole] * 3


async def test_all_four_ways_give_the_same_text_where_tokens_are_parts_of_characters() -> None:
    """A character of several tokens is handed on whole, with and without probabilities."""
    request = ask("Repeat: 東京 Łódź 🚀", logprobs=True)
    whole = text_of(litellm.completion(**request))
    assert "東京" in whole
    assert text_of(litellm.completion(**ask("Repeat: 東京 Łódź 🚀"))) == whole
    assert joined(list(litellm.completion(**request, stream=True))) == whole
    assert joined([chunk async for chunk in await litellm.acompletion(**request, stream=True)]) == whole


@pytest.mark.parametrize(("request_text", "copied"), COPIES.values(), ids=COPIES.keys())
def test_bundled_model_copies_the_words_of_the_request(request_text: str, copied: list[str]) -> None:
    """The bundled model answers with the names, numbers and placeholders it was given."""
    reply = text_of(litellm.completion(**ask(request_text)))
    assert [text for text in copied if text not in reply] == []


def test_bundled_model_remembers_the_conversation() -> None:
    """Earlier turns are part of the prompt."""
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "My booking code is QX71-88."},
        {"role": "assistant", "content": "Thank you. Your booking code is QX71-88."},
        {"role": "user", "content": [{"type": "text", "text": "What is my booking code?"}]},
    ]
    assert "QX71-88" in text_of(litellm.completion(model=MODEL, messages=messages))


def test_bundled_model_is_small() -> None:
    """The model that every installation carries takes at most 4 MB."""
    assert llamacpp.bundled_model_path().stat().st_size <= 4_000_000


async def test_usage_is_exact() -> None:
    """Token counts are llama.cpp's own, in whole answers and in streams."""
    from llama_cpp import Llama

    response = litellm.completion(**ask(NOTE))
    tokenizer = Llama(model_path=str(llamacpp.bundled_model_path()), vocab_only=True, verbose=False)
    prompt = tokenizer.tokenize(f"<|user|> {NOTE}<|end|><|assistant|>".encode(), add_bos=False, special=True)
    reply = tokenizer.tokenize(text_of(response).encode(), add_bos=False)
    tokenizer.close()
    counted = (len(prompt), len(reply), len(prompt) + len(reply))
    options = {"stream": True, "stream_options": {"include_usage": True}}
    streamed = usage_of(list(litellm.completion(**ask(NOTE), **options)))
    astreamed = usage_of([chunk async for chunk in await litellm.acompletion(**ask(NOTE), **options)])
    for usage in (response.usage, streamed, astreamed):
        assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == counted


def test_log_probabilities_are_reported_for_each_token() -> None:
    """One entry per token, the likeliest first, and greedy sampling took the likeliest."""
    response = litellm.completion(**ask(NOTE, logprobs=True, top_logprobs=3))
    entries = response.choices[0].logprobs.content
    assert b"".join(bytes(entry.bytes) for entry in entries).decode() == text_of(response)
    assert len(entries) == response.usage.completion_tokens
    for entry in entries:
        ranked = [alternative.logprob for alternative in entry.top_logprobs]
        assert len(ranked) == 3
        assert ranked == sorted(ranked, reverse=True)
        assert entry.logprob == ranked[0] <= 0


def test_log_probabilities_are_those_of_a_distribution() -> None:
    """Over the whole vocabulary the probabilities of a place sum to one."""
    response = litellm.completion(**ask(NOTE, logprobs=True, top_logprobs=1024, max_tokens=2))
    for entry in response.choices[0].logprobs.content:
        assert sum(2.718281828459045**alternative.logprob for alternative in entry.top_logprobs) == pytest.approx(1)


async def test_log_probabilities_come_with_the_chunks() -> None:
    """Streams carry the same entries as the whole answer, each with its text."""
    request = ask(NOTE, logprobs=True, top_logprobs=2)
    whole = [entry.model_dump() for entry in litellm.completion(**request).choices[0].logprobs.content]
    chunks = list(litellm.completion(**request, stream=True))
    achunks = [chunk async for chunk in await litellm.acompletion(**request, stream=True)]
    for stream in (chunks, achunks):
        probable = [chunk.choices[0] for chunk in stream if chunk.choices and chunk.choices[0].logprobs]
        assert [entry.model_dump() for choice in probable for entry in choice.logprobs.content] == whole
        for choice in probable:
            assert "".join(entry.token for entry in choice.logprobs.content) == choice.delta.content


def test_log_probabilities_are_left_out_unless_asked_for() -> None:
    """Nothing is computed that nobody wants."""
    assert getattr(litellm.completion(**ask(NOTE)).choices[0], "logprobs", None) is None


async def test_context_overflow_names_no_text() -> None:
    """A prompt that does not fit raises litellm's own error, all four ways, without a word of the prompt."""
    request = ask(f"{SECRET} " * 1000)

    async def stream() -> list[Any]:
        return [chunk async for chunk in await litellm.acompletion(**request, stream=True)]

    def check(error: ContextWindowExceededError) -> None:
        assert "2048 tokens" in str(error)
        assert SECRET not in f"{error!s}{error!r}{error.__cause__!r}"

    with pytest.raises(ContextWindowExceededError) as failure:
        litellm.completion(**request)
    check(failure.value)
    with pytest.raises(ContextWindowExceededError) as failure:
        list(litellm.completion(**request, stream=True))
    check(failure.value)
    with pytest.raises(ContextWindowExceededError) as failure:
        await litellm.acompletion(**request)
    check(failure.value)
    with pytest.raises(ContextWindowExceededError) as failure:
        await stream()
    check(failure.value)
    assert "Anna" in text_of(litellm.completion(**ask(NOTE)))


def test_a_prompt_is_read_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt longer than one step gives the same answer with the same probabilities as one read at once."""
    request = ask(f"{NOTE} " + "The report was late. " * 200, max_tokens=20, logprobs=True)
    stepped = litellm.completion(**request)
    assert stepped.usage.prompt_tokens > 2 * llama_model.PROMPT_STEP
    llamacpp.unload()
    monkeypatch.setattr(llama_model, "PROMPT_STEP", 10_000)
    at_once = litellm.completion(**request)
    assert text_of(stepped) == text_of(at_once)
    surprise = [[entry.logprob for entry in one.choices[0].logprobs.content] for one in (stepped, at_once)]
    assert surprise[0] == pytest.approx(surprise[1], abs=1e-3)


REFUSED: dict[str, Callable[[], dict[str, Any]]] = {
    "tools": lambda: ask(SECRET, tools=[{"type": "function", "function": {"name": SECRET, "parameters": {}}}]),
    "no text": lambda: (
        ask("")
        | {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"data:{SECRET}"}}]}]}
    ),
    "response format": lambda: ask(SECRET, response_format={"type": SECRET}),
    "not of its type": lambda: ask("", temperature=SECRET),
    "`n` above 1": lambda: ask(SECRET, n=2, stream=True),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_offered_is_refused_by_name(what: str) -> None:
    """A request that cannot be served is refused, says why, and quotes nothing."""
    with pytest.raises(UnsupportedParamsError, match=what) as failure:
        list(litellm.completion(**REFUSED[what]()))
    assert SECRET not in str(failure.value)


def test_other_failures_name_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What llama.cpp says about a failure is dropped, for it may quote the prompt."""

    def answer(*_: Any, **__: Any) -> Iterator[Piece]:
        raise ValueError(SECRET)

    monkeypatch.setattr(llama_worker, "answer", answer)
    with pytest.raises(InternalServerError) as failure:
        litellm.completion(**ask(SECRET))
    chain = ""
    error: BaseException | None = failure.value
    while error is not None:
        chain += f"{error!r}{error!s}"
        error = error.__cause__ or error.__context__
    assert SECRET not in chain
    assert "tiny_chat.gguf" in chain


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_stop_texts_end_the_answer_and_are_left_out(stream: bool) -> None:
    """A stop text of several tokens is never handed on, not even its beginning."""
    response = litellm.completion(**ask(NOTE, stop=["about the meeting", "never"]), stream=stream)
    assert (joined(list(response)) if stream else text_of(response)) == "Dear Anna, here is a short note "


def test_length_is_bounded() -> None:
    """`max_tokens` and `max_completion_tokens` end the answer with `length`."""
    for bound in ({"max_tokens": 3}, {"max_completion_tokens": 3}):
        response = litellm.completion(**ask(LONG) | {"max_tokens": None} | bound)
        assert (response.usage.completion_tokens, response.choices[0].finish_reason) == (3, "length")
    assert litellm.completion(**ask(NOTE)).choices[0].finish_reason == "stop"


def test_length_is_bounded_by_default() -> None:
    """A model that does not stop by itself is stopped when the request names no bound."""
    samplings = llamacpp._samplings({"optional_params": {}})
    assert [sampling.max_tokens for sampling in samplings] == [llamacpp.DEFAULT_MAX_TOKENS]


def test_a_seed_makes_samples_repeatable() -> None:
    """Equal seeds give equal samples; `n` samples differ among each other."""
    request = ask(LONG, temperature=3.0, seed=11, n=3, max_tokens=40)
    first, again = ([choice.message.content for choice in litellm.completion(**request).choices] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3


def test_samples_count_the_prompt_once() -> None:
    """Usage of `n` answers is one prompt and all completions."""
    one, two = (litellm.completion(**ask(NOTE, n=n)).usage for n in (1, 2))
    assert two.prompt_tokens == one.prompt_tokens
    assert two.completion_tokens == 2 * one.completion_tokens


def test_a_schema_is_kept() -> None:
    """The answer to a request with a JSON schema satisfies it."""
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    reply = json.loads(text_of(litellm.completion(**ask(NOTE, response_format=form))))
    assert list(reply) == ["answer"]
    assert "Anna" in reply["answer"]


def test_json_objects_are_kept() -> None:
    """The answer to a request for JSON is an object."""
    reply = text_of(litellm.completion(**ask(NOTE, response_format={"type": "json_object"})))
    assert isinstance(json.loads(reply), dict)


def test_registering_twice_enters_one_provider() -> None:
    """`register` appends once and leaves the entries of others alone."""
    other: Any = {"provider": "other", "custom_handler": object()}
    litellm.custom_provider_map.insert(0, other)
    try:
        llamacpp.register(litellm)
        llamacpp.register(litellm)
        assert litellm.custom_provider_map[0] is other
        assert [entry["provider"] for entry in litellm.custom_provider_map].count(llamacpp.PROVIDER) == 1
    finally:
        litellm.custom_provider_map.remove(other)


def test_context_length_is_known_without_loading() -> None:
    """Routing can ask how much fits; a file that is not there has no length."""
    assert llamacpp.context_length("tiny") == 2048
    assert llamacpp.context_length("absent.gguf") is None
    assert llama_worker._workers == {}


def test_a_missing_file_is_named() -> None:
    """A wrong path is an error that names it."""
    with pytest.raises(NotFoundError, match=r"absent\.gguf"):
        litellm.completion(**ask(NOTE) | {"model": "hg_llamacpp/absent.gguf"})


def test_a_file_that_is_no_model_is_refused(tmp_path: Any) -> None:
    """A broken file is an error, not a crash."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(ServiceUnavailableError, match=r"broken\.gguf"):
        litellm.completion(**ask(NOTE) | {"model": f"hg_llamacpp/{path}"})


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without llama-cpp-python the error says what to install."""
    for cached in (llama_model._library, llama_model.context_length):
        cached.cache_clear()
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    with pytest.raises(BackendError, match=r'pip install "hybrid-guard\[llama-cpp\]"') as failure:
        llama_model.load(llamacpp.bundled_model_path())
    assert failure.value.fault == "missing"
    assert llamacpp.context_length("tiny") is None
    assert not llamacpp.is_available()


def test_importing_the_provider_loads_neither_library() -> None:
    """The module is cheap to import."""
    check = "import hybrid_guard.backends.llamacpp, sys; print({'litellm', 'llama_cpp', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_nothing_is_printed() -> None:
    """Loading, answering and leaving write nothing of their own to the terminal, even after a failure."""
    program = f"""
import litellm
from hybrid_guard.backends import llamacpp
litellm.suppress_debug_info = True
llamacpp.register(litellm)
def ask(text):
    return litellm.completion(model={MODEL!r}, messages=[{{"role": "user", "content": text}}])
try:
    ask("word " * 5000)
except litellm.ContextWindowExceededError:
    pass
print(ask({NOTE!r}).choices[0].message.content)
"""
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")
    assert "Anna" in done.stdout


@given(
    words=st.lists(st.text("ab é🚀\n", max_size=6), max_size=8),
    stops=st.lists(st.text("ab é", min_size=1, max_size=4), max_size=3),
    size=st.integers(1, 5),
    lost=st.integers(0, 3),
)
def test_the_tail_holds_back_exactly_what_may_be_a_stop_text(
    words: list[str], stops: list[str], size: int, lost: int
) -> None:
    """However the bytes are cut into tokens, the text is what stands before the first stop text that is complete."""
    raw = "".join(words).encode()
    raw = raw[: max(0, len(raw) - lost)]
    tail = llama_model._Tail(stops=tuple(stops))
    ready = ""
    for start in range(0, len(raw), size):
        ready += tail.add(raw[start : start + size], {"at": start})[0]
        if tail.ended:
            break
    ready += tail.flush()[0]
    whole = raw.decode(errors="replace")
    if not tail.ended:
        assert ready == whole
        assert not any(stop in whole for stop in stops)
    else:
        assert whole.startswith(ready)
        assert not any(stop in ready for stop in stops)
        assert any(whole[len(ready) :].startswith(stop) for stop in stops)
