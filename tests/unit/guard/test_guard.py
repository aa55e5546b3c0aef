"""The guard: litellm's arguments in, litellm's answers out, and nothing but our own errors over its edge."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hybrid_guard import AuditError, BlockedError, EgressError, Guard, HybridGuardError, PolicyError, RequestError
from hybrid_guard.guard import SystemClock, assembly
from hybrid_guard.guard.seal import asealed, sealed
from hybrid_guard.types import (
    Deployment,
    DetectionSettings,
    Finding,
    Findings,
    LevelAtLeast,
    Operator,
    Policy,
    Request,
    Rule,
    Segment,
    Treatment,
    Zone,
)
from tests.unit.core.ports import MAIL, Audit, Backend, Detector, refused

MESSAGES = [{"role": "user", "content": f"I am {MAIL}."}]
PLACEHOLDERS = Treatment(default=Operator.PLACEHOLDER)
POLICY = Policy(
    name="p",
    digest="0123456789abcdef",
    deployments=(
        Deployment(alias="here", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge", api_base="http://127.0.0.1:9/v1"),
        Deployment(
            alias="cloud", model="openai/x", zone=Zone.EXTERNAL, tier="cloud", api_base="https://llm.example/v1"
        ),
    ),
    rules=(Rule(id="mask", when=LevelAtLeast(level="low"), treat={Zone.EXTERNAL: PLACEHOLDERS}),),
)


class Setup:
    """A guard whose detector, door and trail are scripted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[str] = []
        self.audit = Audit(self.events)
        self.backend = Backend(self.events)
        monkeypatch.setattr(assembly, "build_detector", lambda _: Detector())
        monkeypatch.setattr(assembly, "LitellmDoor", lambda _: self.backend)
        self.guard = Guard(POLICY, audit=self.audit)

    @property
    def outcomes(self) -> list[str | None]:
        """How the requests ended."""
        return [record.outcome for record in self.audit.records if record.kind == "outcome"]


@pytest.fixture(name="setup")
def open_setup(monkeypatch: pytest.MonkeyPatch) -> Setup:
    """A guard with scripted ports."""
    return Setup(monkeypatch)


def cloudy(**more: Any) -> dict[str, Any]:
    """Arguments of a call to the cloud."""
    return {"messages": MESSAGES, "model": "cloud", **more}


async def test_a_whole_answer_is_litellms_own(setup: Setup) -> None:
    """With the provenance on it, by both ways."""
    for answer in (setup.guard.completion(**cloudy()), await setup.guard.acompletion(**cloudy())):
        whole: Any = answer
        assert type(whole).__name__ == "ModelResponse"
        assert whole.choices[0].message.content == f"I am {MAIL}."
        assert whole.hybrid_guard.source == "cloud"
        assert whole.hybrid_guard.entities == {"EMAIL_ADDRESS": 1}


async def test_a_streamed_answer_is_an_iterator_of_litellms_chunks(setup: Setup) -> None:
    """The provenance comes with the last of them, and after it there are no more."""
    stream: Any = setup.guard.completion(**cloudy(stream=True))
    assert not stream.hybrid_guard
    chunks = list(stream)
    assert type(chunks[0]).__name__ == "ModelResponseStream"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == f"I am {MAIL}."
    assert stream.hybrid_guard.source == "cloud"
    assert list(stream) == []

    astream: Any = await setup.guard.acompletion(**cloudy(stream=True))
    assert not astream.hybrid_guard
    achunks = [chunk async for chunk in astream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in achunks) == f"I am {MAIL}."
    assert astream.hybrid_guard.source == "cloud"
    assert [chunk async for chunk in astream] == []


async def test_a_stream_that_is_left_is_stopped(setup: Setup) -> None:
    """By closing it or by leaving its block, by both ways; after that it is over."""
    stream: Any = setup.guard.completion(**cloudy(stream=True))
    with stream as entered:
        next(entered)
    assert list(stream) == []
    astream: Any = await setup.guard.acompletion(**cloudy(stream=True))
    async with astream as aentered:
        await anext(aentered)
    assert [chunk async for chunk in astream] == []
    closed: Any = setup.guard.completion(**cloudy(stream=True))
    closed.close()
    closed.close()

    assert setup.backend.closed == ["cloud"] * 3
    assert setup.outcomes == ["cancelled"] * 3


