"""T4: an exception at any call of the chain sends nothing outward that was not cleared before it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import hybrid_guard
from hybrid_guard import HybridGuardError
from hybrid_guard.testing import Canary, Sinks, TaintOracle
from hybrid_guard.types import Finding, Findings, HighWater
from tests.promises.rig import MASK, STRICT, WAYS, Rig, Way, call, rig

CARD = Canary(value="4929 6418 2297 5133", label="card")
ORACLE = TaintOracle([CARD])
MESSAGES = [{"role": "user", "content": f"My card is {CARD.value}."}]
PACKAGE = str(Path(hybrid_guard.__file__).parent)
OUTSIDE = (f"{PACKAGE}/testing/", f"{PACKAGE}/cli/")
ERRORS: tuple[Callable[[], BaseException], ...] = (
    lambda: RuntimeError(CARD.value),
    lambda: asyncio.CancelledError(CARD.value),
    lambda: TimeoutError(CARD.value),
    lambda: MemoryError(),
    lambda: RecursionError(CARD.value),
    lambda: SystemExit(CARD.value),
    lambda: KeyboardInterrupt(CARD.value),
    lambda: ValueError(CARD.value),
    lambda: OSError(5, CARD.value),
    lambda: TypeError(CARD.value),
)
NIGHTLY = bool(os.environ.get("HG_NIGHTLY"))

Site = tuple[CodeType, int, CodeType]
"""(caller, line of the call, callee)."""


def is_chain(code: CodeType) -> bool:
    """Whether *code* is a part of the chain; what calls it from outside, the application, is not."""
    return code.co_filename.startswith(PACKAGE) and not code.co_filename.startswith(OUTSIDE)


class Tracer:
    """Lists the call sites of the chain in the order in which they are first met, or raises at one of them."""

    def __init__(self, target: Site | None = None, error: BaseException | None = None) -> None:
        self.sites: dict[Site, None] = {}
        self.target = target
        self.error = error
        self.raised = False

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        code = frame.f_code
        caller = frame.f_back
        if event != "call" or caller is None or not is_chain(code) or not is_chain(caller.f_code):
            return
        site = (caller.f_code, caller.f_lineno, code)
        self.sites.setdefault(site)
        if site == self.target and not self.raised and self.error is not None:
            self.raised = True
            raise self.error

    @contextmanager
    def tracing(self) -> Iterator[None]:
        """Trace this thread and the ones that it starts."""
        before = sys.gettrace()
        threading.settrace(self)
        sys.settrace(self)
        try:
            yield
        finally:
            sys.settrace(before)
            threading.settrace(before)


class TracedWorkers(ThreadPoolExecutor):
    """Threads in which work is traced as whoever gives it is: `threading.settrace` reaches new threads only."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        trace = sys.gettrace()

        def traced() -> Any:
            sys.settrace(trace)
            try:
                return work(*args, **kwargs)
            finally:
                sys.settrace(None)

        return super().submit(traced)


def attempt(setup: Rig, way: Way, tracer: Tracer, sinks: Sinks | None = None) -> BaseException | None:
    """Make a call while *tracer* looks on; gives the error that came out."""
    try:
        with tracer.tracing():
            call(setup.guard, way, messages=MESSAGES)
    except BaseException as error:
        if sinks is not None and isinstance(error, Exception):
            sinks.add_exception("error", error)
        return error
    return None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rules", [STRICT, MASK], ids=["strict", "mask"])
def test_an_error_at_any_call_sends_nothing_private(tmp_path: Path, rules: str, way: Way) -> None:
    """Whatever is raised wherever in the chain, nothing private is at a cloud, in a log or in the error."""
    with rig(tmp_path, rules=rules) as setup, TracedWorkers() as workers:
        setup.guard._ports.workers.shutdown()
        setup.guard._ports = replace(setup.guard._ports, workers=workers)
        call(setup.guard, way, messages=MESSAGES)
        # The first of the ways meets each site with each error, the others each site with one of them in turn.
        every = 1 if NIGHTLY or (rules is STRICT and way == "sync") else len(ERRORS)
        listing = Tracer()
        attempt(setup, way, listing)
        sites = list(listing.sites)
        assert len(sites) > 100
        met = 0
        with Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks:
            for shift, make in enumerate(ERRORS):
                for site in sites[shift % every :: every]:
                    tracer = Tracer(site, make())
                    error = attempt(setup, way, tracer, sinks)
                    met += tracer.raised
                    if isinstance(error, Exception) and not isinstance(error, asyncio.CancelledError):
                        assert isinstance(error, HybridGuardError) or error is tracer.error
        assert met > len(sites) / 2
        if rules is STRICT:
            assert setup.calls_outside == 0
        sinks.assert_clean(ORACLE, strict=True)


class Wrong:
    """Answers of ports that no well-made implementation gives."""

    @staticmethod
    def findings(score: float) -> Findings:
        """One finding with *score* where the card is."""
        span = Finding(start=11, end=30, entity="CREDIT_CARD", score=score, detector="broken")
        return Findings(spans=((span,),))


ANSWERS: dict[str, list[Any]] = {
    "detector.detect": [
        None,
        "nothing",
        [],
        Findings(spans=()),
        Findings(spans=((), ())),
        Findings(spans=((None,),)),  # type: ignore[arg-type]
        Wrong.findings(float("nan")),
        Wrong.findings(float("inf")),
        Findings(spans=((Finding(start=5, end=500, entity="X", score=1.0, detector="d"),),)),
    ],
    "vault.mark": [None, 1, HighWater(level="nonsense")],
    "vault.put": [None, (), "x", [None]],
    "backend.survey": [None, 7, {"here": None}],
    "clock.now": [None, (None, None), ("a", "b")],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rules", [STRICT, MASK], ids=["strict", "mask"])
@pytest.mark.parametrize(
    ("port", "index"), [(port, i) for port, answers in ANSWERS.items() for i in range(len(answers))]
)
def test_a_wrong_answer_of_a_port_sends_nothing_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str, index: int, rules: str, way: Way
) -> None:
    """None, another type, NaN or a span outside of the text is a failure, and a failure closes."""
    name, method = port.split(".")
    with (
        rig(tmp_path, rules=rules) as setup,
        Sinks(servers=[setup.cloud_a, setup.cloud_b], folders=[tmp_path]) as sinks,
    ):
        target = getattr(setup.guard._ports, name)
        monkeypatch.setattr(type(target), method, lambda *args, **kwargs: ANSWERS[port][index])
        try:
            call(setup.guard, way, messages=MESSAGES)
        except HybridGuardError as error:
            sinks.add_exception("error", error)

        if rules is STRICT:
            assert setup.calls_outside == 0
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
def test_no_record_means_no_cloud(tmp_path: Path, way: Way) -> None:
    """When the audit trail cannot be written, nothing leaves, though the policy would let it."""
    with rig(tmp_path, rules=MASK) as setup:
        setup.guard._ports.audit.close()

        with pytest.raises(HybridGuardError):
            call(setup.guard, way, messages=[{"role": "user", "content": "Hello."}])

        assert setup.calls_outside == 0
