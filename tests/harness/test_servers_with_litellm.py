"""litellm takes the recording servers for real ones, so that tests built on both mean something."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from hybrid_guard.testing import (
    EgressWitness,
    Fault,
    RecordingServer,
    call_tool,
    fail,
    faults,
    in_turn,
    say,
    say_chunks,
    say_unsurely,
)

CHAT = [{"role": "user", "content": "hello big world"}]
ARGUMENTS = json.dumps({"patient": "Jane", "dose": 1.5})
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "prescribe",
            "description": "Prescribe a dose",
            "parameters": {"type": "object", "properties": {"dose": {"type": "number"}}},
        },
    }
]
PREFIXES = ["hosted_vllm", "openai", "anthropic"]


@pytest.fixture(name="litellm", scope="module")
def import_litellm() -> Any:
    """litellm with its list of models read from the package instead of the network."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import litellm
    return litellm


@pytest.fixture(autouse=True)
def hide_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """litellm reads the environment; a proxy there is not what is tested."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def watch_egress(server: RecordingServer) -> Iterator[None]:
    """Nothing but the server is called."""
    with EgressWitness(allow={server.address}) as witness:
        yield
    assert witness.violations == []


def aim(prefix: str, server: RecordingServer) -> dict[str, Any]:
    """The arguments that send litellm's call to the server."""
    base = server.url if prefix == "anthropic" else server.base_url
    return {"model": f"{prefix}/stub", "api_base": base, "api_key": "none", "max_retries": 0, "num_retries": 0}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_text(litellm: Any, server: RecordingServer, prefix: str) -> None:
    """A whole answer comes with its text, reason and usage."""
    reply = litellm.completion(**aim(prefix, server), messages=CHAT)
    assert reply.choices[0].message.content == "hello big world"
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens == 3
    assert len(server.requests) == 1


@pytest.mark.parametrize("prefix", PREFIXES)
def test_stream(litellm: Any, server: RecordingServer, prefix: str) -> None:
    """A stream comes with the scripted deltas and with usage when asked for."""
    server.reply = say_chunks("<PER", "SON_1> is", " fine")
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = list(litellm.completion(**aim(prefix, server), messages=CHAT, **options))
    deltas = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert [delta for delta in deltas if delta] == ["<PER", "SON_1> is", " fine"]
    assert chunks[-1].usage.completion_tokens == 3


@pytest.mark.parametrize("prefix", PREFIXES)
def test_asynchronous_calls(litellm: Any, server: RecordingServer, prefix: str) -> None:
    """The asynchronous twins get the same answers."""

    async def ask() -> tuple[str, str]:
        reply = await litellm.acompletion(**aim(prefix, server), messages=CHAT)
        stream = await litellm.acompletion(**aim(prefix, server), messages=CHAT, stream=True)
        deltas = [chunk.choices[0].delta.content or "" async for chunk in stream]
        return reply.choices[0].message.content, "".join(deltas)

    import asyncio

    assert asyncio.run(ask()) == ("hello big world", "hello big world")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_tools(litellm: Any, server: RecordingServer, prefix: str, stream: bool) -> None:
    """A function call arrives with its name and arguments."""
    server.reply = call_tool("prescribe", ARGUMENTS)
    reply = litellm.completion(**aim(prefix, server), messages=CHAT, tools=TOOLS, stream=stream)
    whole = litellm.stream_chunk_builder(list(reply)) if stream else reply
    (call,) = whole.choices[0].message.tool_calls
    assert call.function.name == "prescribe"
    assert json.loads(call.function.arguments) == json.loads(ARGUMENTS)
    assert whole.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("prefix", ["hosted_vllm", "openai"])
def test_token_probabilities_and_choices(litellm: Any, server: RecordingServer, prefix: str) -> None:
    """Log-probabilities and several choices come through."""
    server.reply = say_unsurely("maybe so")
    options = {"logprobs": True, "top_logprobs": 2}
    reply = litellm.completion(**aim(prefix, server), messages=CHAT, n=2, **options)
    assert [entry.logprob for entry in reply.choices[0].logprobs.content] == [-2.2, -2.2]
    assert len(reply.choices) == 2
    stream = litellm.completion(**aim(prefix, server), messages=CHAT, stream=True, **options)
    scored = [chunk.choices[0].logprobs for chunk in stream]
    assert [entry.content[0].token for entry in scored if entry] == ["maybe", " so"]


def test_other_endpoints(litellm: Any, server: RecordingServer) -> None:
    """Embeddings, the older completions and responses are understood."""
    aimed = aim("openai", server)
    assert len(litellm.embedding(**aimed, input=["a", "b"]).data) == 2
    older = litellm.text_completion(**aimed | {"model": "text-completion-openai/stub"}, prompt="hello there")
    assert older.choices[0].text == "hello there"
    response = litellm.responses(**aimed, input="good day")
    assert response.output[0].content[0].text == "good day"
    with warnings.catch_warnings():
        # litellm puts a usage of another type into the last event, which pydantic remarks on.
        warnings.simplefilter("ignore", UserWarning)
        events = list(litellm.responses(**aimed, input="good day", stream=True))
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "good day"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Status(code=400), "BadRequestError"),
        (faults.Status(code=401), "AuthenticationError"),
        (faults.Status(code=429), "RateLimitError"),
        (faults.Status(code=500), "InternalServerError"),
        (faults.Status(code=503), "ServiceUnavailableError"),
        (faults.Reset(), "InternalServerError"),
        (faults.BadJson(), "APIError"),
        (faults.Empty(), "APIError"),
        (faults.WrongType(), "APIError"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value),
)
def test_faults_reach_the_caller(litellm: Any, server: RecordingServer, fault: Fault, error: str) -> None:
    """Each fault becomes an exception of litellm's after a single request."""
    server.reply = in_turn(fail(fault), say("a second attempt"))
    with pytest.raises(getattr(litellm.exceptions, error)):
        litellm.completion(**aim("hosted_vllm", server), messages=CHAT)
    assert len(server.requests) == 1


def test_an_echoed_prompt_is_in_the_exception(litellm: Any, server: RecordingServer) -> None:
    """A server that quotes the request makes litellm quote it too, which is why errors are a sink."""
    server.reply = fail(faults.Status(code=500, echo=True))
    with pytest.raises(litellm.exceptions.InternalServerError, match="hello big world"):
        litellm.completion(**aim("hosted_vllm", server), messages=CHAT)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_stream_in_single_bytes_is_the_same_stream(litellm: Any, server: RecordingServer, prefix: str) -> None:
    """Where the bytes are cut does not matter to the text."""
    server.reply = fail(faults.OneByte(), say("zwölf Bären, 東京"))
    chunks = litellm.completion(**aim(prefix, server), messages=CHAT, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "zwölf Bären, 東京"
