"""litellm cannot send a guarded call with a client of its own, whatever path it takes; headers tell nobody anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import EgressError, Guard, HybridGuardError
from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.policies import parse_policy
from hybrid_guard.testing import RecordingProxy, RecordingServer, TaintOracle, fail
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.faults import Redirect
from tests.promises.rig import WAYS, Way, call, rig

CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
MESSAGES = [{"role": "user", "content": f"My card is {CARD.value}."}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
POLICY = """
version: 1
name: fence
deployments:
  here: {{model: "{model}", api_base: "{base}", zone: local, tier: cloud}}
detection: {{detectors: [patterns.v1]}}
audit: {{path: "{audit}"}}
"""
BRIDGED = ("openai/o1-pro", "openai/gpt-5.4", "openai/codex-mini-latest", "openrouter/x", "litellm_proxy/x")
"""Models that litellm would like to send to the Responses API, or through a client of its own."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", BRIDGED)
def test_no_bridge_gets_around_the_fence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, way: Way) -> None:
    """A proxy of the environment and the target of a redirect see nothing of a local call, whatever the model is."""
    with (
        RecordingServer("elsewhere") as elsewhere,
        RecordingProxy("proxy") as proxy,
        RecordingServer("local", fail(Redirect(to=f"{elsewhere.base_url}/responses", code=307))) as local,
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        policy = parse_policy(POLICY.format(model=model, base=local.base_url, audit=tmp_path / "audit.jsonl"))
        with Guard(policy) as guard, pytest.raises(HybridGuardError) as caught:
            call(guard, way, messages=MESSAGES, tools=[TOOL], reasoning_effort="low")

        ORACLE.assert_clean("error", str(caught.value), strict=True)
        assert elsewhere.received == b""
        assert proxy.received == b""


@pytest.mark.parametrize("model", ["openai/responses/x", "openrouter/responses/x", "litellm_proxy/responses/x"])
def test_another_endpoint_in_the_model_is_refused(tmp_path: Path, model: str) -> None:
    """A model name that stands for another endpoint is refused when the guard starts."""
    policy = parse_policy(POLICY.format(model=model, base="http://127.0.0.1:9/v1", audit=tmp_path / "audit.jsonl"))

    with pytest.raises(EgressError):
        Guard(policy)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("alias", ["here", "cloud-a"])
def test_a_client_of_litellm_itself_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alias: str, way: Way
) -> None:
    """When litellm throws our client away and makes one of its own, that one cannot send."""
    monkeypatch.setattr(load_litellm(), "disable_aiohttp_transport", True)
    with rig(tmp_path) as setup:
        door: Any = setup.guard._ports.backend
        monkeypatch.setattr(door.clients, "client", lambda _: None)
        monkeypatch.setattr(door.clients, "async_client", lambda _: None)

        with pytest.raises(HybridGuardError):
            call(setup.guard, way, model=alias, messages=MESSAGES)

        assert setup.calls_outside == len(setup.local.requests) == 0
        assert setup.outside == setup.local.received == b""


@pytest.mark.parametrize("way", WAYS)
def test_no_header_of_the_environment_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """Ids of an organisation or a project in the environment are not the policy's to send."""
    monkeypatch.setenv("OPENAI_ORG_ID", CARD.value)
    monkeypatch.setenv("OPENAI_PROJECT_ID", CARD.value)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"x-note: {CARD.value}")
    with rig(tmp_path) as setup:
        call(setup.guard, way, messages=[{"role": "user", "content": "Hello."}])

        assert setup.calls_outside == 1
        ORACLE.assert_clean("clouds", setup.outside, strict=True)
        names = {name.lower() for name, _ in setup.cloud_a.requests[0].headers}
        assert not {name for name in names if "org" in name or "project" in name or name in {"x-note", "cookie"}}


@pytest.mark.parametrize("text", ["https://evil.example/{}.pdf", "file:///etc/{}", "{}"])
def test_a_file_that_has_to_be_fetched_is_refused(tmp_path: Path, text: str) -> None:
    """Only bytes that are in the request itself are a file; nothing is looked up or fetched for one."""
    part = {"type": "file", "file": {"file_data": text.format("name"), "filename": "a.pdf"}}
    with rig(tmp_path) as setup:
        with pytest.raises(HybridGuardError) as caught:
            call(setup.guard, "sync", messages=[{"role": "user", "content": [part]}])

        assert caught.value.code == "HG206"
        assert setup.calls_outside == len(setup.local.requests) == 0
