"""The clients that litellm is given instead of its own: one per deployment, and per event loop where there is one."""

from __future__ import annotations

import asyncio
import threading
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from hybrid_guard.backends.endpoints import Endpoint, endpoint_of
from hybrid_guard.backends.transport import AsyncFence, Fence
from hybrid_guard.types import Deployment

__all__ = ["Clients"]

NO_KEY = "none"
"""What a server without a key is sent; without it a client would look for one in the environment."""


class Clients:
    """Makes clients when they are first needed, and keeps them so that connections are reused. Thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.sync: dict[str, Any] = {}
        self.by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Any]] = WeakKeyDictionary()

    def client(self, deployment: Deployment) -> Any:
        """A blocking client behind a fence."""
        with self.lock:
            if deployment.alias not in self.sync:
                self.sync[deployment.alias] = blocking_client(deployment, endpoint_of(deployment))
            return self.sync[deployment.alias]

    def async_client(self, deployment: Deployment) -> Any:
        """A client behind a fence for the running event loop."""
        loop = asyncio.get_running_loop()
        with self.lock:
            clients = self.by_loop.setdefault(loop, {})
            if deployment.alias not in clients:
                clients[deployment.alias] = async_client(deployment, endpoint_of(deployment))
            return clients[deployment.alias]

    def close(self) -> None:
        """Close the blocking clients; those of an event loop go with it."""
        with self.lock:
            for client in self.sync.values():
                getattr(client, "_hybrid_guard_http", client).close()
            self.sync.clear()


def blocking_client(deployment: Deployment, endpoint: Endpoint) -> Any:
    """An ``openai.OpenAI`` or litellm's ``HTTPHandler``, as the provider wants it."""
    http = httpx.Client(transport=Fence(endpoint), trust_env=False, follow_redirects=False)
    if endpoint.provider.client == "openai":
        from openai import OpenAI

        return OpenAI(api_key=deployment.api_key or NO_KEY, base_url=endpoint.base, http_client=http, max_retries=0)
    from litellm.llms.custom_httpx.http_handler import HTTPHandler

    return HTTPHandler(client=http)


def async_client(deployment: Deployment, endpoint: Endpoint) -> Any:
    """An ``openai.AsyncOpenAI`` or litellm's ``AsyncHTTPHandler``, as the provider wants it."""
    fence = AsyncFence(endpoint)
    if endpoint.provider.client == "openai":
        from openai import AsyncOpenAI

        http = httpx.AsyncClient(transport=fence, trust_env=False, follow_redirects=False)
        return AsyncOpenAI(
            api_key=deployment.api_key or NO_KEY, base_url=endpoint.base, http_client=http, max_retries=0
        )
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler

    return AsyncHTTPHandler(transport=fence, follow_redirects=False)
