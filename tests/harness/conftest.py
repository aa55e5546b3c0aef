"""A recording server and a client for it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from hybrid_guard.testing import RecordingServer


@pytest.fixture(name="server")
def open_server() -> Iterator[RecordingServer]:
    """A server that echoes."""
    with RecordingServer("cloud-a") as server:
        yield server


@pytest.fixture(name="client")
def open_client(server: RecordingServer) -> Iterator[httpx.Client]:
    """A client that ignores the environment."""
    with httpx.Client(base_url=server.base_url, trust_env=False, timeout=30) as client:
        yield client
