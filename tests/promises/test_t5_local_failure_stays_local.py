"""T5: whatever goes wrong at the local deployment, restricted data is not sent to a cloud instead."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hybrid_guard import BackendError, BlockedError
from hybrid_guard.backends.offline import load_litellm
from hybrid_guard.testing import Fault, RecordingServer, Sinks, TaintOracle, echo, fail, say
from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.faults import (
    BadJson,
    Drip,
    Empty,
    InvalidUtf8,
    Redirect,
    Reset,
    Silent,
    Status,
    Truncate,
    WrongModel,
    WrongType,
)
from tests.promises.rig import MASK, STRICT, WAYS, Way, call, rig

CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
MESSAGES = [{"role": "user", "content": f"My card is {CARD.value}."}]
FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        **{f"status {code}": Status(code=code) for code in (400, 401, 403, 404, 408, 409, 413, 422, 429)},
        **{f"status {code}": Status(code=code) for code in (500, 501, 502, 503, 504, 507)},
        **{f"status {code} that quotes": Status(code=code, echo=True) for code in (400, 413, 422, 429, 500, 503)},
        "reset before the answer": Reset(),
        **{f"reset after {after} bytes": Reset(after=after) for after in (1, 20, 100, 150, 200)},
        **{f"close after {after} bytes": Truncate(after=after) for after in (1, 20, 100, 150, 200)},
        "bad JSON": BadJson(),
        "HTML": WrongType(),
        "nothing": Empty(),
        "not UTF-8": InvalidUtf8(),
        "another model": WrongModel(),
        "drips": Drip(pause=0.05, total=10.0),
        "silence": Silent(),
        **{f"redirect {code}": Redirect(to="http://127.0.0.1:9/v1", code=code) for code in (301, 302, 303, 307, 308)},
    }
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_local_call_is_not_repeated_outside(tmp_path: Path, fault: str, way: Way) -> None:
    """Restricted data has no second try outside; the caller gets an answer or an error of ours that quotes nothing."""
    with (
        rig(tmp_path, rules=STRICT, local=fail(FAULTS[fault], say("fine"))) as setup,
        Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks,
    ):
        try:
            call(setup.guard, way, messages=MESSAGES, timeout=1.0)
        except (BackendError, BlockedError) as error:
            sinks.add_exception("error", error)

        assert setup.calls_outside == 0
        assert setup.cloud_a.connections == setup.cloud_b.connections == 0
        assert len(setup.local.requests) == 1
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
def test_a_dead_local_server_is_not_replaced(tmp_path: Path, way: Way) -> None:
    """A refused connection keeps restricted data local, with the exit that says "nothing is healthy"."""
    with rig(tmp_path, rules=STRICT, local_is_up=False) as setup:
        with pytest.raises(BlockedError) as caught:
            call(setup.guard, way, messages=MESSAGES)

        assert caught.value.unavailable
        assert "tried:here" in caught.value.reasons
        assert setup.calls_outside == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_permitted_retry_passes_the_policy_again(tmp_path: Path, way: Way) -> None:
    """Data that may leave treated gets one more try, treated for where it goes; there is no third."""
    with rig(tmp_path, rules=MASK, mode="prefer_local", local=fail(Status(code=500), echo)) as setup:
        answer = call(setup.guard, way, messages=MESSAGES)

        assert CARD.value in answer
        assert setup.calls_outside == 1
        ORACLE.assert_clean("clouds", setup.outside, strict=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", ["prefer_local", "prefer_cloud"])
def test_an_argument_that_is_not_supported_is_told_to_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, way: Way
) -> None:
    """The first deployment's no is the answer, with a code of its own: no other is asked, for it might understand."""
    litellm: Any = load_litellm()

    def refuse(**_: Any) -> Any:
        raise litellm.UnsupportedParamsError(message=CARD.value, model="x", llm_provider="y")

    async def arefuse(**_: Any) -> Any:
        refuse()

    monkeypatch.setattr(litellm, "completion", refuse)
    monkeypatch.setattr(litellm, "acompletion", arefuse)
    with rig(tmp_path, rules=MASK, mode=mode) as setup, Sinks(folders=[tmp_path]) as sinks:
        with pytest.raises(BackendError) as caught:
            call(setup.guard, way, messages=MESSAGES, temperature=0.5)

        assert (caught.value.fault, caught.value.code) == ("unsupported", "HG606")
        assert caught.value.deployment == ("here" if mode == "prefer_local" else "cloud-a")
        outcome = json.loads(setup.audit.read_text().splitlines()[-1])
        assert (outcome["outcome"], outcome["errors"], outcome["attempt"]) == ("failed", ["HG606"], 1)
        sinks.add_exception("error", caught.value)
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
def test_there_is_at_most_one_retry(tmp_path: Path, way: Way) -> None:
    """Three failing deployments are two calls."""
    broken = fail(Status(code=500), echo)
    with rig(tmp_path, rules=MASK, mode="prefer_local", local=broken, cloud=broken) as setup:
        with pytest.raises(BlockedError) as caught:
            call(setup.guard, way, messages=MESSAGES)

        assert caught.value.unavailable
        assert (len(setup.local.requests), setup.calls_outside) == (1, 1)
        ORACLE.assert_clean("clouds", setup.outside, strict=True)


@pytest.mark.parametrize("way", ["stream", "astream"])
def test_nobody_else_is_asked_once_a_chunk_was_seen(tmp_path: Path, way: Way) -> None:
    """A stream that breaks off after its first chunk ends in an error, not in another deployment's answer."""
    with rig(tmp_path, rules=MASK, mode="prefer_local", local=fail(Reset(after=600), say("word " * 200))) as setup:
        with pytest.raises(BackendError) as caught:
            call(setup.guard, way, messages=[{"role": "user", "content": "Hello."}])

        assert caught.value.fault == "interrupted"
        assert setup.calls_outside == 0


def test_a_local_server_cannot_be_moved_by_its_port(tmp_path: Path) -> None:
    """Another server that takes over the port of a local one is still only local."""
    with rig(tmp_path, rules=STRICT) as setup, RecordingServer("other") as other:
        call(setup.guard, "sync", messages=MESSAGES)

        assert other.received == b""
        assert setup.calls_outside == 0
