"""What the contract tests of backends share: a door to one deployment, and a server that stops in the middle."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from hybrid_guard.backends import LitellmDoor
from hybrid_guard.policies import parse_policy
from hybrid_guard.policies.engine import decide
from hybrid_guard.testing import RecordedRequest, RecordingServer, Reply
from hybrid_guard.testing.delivery import Delivery
from hybrid_guard.types import (
    Body,
    Call,
    Chunk,
    Facts,
    Receipt,
)
from hybrid_guard.types import Reply as Whole
from tests.promises.rig import Way

__all__ = ["StallingServer", "ask", "call_for", "door_to", "stream"]


class StallingServer(RecordingServer):
    """
    Sends the beginning of a streamed answer and then nothing, until the client goes. A whole answer does not begin.

    Attributes:
        closing: What is sent after the beginning; with it, the answer is over.
    """

    closing: bytes = b""

    def __init__(self, name: str, reply: Reply) -> None:
        super().__init__(name, reply)
        self._asked = threading.Event()

    def prepare(self, request: RecordedRequest) -> Delivery:
        """The head and the first events."""
        self._asked.set()
        writes = super().prepare(request).writes
        if self.closing:
            return Delivery(writes=(*writes[:4], self.closing))
        return Delivery(writes=writes[:4] if request.json().get("stream") else (), ending="hang")

    async def is_asked(self) -> None:
        """Returns when a request has come."""
        assert await asyncio.to_thread(self._asked.wait, 30)

    def was_left(self) -> bool:
        """Whether the client closed its connection; waits for it."""
        connection = self._connections[0]

        async def wait() -> bool:
            # A connection that is closed in order ends in None, and one that is reset in the end of its task.
            closed = asyncio.ensure_future(connection._waiting.get())
            done, _ = await asyncio.wait(
                {closed, *filter(None, [connection.task])}, timeout=30, return_when="FIRST_COMPLETED"
            )
            closed.cancel()
            return bool(done)

        return self._run(wait())


def door_to(model: str, base: str | None = None, *, zone: str = "local") -> LitellmDoor:
    """A door to one deployment."""
    address = "" if base is None else f'api_base: "{base}", '
    masks = "[{id: m, when: {level: moderate}, treat: {external: {default: placeholder}}}]"
    return LitellmDoor(
        parse_policy(
            f"version: 1\nname: contract\nrules: {masks}\n"
            f"deployments: {{only: {{model: {model}, {address}zone: {zone}}}}}\n"
        )
    )


def call_for(door: LitellmDoor, content: dict[str, Any], way: Way, *, timeout: float = 600.0) -> Call:
    """A call that the door lets through."""
    decision = decide(door.policy, Facts())
    body = Body(content=content, treatment=decision.treatment, strings=0)
    deployment = door.policy.deployments[0]
    return Call(
        audit_id="a",
        deployment=deployment,
        body=body,
        decision=decision,
        clean=True,
        recorded=Receipt(audit_id="a", to=deployment.alias, zone=deployment.zone, bytes_out=body.size),
        stream="stream" in way,
        timeout=timeout,
    )


def ask(door: LitellmDoor, way: Way, content: dict[str, Any], *, timeout: float = 600.0) -> Whole | list[Chunk]:
    """A whole answer, or all chunks of one."""
    call = call_for(door, content, way, timeout=timeout)
    match way:
        case "sync":
            return door.complete(call)
        case "async":
            return asyncio.run(door.acomplete(call))
        case "stream":
            return list(door.stream(call))
        case "astream":
            return asyncio.run(stream(door, call))


async def stream(door: LitellmDoor, call: Call) -> list[Chunk]:
    """All chunks, asynchronously."""
    return [chunk async for chunk in door.astream(call)]