async def test_a_block_is_raised_by_the_call_itself(setup: Setup) -> None:
    """By all four ways, before there is a stream to read."""
    nowhere = {"hybrid_guard": {"zones": []}, "messages": MESSAGES}
    for stream in (False, True):
        with pytest.raises(BlockedError):
            setup.guard.completion(**nowhere, stream=stream)
        with pytest.raises(BlockedError):
            await setup.guard.acompletion(**nowhere, stream=stream)

    assert setup.outcomes == ["blocked"] * 4


async def test_a_block_is_a_value_for_those_who_want_one(setup: Setup) -> None:
    """`handle` and `ahandle` give the outcome."""
    request = Request(body={"messages": MESSAGES})
    outcome = setup.guard.handle(request)
    assert outcome.code == "answered"
    assert (await setup.guard.ahandle(request)).code == "answered"
    setup.backend.health = lambda: {"here": False, "cloud": False}
    assert setup.guard.handle(request).code == "unavailable"


def test_an_explanation_shows_what_would_leave(setup: Setup) -> None:
    """And sends nothing."""
    seen = setup.guard.explain(**cloudy())

    assert seen.decision.deployment == "cloud"
    assert seen.body is not None
    assert MAIL not in str(seen.body.content)
    assert setup.backend.calls == []
    assert setup.outcomes == []


@pytest.mark.parametrize("stream", [False, True])
async def test_errors_have_nothing_behind_them(setup: Setup, stream: bool) -> None:
    """Bad arguments, a foreign error inside: one of ours comes out, bare."""
    setup.backend.script["cloud"] = [RuntimeError(MAIL), RuntimeError(MAIL)]
    errors = []
    for arguments in (cloudy(stream=stream), cloudy(stream=stream, hybrid_guard=7)):
        with pytest.raises(HybridGuardError) as caught:
            setup.guard.completion(**arguments)
        errors.append(caught.value)
        with pytest.raises(HybridGuardError) as caught:
            await setup.guard.acompletion(**arguments)
        errors.append(caught.value)

    assert [error.code for error in errors] == ["HG001", "HG001", "HG211", "HG211"]
    assert all(error.__cause__ is None and error.__context__ is None for error in errors)
    assert MAIL not in repr(errors)


async def test_a_stream_that_breaks_off_raises_and_is_over(setup: Setup) -> None:
    """By both ways, and bare."""
    setup.backend.script["cloud"] = [refused("cloud"), refused("cloud")]
    setup.backend.breaks = 2
    stream: Any = setup.guard.completion(**cloudy(stream=True))
    next(stream)
    next(stream)
    with pytest.raises(HybridGuardError) as caught:
        next(stream)
    assert caught.value.__context__ is None
    assert list(stream) == []

    astream: Any = await setup.guard.acompletion(**cloudy(stream=True))
    await anext(astream)
    await anext(astream)
    with pytest.raises(HybridGuardError):
        await anext(astream)
    assert [chunk async for chunk in astream] == []
    assert setup.outcomes == ["failed", "failed"]


def test_a_guard_is_told_by_its_policy(setup: Setup) -> None:
    """Its name and its digest."""
    assert repr(setup.guard) == "<Guard p 0123456789abcdef>"


