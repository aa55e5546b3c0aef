"""All the detectors of a policy as one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hybrid_guard.detectors.asking import ask, is_ours
from hybrid_guard.detectors.beginnings import Beginnings
from hybrid_guard.detectors.borders import Border, find_borders, is_plain, reach_back
from hybrid_guard.detectors.cache import FindingCache, Remembered
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import Hidden
from hybrid_guard.detectors.denied_splits import DeniedSplits
from hybrid_guard.detectors.lists import DeniedTexts, fold
from hybrid_guard.detectors.merge import OWN, merge, prefer_named
from hybrid_guard.detectors.own_patterns import build_own_patterns
from hybrid_guard.detectors.patterns import PatternDetector, fuse
from hybrid_guard.detectors.public.mentions import judge_mentions
from hybrid_guard.detectors.reading import PROVEN
from hybrid_guard.detectors.registry import SHIPPED, make_detector
from hybrid_guard.detectors.repeats import repeat_names
from hybrid_guard.detectors.suspicion import is_suspicious
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Connect, Detector
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment

__all__ = ["OTHER_SECONDS", "SECONDS", "SECONDS_PER_CHARACTER", "CompositeDetector", "compose"]

SECONDS = 1.6
"""Processor time that all detectors that we ship may take together for one request."""

OTHER_SECONDS = 10.0
"""Processor time that each detector of others may take for a request, beside what its length allows."""

SECONDS_PER_CHARACTER = 60e-6
"""Processor time that each character allows to a detector of others."""

_LINKS = "._+-@"
_LINKED = re.compile(r"[_+@-]$|^\S*\.$")
# Signs that stand inside of values and not at the end of a text, nor at the end of a sentence.
_BEGUN = re.compile(r"[^\W_][._+-][^\W_]{1,40}$")

_REPORTED = frozenset({"assistant", "tool"})
# Who writes what others can have put there, such as a question at the end of a record.

_Identity = tuple[str, ...]

_TOGETHER = 64 * 1024
# Characters that a detector is given at once: between them the clock is looked at.


def compose(settings: DetectionSettings, *, connect: Connect | None, remember: bool) -> CompositeDetector:
    """The detectors that *settings* name as one, which remembers what it found in a text if it shall."""
    cache = FindingCache() if remember else None
    return CompositeDetector(_make_detectors(settings, connect), settings, cache=cache)


def _make_detectors(settings: DetectionSettings, connect: Connect | None) -> list[Detector]:
    """The detectors that *settings* name; those of patterns are one, which reads each text once."""
    detectors = [make_detector(name, settings, connect) for name in settings.detectors]
    shapes = [detector for detector in detectors if isinstance(detector, PatternDetector)]
    others = [detector for detector in detectors if not isinstance(detector, PatternDetector)]
    if settings.patterns:
        shapes.append(PatternDetector(OWN, build_own_patterns(settings.patterns)))
    return [fuse(shapes), *others] if shapes else others


class CompositeDetector:
    """
    Runs several detectors over the same segments and merges what they find.

    Findings below the least score and findings whose whole text is on the allow list are dropped; every occurrence of a
    text on the deny list is a finding of its own, ``DENIED_TEXT``, and is kept whatever else is said of it. Segments
    with the same text are read once, and with a cache, texts that were read before are not read again; where a detector
    is not one of ours, only those with the same role and place too. A value or a denied text that is split over two or
    more texts of the messages is found in each of them, and makes the request suspicious.

    Fails closed: whatever a detector raises, any answer that is not what the port promises, and too much work become a
    `DetectionError` that names the detector and the number of characters.

    Args:
        detectors: Each is asked.
        settings: Of a policy.
        cache: Remembers what was found, if given.
        clock: Processor time of this thread so far, in seconds.
    """

    def __init__(
        self,
        detectors: Sequence[Detector],
        settings: DetectionSettings,
        *,
        cache: FindingCache | None = None,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._detectors = tuple(detectors)
        self._shapes = tuple(detector for detector in self._detectors if isinstance(detector, PatternDetector))
        # A detector of others may answer by the role and the place of a text as well.
        self._by_place = any(
            not isinstance(detector, PatternDetector) and detector.name not in SHIPPED for detector in self._detectors
        )
        self._cache = cache
        self._clock = clock
        self._min_score = settings.min_score
        self._allow = frozenset(fold(text) for text in settings.allow)
        self._deny = DeniedTexts(settings.deny)
        self._split_deny = DeniedSplits(settings.deny)
        # A denied text may be split over the whole of a conversation.
        self._beginnings = None if cache is None or settings.deny else Beginnings()

    @property
    def name(self) -> str:
        """Names of the detectors, joined by plus signs."""
        return "+".join(detector.name for detector in self._detectors)

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """Spans of each segment, sorted and disjoint; *language* is an ISO 639-1 code."""
        if self._beginnings is None:
            return self._detect(segments, language, since=0)[0]
        # What is outside of the messages may be another one each time, and has no borders.
        told = [index for index, segment in enumerate(segments) if segment.role != "other"]
        others = [index for index, segment in enumerate(segments) if segment.role == "other"]
        said = [segments[index] for index in told]
        names = self._beginnings.sign(said, language)
        count, begun = self._beginnings.recall(names, len(said))
        first, since = reach_back(said, count)
        rest = [*said[first:], *(segments[index] for index in others)]
        found, quiet = self._detect(rest, language, since=since - first)
        spans = (*begun.spans[:first], *found.spans)
        suspicious = begun.suspicious or found.suspicious
        if quiet and all(map(is_plain, said[count:])) and not (others and found.suspicious):
            self._beginnings.note(names[0], Findings(spans=spans[: len(said)], suspicious=suspicious))
        placed = dict(zip((*told, *others), spans, strict=True))
        return Findings(spans=tuple(placed[index] for index in range(len(segments))), suspicious=suspicious)

    def _detect(self, segments: Sequence[Segment], language: str, *, since: int) -> tuple[Findings, bool]:
        """What is in *segments*, and whether nothing goes over a border at which one begins, *since* that index."""
        identities = [self._identify(segment) for segment in segments]
        unique = dict(zip(identities, segments, strict=True))
        names = self._name(unique, language)
        known = self._recall(names)
        new = [segment for identity, segment in unique.items() if identity not in known]
        deadline = Deadline(SECONDS, clock=self._clock)
        if new:
            self._read(new, language, known, deadline)
            self._remember(new, names, known)
        spans = [known[identity][0] for identity in identities]
        suspicious = any(hidden for _, hidden in known.values())
        quiet = True
        for border in self._find_borders(segments, identities, names, deadline, since=since):
            for finding in self._read_border(border, known, segments, deadline):
                quiet = False
                for index, start, end in border.spans(finding.start, finding.end):
                    part = replace(finding, start=start, end=end)
                    spans[index] = merge(prefer_named([*spans[index], part]))
            deadline.check()
        for index, start, end in self._split_deny.find(segments, deadline):
            quiet = False
            spans[index] = merge([*spans[index], _deny(start, end)])
        return Findings(spans=tuple(spans), suspicious=suspicious or not quiet), quiet

    def _identify(self, segment: Segment) -> _Identity:
        """What segments share of which the same is said: text, and role and place as far as they make a difference."""
        if self._by_place:
            return segment.text, segment.role, segment.path
        return segment.text, "reported" if segment.role in _REPORTED else "told"

    def _name(self, identities: Iterable[_Identity], language: str) -> dict[_Identity, bytes]:
        """What the cache, if there is one, knows each of *identities* by."""
        if self._cache is None:
            return {}
        return {identity: self._cache.sign(language, *identity) for identity in identities}

    def _recall(self, names: Mapping[_Identity, bytes]) -> dict[_Identity, Remembered]:
        if self._cache is None:
            return {}
        found = ((identity, self._cache.get(name)) for identity, name in names.items())
        return {identity: remembered for identity, remembered in found if remembered is not None}

    def _remember(
        self, new: Sequence[Segment], names: Mapping[_Identity, bytes], known: Mapping[_Identity, Remembered]
    ) -> None:
        if self._cache is not None:
            for identity in map(self._identify, new):
                self._cache.put(names[identity], known[identity])

    def _find_borders(
        self,
        segments: Sequence[Segment],
        identities: Sequence[_Identity],
        names: Mapping[_Identity, bytes],
        deadline: Deadline,
        *,
        since: int,
    ) -> Iterator[Border]:
        """Borders over which something may go; those that are known to be quiet are left out."""
        cache = self._cache
        if cache is None:
            yield from find_borders(segments, since=since)
            return
        ordered = [names[identity] for identity in identities]
        for border in find_borders(
            segments, quiet=lambda one, two: cache.is_quiet(ordered[one], ordered[two]), since=since
        ):
            if border.pair is not None and not self._find_split(border, deadline):
                one, two = border.pair
                cache.note_quiet(ordered[one], ordered[two])
                continue
            yield border

    def _read(
        self, new: Sequence[Segment], language: str, known: dict[_Identity, Remembered], deadline: Deadline
    ) -> None:
        """Ask every detector for *new*, and add what they say to *known*."""
        found: list[list[Sequence[Finding]]] = [[] for _ in new]
        doubtful = [False] * len(new)
        hidden: list[Hidden | None] = [None] * len(new)
        # Shapes first, so that a text that is made to be slow is refused before a model reads it.
        for detector in (*self._shapes, *(one for one in self._detectors if one not in self._shapes)):
            until = deadline if is_ours(detector) else self._allow_others(new)
            began = deadline.now()
            for first, batch in _batches(new, whole=detector in self._shapes):
                for index, answer in enumerate(ask(detector, batch, language, until), first):
                    found[index].append(answer.spans)
                    doubtful[index] |= answer.suspicious
                    hidden[index] = hidden[index] or answer.hidden
                until.check()
            if until is not deadline:
                deadline.extend(deadline.now() - began)
        for segment, answers, odd, encoded in zip(new, found, doubtful, hidden, strict=True):
            spans = self._combine(segment, answers, deadline)
            # A key has no order, and is no disguise of something else.
            rest = _blank(segment.text, spans)
            same = encoded if rest == segment.text else None
            known[self._identify(segment)] = spans, odd or is_suspicious(rest, deadline, hidden=same)
            deadline.check()

    def _allow_others(self, new: Sequence[Segment]) -> Deadline:
        characters = sum(len(segment.text) for segment in new)
        return Deadline(OTHER_SECONDS + SECONDS_PER_CHARACTER * characters, clock=self._clock)

    def _read_border(
        self, border: Border, known: Mapping[_Identity, Remembered], segments: Sequence[Segment], deadline: Deadline
    ) -> Iterator[Finding]:
        """Values that are split over *border*, in offsets of its text."""
        for finding in self._find_split(border, deadline):
            if finding.score < self._min_score or (border.strict and finding.entity not in PROVEN):
                continue
            # A value that is whole in one text is not longer for what the next one begins with, and hardly for what
            # the one before ends with, unless that is no word of a sentence.
            tail = border.text[border.begins : border.joint].rstrip()
            linked = _LINKED.search(tail) is not None or border.text[border.joint] in _LINKS
            end = border.joint if linked or _BEGUN.search(tail) else finding.end
            whole = (
                one
                for index, first, last in border.spans(finding.start, end)
                for one in known[self._identify(segments[index])][0]
                if one.entity == finding.entity and one.start < last and first < one.end
            )
            if linked or next(whole, None) is None:
                yield finding

    def _find_split(self, border: Border, deadline: Deadline) -> tuple[Finding, ...]:
        if self._cache is None:
            return self._search_split(border, deadline)
        name = self._cache.sign(border.text[: border.joint], border.text[border.joint :], "border")
        remembered = self._cache.get(name)
        if remembered is None:
            remembered = self._search_split(border, deadline), False
            self._cache.put(name, remembered)
        return remembered[0]

    def _search_split(self, border: Border, deadline: Deadline) -> tuple[Finding, ...]:
        try:
            return merge(
                finding
                for detector in self._shapes
                for finding in detector.detect_split(border.text, border.joint, deadline)
            )
        except DetectionError:
            raise
        except Exception:
            # PRIVACY: what was raised may quote the text.
            raise DetectionError(
                f"the texts on both sides of a border could not be read ({len(border.text)} characters)"
            ) from None

    def _combine(
        self, segment: Segment, answers: Sequence[Sequence[Finding]], deadline: Deadline
    ) -> tuple[Finding, ...]:
        text = segment.text
        found = [
            finding
            for answer in answers
            for finding in answer
            if fold(text[finding.start : finding.end]) not in self._allow
        ]
        denied = [_deny(start, end) for start, end in self._deny.find(text, deadline)]
        private: Sequence[Finding] = [*found, *denied]
        if segment.role not in _REPORTED:
            # Detectors of others say for themselves what is private.
            judged = zip(private, judge_mentions(text, private), strict=True)
            private = [new if old.detector in SHIPPED else old for old, new in judged]
        return repeat_names(text, merge(prefer_named(one for one in private if one.score >= self._min_score)))


def _deny(start: int, end: int) -> Finding:
    return Finding(start=start, end=end, entity="DENIED_TEXT", score=1.0, detector="deny")


def _blank(text: str, findings: Sequence[Finding]) -> str:
    """*text* with blanks where keys were found."""
    pieces: list[str] = []
    end = 0
    for finding in findings:
        if finding.entity != "SECRET":
            continue
        pieces.extend((text[end : finding.start], " " * (finding.end - finding.start)))
        end = finding.end
    return "".join((*pieces, text[end:]))


def _batches(segments: Sequence[Segment], *, whole: bool) -> Iterator[tuple[int, Sequence[Segment]]]:
    """*segments* in groups of about `_TOGETHER` characters, or as one, each with the index of its first."""
    first, size = 0, 0
    for index, segment in enumerate(segments):
        size += len(segment.text)
        if size >= _TOGETHER and not whole:
            yield first, segments[first : index + 1]
            first, size = index + 1, 0
    if first < len(segments):
        yield first, segments[first:]
