"""Ports of plain classes, scripted by hand, and the four ways to drive a flow with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from hybrid_guard.anonymizer import MemoryVault, build_operators
from hybrid_guard.core import Chain, Ports, arun, astream, build, run, stream
from hybrid_guard.errors import BackendError
from hybrid_guard.ports import ConsentAsker, SpanOperator
from hybrid_guard.types import (
    AuditRecord,
    Call,
    Chunk,
    Consultation,
    Deployment,
    Finding,
    Findings,
    HighWater,
    LevelAtLeast,
    Operator,
    Outcome,
    Policy,
    Reply,
    Request,
    RoutingSettings,
    Rule,
    Segment,
    SensitivitySettings,
    Treatment,
    Usage,
    VaultEntry,
    VaultItem,
    VaultKey,
    Zone,
)

__all__ = [
    "CLOUD",
    "EDGE",
    "MAIL",
    "MASK",
    "OTHER_CLOUD",
    "STAY",
    "TINY",
    "WAYS",
    "Audit",
    "Backend",
    "Clock",
    "Detector",
    "House",
    "Services",
    "Vault",
    "Way",
    "drive",
    "policy",
    "refused",
    "request",
    "said",
]

Way = Literal["sync", "async", "stream", "astream"]
WAYS: tuple[Way, ...] = get_args(Way)

MAIL = "anna@mail.example"
"""What the detector finds unless told otherwise; it makes a request moderate."""

TINY = Deployment(
    alias="tiny", model="hg_llamacpp/tiny", zone=Zone.LOCAL, tier="device", supports=frozenset({"logprobs"})
)
EDGE = Deployment(alias="edge", model="hosted_vllm/x", zone=Zone.LOCAL, tier="edge")
CLOUD = Deployment(alias="cloud", model="openai/x", zone=Zone.EXTERNAL, tier="cloud")
OTHER_CLOUD = Deployment(alias="other", model="openai/y", zone=Zone.EXTERNAL, tier="cloud")

MASK = Rule(
    id="mask",
    when=LevelAtLeast(level="moderate"),
    treat={Zone.EXTERNAL: Treatment(default=Operator.PLACEHOLDER)},
)
STAY = Rule(id="stay", when=LevelAtLeast(level="moderate"), zones=frozenset({Zone.LOCAL}))


def policy(*rules: Rule, deployments: Sequence[Deployment] = (TINY, CLOUD), **sections: Any) -> Policy:
    """A policy that prefers clouds and masks what is moderate, unless *rules* say otherwise."""
    settings = {"routing": RoutingSettings(mode="prefer_cloud"), **sections}
    return Policy(
        name="p",
        digest="0" * 16,
        deployments=tuple(deployments),
        rules=rules or (MASK,),
        sensitivity=SensitivitySettings(weights={"EMAIL_ADDRESS": 0.4}),
        **settings,
    )


def request(text: str = f"I am {MAIL}.", **fields: Any) -> Request:
    """One message."""
    return Request(body={"messages": [{"role": "user", "content": text}]}, **fields)


class Clock:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.ticks = 0

    def now(self) -> tuple[float, float]:
        self.ticks += 1
        return float(self.ticks), 1_700_000_000.0 + self.ticks


@dataclass
class Detector:
    """
    Finds given words.

    Attributes:
        words: Word to entity.
        scans: The texts of each scan so far.
        script: Called with the number of a scan, from 1, before it; may raise, or give an answer of its own.
    """

    words: Mapping[str, str] = field(default_factory=lambda: {MAIL: "EMAIL_ADDRESS"})
    scans: list[tuple[str, ...]] = field(default_factory=list)
    script: Callable[[int], object] = lambda _: None
    name: str = "fake.v1"

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        assert language == "en"
        self.scans.append(tuple(segment.text for segment in segments))
        answer: Any = self.script(len(self.scans))
        if answer is not None:
            return answer  # type: ignore[no-any-return]  # whatever a test wants
        return Findings(spans=tuple(tuple(self.spans(segment.text)) for segment in segments))

    def spans(self, text: str) -> Iterator[Finding]:
        """Every occurrence, sorted."""
        found = []
        for word, entity in self.words.items():
            start = text.find(word)
            while start >= 0:
                found.append(Finding(start=start, end=start + len(word), entity=entity, score=1.0, detector=self.name))
                start = text.find(word, start + len(word))
        yield from sorted(found)


class Services:
    """
    Services that read as a detector does.

    Attributes:
        detector: Reads; of its own scans and script.
        asked: Every consultation so far.
        events: Shared with the other ports.
    """

    def __init__(self, events: list[str], detector: Detector) -> None:
        self.events = events
        self.detector = detector
        self.asked: list[Consultation] = []

    def consult(self, consultation: Consultation, *, language: str) -> Findings:
        self.events.append(f"consult {consultation.service.alias}")
        self.asked.append(consultation)
        return self.detector.detect(consultation.segments, language=language)


Behaviour = str | BaseException | Callable[[Call], "str | Reply"]


class Backend:
    """
    Answers as it is told, by alias; without being told it echoes the last message.

    Attributes:
        calls: Every call so far.
        events: Shared with the other ports: what happened, in its order.
        breaks: How many chunks a stream gives before an error that it is told to raise.
        opened: Every stream, kept, so that it is not the garbage collector that closes it.
        closed: Aliases whose stream was closed.
        gate: Asynchronous answers wait for it, if there is one.
    """

    def __init__(self, events: list[str], **script: list[Behaviour]) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.events = events
        self.breaks = 0
        self.closed: list[str] = []
        self.opened: list[Any] = []
        self.health: Callable[[], Mapping[str, bool]] = dict
        self.reached = asyncio.Event()
        self.hangs = False
        self.logprob: float | None = None

    def survey(self) -> Mapping[str, bool]:
        return self.health()

    def words(self, call: Call) -> Reply:
        """What is answered, or what is raised."""
        self.calls.append(call)
        self.events.append(f"call {call.deployment.alias}")
        waiting = self.script.get(call.deployment.alias, [])
        told = waiting.pop(0) if waiting else str(call.body.content["messages"][-1]["content"])
        if isinstance(told, BaseException):
            raise told
        given = told if isinstance(told, str) else told(call)
        return self.reply(given) if isinstance(given, str) else given

    def reply(self, text: str) -> Reply:
        """*text* as a whole answer."""
        logprobs = None if self.logprob is None else {"content": [{"token": "t", "logprob": self.logprob}]}
        choice = {"index": 0, "finish_reason": "stop", "message": {"content": text}, "logprobs": logprobs}
        return Reply(
            body={"id": "1", "choices": [choice]}, usage=Usage(prompt_tokens=3, completion_tokens=2), cost=0.25
        )

    def chunks(self, call: Call) -> Iterator[Chunk]:
        """The answer in pieces of two characters."""
        try:
            reply = self.words(call)
        except BackendError:
            for _ in range(self.breaks):
                yield Chunk(body={"choices": [{"index": 0, "delta": {"content": "par"}, "finish_reason": None}]})
            raise
        choice = reply.body["choices"][0]
        text = choice["message"]["content"]
        for at in range(0, len(text), 2):
            delta = {"index": 0, "delta": {"content": text[at : at + 2]}, "finish_reason": None}
            yield Chunk(body={"id": "1", "choices": [delta]})
        end = {"index": 0, "delta": {}, "finish_reason": "stop", "logprobs": choice["logprobs"]}
        yield Chunk(body={"id": "1", "choices": [end]})
        yield Chunk(body={"id": "1", "choices": []}, usage=reply.usage, cost=reply.cost)

    def complete(self, call: Call) -> Reply:
        return self.words(call)

    async def acomplete(self, call: Call) -> Reply:
        await self.wait()
        return self.words(call)

    def stream(self, call: Call) -> Iterator[Chunk]:
        self.opened.append(self.pieces(call))
        return self.opened[-1]  # type: ignore[no-any-return]  # it was put there in the line above

    def astream(self, call: Call) -> AsyncIterator[Chunk]:
        self.opened.append(self.apieces(call))
        return self.opened[-1]  # type: ignore[no-any-return]  # it was put there in the line above

    def pieces(self, call: Call) -> Iterator[Chunk]:
        """The chunks; notes when they are closed."""
        try:
            yield from self.chunks(call)
        finally:
            self.closed.append(call.deployment.alias)

    async def apieces(self, call: Call) -> AsyncIterator[Chunk]:
        """The chunks; notes when they are closed."""
        try:
            for chunk in self.chunks(call):
                yield chunk
                await self.wait()
        finally:
            self.closed.append(call.deployment.alias)

    async def wait(self) -> None:
        """Never returns if the backend hangs."""
        self.reached.set()
        if self.hangs:
            await asyncio.Event().wait()

    def close(self) -> None:
        """Nothing is open."""

    async def aclose(self) -> None:
        """Nothing is open."""


class Vault:
    """A vault in memory whose methods fail if they are told to."""

    def __init__(self, events: list[str]) -> None:
        self.real = MemoryVault(ttl=3600.0, clock=Clock())
        self.fails: dict[str, Exception] = {}
        self.events = events
        self.marks: list[HighWater] = []

    def meet(self, name: str) -> None:
        """Raise what the method *name* is told to."""
        if name in self.fails:
            raise self.fails[name]

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        self.meet("put")
        return self.real.put(key, items)

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        self.meet("entries")
        return self.real.entries(key)

    def mark(self, key: VaultKey, seen: HighWater, *, levels: Sequence[str]) -> HighWater:
        self.meet("mark")
        self.marks.append(seen)
        return self.real.mark(key, seen, levels=levels)

    def forget(self, key: VaultKey) -> None:
        self.events.append(f"forget {key}")
        self.meet("forget")
        self.real.forget(key)

    def close(self) -> None:
        """Nothing is open."""


class Audit:
    """Keeps records; fails for the kinds that it is told."""

    def __init__(self, events: list[str]) -> None:
        self.records: list[AuditRecord] = []
        self.fails: dict[str, Exception] = {}
        self.events = events

    def write(self, record: AuditRecord) -> None:
        if record.kind in self.fails:
            raise self.fails[record.kind]
        self.events.append(f"record {record.kind}")
        self.records.append(record)

    def close(self) -> None:
        """Nothing is open."""


class House:
    """A chain and its ports."""

    def __init__(
        self,
        rules: Policy | None = None,
        *,
        consent: ConsentAsker | None = None,
        detector: Detector | None = None,
        reader: Detector | None = None,
        operators: Callable[[VaultKey], Mapping[Operator, SpanOperator]] | None = None,
        **script: list[Behaviour],
    ) -> None:
        self.policy = rules or policy()
        self.events: list[str] = []
        self.detector = detector or Detector()
        self.services = Services(self.events, reader or Detector(words={}, name="presidio-service:ward"))
        self.backend = Backend(self.events, **script)
        self.vault = Vault(self.events)
        self.audit = Audit(self.events)
        self.consent = consent
        self.workers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="house")
        ids = iter(range(1, 1000))
        self.chain = Chain(
            policy=self.policy,
            operators=operators or (lambda key: build_operators(key.encode())),
            vault_key=lambda principal, session: f"{principal}/{session}",
            new_id=lambda: f"id{next(ids)}",
        )

    @property
    def ports(self) -> Ports:
        """What the drivers use."""
        return Ports(
            workers=self.workers,
            detector=self.detector,
            services=self.services,
            backend=self.backend,
            vault=self.vault,
            audit=self.audit,
            clock=Clock(),
            consent=self.consent,
            levels=tuple(name for name, _ in self.policy.sensitivity.levels),
        )

    @property
    def called(self) -> list[str]:
        """Aliases in the order in which they were called."""
        return [call.deployment.alias for call in self.backend.calls]

    @property
    def ending(self) -> AuditRecord:
        """The one outcome record."""
        (record,) = [record for record in self.audit.records if record.kind == "outcome"]
        return record


def drive(house: House, way: Way, asked: Request | None = None) -> tuple[Outcome, str]:
    """Run one request; gives the outcome and the text that the caller got."""
    asked = replace(asked or request(), stream="stream" in way)
    flow = build(house.chain)(asked)
    match way:
        case "sync":
            outcome = run(flow, house.ports)
            return outcome, said(outcome)
        case "async":
            outcome = asyncio.run(arun(flow, house.ports))
            return outcome, said(outcome)
        case "stream":
            driver = stream(flow, house.ports)
            pieces: list[Chunk] = []
            try:
                while True:
                    pieces.append(next(driver))
            except StopIteration as stop:
                return stop.value, "".join(map(text_of, pieces))
        case "astream":
            return asyncio.run(read(house, asked))


async def read(house: House, asked: Request) -> tuple[Outcome, str]:
    """Read an asynchronous stream to its end."""
    outcomes: list[Outcome] = []
    flow = build(house.chain)(asked)
    pieces = [text_of(chunk) async for chunk in astream(flow, house.ports, outcomes.append)]
    return outcomes[0], "".join(pieces)


def said(outcome: Outcome) -> str:
    """The text of a whole answer."""
    return "" if outcome.body is None else str(outcome.body["choices"][0]["message"]["content"])


def text_of(chunk: Chunk) -> str:
    """The text of a chunk."""
    return "".join(choice["delta"].get("content") or "" for choice in chunk.body["choices"])


def refused(alias: str) -> BackendError:
    """What a deployment that is down raises."""
    return BackendError("down", deployment=alias, fault="unavailable", code="HG601")
