"""What the contract tests share."""

from __future__ import annotations

from typing import Any

import pytest

from hybrid_guard.backends.offline import load_litellm


@pytest.fixture(scope="session", autouse=True)
def _make_litellm_clients() -> None:
    """litellm makes these when they are first needed and keeps them, with the proxy that is set at that moment."""
    litellm: Any = load_litellm()
    assert litellm.module_level_client
    assert litellm.module_level_aclient
