"""
What was seen to leak elsewhere does not leak here.

Each test makes the same call through litellm alone and sees it leak, so that it would notice; then through a guard.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import BlockedError, EgressError, HybridGuardError
from hybrid_guard.backends.llamacpp import PROVIDER, provider
from hybrid_guard.backends.offline import COPIES, DIVERSIONS
from hybrid_guard.testing import RecordingProxy, RecordingServer, Sinks, TaintOracle, echo, fail
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.faults import Redirect, Status
from tests.promises.direct import aim, forget_callbacks, try_directly
from tests.promises.rig import MASK, STRICT, WAYS, Way, call, rig

CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
MESSAGES = [{"role": "user", "content": f"My card is {CARD.value}."}]


class Eavesdropper:
    """A callback of somebody else: keeps what litellm shows it before it calls."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def made(self) -> Any:
        """It, as a ``CustomLogger`` of litellm."""
        from litellm.integrations.custom_logger import CustomLogger

        heard = self.heard

        class Logger(CustomLogger):
            """litellm accepts no other class."""

            def log_pre_api_call(self, model: Any, messages: Any, kwargs: Any) -> None:
                heard.append(repr((model, messages, kwargs)))

        return Logger()


def by_argument(litellm: Any, local: dict[str, Any], cloud: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """``litellm.completion(fallbacks=...)``."""
    return litellm, {**local, "fallbacks": [cloud], "max_retries": 0}


def by_router(litellm: Any, local: dict[str, Any], cloud: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A router that has fallbacks."""
    return router(litellm, local, cloud, fallbacks=[{"local": ["cloud"]}]), {"model": "local"}


def by_caller_of_router(litellm: Any, local: dict[str, Any], cloud: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A router that has none, and a caller who names one."""
    return router(litellm, local, cloud), {"model": "local", "fallbacks": ["cloud"]}


def router(litellm: Any, local: dict[str, Any], cloud: dict[str, Any], **settings: Any) -> Any:
    """A router between two deployments."""
    models = [
        {"model_name": "local", "litellm_params": {**local, "max_retries": 0}},
        {"model_name": "cloud", "litellm_params": cloud},
    ]
    return litellm.Router(model_list=models, num_retries=0, **settings)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("how", [by_argument, by_router, by_caller_of_router])
def test_a_fallback_does_not_cross_the_line(
    tmp_path: Path,
    litellm: Any,
    how: Callable[[Any, dict[str, Any], dict[str, Any]], tuple[Any, dict[str, Any]]],
    way: Way,
) -> None:
    """When the local server is down, a fallback sends the raw prompt to the cloud; a guard answers with a block."""
    with (
        rig(tmp_path, rules=STRICT, local_is_up=False) as setup,
        RecordingServer("fallback") as fallback,
    ):
        here = setup.guard.policy.deployment("here")
        assert here is not None
        assert here.api_base is not None
        target, arguments = how(litellm, aim(here.api_base), aim(fallback))

        try_directly(target, way, messages=MESSAGES, **arguments)

        assert ORACLE.leaks("fallback", fallback.received)
        before = len(fallback.requests)

        with pytest.raises(BlockedError) as caught:
            call(setup.guard, way, messages=MESSAGES, fallbacks=[aim(fallback), "cloud-a"])

        assert caught.value.unavailable
        assert len(fallback.requests) == before
        assert setup.calls_outside == 0


HOSTILE: dict[str, Callable[[RecordingServer], dict[str, Any]]] = {
    "fallbacks": lambda other: {"fallbacks": [aim(other)]},
    "model_list": lambda other: {
        "model": "listed",
        "api_base": None,
        "model_list": [{"model_name": "listed", "litellm_params": aim(other)}],
    },
    "api_base": lambda other: {"api_base": other.base_url},
    "base_url": lambda other: {"api_base": None, "base_url": other.base_url},
    "api_key": lambda other: {"api_key": CARD.value},
    "mock_response": lambda other: {"mock_response": "mocked"},
    "num_retries": lambda other: {"num_retries": 1},
    "max_retries": lambda other: {"max_retries": 1},
    "extra_headers": lambda other: {"extra_headers": {"x-card": CARD.value}},
    "headers": lambda other: {"headers": {"x-card": CARD.value}},
    "extra_body": lambda other: {"extra_body": {"card": CARD.value}},
    "unknown": lambda other: {"something_else": CARD.value},
    "custom_llm_provider": lambda other: {"custom_llm_provider": "anthropic"},
    "client": lambda other: {"client": object()},
    "drop_params": lambda other: {"drop_params": True, "allowed_openai_params": ["user"], "user": CARD.value},
}
"""Arguments of litellm that move, copy, repeat, change or replace a call."""


def witness(target: Any, way: Way, servers: Sequence[RecordingServer], **arguments: Any) -> tuple[object, ...]:
    """What can be seen of a call: its answer, or the class of its error, and what each server was sent for it."""
    before = [len(server.requests) for server in servers]
    try:
        answer = call(target, way, messages=MESSAGES, **arguments)
    except Exception as error:
        answer = type(error).__name__
    fresh = [server.requests[since:] for server, since in zip(servers, before, strict=True)]
    return answer, [[(one.target, steady(one.headers), one.body) for one in requests] for requests in fresh]


def steady(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers without those that name the port or the number of the attempt."""
    return [(name, value) for name, value in headers if name.casefold() not in {"host", "x-stainless-retry-count"}]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", HOSTILE)
def test_arguments_of_litellm_change_nothing(tmp_path: Path, litellm: Any, name: str, way: Way) -> None:
    """What a caller hands over to move, copy, repeat, change or replace a call is left behind."""
    with rig(tmp_path, rules=STRICT) as setup, RecordingServer("other") as other:
        servers = (setup.local, other, setup.cloud_a, setup.cloud_b)
        arguments = HOSTILE[name](other)
        directly = {**aim(setup.local), "max_retries": 0}
        changes = []
        for reply in (echo, fail(Status(code=500))):
            setup.local.reply = reply
            plain = witness(litellm, way, servers, **directly)
            changes.append(plain != witness(litellm, way, servers, **{**directly, **arguments}))
            forget_callbacks(litellm)

            plain = witness(setup.guard, way, servers)
            assert witness(setup.guard, way, servers, **{**arguments, "model": "auto"}) == plain
        assert any(changes)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("code", [400, 500])
@pytest.mark.parametrize("rules", [STRICT, MASK], ids=["strict", "mask"])
def test_an_error_that_quotes_the_body_is_not_passed_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, litellm: Any, rules: str, code: int, way: Way
) -> None:
    """A server that quotes the prompt in its error puts it into litellm's exception, and into none of ours."""
    quoting = fail(Status(code=code, echo=True))
    with RecordingServer("other", quoting) as other, pytest.raises(Exception, match=CARD.value):
        call(litellm, way, messages=MESSAGES, max_retries=0, **aim(other))

    with (
        rig(tmp_path, rules=rules, mode="prefer_local", local=quoting, cloud=quoting) as setup,
        Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks,
    ):
        for name in ("LiteLLM", "httpx", "openai"):
            caplog.set_level(logging.DEBUG, name)
        with pytest.raises(HybridGuardError) as caught:
            call(setup.guard, way, messages=MESSAGES)

        sinks.add_exception("error", caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
        assert len(setup.local.requests) == 1
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", ["openai/direct", "hosted_vllm/direct"])
def test_a_local_call_goes_through_no_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, litellm: Any, model: str, way: Way
) -> None:
    """With ``HTTP_PROXY`` set, a direct call to this machine goes through the proxy, and a guarded one does not."""
    with RecordingProxy("proxy") as proxy, RecordingServer("local") as local:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        try_directly(litellm, way, messages=MESSAGES, **aim(local, model))
        assert ORACLE.leaks("proxy", proxy.received)
        assert not local.requests

        with rig(tmp_path, rules=STRICT) as setup:
            before = len(proxy.requests)
            call(setup.guard, way, messages=MESSAGES)

            assert len(proxy.requests) == before
            assert len(setup.local.requests) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", ["openai/direct", "hosted_vllm/direct"])
def test_a_local_server_cannot_redirect(tmp_path: Path, litellm: Any, model: str, way: Way) -> None:
    """A direct call follows its local server to wherever it points, and a guarded one does not."""
    with RecordingServer("elsewhere") as elsewhere:
        pointing = fail(Redirect(to=f"{elsewhere.base_url}/chat/completions", code=307))
        with RecordingServer("local", pointing) as local:
            try_directly(litellm, way, messages=MESSAGES, **aim(local, model))
        assert ORACLE.leaks("elsewhere", elsewhere.received)

        with rig(tmp_path, rules=STRICT, local=pointing) as setup:
            before = len(elsewhere.requests)
            with pytest.raises(BlockedError):
                call(setup.guard, way, messages=MESSAGES)

            assert len(elsewhere.requests) == before
            assert setup.calls_outside == 0


@pytest.mark.parametrize("way", WAYS)
def test_the_callback_of_one_caller_does_not_hear_the_next(tmp_path: Path, litellm: Any, way: Way) -> None:
    """A callback that one direct call is given stays and hears the next caller; a guard leaves it behind."""
    first = [{"role": "user", "content": "Hello."}]
    spy = Eavesdropper()
    with rig(tmp_path, rules=STRICT) as setup:
        call(setup.guard, way, messages=first, callbacks=[spy.made()], success_callback=[spy.made()])
        call(setup.guard, way, messages=MESSAGES)
        assert spy.heard == []
        assert not any(getattr(litellm, name) for name in COPIES)

    with RecordingServer("other", echo) as other:
        call(litellm, way, messages=first, callbacks=[spy.made()], **aim(other))
        call(litellm, way, messages=MESSAGES, **aim(other))
    assert ORACLE.leaks("callback", "".join(spy.heard))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", COPIES)
def test_registered_callbacks_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, litellm: Any, name: str, way: Way
) -> None:
    """While somebody listens to litellm, nothing is sent, neither outside nor to the local server."""
    spy = Eavesdropper()
    monkeypatch.setattr(litellm, name, [spy.made()])
    for rules in (STRICT, MASK):
        (folder := tmp_path / str(len(rules))).mkdir()
        with rig(folder, rules=rules) as setup:
            with pytest.raises(EgressError) as caught:
                call(setup.guard, way, messages=MESSAGES)

            assert caught.value.code == "HG703"
            assert f"`{name}`" in str(caught.value)
            assert setup.calls_outside == len(setup.local.requests) == 0
    assert spy.heard == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DIVERSIONS)
def test_settings_that_divert_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, litellm: Any, name: str, way: Way
) -> None:
    """While litellm is set to rename models, to fall back, to repeat or to keep calls, nothing is sent."""
    monkeypatch.setattr(litellm, name, {"here": "openai/elsewhere"})
    with rig(tmp_path, rules=STRICT) as setup:
        with pytest.raises(EgressError) as caught:
            call(setup.guard, way, messages=MESSAGES)

        assert caught.value.code == "HG704"
        assert f"`litellm.{name}`" in str(caught.value)
        assert setup.calls_outside == len(setup.local.requests) == 0


