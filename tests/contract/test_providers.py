"""Every provider that a policy may name sends its bytes to the deployment's address, through the fence."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pytest

from hybrid_guard import BlockedError, Guard
from hybrid_guard.backends import PROVIDERS, transport
from hybrid_guard.backends.offline import COPIES, load_litellm
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import RecordingProxy, RecordingServer, Reply, say, say_json
from tests.promises.direct import PROXY_VARIABLES
from tests.promises.rig import WAYS, Way, call

HOSTED = tuple(name for name, provider in PROVIDERS.items() if provider.api_base is not None)
MESSAGES = [{"role": "user", "content": "Which capital?"}]
BASE_VARIABLES = (
    *("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "PERPLEXITYAI_API_BASE", "FIREWORKS_API_BASE"),
    *(f"{name.upper()}_API_BASE" for name in PROVIDERS),
)
KEY_VARIABLES = (
    *("PERPLEXITYAI_API_KEY", "FIREWORKS_API_KEY", "TOGETHERAI_API_KEY", "GOOGLE_API_KEY", "OR_API_KEY"),
    *(f"{name.upper()}_API_KEY" for name in PROVIDERS),
)
POLICY = """
version: 1
name: providers
deployments: {{only: {{model: {name}/some-model, api_base: "{base}", zone: external}}}}
detection: {{detectors: [patterns.v1]}}
rules: [{{id: moderate-masks, when: {{level: moderate}}, treat: {{external: {{default: placeholder}}}}}}]
audit: {{path: "{audit}"}}
"""
GEMINI: Mapping[str, object] = MappingProxyType(
    {
        "candidates": [{"content": {"role": "model", "parts": [{"text": "Paris"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 1, "totalTokenCount": 4},
    }
)
GROQ: Mapping[str, object] = MappingProxyType(
    {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "some-model",
        "service_tier": "on_demand",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Paris"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
    }
)


def reply_of(name: str, way: Way) -> Reply:
    """An answer in the shape that the provider gives."""
    if name == "gemini":
        return say_json(dict(GEMINI))
    return say_json(dict(GROQ)) if name == "groq" and "stream" not in way else say("Paris")


def base_of(name: str, server: RecordingServer) -> str:
    """The base under which *server* has the provider's paths."""
    return server.url if name in {"anthropic", "gemini"} else server.base_url


def guard_for(name: str, server: RecordingServer, folder: Path) -> Guard:
    """A guard with one deployment: *server*, by way of the provider."""
    return Guard(parse_policy(POLICY.format(name=name, base=base_of(name, server), audit=folder / "audit.jsonl")))


@pytest.fixture(autouse=True)
def hide_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, address or key of the machine's own concerns the tests."""
    for variable in (*PROXY_VARIABLES, "NO_PROXY", "no_proxy", *BASE_VARIABLES, *KEY_VARIABLES):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_only_the_deployment_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: Way) -> None:
    """With every hostile variable set, one request reaches the deployment, without a key that the policy has not."""
    with RecordingServer("only", reply_of(name, way)) as server, RecordingProxy("proxy") as proxy:
        for variable in PROXY_VARIABLES:
            monkeypatch.setenv(variable, proxy.url)
        for variable in BASE_VARIABLES:
            monkeypatch.setenv(variable, proxy.base_url)
        for variable in KEY_VARIABLES:
            monkeypatch.setenv(variable, "key-of-the-environment")
        with guard_for(name, server, tmp_path) as guard:
            assert call(guard, way, messages=MESSAGES) == "Paris"

        (request,) = server.requests
        assert b"Which capital?" in request.body
        assert b"key-of-the-environment" not in server.received
        assert proxy.received == b""
        assert proxy.connections == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_what_the_fence_refuses_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: Way
) -> None:
    """There is no way around the fence: when it lets nothing through, no connection is made."""

    def refuse(*_: object) -> None:
        raise transport.FenceError("nothing gets through")

    monkeypatch.setattr(transport, "admit", refuse)
    with RecordingServer("only", reply_of(name, way)) as server, guard_for(name, server, tmp_path) as guard:
        with pytest.raises(BlockedError):
            call(guard, way, messages=MESSAGES)

        assert server.connections == 0


@pytest.mark.parametrize("name", HOSTED)
def test_the_public_address_is_the_one_that_litellm_calls(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The built-in address of a provider is https, and on the host that litellm itself would call."""
    ours = urlsplit(PROVIDERS[name].api_base or "")
    litellm: Any = load_litellm()
    for one in COPIES:
        monkeypatch.setattr(litellm, one, [])
    litellm.in_memory_llm_clients_cache.flush_cache()
    with RecordingProxy("proxy") as proxy:
        for variable in PROXY_VARIABLES:
            monkeypatch.setenv(variable, proxy.url)
        # The proxy ends the tunnel, so the call fails with one error or another.
        with contextlib.suppress(Exception):
            litellm.completion(model=f"{name}/some-model", messages=MESSAGES, api_key="none", max_retries=0)
        attempts = proxy.attempts
    litellm.in_memory_llm_clients_cache.flush_cache()

    assert ours.scheme == "https"
    assert attempts == [f"{ours.hostname}:443"]


@pytest.mark.parametrize("name", HOSTED)
def test_the_public_address_has_the_path_that_litellm_uses(name: str) -> None:
    """Where litellm tells which base it would use, ours is the same; a provider that moves is noticed here."""
    told = load_litellm().get_llm_provider(f"{name}/some-model")[3]
    assert told in (None, PROVIDERS[name].api_base)


def test_most_providers_tell_their_address() -> None:
    """The test above compares something."""
    silent = {name for name in HOSTED if load_litellm().get_llm_provider(f"{name}/some-model")[3] is None}
    assert silent == {"anthropic", "gemini", "openai", "openrouter"}
