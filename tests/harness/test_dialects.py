"""The recording servers answer in the dialects of the real ones."""

from __future__ import annotations

import json
import math
from typing import Any

import httpx
import pytest

from hybrid_guard.testing import (
    Answer,
    RecordedRequest,
    RecordingServer,
    Reply,
    call_tool,
    echo,
    fail,
    faults,
    in_turn,
    say,
    say_chunks,
    say_json,
    say_surely,
    say_unsurely,
)

CHAT = {"model": "stub", "messages": [{"role": "user", "content": "hello big world"}]}


def read_events(response: httpx.Response) -> list[Any]:
    """The data of an event stream."""
    assert response.headers["content-type"] == "text/event-stream"
    lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def join_deltas(events: list[Any]) -> str:
    """The text of a streamed chat completion."""
    choices = [choice for event in events if event != "[DONE]" for choice in event["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_chat_is_answered_whole(client: httpx.Client) -> None:
    """The echo is the text of the last user message, and usage adds up."""
    reply = client.post("/chat/completions", json=CHAT).json()
    assert reply["choices"][0]["message"] == {"role": "assistant", "content": "hello big world", "refusal": None}
    assert reply["choices"][0]["finish_reason"] == "stop"
    assert reply["choices"][0]["logprobs"] is None
    assert reply["model"] == "stub"
    assert reply["usage"]["total_tokens"] == reply["usage"]["prompt_tokens"] + 3


def test_chat_is_streamed(client: httpx.Client, server: RecordingServer) -> None:
    """A stream has the exact deltas of the script, usage only when asked for, and its end mark."""
    server.reply = say_chunks("<PER", "SON_", "1> is", " fine")
    plain = read_events(client.post("/chat/completions", json=CHAT | {"stream": True}))
    assert join_deltas(plain) == "<PERSON_1> is fine"
    assert [event["choices"][0]["delta"].get("content") for event in plain[1:5]] == ["<PER", "SON_", "1> is", " fine"]
    assert plain[-1] == "[DONE]"
    assert not any("usage" in event for event in plain[:-1])
    asked = CHAT | {"stream": True, "stream_options": {"include_usage": True}}
    counted = read_events(client.post("/chat/completions", json=asked))
    assert counted[-2]["choices"] == []
    assert counted[-2]["usage"]["completion_tokens"] == 4


@pytest.mark.parametrize(("reply", "bound"), [(say_surely("yes it is"), 0.99), (say_unsurely("yes it is"), 0.11)])
def test_token_probabilities_are_sent_when_asked_for(
    client: httpx.Client, server: RecordingServer, reply: Reply, bound: float
) -> None:
    """The chosen token and its rivals have probabilities that make sense, whole and streamed alike."""
    server.reply = reply
    asked = CHAT | {"logprobs": True, "top_logprobs": 3}
    whole = client.post("/chat/completions", json=asked).json()["choices"][0]["logprobs"]["content"]
    assert [entry["token"] for entry in whole] == ["yes", " it", " is"]
    for entry in whole:
        chances = [math.exp(rival["logprob"]) for rival in entry["top_logprobs"]]
        assert chances[0] == pytest.approx(bound, abs=0.01)
        assert sum(chances) == pytest.approx(1)
    events = read_events(client.post("/chat/completions", json=asked | {"stream": True}))
    scored = [event["choices"][0]["logprobs"] for event in events[1:4]]
    assert [entry["content"][0] for entry in scored] == whole


def test_several_choices_are_answered(client: httpx.Client, server: RecordingServer) -> None:
    """Alternatives are the later choices; what lacks one repeats the text."""
    server.reply = say("one", "two")
    reply = client.post("/chat/completions", json=CHAT | {"n": 3}).json()
    assert [choice["message"]["content"] for choice in reply["choices"]] == ["one", "two", "one"]


def test_tools_are_called(client: httpx.Client, server: RecordingServer) -> None:
    """The arguments arrive as they were scripted, in a stream in pieces."""
    arguments = json.dumps({"patient": "Jane", "dose": 1.5})
    server.reply = call_tool("prescribe", arguments)
    choice = client.post("/chat/completions", json=CHAT).json()["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] is None
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "prescribe", "arguments": arguments}
    events = read_events(client.post("/chat/completions", json=CHAT | {"stream": True}))
    calls = [call for event in events[:-1] for call in event["choices"][0]["delta"].get("tool_calls", [])]
    assert "".join(call["function"]["arguments"] for call in calls) == arguments
    assert len(calls) > 2


def test_the_older_completions_are_answered(client: httpx.Client) -> None:
    """A prompt is echoed, whole with token probabilities and streamed."""
    asked = {"model": "stub", "prompt": "hello there", "logprobs": 2}
    choice = client.post("/completions", json=asked).json()["choices"][0]
    assert choice["text"] == "hello there"
    assert choice["logprobs"]["tokens"] == ["hello", " there"]
    assert choice["logprobs"]["text_offset"] == [0, 5]
    events = read_events(client.post("/completions", json=asked | {"stream": True}))
    assert "".join(event["choices"][0]["text"] for event in events[:-1]) == "hello there"


def test_embeddings_depend_on_the_text(client: httpx.Client) -> None:
    """Equal texts have equal vectors of the width that was asked for, other texts others."""
    asked = {"model": "stub", "input": ["a", "b", "a"], "dimensions": 4}
    vectors = [entry["embedding"] for entry in client.post("/embeddings", json=asked).json()["data"]]
    assert vectors[0] == vectors[2] != vectors[1]
    assert len(vectors[0]) == 4
    packed = client.post("/embeddings", json=asked | {"encoding_format": "base64"}).json()["data"]
    assert isinstance(packed[0]["embedding"], str)


def test_responses_are_answered(client: httpx.Client, server: RecordingServer) -> None:
    """Text and function calls are items of the output, and the events lead to the same response."""
    asked = {"model": "stub", "input": [{"role": "user", "content": [{"type": "input_text", "text": "good day"}]}]}
    whole = client.post("/responses", json=asked).json()
    assert whole["output"][0]["content"][0]["text"] == "good day"
    events = read_events(client.post("/responses", json=asked | {"stream": True}))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert "".join(event["delta"] for event in events if event["type"].endswith("text.delta")) == "good day"
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["output"][0]["content"] == whole["output"][0]["content"]
    server.reply = call_tool("look", '{"at": "it"}')
    events = read_events(client.post("/responses", json=asked | {"stream": True}))
    assert events[-1]["response"]["output"][0]["arguments"] == '{"at": "it"}'


def test_messages_are_answered(client: httpx.Client, server: RecordingServer) -> None:
    """Anthropic's dialect has blocks of text and of tool use, whole and as named events."""
    whole = client.post("/messages", json=CHAT).json()
    assert whole["content"] == [{"type": "text", "text": "hello big world"}]
    assert whole["stop_reason"] == "end_turn"
    response = client.post("/messages", json=CHAT | {"stream": True})
    names = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
    assert names == [event["type"] for event in read_events(response)]
    assert names[0] == "message_start"
    assert names[-1] == "message_stop"
    server.reply = call_tool("look", '{"at": "it"}')
    whole = client.post("/messages", json=CHAT).json()
    assert (whole["stop_reason"], whole["content"][0]["input"]) == ("tool_use", {"at": "it"})


def test_models_are_listed_and_other_paths_are_not_there(client: httpx.Client) -> None:
    """Discovery sees the models; a path that no API has answers 404 and is recorded."""
    assert [model["id"] for model in client.get("/models").json()["data"]] == ["stub"]
    assert client.post("/nothing", json={}).status_code == 404
    assert client.post("/chat/completions", content=b"no json").status_code == 400
    assert client.post("/chat/completions", json=[1]).status_code == 400


def test_other_apis_can_be_scripted(client: httpx.Client, server: RecordingServer) -> None:
    """Any JSON can be answered at any path, and scripts can take turns."""
    server.reply = in_turn(say_json({"version": "0.12"}), fail(faults.Status(code=503)), echo)
    assert client.get(f"{server.url}/api/version").json() == {"version": "0.12"}
    assert client.post("/chat/completions", json=CHAT).status_code == 503
    assert client.post("/chat/completions", json=CHAT).status_code == 200
    assert client.post("/chat/completions", json=CHAT).status_code == 200


@pytest.mark.parametrize("body", [{"messages": []}, {"input": [1, 2]}, {"prompt": None}, {}])
def test_the_echo_of_nothing_is_empty(body: dict[str, object]) -> None:
    """A request without a user's text is answered with none."""
    request = RecordedRequest(method="POST", target="/", headers=(), body=json.dumps(body).encode())
    assert echo(request) == Answer()