async def test_a_guard_is_closed_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections and the audit trail, by both ways."""
    closed: list[str] = []
    monkeypatch.setattr(Backend, "close", lambda _: closed.append("door"))
    monkeypatch.setattr(Audit, "close", lambda _: closed.append("trail"))
    with Setup(monkeypatch).guard as guard:
        assert isinstance(guard, Guard)
    assert closed == ["door", "trail"]
    async with Setup(monkeypatch).guard as guard:
        assert isinstance(guard, Guard)
    assert closed == ["door", "trail"] * 2


def test_a_guard_reads_its_policy_from_a_file(tmp_path: Path) -> None:
    """A wrong one is refused with its place; the records go where the policy says."""
    path = tmp_path / "policy.yaml"
    path.write_text(
        "version: 1\nname: file\n"
        "deployments: {here: {model: hosted_vllm/x, api_base: 'http://127.0.0.1:9/v1', zone: local}}\n"
        "detection: {detectors: [patterns.v1]}\n"
        f"audit: {{path: '{tmp_path / 'audit.jsonl'}'}}\n"
    )
    with Guard(path) as guard:
        assert guard.policy.name == "file"
        assert guard.explain(messages=[{"role": "user", "content": "x"}]).decision.deployment == "here"
    assert (tmp_path / "audit.jsonl").exists()

    path.write_text("version: 2\n")
    with pytest.raises(PolicyError):
        Guard(str(path))


def test_a_guard_that_cannot_keep_its_word_is_not_made(tmp_path: Path) -> None:
    """No trail, or a deployment that cannot be fenced."""
    with pytest.raises(AuditError):
        Guard(Policy(name="p", digest="0" * 16, deployments=(), audit=replace_path(tmp_path / "no" / "where")))
    outside = Deployment(alias="d", model="openai/x", zone=Zone.LOCAL, tier="edge", api_base="https://llm.example")
    with pytest.raises(EgressError):
        Guard(Policy(name="p", digest="0" * 16, deployments=(outside,)), audit=Audit([]))


def replace_path(path: Path) -> Any:
    """Settings of a trail at *path*."""
    return type(POLICY.audit)(path=str(path))


class Counting:
    """A detector that counts how many are made."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.name = "counting"

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        return Findings(spans=((Finding(start=0, end=1, entity="X", score=1.0, detector=self.name),),))


def test_detectors_are_built_once_when_they_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whichever thread comes first."""
    lazy = assembly.LazyDetector(DetectionSettings())

    def build(_: DetectionSettings) -> Counting:
        assert lazy.lock.locked(), "nobody else builds one meanwhile"
        return Counting()

    monkeypatch.setattr(assembly, "build_detector", build)
    assert Counting.made == 0

    segment = Segment(path="/x", text="x")
    threads = [threading.Thread(target=lazy.detect, args=((segment,),), kwargs={"language": "en"}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counting.made == 1
    assert lazy.name == "detectors"


def test_vaults_and_fingerprints_differ_from_guard_to_guard(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their names are keyed by a secret of the guard, so ids tell nothing."""
    one, other = setup.guard._chain, Setup(monkeypatch).guard._chain

    assert one.vault_key("p", "s") == one.vault_key("p", "s")
    assert (
        len({one.vault_key("p", "s"), one.vault_key("p", "t"), one.vault_key("q", "s"), other.vault_key("p", "s")}) == 4
    )
    assert one.new_id() != one.new_id()
    hashed = [one.operators(key)[Operator.HASH].apply("x", entity="E") for key in ("k", "l")]
    assert hashed[0] != hashed[1]


def test_the_clock_goes_forward() -> None:
    """Monotonic seconds, and seconds since the epoch."""
    before, after = SystemClock().now(), SystemClock().now()

    assert before[0] <= after[0]
    assert after[1] > 1_700_000_000


def raising(error: BaseException) -> Callable[[], object]:
    """A function that raises."""

    def function() -> object:
        raise error

    return function


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RequestError("x", code="HG201"), "HG201"),
        (ValueError(MAIL), "HG001"),
        (MemoryError(), "HG001"),
    ],
)
async def test_the_seal_lets_only_our_errors_out(error: Exception, code: str) -> None:
    """Bare of what led to them, by both ways."""

    async def afunction() -> object:
        raise error

    failures = []
    error.__cause__ = ValueError(MAIL)
    with pytest.raises(HybridGuardError) as caught:
        sealed(raising(error))()
    failures.append(caught.value)
    error.__cause__ = ValueError(MAIL)
    with pytest.raises(HybridGuardError) as caught:
        await asealed(afunction)()
    failures.append(caught.value)

    for failure in failures:
        assert failure.code == code
        assert failure.__cause__ is None
        assert failure.__context__ is None
        assert MAIL not in str(failure)


async def test_the_seal_lets_ends_and_interrupts_pass() -> None:
    """The end of an iteration is no error, and neither is a stop of the process."""

    async def over() -> object:
        raise StopAsyncIteration

    with pytest.raises(StopIteration):
        sealed(raising(StopIteration()))()
    with pytest.raises(StopAsyncIteration):
        await asealed(over)()
    with pytest.raises(KeyboardInterrupt):
        sealed(raising(KeyboardInterrupt()))()
    assert sealed(lambda: 7)() == 7
