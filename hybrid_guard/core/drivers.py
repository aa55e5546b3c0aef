"""The two drivers: they do what a flow asks for. Nothing else in the house knows sync from async."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Executor
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar, cast

from hybrid_guard.core.layers import StreamCancelled
from hybrid_guard.effects import (
    AskConsent,
    Complete,
    Consult,
    Detect,
    Effect,
    Emit,
    Forget,
    MarkSession,
    NextChunk,
    Now,
    OpenStream,
    Record,
    Step,
    Survey,
    VaultEntries,
    VaultPut,
)
from hybrid_guard.ports import AuditSink, Backend, Clock, ConsentAsker, Detector, Services, VaultStore
from hybrid_guard.types import AuditRecord, Chunk, Receipt

__all__ = ["Ports", "arun", "astream", "run", "stream"]

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """
    What the drivers use to do what a flow asks for.

    Attributes:
        workers: Threads for what would block an event loop.
        detector: Finds private spans in this process.
        services: Asks the detection services that the policy names.
        backend: The one door.
        vault: Keeps originals.
        audit: Makes records durable.
        clock: Tells the time.
        consent: Asks a person; None if nobody can be asked, which is a no.
        language: ISO 639-1 code of the texts.
        levels: Of the policy, in rising order.
        vault_waits: Whether the vault waits for a disk or a network; it is kept off the event loop then.
    """

    workers: Executor = field(repr=False)
    detector: Detector = field(repr=False)
    services: Services = field(repr=False)
    backend: Backend = field(repr=False)
    vault: VaultStore = field(repr=False)
    audit: AuditSink = field(repr=False)
    clock: Clock = field(repr=False)
    consent: ConsentAsker | None = field(default=None, repr=False)
    language: str = "en"
    levels: tuple[str, ...] = ()
    vault_waits: bool = False


def blocking(effect: Effect[Any], ports: Ports) -> Callable[[], object] | None:
    """How to do *effect* in one blocking call; None if it concerns the deployment or the caller."""
    match effect:
        case Now():
            return ports.clock.now
        case Detect(segments):
            return lambda: ports.detector.detect(segments, language=ports.language)
        case Consult(consultation):
            return lambda: ports.services.consult(consultation, language=ports.language)
        case Survey():
            return ports.backend.survey
        case MarkSession(key, seen):
            return lambda: ports.vault.mark(key, seen, levels=ports.levels)
        case VaultPut(key, items):
            return lambda: ports.vault.put(key, items)
        case VaultEntries(key):
            return lambda: ports.vault.entries(key)
        case Forget(key):
            return lambda: ports.vault.forget(key)
        case AskConsent(decision):
            return lambda: ports.consent is not None and ports.consent(decision)
        case Record(record):
            return lambda: written(record, ports.audit)
        case _:
            return None


def written(record: AuditRecord, sink: AuditSink) -> Receipt:
    """Write *record*, and only then make the receipt that opens a door."""
    sink.write(record)
    to = record.deployment if record.service is None else record.service
    return Receipt(audit_id=record.audit_id, to=to, zone=record.zone, bytes_out=record.bytes_out)


def stream(step: Step[T], ports: Ports) -> Generator[Chunk, None, T]:
    """
    Drive a flow, yielding the chunks that it emits.

    A caller that leaves early makes the flow end with `StreamCancelled`, so that it is still recorded.
    """
    chunks: Iterator[Chunk] | None = None
    answer: object = None
    error: BaseException | None = None
    try:
        while True:
            try:
                effect = step.throw(error) if error is not None else step.send(answer)
            except StopIteration as stop:
                return cast("T", stop.value)
            answer, error = None, None
            try:
                match effect:
                    case Emit(chunk):
                        try:
                            yield chunk
                        except GeneratorExit:
                            finish(step, ports)
                            raise
                    case Complete(call):
                        answer = ports.backend.complete(call)
                    case OpenStream(call):
                        chunks = ports.backend.stream(call)
                    case NextChunk():
                        answer = next(chunks, None) if chunks is not None else None
                    case _:
                        answer = serve(effect, ports)
            except GeneratorExit:
                raise
            except BaseException as raised:
                error = raised
    finally:
        close(chunks)


def run(step: Step[T], ports: Ports) -> T:
    """Drive a flow that emits nothing to its end."""
    driver = stream(step, ports)
    try:
        while True:
            next(driver)
    except StopIteration as stop:
        return cast("T", stop.value)


def serve(effect: Effect[Any], ports: Ports) -> object:
    """Do a blocking effect here and now."""
    action = blocking(effect, ports)
    if action is None:
        raise TypeError(f"no driver serves {type(effect).__name__}")
    return action()


def finish(step: Step[Any], ports: Ports) -> None:
    """End a flow whose caller has left: it may still record and forget, but not call or emit."""
    error: BaseException | None = StreamCancelled()
    answer: object = None
    while True:
        try:
            effect = step.throw(error) if error is not None else step.send(answer)
        except (StopIteration, StreamCancelled):
            return
        answer, error = None, None
        try:
            answer = serve(effect, ports)
        except BaseException as raised:
            error = raised


def close(chunks: Iterator[Chunk] | None) -> None:
    """Stop a deployment that is still streaming."""
    stop = getattr(chunks, "close", None)
    if stop is not None:
        stop()


async def astream(step: Step[T], ports: Ports, done: Callable[[T], None]) -> AsyncGenerator[Chunk, None]:
    """
    Drive a flow without blocking the event loop, yielding the chunks that it emits.

    Args:
        step: The flow.
        ports: What to do it with.
        done: Is given what the flow ends in, since an async generator can return nothing.
    """
    chunks: AsyncIterator[Chunk] | None = None
    answer: object = None
    error: BaseException | None = None
    try:
        while True:
            try:
                effect = step.throw(error) if error is not None else step.send(answer)
            except StopIteration as stop:
                done(cast("T", stop.value))
                return
            answer, error = None, None
            try:
                match effect:
                    case Emit(chunk):
                        try:
                            yield chunk
                        except GeneratorExit:
                            await aside(ports, finish, step, ports)
                            raise
                    case Complete(call):
                        answer = await ports.backend.acomplete(call)
                    case OpenStream(call):
                        chunks = ports.backend.astream(call)
                    case NextChunk():
                        answer = await anext(chunks, None) if chunks is not None else None
                    case Now():
                        answer = serve(effect, ports)
                    case MarkSession() | VaultEntries() | Forget() if not ports.vault_waits:
                        answer = serve(effect, ports)
                    case AskConsent():
                        # A person takes as long as they like, and must not take the threads of other requests. To ask
                        # is the application's own code, so it runs where the application's own code does.
                        answer = await asyncio.to_thread(serve, effect, ports)
                    case _:
                        # Detection is CPU work, so is making placeholders; a record is an fsync, a service is behind a
                        # network, and a survey looks at files: none may block the loop.
                        answer = await aside(ports, serve, effect, ports)
            except GeneratorExit:
                raise
            except BaseException as raised:
                error = raised
    finally:
        aclose = getattr(chunks, "aclose", None)
        if aclose is not None:
            await aclose()


async def aside(ports: Ports, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What *function* gives, run beside the event loop with the variables of this context."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(
        ports.workers, partial(context.run, function, *args, **kwargs)
    )


async def arun(step: Step[T], ports: Ports) -> T:
    """Drive a flow that emits nothing to its end, without blocking the event loop."""
    results: list[T] = []
    async with aclosing(astream(step, ports, results.append)) as driver:
        async for _ in driver:
            continue
    return results[0]
