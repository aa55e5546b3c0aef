"""The clients that litellm is given instead of its own: one per deployment, and per event loop where there is one."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any
from weakref import WeakSet

import httpx

from hybrid_guard.backends.endpoints import Endpoint, endpoint_of
from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.backends.transport import AsyncFence, Fence, own
from hybrid_guard.types import Deployment

__all__ = ["NO_KEY", "Clients"]

NO_KEY = "none"
"""What a server without a key is sent; without it a client would look for one in the environment."""


ALL: WeakSet[Clients] = WeakSet()


class Clients:
    """Makes clients when they are first needed, and keeps them so that connections are reused. Thread-safe."""

    def __init__(self) -> None:
        self.start_over()
        ALL.add(self)

    def start_over(self) -> None:
        """Begin without any client."""
        self.lock = threading.Lock()
        self.sync: dict[str, tuple[Any, httpx.Client]] = {}
        self.by_loop: dict[asyncio.AbstractEventLoop, dict[str, tuple[Any, httpx.AsyncClient]]] = {}

    def client(self, deployment: Deployment) -> Any:
        """A blocking client behind a fence."""
        with self.lock:
            if deployment.alias not in self.sync:
                self.sync[deployment.alias] = blocking_client(deployment, endpoint_of(deployment))
            return self.sync[deployment.alias][0]

    def async_client(self, deployment: Deployment) -> Any:
        """A client behind a fence for the running event loop."""
        loop = asyncio.get_running_loop()
        with self.lock:
            for other in [one for one in self.by_loop if one.is_closed()]:
                # The connections of a loop that is closed cannot be used or closed any more, only let go.
                del self.by_loop[other]
            clients = self.by_loop.setdefault(loop, {})
            if deployment.alias not in clients:
                clients[deployment.alias] = async_client(deployment, endpoint_of(deployment))
            return clients[deployment.alias][0]

    def close(self) -> None:
        """Close the blocking clients, and let go of those of event loops; `aclose` closes these properly."""
        with self.lock:
            clients = list(self.sync.values())
            self.sync.clear()
            self.by_loop.clear()
        for _, http in clients:
            http.close()

    async def aclose(self) -> None:
        """Close the clients of the running event loop."""
        with self.lock:
            clients = self.by_loop.pop(asyncio.get_running_loop(), {})
        for _, http in clients.values():
            await http.aclose()


def start_over_in_child() -> None:
    # INVARIANT: a connection has one process. Two that read from the same one read each other's answers.
    for clients in ALL:
        clients.start_over()


os.register_at_fork(after_in_child=start_over_in_child)


def blocking_client(deployment: Deployment, endpoint: Endpoint) -> tuple[Any, httpx.Client]:
    """An ``openai.OpenAI`` or litellm's ``HTTPHandler``, as the provider wants it, and the client underneath."""
    http = own(httpx.Client(transport=Fence(endpoint), trust_env=False, follow_redirects=False))
    if endpoint.provider.client == "openai":
        from openai import OpenAI

        key = deployment.api_key or NO_KEY
        return OpenAI(api_key=key, base_url=endpoint.base, http_client=http, max_retries=0), http
    load_litellm()
    from litellm.llms.custom_httpx.http_handler import HTTPHandler

    return HTTPHandler(client=http), http


def async_client(deployment: Deployment, endpoint: Endpoint) -> tuple[Any, httpx.AsyncClient]:
    """An ``openai.AsyncOpenAI`` or litellm's ``AsyncHTTPHandler``, and the client underneath."""
    fence = AsyncFence(endpoint)
    if endpoint.provider.client == "openai":
        from openai import AsyncOpenAI

        http = own(httpx.AsyncClient(transport=fence, trust_env=False, follow_redirects=False))
        key = deployment.api_key or NO_KEY
        return AsyncOpenAI(api_key=key, base_url=endpoint.base, http_client=http, max_retries=0), http
    load_litellm()
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler

    handler = AsyncHTTPHandler(transport=fence, follow_redirects=False)
    return handler, own(handler.client)
