"""What a request leaves in a shared store, however it ends: nothing, or what expires with its conversation."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import HybridGuardError
from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from hybrid_guard.testing import echo, fail
from hybrid_guard.testing.faults import Silent, Status
from tests.promises.rig import Rig, rig
from tests.redis_server import RedisServer

TTL = 3600
MAIL = f"{secrets.token_hex(8)}@mail.example"


def arguments(session: str | None) -> dict[str, Any]:
    """A call that puts one value into a vault."""
    options = {} if session is None else {"hybrid_guard": {"session": session}}
    return {"model": "cloud-a", "messages": [{"role": "user", "content": f"Write to {MAIL}. " * 30}], **options}


def close_a_stream(setup: Rig, session: str | None) -> None:
    """The caller reads one chunk and closes."""
    stream: Any = setup.guard.completion(**arguments(session), stream=True)
    next(iter(stream))
    stream.close()


def drop_a_stream(setup: Rig, session: str | None) -> None:
    """The caller reads one chunk and forgets about it; the guard ends it when it closes."""
    stream: Any = setup.guard.completion(**arguments(session), stream=True)
    next(iter(stream))
    del stream
    setup.guard.close()


def close_an_async_stream(setup: Rig, session: str | None) -> None:
    """The same without blocking."""

    async def use() -> None:
        stream: Any = await setup.guard.acompletion(**arguments(session), stream=True)
        await anext(aiter(stream))
        await stream.aclose()

    asyncio.run(use())


def fail_at_the_provider(setup: Rig, session: str | None) -> None:
    """No deployment answers."""
    setup.cloud_a.reply = setup.cloud_b.reply = setup.local.reply = fail(Status(code=500))
    with pytest.raises(HybridGuardError):
        setup.guard.completion(**arguments(session))


def answer(setup: Rig, session: str | None) -> None:
    """All goes well."""
    setup.guard.completion(**arguments(session))


ENDS: list[Callable[[Rig, str | None], None]] = [
    answer,
    close_a_stream,
    drop_a_stream,
    close_an_async_stream,
    fail_at_the_provider,
]


@pytest.mark.parametrize("session", [None, "s-1"], ids=["one request", "a conversation"])
@pytest.mark.parametrize("end", ENDS, ids=lambda end: str(end.__name__))
def test_nothing_outlives_its_conversation(
    tmp_path: Path,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Rig, str | None], None],
    session: str | None,
) -> None:
    """A request without a session leaves nothing; one with a session leaves what expires."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    section = f"{{store: redis, url: '{redis_server.url}', ttl: {TTL}}}"
    with rig(tmp_path, vault=section, cloud=echo) as setup:
        end(setup, session)
    keys = list(redis_server.client.scan_iter(match="hybrid-guard:vault:*"))

    assert len(keys) == (0 if session is None else 1)
    assert all(0 < redis_server.client.pttl(key) <= TTL * 1000 for key in keys)
    redis_server.advance(TTL)
    assert not list(redis_server.client.scan_iter(match="hybrid-guard:vault:*"))


@pytest.mark.parametrize("session", [None, "s-1"], ids=["one request", "a conversation"])
def test_a_cancelled_task_leaves_what_expires(
    tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, session: str | None
) -> None:
    """The provider is told no more, and what the task had put goes with its time at the latest."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())

    async def use(setup: Rig) -> None:
        task = asyncio.ensure_future(setup.guard.acompletion(**arguments(session)))
        while not setup.calls_outside:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    section = f"{{store: redis, url: '{redis_server.url}', ttl: {TTL}}}"
    with rig(tmp_path, vault=section, cloud=fail(Silent())) as setup:
        asyncio.run(use(setup))
    keys = list(redis_server.client.scan_iter(match="hybrid-guard:vault:*"))

    assert len(keys) == (0 if session is None else 1)
    assert all(0 < redis_server.client.pttl(key) <= TTL * 1000 for key in keys)
