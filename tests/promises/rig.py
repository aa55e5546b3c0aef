"""A guard between recording servers, and the four ways to call it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from hybrid_guard import Guard
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import RecordingServer, Reply, echo

Way = Literal["sync", "async", "stream", "astream"]
"""The four ways to call a guard."""

WAYS: tuple[Way, ...] = get_args(Way)

MASK = """
  - {id: moderate-masks, when: {level: moderate}, treat: {external: {default: placeholder}}}
"""
"""Rules under which everything that is found is replaced before it may leave."""

STRICT = """
  - {id: found-stays, when: {level: moderate}, zones: [local]}
"""
"""Rules under which whatever is found stays local."""

POLICY = """
version: 1
name: rig
deployments:
  here: {{model: hosted_vllm/here, api_base: "{local}", zone: local, tier: edge}}
  cloud-a: {{model: openai/cloud-a, api_base: "{cloud_a}", zone: external}}
  cloud-b: {{model: openai/cloud-b, api_base: "{cloud_b}", zone: external}}
detection: {{detectors: [{detectors}], deny: [{deny}]}}
sensitivity: {{levels: {{moderate: 0.05}}}}
rules: {rules}
routing: {{mode: {mode}}}
audit: {{path: "{audit}"}}
"""


@dataclass(frozen=True)
class Rig:
    """A guard between a local server and two clouds that record every byte."""

    guard: Guard
    local: RecordingServer
    cloud_a: RecordingServer
    cloud_b: RecordingServer
    audit: Path

    @property
    def outside(self) -> bytes:
        """Everything that left the local zone."""
        return self.cloud_a.received + self.cloud_b.received

    @property
    def calls_outside(self) -> int:
        """How many requests left the local zone."""
        return len(self.cloud_a.requests) + len(self.cloud_b.requests)


@contextmanager
def rig(
    folder: Path,
    *,
    rules: str = MASK,
    mode: str = "prefer_cloud",
    deny: tuple[str, ...] = (),
    detectors: str = "patterns.v1, secrets.v1",
    local: Reply = echo,
    cloud: Reply = echo,
    local_is_up: bool = True,
    vault: str = "{}",
) -> Iterator[Rig]:
    """Set up a rig; names are left to the deny list, so that the pipeline is not needed."""
    with RecordingServer("gone") as gone:
        nobody = gone.base_url
    audit = folder / "audit.jsonl"
    with (
        RecordingServer("local", local) as here,
        RecordingServer("cloud-a", cloud) as cloud_a,
        RecordingServer("cloud-b", cloud) as cloud_b,
    ):
        text = POLICY.format(
            local=here.base_url if local_is_up else nobody,
            cloud_a=cloud_a.base_url,
            cloud_b=cloud_b.base_url,
            deny=", ".join(f'"{value}"' for value in deny),
            detectors=detectors,
            rules=rules,
            mode=mode,
            audit=audit,
        )
        with Guard(parse_policy(f"{text}vault: {vault}\n")) as guard:
            yield Rig(guard=guard, local=here, cloud_a=cloud_a, cloud_b=cloud_b, audit=audit)


def call(guard: Guard, way: Way, **arguments: Any) -> str:
    """Call *guard* and give the text of the answer, tool arguments included."""
    match way:
        case "sync":
            return said(guard.completion(**arguments))
        case "async":
            return asyncio.run(wait(guard, arguments))
        case "stream":
            stream: Any = guard.completion(**arguments, stream=True)
            return "".join(said_in(chunk) for chunk in stream)
        case "astream":
            return asyncio.run(read(guard, arguments))


async def wait(guard: Guard, arguments: dict[str, Any]) -> str:
    """Wait for a whole answer."""
    return said(await guard.acompletion(**arguments))


async def read(guard: Guard, arguments: dict[str, Any]) -> str:
    """Read an async stream to its end."""
    stream: Any = await guard.acompletion(**arguments, stream=True)
    return "".join([said_in(chunk) async for chunk in stream])


def said(response: Any) -> str:
    """The text of a whole answer."""
    message = response.choices[0].message
    return (message.content or "") + "".join(one.function.arguments for one in message.tool_calls or ())


def said_in(chunk: Any) -> str:
    """The text of a chunk."""
    if not chunk.choices:
        return ""
    delta = chunk.choices[0].delta
    return (delta.content or "") + "".join(one.function.arguments or "" for one in delta.tool_calls or ())
