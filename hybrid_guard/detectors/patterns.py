"""``patterns.v1``, and the detector of patterns that ``secrets.v1`` shares with it."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import Decoded, Hidden, count_hidden, decode_all
from hybrid_guard.detectors.fragments import find_fragments, join_fragments
from hybrid_guard.detectors.matching import Match, Pattern, PatternSet
from hybrid_guard.detectors.merge import OWN, merge, prefer_named, restrictiveness
from hybrid_guard.detectors.reading import PROVEN, Explained, Reading
from hybrid_guard.detectors.respell import respell
from hybrid_guard.detectors.views import OTHER, View, build_views
from hybrid_guard.linear import compile_linear
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["SECONDS", "PatternDetector", "Read", "fuse"]

SECONDS = 1.2
"""Processor time that the patterns may take for the texts of one request. A MiB of prose takes a tenth of it."""

_SELF_DELIMITING = frozenset({"EMAIL_ADDRESS"})
# Where such a value begins and ends is seen without what stands beside it.

_BEGUN = compile_linear(rb"[0-9A-Za-z][._+0-9-]+[0-9A-Za-z]+$")
# The end of a line that is no word of a sentence.

_LETTER = compile_linear(rb"[A-Za-z]")
_NO_VALUE = OTHER.encode("latin-1")


class Read(NamedTuple):
    """
    What was found in one text.

    Attributes:
        spans: Sorted and disjoint.
        disguised: Whether one of them was found in disguise only.
        hidden: How much of the text was encoded.
    """

    spans: tuple[Finding, ...]
    disguised: bool
    hidden: Hidden


class PatternDetector:
    """
    Finds values by their shape, also where they are encoded, spelled out or broken up.

    A context word near a value raises its score by 0.35, to 0.4 at least; a passed check raises it to 1. Where two
    shapes read the same characters, the reading with the better evidence stays: context first, then shape and check.
    A text in which a value was found in disguise only is suspicious.

    Args:
        name: Versioned name.
        patterns: What to look for.
        more: Other names, with what to look for under them.
        clock: Processor time of this thread so far, in seconds.
    """

    def __init__(
        self,
        name: str,
        patterns: Sequence[Pattern],
        *more: tuple[str, Sequence[Pattern]],
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._sections = tuple((title, tuple(shapes)) for title, shapes in ((name, patterns), *more))
        self._clock = clock
        self._set = PatternSet(self.patterns)
        self._owners = {id(pattern): title for title, shapes in self._sections for pattern in shapes}

    @property
    def name(self) -> str:
        """Versioned name; several of them, joined by plus signs, if it is fused."""
        return "+".join(name for name, _ in self._sections)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What it looks for."""
        return tuple(pattern for _, patterns in self._sections for pattern in patterns)

    @property
    def sections(self) -> tuple[tuple[str, tuple[Pattern, ...]], ...]:
        """What it looks for, by the name that findings carry."""
        return self._sections

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:  # noqa: ARG002 - shapes have none
        """
        Spans of each segment, sorted and disjoint; *language* changes nothing.

        Raises:
            DetectionError: HG312 the texts take too long.
        """
        deadline = Deadline(SECONDS, clock=self._clock)
        read = self.detect_each([segment.text for segment in segments], deadline)
        return Findings(spans=tuple(one.spans for one in read), suspicious=any(one.disguised for one in read))

    def detect_each(self, texts: Sequence[str], deadline: Deadline) -> list[Read]:
        """What is found in each of *texts*; raises as `detect` does."""
        return [self._read(text, deadline) for text in texts]

    def detect_split(self, text: str, joint: int, deadline: Deadline) -> tuple[Finding, ...]:
        """
        The values in *text* that begin before *joint* and end after it, sorted and disjoint.

        Raises:
            DetectionError: HG312 the *deadline* of the request is over.
        """
        readings = _Readings(text, self._owners)
        view = build_views(text)[-1]
        for match in self._set.find(view, skip=readings.any.is_hopeless, deadline=deadline):
            start, end = view.locate(match.start, match.end)
            if start < joint < end:
                readings.of(match.pattern).weigh_disguised(match, view, readings.owner(match.pattern), sure=True)
        return readings.choose()

    def _read(self, text: str, deadline: Deadline) -> Read:
        if not text:
            return Read((), disguised=False, hidden=Hidden(0, 0))
        readings = _Readings(text, self._owners)
        views = build_views(text)
        plain: tuple[Finding, ...] = ()
        found: tuple[Finding, ...] = ()
        for view in views:
            for match in deadline.watch(self._set.find(view, skip=readings.any.is_hopeless, deadline=deadline)):
                readings.of(match.pattern).weigh(match, view, readings.owner(match.pattern))
            plain, found = found, readings.choose()
        broken = len(views) > 1 and not _covers(plain, found)
        levels = decode_all(views[-1], deadline)
        search = _Search(self._set, readings, Explained(found), deadline, text)
        more, disguised = self._undisguise(views[-1], levels, search)
        return Read(readings.choose() if more else found, broken or disguised, count_hidden(levels))

    def _undisguise(self, view: View, levels: Sequence[Decoded], search: _Search) -> tuple[bool, bool]:
        """Look into what *view* hides; whether anything more was found, and whether it was in disguise."""
        bare, more, disguised, odd = view, False, False, False
        for decoded in levels:
            view, odd = decoded.view, odd or decoded.odd
            kept = search.through(view)
            more, disguised = more or kept, disguised or (kept and odd)
        respelled = respell(view, search.deadline)
        if respelled is not None:
            view = respelled
            disguised |= search.through(view, whole=_SELF_DELIMITING)
        # What was decoded by mistake is still there in the bare view.
        for one in (bare,) if view is bare else (bare, view):
            disguised |= search.through_fragments(one)
        return more or disguised, disguised


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for what is disguised."""

    patterns: PatternSet
    readings: _Readings
    explained: Explained
    deadline: Deadline
    text: str = field(repr=False)

    def through(self, view: View, *, whole: frozenset[str] = frozenset()) -> bool:
        """
        Weigh the matches in *view* that nothing explains; whether one is kept.

        Args:
            view: A form of the whole text.
            whole: Entities that do not grow by what stands beside them.
        """
        hidden = False
        for match in self._matches(view):
            if match.pattern.entity not in whole or not self._goes_on(match, view):
                hidden |= self._weigh(match, view, sure=True)
        return hidden

    def through_fragments(self, view: View) -> bool:
        """Weigh the matches in parts of *view* that may be values in disguise; whether one is kept."""
        fragments = find_fragments(view, explained=self.explained, deadline=self.deadline)
        if not fragments:
            return False
        hidden = False
        joined = join_fragments(fragments)
        for match in self._matches(joined.view):
            index = bisect_right(joined.starts, match.start) - 1
            part = joined.parts[index]
            if part.lettered and _LETTER.search(joined.view.data[match.start : match.end]) is None:
                continue
            if part.joint is not None and not self._bridges(match, joined.view, joined.starts[index] + part.joint):
                continue
            if self._swallows(match, joined.view):
                continue
            hidden |= self._weigh(match, joined.view, sure=part.sure)
        return hidden

    def _bridges(self, match: Match, view: View, joint: int) -> bool:
        """Whether *match* needs what stands on both sides of *joint*."""
        if not match.start < joint < match.end:
            return False
        if match.pattern.entity in PROVEN:
            return True
        before, after = view.locate(match.start, joint), view.locate(joint, match.end)
        known = [one for one in self.explained.touching(before[0], after[1]) if one.entity == match.pattern.entity]
        begun = _BEGUN.search(view.data[match.start : joint]) is not None
        return not known or (begun and all(one.start >= before[1] for one in known))

    def _matches(self, view: View) -> Iterator[Match]:
        for match in self.patterns.find(view, skip=self.readings.any.is_hopeless, deadline=self.deadline):
            if _NO_VALUE in view.data[match.start : match.end]:
                continue
            known = self.explained.over(*view.locate(match.start, match.end))
            gravity = restrictiveness(match.pattern.entity, own=match.pattern.own)
            if known is None or restrictiveness(known.entity, own=known.detector == OWN) < gravity:
                yield match

    def _weigh(self, match: Match, view: View, *, sure: bool) -> bool:
        reading = self.readings.of(match.pattern)
        return reading.weigh_disguised(match, view, self.readings.owner(match.pattern), sure=sure)

    def _swallows(self, match: Match, view: View) -> bool:
        """Whether it is an address and its port, or a number with a plus sign and the digits that stand beside it."""
        start, end = view.locate(match.start, match.end)
        return any(
            (one.entity == "IP_ADDRESS" and start == one.start and self.text.startswith(":", one.end))
            # The plus sign may be no part of the match.
            or (one.entity == "PHONE_NUMBER" and self.text.startswith("+", one.start) and start <= one.start + 1)
            for one in self.explained.touching(start, end)
            if one.end <= end
        )

    def _goes_on(self, match: Match, view: View) -> bool:
        """Whether a value that was whole before has only swallowed what stands beside it."""
        span = view.locate(match.start, match.end)
        return any(one.entity == match.pattern.entity for one in self.explained.touching(*span))


class _Readings:
    """A `Reading` of one text for each section of patterns: one finding of each may lie over the same characters."""

    __slots__ = ("_by_owner", "_owners", "any", "text")

    def __init__(self, text: str, owners: dict[int, str]) -> None:
        self.text = text
        self._owners = owners
        self._by_owner = {name: Reading(text) for name in dict.fromkeys(owners.values())}
        self.any = next(iter(self._by_owner.values()), Reading(text))

    def owner(self, pattern: Pattern) -> str:
        return self._owners[id(pattern)]

    def of(self, pattern: Pattern) -> Reading:
        return self._by_owner[self._owners[id(pattern)]]

    def choose(self) -> tuple[Finding, ...]:
        """What all of them keep, sorted and disjoint."""
        return merge(prefer_named(finding for reading in self._by_owner.values() for finding in reading.choose()))


def _covers(plain: Sequence[Finding], found: Sequence[Finding]) -> bool:
    explained = Explained(plain)
    return all(explained(finding.start, finding.end) for finding in found)


def fuse(detectors: Iterable[PatternDetector]) -> PatternDetector:
    """One detector that gives the findings of all *detectors* and reads each text once."""
    first, *more = (section for one in detectors for section in one.sections)
    return PatternDetector(*first, *more)
