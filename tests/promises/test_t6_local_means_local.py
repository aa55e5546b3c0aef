"""T6: a deployment in zone local is on this machine, whatever the environment, the server or a name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hybrid_guard import BlockedError, EgressError, PolicyError
from hybrid_guard.backends.endpoints import endpoint_of
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import RecordingProxy, RecordingServer, fail
from hybrid_guard.testing.faults import Redirect
from hybrid_guard.types import Deployment, Zone
from tests.promises.rig import STRICT, WAYS, Way, call, rig

MESSAGES = [{"role": "user", "content": "My card is 4929 6418 2297 5133."}]
PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
ELSEWHERE = (
    "http://192.0.2.7:8000/v1",
    "http://10.0.0.7:8000/v1",
    "http://169.254.169.254/v1",
    "http://0.0.0.0:8000/v1",
    "http://[::]:8000/v1",
    "http://[::ffff:127.0.0.1]:8000/v1",
    "http://[::ffff:192.0.2.7]:8000/v1",
    "http://[fe80::1]:8000/v1",
    "http://localhost.example.com:8000/v1",
    "http://127.0.0.1.example.com:8000/v1",
    "http://local.test:8000/v1",
    "http://2130706433:8000/v1",
    "http://0x7f000001:8000/v1",
    "http://127.1:8000/v1",
    "http://0177.0.0.1:8000/v1",
    "http://127.0.0.1@example.com/v1",
    "http://user:word@127.0.0.1:8000/v1",
    "https://example.com#@127.0.0.1/v1",
    "ftp://127.0.0.1/v1",
    "file:///etc/hosts",
    "//127.0.0.1/v1",
    "127.0.0.1:8000/v1",
)
CLOUD_TAGS = ("gpt-oss:120b-cloud", "qwen3-coder:480b-cloud", "deepseek-v3.1:cloud", "kimi-k2:CLOUD")
PROVIDERS_WITHOUT_A_FENCE = ("ollama/x", "ollama_chat/x", "bedrock/x", "vertex_ai/x", "azure/x", "x", "hg_llamacpp2/x")


def policy(model: str, api_base: str | None) -> str:
    """A policy with one local deployment."""
    base = "" if api_base is None else f'api_base: "{api_base}", '
    return f'version: 1\nname: t6\ndeployments:\n  here: {{model: "{model}", {base}zone: local}}\n'


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("variable", PROXY_VARIABLES)
def test_proxy_variables_are_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, way: Way) -> None:
    """No proxy of the environment sees a local call."""
    for name in (*PROXY_VARIABLES, "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with RecordingProxy("proxy") as proxy:
        monkeypatch.setenv(variable, proxy.url)
        with rig(tmp_path, rules=STRICT) as setup:
            call(setup.guard, way, messages=MESSAGES)

            assert len(setup.local.requests) == 1
        assert proxy.received == b""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(tmp_path: Path, code: int, way: Way) -> None:
    """A local server that points to a cloud is not obeyed."""
    with RecordingServer("elsewhere") as elsewhere:
        redirect = fail(Redirect(to=f"{elsewhere.base_url}/chat/completions", code=code))
        with rig(tmp_path, rules=STRICT, local=redirect) as setup:
            with pytest.raises(BlockedError):
                call(setup.guard, way, messages=MESSAGES)

            assert setup.calls_outside == 0
        assert elsewhere.received == b""


@pytest.mark.parametrize("api_base", ELSEWHERE)
def test_an_address_that_is_not_loopback_is_no_local_one(api_base: str) -> None:
    """The loader refuses it with its place, and the door refuses it again."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(policy("hosted_vllm/x", api_base))
    assert caught.value.line == 4

    with pytest.raises(EgressError):
        endpoint_of(Deployment(alias="here", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge", api_base=api_base))


@pytest.mark.parametrize("tag", CLOUD_TAGS)
def test_a_model_that_a_local_server_forwards_is_refused(tag: str) -> None:
    """A tag that makes a local server call its maker's cloud cannot be in zone local."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(policy(f"openai/{tag}", "http://127.0.0.1:11434/v1"))

    assert caught.value.line == 4


@pytest.mark.parametrize("model", PROVIDERS_WITHOUT_A_FENCE)
def test_a_provider_that_makes_its_own_connections_is_refused(model: str) -> None:
    """The door calls no provider whose traffic it cannot fence."""
    with pytest.raises(EgressError):
        endpoint_of(
            Deployment(alias="here", model=model, zone=Zone.LOCAL, tier="edge", api_base="http://127.0.0.1:8000/v1")
        )


def test_localhost_is_a_literal_address() -> None:
    """The name is not resolved, so no hosts file and no resolver can move it."""
    deployment = Deployment(
        alias="here", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge", api_base="http://localhost:8000/v1"
    )

    assert endpoint_of(deployment).origin == ("http", "127.0.0.1", 8000)
    assert endpoint_of(deployment).base == "http://127.0.0.1:8000/v1"
