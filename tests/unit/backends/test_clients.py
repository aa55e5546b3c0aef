"""Clients are made once for each deployment and event loop, behind a fence."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from hybrid_guard.backends.clients import Clients
from hybrid_guard.backends.transport import AsyncFence, Fence
from hybrid_guard.testing import RecordingServer
from hybrid_guard.types import Deployment, Zone


def deployment(alias: str, model: str, key: str | None = None) -> Deployment:
    """A local server."""
    return Deployment(
        alias=alias, model=model, zone=Zone.LOCAL, tier="edge", api_base="http://127.0.0.1:9/v1", api_key=key
    )


def inner(client: Any) -> Any:
    """The httpx client inside of an openai client or of litellm's handler."""
    return client._client if hasattr(client, "_client") else client.client


@pytest.mark.parametrize("model", ["openai/x", "hosted_vllm/x"])
def test_a_blocking_client_is_made_once_behind_a_fence(model: str) -> None:
    """It obeys no environment, follows nothing, and is closed with the rest."""
    clients = Clients()
    one = deployment("one", model)
    client = clients.client(one)

    assert clients.client(one) is client
    assert clients.client(deployment("two", model)) is not client
    http = inner(client)
    assert isinstance(http._transport, Fence)
    assert http.follow_redirects is False
    assert http.trust_env is False

    clients.close()
    assert http.is_closed
    assert clients.client(one) is not client
    clients.close()


@pytest.mark.parametrize("model", ["openai/x", "hosted_vllm/x"])
async def test_a_client_of_an_event_loop_is_made_once_behind_a_fence(model: str) -> None:
    """Another event loop has another one."""
    clients = Clients()
    one = deployment("one", model)
    client = clients.async_client(one)

    assert clients.async_client(one) is client
    assert isinstance(inner(client)._transport, AsyncFence)
    assert inner(client).follow_redirects is False

    async def elsewhere() -> Any:
        return clients.async_client(one)

    assert await asyncio.to_thread(lambda: asyncio.run(elsewhere())) is not client
    clients.async_client(deployment("two", model))
    assert list(clients.by_loop) == [asyncio.get_running_loop()], "a loop that is closed is let go"

    await clients.aclose()
    assert inner(client).is_closed
    assert clients.async_client(one) is not client
    clients.close()
    assert not clients.by_loop


async def test_a_key_comes_from_the_policy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one, a word stands for it, so that none of the environment is taken."""
    monkeypatch.setenv("OPENAI_API_KEY", "of-the-environment")
    clients = Clients()

    assert clients.client(deployment("one", "openai/x")).api_key == "none"
    assert clients.client(deployment("two", "openai/x", "of-the-policy")).api_key == "of-the-policy"
    assert clients.async_client(deployment("one", "openai/x")).api_key == "none"
    clients.close()


def test_a_child_process_shares_no_connection_with_its_parent() -> None:
    """Two processes that read from one connection would read each other's answers."""
    with RecordingServer("local") as server:
        one = Deployment(alias="one", model="openai/x", zone=Zone.LOCAL, tier="edge", api_base=server.base_url)
        clients = Clients()

        def ask() -> None:
            clients.client(one).chat.completions.create(model="x", messages=[{"role": "user", "content": "hello"}])

        ask()
        ask()
        assert server.connections == 1

        child = os.fork()
        if child == 0:
            try:
                ask()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert len(server.requests) == 3
        assert server.connections == 2

        ask()
        assert server.connections == 2
        clients.close()
