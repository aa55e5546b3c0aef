"""What the tests of promises share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hybrid_guard.backends.offline import COPIES, load_litellm
from tests.promises.direct import PROXY_VARIABLES


@pytest.fixture(name="litellm")
def open_litellm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """litellm, whose settings are as they were afterwards, and which no proxy of the environment concerns."""
    litellm: Any = load_litellm()
    for name in (*COPIES, "callbacks"):
        monkeypatch.setattr(litellm, name, [])
    # Sessions of its other transport outlive their event loop and complain about it.
    monkeypatch.setattr(litellm, "disable_aiohttp_transport", True)
    for name in (*PROXY_VARIABLES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    litellm.in_memory_llm_clients_cache.flush_cache()
    yield litellm
    litellm.in_memory_llm_clients_cache.flush_cache()
