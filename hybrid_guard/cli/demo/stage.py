"""Runs each conversation twice against a recording cloud: directly, and through a guard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from hybrid_guard.backends import llamacpp
from hybrid_guard.cli.demo.conversations import CONVERSATIONS, Conversation
from hybrid_guard.guard import Guard
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import Answer, Canary, RecordedRequest, RecordingServer, TaintOracle, ToolCall, echo, say
from hybrid_guard.types import Provenance

__all__ = ["Act", "Stage", "stage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """
    What became of one conversation.

    Attributes:
        conversation: Which.
        direct: Private values that the cloud saw when it was called directly.
        guarded: Private values that the cloud saw when it was called through the guard.
        cloud_saw: The last thing that the cloud was told through the guard; None if it was not called.
        user_saw: The answer.
        provenance: Where the answer came from and why.
        seconds: What the guarded call took.
    """

    conversation: Conversation
    direct: int
    guarded: int
    cloud_saw: str | None = field(repr=False)
    user_saw: str = field(repr=False)
    provenance: Provenance
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    What the demo plays on.

    Attributes:
        direct: A cloud that is called directly; keeps every byte that it is sent.
        cloud: Another one, behind the guard.
        guard: In front of *cloud*.
        audit: The audit trail.
        real_model: Whether the local lane is a real model in this process; else it is a scripted server.
    """

    direct: RecordingServer
    cloud: RecordingServer
    guard: Guard
    audit: Path
    real_model: bool

    def play(self, report: Callable[[str], None]) -> Iterator[Act]:
        """Play all conversations, one act each; *report* is told what is about to happen."""
        with httpx.Client(trust_env=False, timeout=30) as client:
            for conversation in CONVERSATIONS:
                report(conversation.path)
                yield self.act(client, conversation)

    def act(self, client: httpx.Client, conversation: Conversation) -> Act:
        """One conversation, directly and guarded."""
        url = f"{self.direct.base_url}/chat/completions"
        client.post(url, json={"model": "recorder", **conversation.body}).raise_for_status()
        calls = len(self.cloud.requests)
        began = time.monotonic()
        said, provenance = self.ask(conversation.body)
        requests = self.cloud.requests[calls:]
        return Act(
            conversation=conversation,
            direct=leaks(conversation, self.direct.received),
            guarded=leaks(conversation, self.cloud.received),
            cloud_saw=told(requests[-1]) if requests else None,
            user_saw=said,
            provenance=provenance,
            seconds=time.monotonic() - began,
        )

    def ask(self, body: dict[str, Any]) -> tuple[str, Provenance]:
        """The answer through the guard."""
        answer: Any = self.guard.completion(**body)
        if body.get("stream"):
            said = "".join(chunk.choices[0].delta.content or "" for chunk in answer if chunk.choices)
        else:
            message = answer.choices[0].message
            calls = [f"{call.function.name}({call.function.arguments})" for call in message.tool_calls or ()]
            said = message.content or " ".join(calls)
        return said, answer.hybrid_guard


def leaks(conversation: Conversation, received: bytes) -> int:
    """How many private values of *conversation* are among the bytes that a cloud received, in whatever disguise."""
    canaries = [Canary(value=value, label=str(i), natural=True) for i, value in enumerate(conversation.private)]
    found = TaintOracle(canaries).leaks("cloud", received) if canaries else []
    return len({leak.label for leak in found})


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Set the stage in *folder*."""
    with ExitStack() as stack:
        direct = stack.enter_context(RecordingServer("direct", answer))
        cloud = stack.enter_context(RecordingServer("cloud", answer))
        real_model = llamacpp.is_available()
        local = None if real_model else stack.enter_context(RecordingServer("local", say("This is a scripted answer.")))
        audit = folder / "audit.jsonl"
        text = resources.files(__package__).joinpath("policy.yaml").read_text(encoding="utf-8")
        for name, value in {
            "@LOCAL_MODEL@": "hg_llamacpp/tiny" if local is None else "hosted_vllm/scripted",
            "@LOCAL_BASE@": "" if local is None else f'api_base: "{local.base_url}", ',
            "@CLOUD@": cloud.base_url,
            "@AUDIT@": str(audit),
        }.items():
            text = text.replace(name, value)
        guard = stack.enter_context(Guard(parse_policy(text, file="demo policy")))
        yield Stage(direct=direct, cloud=cloud, guard=guard, audit=audit, real_model=real_model)


def answer(request: RecordedRequest) -> Answer:
    """What the cloud says: it repeats the user's words, or calls the tool with the arguments of the last call."""
    body = request.json()
    calls = [call for message in body["messages"] for call in message.get("tool_calls") or ()]
    if calls:
        function = calls[-1]["function"]
        return Answer(tool_calls=(ToolCall(name=function["name"], arguments=function["arguments"]),))
    return echo(request)


def told(request: RecordedRequest) -> str:
    """The last thing of *request* that holds something of interest: tool arguments, else the last message."""
    messages = json.loads(request.body)["messages"]
    calls = [call for message in messages for call in message.get("tool_calls") or ()]
    return str(calls[-1]["function"]["arguments"] if calls else messages[-1]["content"])
