"""Sends a call, whole or streamed, puts originals back into the answer, and judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from hybrid_guard.anonymizer import Tally
from hybrid_guard.core.answers import ChunkWeaver, restore_reply
from hybrid_guard.core.chain import Trace
from hybrid_guard.core.learn import Reading
from hybrid_guard.core.prepare import KEEP_ALL
from hybrid_guard.effects import Complete, Emit, NextChunk, OpenStream, Step, VaultEntries, perform
from hybrid_guard.routing import judge
from hybrid_guard.types import Call, Chunk, Confidence, Json, RestorationSettings, Usage, VaultEntry, Zone

__all__ = ["Answer", "send"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    An answer that a deployment gave.

    Attributes:
        body: Restored chat completion; None if it was streamed to the caller.
        confidence: How far it can be trusted; empty for an answer that is not local.
    """

    body: Mapping[str, Json] | None = field(repr=False)
    confidence: Confidence


def send(reading: Reading, call: Call, settings: RestorationSettings, trace: Trace) -> Step[Answer]:
    """
    Call the deployment.

    Args:
        reading: The request.
        call: To be made.
        settings: Of the policy.
        trace: Told what it costs and what became of placeholders.

    Raises:
        BackendError: It did not answer; if ``trace.emitted`` is set, a part of its answer was handed on before.
        VaultError: The answer cannot be restored, so it is not given.
    """
    way = stream if call.stream else whole
    return (yield from way(reading, call, settings, trace))


def whole(reading: Reading, call: Call, settings: RestorationSettings, trace: Trace) -> Step[Answer]:
    """Wait for the whole answer."""
    entries = yield from issued(reading, call)
    with billed(call, trace):
        reply = yield from perform(Complete(call))
        trace.spend(reply.usage, reply.cost)
    body, tallies = restore_reply(reply.body, entries, settings, as_json=wants_json(reading))
    trace.restoration = Tally.account(tallies, sent=trace.sent)
    return Answer(body=asked_for(reading, body), confidence=judged(reading, call, reply.body))


def stream(reading: Reading, call: Call, settings: RestorationSettings, trace: Trace) -> Step[Answer]:
    """Hand the answer on chunk by chunk."""
    entries = yield from issued(reading, call)
    weaver = ChunkWeaver(entries, settings, wants_json(reading))
    template: Mapping[str, Json] = {}
    with billed(call, trace):
        yield from perform(OpenStream(call))
        try:
            while (chunk := (yield from perform(NextChunk()))) is not None:
                if chunk.usage is not None:
                    trace.spend(chunk.usage, chunk.cost)
                if not chunk.body.get("choices") and not usage_wanted(reading):
                    continue
                template = {**chunk.body, "usage": None}
                woven = weaver.weave(chunk.body)
                trace.emitted = True
                yield from perform(Emit(Chunk(body=asked_for(reading, woven), usage=chunk.usage, cost=chunk.cost)))
            for index, delta in weaver.leftovers():
                choice = {"index": index, "delta": delta, "finish_reason": None}
                yield from perform(Emit(Chunk(body={**template, "choices": [choice]})))
        finally:
            trace.restoration = Tally.account(weaver.tallies, sent=trace.sent)
    return Answer(body=None, confidence=judged(reading, call, weaver.reply()))


@contextmanager
def billed(call: Call, trace: Trace) -> Iterator[None]:
    """Note that the price is unknown if a deployment beyond the local zone was called and told no tokens."""
    before = trace.usage
    try:
        yield
    finally:
        if trace.usage == before and call.deployment.zone is not Zone.LOCAL:
            trace.spend(Usage(), None)


def issued(reading: Reading, call: Call) -> Step[tuple[VaultEntry, ...]]:
    """What may have to be restored: nothing, if nothing was treated."""
    if call.body.treatment == KEEP_ALL:
        return ()
    return (yield from perform(VaultEntries(reading.key)))


def judged(reading: Reading, call: Call, body: Mapping[str, Json]) -> Confidence:
    """Confidence in a local answer."""
    if call.deployment.zone is not Zone.LOCAL:
        return Confidence()
    return judge(body, wants_json=wants_json(reading))


def wants_json(reading: Reading) -> bool:
    """Whether the caller asked for JSON."""
    wanted = reading.seen.body.get("response_format")
    return isinstance(wanted, Mapping) and wanted.get("type") != "text"


def usage_wanted(reading: Reading) -> bool:
    """Whether the caller asked for the chunk that reports the tokens."""
    options = reading.seen.body.get("stream_options")
    return isinstance(options, Mapping) and options.get("include_usage") is True


def asked_for(reading: Reading, body: Mapping[str, Json]) -> dict[str, Json]:
    """*body* without the log-probabilities that only the chain wanted."""
    if reading.seen.body.get("logprobs"):
        return dict(body)
    choices = [{name: value for name, value in choice.items() if name != "logprobs"} for choice in body["choices"]]
    return {**body, "choices": choices}
