"""The drivers: what they do when a caller leaves, a task is cancelled, or a flow asks for what nobody serves."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import pytest

from hybrid_guard.core import StreamCancelled, arun, astream, build, run, stream
from hybrid_guard.core.drivers import blocking
from hybrid_guard.effects import Complete, Effect, Emit, NextChunk, Now, Step, perform
from hybrid_guard.types import Chunk, Decision, Outcome
from tests.unit.core.ports import MASK, Detector, House, policy, request

CHUNK = Chunk(body={"choices": []})


class Unknown(Effect[None]):
    """An effect that no driver knows."""


def asks(*effects: Effect[Any]) -> Step[list[Any]]:
    """A flow that asks for *effects* and gives the answers."""
    answers: list[Any] = []
    for effect in effects:
        answers += [(yield from perform(effect))]
    return answers


async def test_an_effect_that_nobody_serves_is_an_error() -> None:
    """It is raised where it was asked for, by every driver."""
    ports = House().ports

    assert blocking(Unknown(), ports) is None
    with pytest.raises(TypeError, match="Unknown"):
        run(asks(Unknown()), ports)
    with pytest.raises(TypeError, match="Unknown"):
        await arun(asks(Unknown()), ports)


async def test_there_is_no_chunk_before_a_stream_is_open() -> None:
    """Asking for one gives none."""
    ports = House().ports

    assert run(asks(NextChunk()), ports) == [None]
    assert await arun(asks(NextChunk()), ports) == [None]


def test_an_error_is_thrown_in_where_it_was_asked_for() -> None:
    """A flow can go on after it."""

    def careful() -> Step[str]:
        try:
            yield from perform(Unknown())
        except TypeError:
            return "caught"
        return "not raised"

    assert run(careful(), House().ports) == "caught"


async def test_a_flow_that_was_left_may_record_and_not_call() -> None:
    """After the caller has gone, it can still be told the time, and nothing is sent or handed out."""
    seen: list[object] = []

    def stubborn() -> Step[None]:
        try:
            yield from perform(Emit(CHUNK))
        except StreamCancelled:
            for effect in (Now(), Emit(CHUNK), NextChunk(), Complete(None)):  # type: ignore[arg-type]  # never looked at
                try:
                    seen.append((yield from perform(effect)))
                except TypeError as error:
                    seen.append(str(error))

    house = House()
    driver = stream(stubborn(), house.ports)
    assert next(driver) is CHUNK
    driver.close()
    refusals = ["no driver serves Emit", "no driver serves NextChunk", "no driver serves Complete"]
    assert seen[1:] == refusals
    assert isinstance(seen[0], tuple)

    seen.clear()
    adriver = astream(stubborn(), house.ports, seen.append)
    assert await anext(adriver) is CHUNK
    await adriver.aclose()
    assert seen[1:] == refusals
    assert house.backend.calls == []


def test_a_stream_that_is_left_early_is_recorded_and_stopped() -> None:
    """Once, as cancelled; the deployment's stream is closed, and what was restored counts."""
    house = House()
    driver = stream(build(house.chain)(request(stream=True)), house.ports)
    next(driver)

    driver.close()

    assert house.backend.closed == ["cloud"]
    assert house.ending.outcome == "cancelled"
    assert house.ending.cost is None, "nobody told what the part of an answer cost"
    assert house.events[-2:] == ["forget None/id1", "record outcome"]


async def test_an_asynchronous_stream_that_is_left_early_is_recorded_and_stopped() -> None:
    """So it is on an event loop."""
    house = House()
    outcomes: list[Outcome] = []
    async with aclosing(astream(build(house.chain)(request(stream=True)), house.ports, outcomes.append)) as driver:
        await anext(driver)

    assert house.backend.closed == ["cloud"]
    assert house.ending.outcome == "cancelled"
    assert outcomes == []


def test_a_stream_that_was_read_to_its_end_is_recorded_once() -> None:
    """Closing it afterwards changes nothing."""
    house = House()
    driver = stream(build(house.chain)(request(stream=True)), house.ports)
    list(driver)

    driver.close()

    assert house.ending.outcome == "answered"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "stream"])
async def test_a_task_that_is_cancelled_is_recorded_once(streamed: bool) -> None:
    """Wherever it waits for the deployment, which is let go."""
    house = House()
    house.backend.hangs = True
    flow = build(house.chain)(request(stream=streamed))
    task = asyncio.create_task(arun(flow, house.ports))
    await house.backend.reached.wait()

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert house.ending.outcome == "cancelled"
    assert house.backend.closed == (["cloud"] if streamed else [])
    assert [event for event in house.events if event.startswith("forget")] == ["forget None/id1"]


async def test_a_task_that_is_cancelled_twice_is_recorded_once() -> None:
    """The second time while the first is being recorded."""
    house = House()
    house.backend.hangs = True
    task = asyncio.create_task(arun(build(house.chain)(request()), house.ports))
    await house.backend.reached.wait()
    write = house.audit.write

    def write_and_cancel(record: Any) -> None:
        loop.call_soon_threadsafe(task.cancel)
        write(record)
        written.set()

    loop = asyncio.get_running_loop()
    written = threading.Event()
    house.audit.write = write_and_cancel  # type: ignore[method-assign]  # the port is scripted
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(written.wait, 30)
    assert house.ending.outcome == "cancelled"


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_recorded_and_passed_on(error: type[BaseException]) -> None:
    """Whoever stops the process stops it."""
    house = House(cloud=[error()])

    with pytest.raises(error):
        run(build(house.chain)(request()), house.ports)

    assert house.ending.outcome == "cancelled"


def full() -> ThreadPoolExecutor:
    """An executor that takes nothing more."""
    executor = ThreadPoolExecutor(max_workers=1)
    executor.shutdown()
    return executor


@pytest.mark.parametrize("way", ["async", "astream"])
async def test_the_executor_of_the_application_is_not_needed(way: str) -> None:
    """It may be full: detection, placeholders, records and the end of a stream have threads of their own."""
    asyncio.get_running_loop().set_default_executor(full())
    house = House()
    asked = request(stream=way == "astream")

    if way == "async":
        await arun(build(house.chain)(asked), house.ports)
        assert house.ending.outcome == "answered"
    else:
        async with aclosing(astream(build(house.chain)(asked), house.ports, lambda _: None)) as driver:
            await anext(driver)
        assert house.ending.outcome == "cancelled"
    assert house.called == ["cloud"]


async def test_a_person_who_is_asked_takes_no_thread_of_the_guard() -> None:
    """However many are asked at once, other requests go on."""
    asked: list[str] = []

    def consent(decision: Decision) -> bool:
        asked.append(threading.current_thread().name)
        return True

    house = House(policy(replace(MASK, consent=True)), consent=consent)
    await arun(build(house.chain)(request()), house.ports)

    assert len(asked) == 1
    assert not asked[0].startswith("house")
    assert asked[0] != threading.main_thread().name


async def test_the_variables_of_the_caller_are_seen_in_the_threads_of_the_guard() -> None:
    """As `asyncio.to_thread` has it."""
    variable: ContextVar[str] = ContextVar("variable", default="unset")
    seen: list[str] = []
    house = House(detector=Detector(script=lambda _: seen.append(variable.get())))
    variable.set("mine")

    await arun(build(house.chain)(request()), house.ports)

    assert seen == ["mine", "mine"]
