"""Answers on their way back: placeholders become originals again, in whole answers and in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hybrid_guard.anonymizer import JsonRestorer, Restorer, Tally
from hybrid_guard.types import Json, RestorationSettings, VaultEntry

__all__ = ["ChunkWeaver", "restore_reply"]

PROSE = ("content", "reasoning_content", "refusal")
"""Texts of a message that a person reads."""


class Feed(Protocol):
    """**Protocol:** takes a text in pieces and gives it restored, holding back at most a placeholder and its word."""

    @property
    def tally(self) -> Tally:
        """What happened to placeholders so far."""

    def feed(self, chunk: str) -> str:
        """The part that is certain."""

    def flush(self) -> str:
        """The rest."""


def restore_reply(
    body: Mapping[str, Json], entries: Sequence[VaultEntry], settings: RestorationSettings, *, as_json: bool = False
) -> tuple[dict[str, Json], list[Tally]]:
    """
    Put originals back into a chat completion.

    Args:
        body: As the deployment gave it.
        entries: What the vault holds.
        settings: Of the policy.
        as_json: Whether the caller asked for JSON: then an original cannot break out of its string.

    Returns:
        A new body, and what happened to the placeholders of each text.
    """
    tallies: list[Tally] = []

    def whole(feed: Feed, text: str) -> str:
        tallies.append(feed.tally)
        return feed.feed(text) + feed.flush()

    def function(value: Mapping[str, Json]) -> dict[str, Json]:
        result = dict(value)
        if isinstance(result.get("name"), str):
            result["name"] = named(result["name"], whole(Restorer(entries), result["name"]), settings)
        if isinstance(result.get("arguments"), str):
            trusted = settings.trusts(str(result.get("name")))
            result["arguments"] = whole(JsonRestorer(entries, entities=trusted), result["arguments"])
        return result

    def message(value: Mapping[str, Json]) -> dict[str, Json]:
        result = dict(value)
        for name in PROSE:
            if isinstance(result.get(name), str):
                prose = JsonRestorer(entries) if as_json and name == "content" else Restorer(entries)
                result[name] = whole(prose, result[name])
        if result.get("tool_calls"):
            result["tool_calls"] = [
                {**call, "function": function(call.get("function") or {})} for call in result["tool_calls"]
            ]
        if result.get("function_call"):
            result["function_call"] = function(result["function_call"])
        return result

    choices = [{**choice, "message": message(choice.get("message") or {})} for choice in body.get("choices") or ()]
    return {**body, "choices": choices}, tallies


@dataclass(slots=True)
class ChunkWeaver:
    """
    Restores a stream of chat completion chunks.

    Every text has its own state: choice by choice, field by field, tool call by tool call. What is held back is given
    out in the chunk that finishes its choice, or at the end.

    Attributes:
        entries: What the vault holds.
        settings: Of the policy.
        as_json: Whether the caller asked for JSON.
        texts: The answer so far, per text, as the deployment wrote it; the answer is judged by it.
        logprobs: Log-probability entries so far, per choice.
        reasons: Finish reason per choice.
        called: Name and id of each tool call, by choice and position.
        mixed: Choice and position of calls that another one joined.
        names: What happened to placeholders in the names of tools.
    """

    entries: Sequence[VaultEntry] = field(repr=False)
    settings: RestorationSettings
    as_json: bool = False
    feeds: dict[tuple[int, str, int], Feed] = field(default_factory=dict, repr=False)
    texts: dict[tuple[int, str, int], list[str]] = field(default_factory=dict, repr=False)
    logprobs: dict[int, list[Json]] = field(default_factory=dict, repr=False)
    reasons: dict[int, str] = field(default_factory=dict)
    called: dict[tuple[int, int], tuple[str, Json]] = field(default_factory=dict, repr=False)
    mixed: set[tuple[int, int]] = field(default_factory=set)
    names: list[Tally] = field(default_factory=list)

    @property
    def tallies(self) -> list[Tally]:
        """What happened to the placeholders of each text so far."""
        return [*self.names, *(feed.tally for feed in self.feeds.values())]

    def weave(self, body: Mapping[str, Json]) -> dict[str, Json]:
        """The chunk, restored as far as it is certain."""
        return {**body, "choices": [self.choice(choice) for choice in body.get("choices") or ()]}

    def choice(self, choice: Mapping[str, Json]) -> dict[str, Json]:
        """One choice of a chunk."""
        index = int(choice.get("index") or 0)
        # PRIVACY: a text that goes on after its end has lost its place: the inside of a link would pass for prose.
        delta = {} if index in self.reasons else dict(choice.get("delta") or {})
        for name in PROSE:
            if isinstance(delta.get(name), str):
                delta[name] = self.feed((index, name, 0), delta[name])
        if delta.get("tool_calls"):
            delta["tool_calls"] = [self.call(index, call) for call in delta["tool_calls"]]
        if delta.get("function_call"):
            delta["function_call"] = self.function(index, -1, delta["function_call"])
        content = (choice.get("logprobs") or {}).get("content")
        if content:
            self.logprobs.setdefault(index, []).extend(content)
        if choice.get("finish_reason"):
            self.reasons[index] = str(choice["finish_reason"])
            self.finish(index, delta)
        return {**choice, "delta": delta}

    def call(self, index: int, call: Mapping[str, Json]) -> dict[str, Json]:
        """One tool call of a delta."""
        position = position_of(call)
        return {**call, "function": self.function(index, position, call.get("function") or {}, call.get("id"))}

    def function(
        self, index: int, position: int, function: Mapping[str, Json], identifier: Json = None
    ) -> dict[str, Json]:
        """The name and the arguments of one call."""
        result = dict(function)
        place = index, position
        name = ""
        if isinstance(result.get("name"), str):
            # A name comes whole, in the first delta of its call, and is needed there.
            feed = Restorer(self.entries)
            name = result["name"] = named(result["name"], feed.restore(result["name"]), self.settings)
            self.names.append(feed.tally)
        before = self.called.get(place, ("", None))
        known = self.called[place] = before[0] or name, before[1] or identifier
        # PRIVACY: of two calls in one place, the arguments meant for one tool would reach the other.
        if self.settings.tools is not None and known != (name or known[0], identifier or known[1]):
            self.mixed.add(place)
            result.pop("name", None)
        if isinstance(result.get("arguments"), str):
            result["arguments"] = self.feed((index, "arguments", position), result["arguments"])
        return result

    def feed(self, place: tuple[int, str, int], text: str) -> str:
        """Restore a piece of one text."""
        if place not in self.feeds:
            index, name, position = place
            if name == "arguments":
                trusted = self.settings.trusts(self.called.get((index, position), ("", None))[0])
                self.feeds[place] = JsonRestorer(self.entries, entities=trusted)
            else:
                make = JsonRestorer if self.as_json and name == "content" else Restorer
                self.feeds[place] = make(self.entries)
        self.texts.setdefault(place, []).append(text)
        if place[1] == "arguments" and (place[0], place[2]) in self.mixed:
            return self.feeds[place].flush() + text
        return self.feeds[place].feed(text)

    def finish(self, index: int, delta: dict[str, Json]) -> None:
        """Put what is held back for choice *index* into *delta*."""
        for place, feed in self.feeds.items():
            choice, name, position = place
            rest = feed.flush() if choice == index else ""
            if not rest:
                continue
            if name != "arguments":
                delta[name] = (delta.get(name) or "") + rest
            elif position < 0:
                delta["function_call"] = grown(delta.get("function_call") or {}, rest)
            else:
                delta["tool_calls"] = grown_calls(delta.get("tool_calls") or [], position, rest)

    def leftovers(self) -> Iterator[tuple[int, dict[str, Json]]]:
        """Deltas for choices that never finished: (choice, delta)."""
        for index in sorted({choice for choice, _, _ in self.feeds} - set(self.reasons)):
            delta: dict[str, Json] = {}
            self.finish(index, delta)
            if delta:
                yield index, delta

    def reply(self) -> dict[str, Json]:
        """The whole answer as the deployment wrote it, in the shape of a chat completion, to be judged."""
        choices = []
        for index in sorted({choice for choice, _, _ in self.texts} | set(self.reasons)):
            written = {place[1:]: "".join(pieces) for place, pieces in self.texts.items() if place[0] == index}
            calls = [
                {"function": {"arguments": text}} for (name, _), text in sorted(written.items()) if name == "arguments"
            ]
            choices.append(
                {
                    "finish_reason": self.reasons.get(index),
                    "message": {
                        "content": written.get(("content", 0), ""),
                        "refusal": written.get(("refusal", 0)),
                        "tool_calls": calls,
                    },
                    "logprobs": {"content": self.logprobs.get(index, [])},
                }
            )
        return {"choices": choices}


def named(written: str, restored: str, settings: RestorationSettings) -> str:
    """The name of a tool: as *written*, where originals in it make it no tool that the policy names."""
    return restored if settings.tools is None or restored in settings.tools else written


def position_of(call: Mapping[str, Json]) -> int:
    """Where a tool call stands in its choice; the place before all is that of ``function_call``."""
    return max(0, int(call.get("index") or 0))


def grown(function: Mapping[str, Json], rest: str) -> dict[str, Json]:
    """*function* with *rest* at the end of its arguments."""
    return {**function, "arguments": (function.get("arguments") or "") + rest}


def grown_calls(calls: Sequence[Mapping[str, Json]], position: int, rest: str) -> list[dict[str, Json]]:
    """*calls* with *rest* at the end of the arguments of the call at *position*."""
    result = [dict(call) for call in calls]
    for call in result:
        if position_of(call) == position:
            call["function"] = grown(call.get("function") or {}, rest)
            return result
    result.append({"index": position, "type": "function", "function": {"arguments": rest}})
    return result