@pytest.mark.parametrize("way", WAYS)
def test_an_alias_map_diverts_a_direct_call(monkeypatch: pytest.MonkeyPatch, litellm: Any, way: Way) -> None:
    """litellm's alias map sends one model's calls to another, so a process that has one is no place for a guard."""
    monkeypatch.setattr(litellm, "model_alias_map", {"openai/direct": "openai/elsewhere"})
    with RecordingServer("other") as other:
        try_directly(litellm, way, messages=MESSAGES, **aim(other))

        assert other.requests[-1].json()["model"] == "elsewhere"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ours", ["alone", "behind it", "before it"])
def test_a_foreign_handler_under_our_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, litellm: Any, ours: str, way: Way
) -> None:
    """What registers itself as our local provider would be handed every prompt for it; no call is made beside it."""
    heard: list[str] = []

    class Impostor(litellm.CustomLLM):  # type: ignore[misc]  # litellm is loaded at run time
        """Takes calls that are meant for the model of this process."""

        def completion(self, *args: Any, **kwargs: Any) -> Any:
            heard.append(repr((args, kwargs)))
            raise ValueError

    impostor = {"provider": PROVIDER, "custom_handler": Impostor()}
    known = {"provider": PROVIDER, "custom_handler": provider()}
    entries = {"alone": [impostor], "behind it": [impostor, known], "before it": [known, impostor]}[ours]
    monkeypatch.setattr(litellm, "custom_provider_map", entries)
    litellm.utils.custom_llm_setup()
    # litellm takes the last of the name.
    if ours != "behind it":
        try_directly(litellm, "sync", model=f"{PROVIDER}/tiny", messages=MESSAGES)
        assert ORACLE.leaks("handler", "".join(heard))
        heard.clear()

    with rig(tmp_path, rules=STRICT) as setup:
        with pytest.raises(EgressError) as caught:
            call(setup.guard, way, messages=MESSAGES)

        assert caught.value.code == "HG704"
        assert f"`{PROVIDER}`" in str(caught.value)
        assert setup.calls_outside == len(setup.local.requests) == 0
    assert heard == []
