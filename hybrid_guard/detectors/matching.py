"""Patterns in RE2: linear time on any text, and one pass over a text that holds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import re2

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.views import View
from hybrid_guard.errors import DetectionError
from hybrid_guard.linear import latin_options

__all__ = ["MOST_MATCHES", "Match", "Pattern", "PatternSet"]

MOST_MATCHES = 20_000
"""So often one pattern may match in one view. A text with more is refused: to go on without them would miss some."""

_CHECK_EVERY = 64
# Matches between two looks at the clock.

_TOGETHER = 16
# So many patterns are matched at once. With all of them in one set, a text full of digits takes forty times as long,
# for nearly every position is a state of its own.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """
    One shape of one entity.

    Attributes:
        name: What errors call it.
        entity: What it finds.
        regex: RE2 syntax. The value is the group ``span`` if there is one, else the whole match; what stands around the
            group may be shared with the next match.
        score: In [0, 1]. Below 0.4 it is weak: it counts only with a context word or a passed check.
        context: Words that make the shape likely when they stand near.
        against: Words that make the shape unlikely when they stand near: they take away what a context word adds.
        check: Reads the value: True proves it, False refutes it, None says nothing.
        fit: Length of the part of the value that belongs to it, counted from its start; 0 drops it.
        evidence: How sure the shape alone is in comparison with other shapes of the same characters; *score* if None.
        cased: Whether upper and lower case differ.
        own: Whether a policy brought it.
    """

    name: str
    entity: str
    regex: str
    score: float
    context: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    check: Callable[[str], bool | None] | None = None
    fit: Callable[[str], int] | None = None
    evidence: float | None = None
    cased: bool = False
    own: bool = False

    @property
    def weight(self) -> float:
        """Its evidence, before anything else speaks for the value."""
        return self.score if self.evidence is None else self.evidence


class Match(NamedTuple):
    """Where a pattern's value stands in a view: half-open, in characters of the view."""

    pattern: Pattern
    start: int
    end: int


class PatternSet:
    """
    Finds the values of many patterns.

    Thread-safe. Raises `DetectionError` if RE2 refuses a pattern, as it does with look-around and back-references:
    there is no second engine to fall back to, since the time such patterns take has no bound.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._compiled = tuple(_compile(pattern) for pattern in patterns)
        ranked = sorted(range(len(patterns)), key=lambda index: -patterns[index].weight)
        self._ranks = {index: rank for rank, index in enumerate(ranked)}
        self._groups = tuple(regex.groupindex.get(b"span", 0) for regex in self._compiled)
        self._sets = tuple(
            _Set(indexes[first : first + _TOGETHER], patterns)
            for cased in (False, True)
            for indexes in [[index for index, pattern in enumerate(patterns) if pattern.cased is cased]]
            for first in range(0, len(indexes), _TOGETHER)
        )

    def find(self, view: View, *, skip: Callable[[Pattern], bool], deadline: Deadline) -> Iterator[Match]:
        """
        Every value in *view*, of patterns that *skip* does not refuse; those of the patterns with more evidence first.

        Raises:
            DetectionError: HG312 the *deadline* is over, or one pattern matches more than `MOST_MATCHES` times.
        """
        present: list[int] = []
        for part in self._sets:
            deadline.check()
            present.extend(index for index in part.present(view.data) if not skip(self._patterns[index]))
        for index in sorted(present, key=self._ranks.__getitem__):
            yield from self._search(index, view, deadline)

    def _search(self, index: int, view: View, deadline: Deadline) -> Iterator[Match]:
        pattern, regex, group = self._patterns[index], self._compiled[index], self._groups[index]
        position = count = 0
        while (found := regex.search(view.data, position)) is not None:
            count += 1
            if count % _CHECK_EVERY == 0:
                deadline.check()
            if count > MOST_MATCHES:
                raise DetectionError(
                    f"pattern `{pattern.name}` matches more than {MOST_MATCHES} times; send the text in parts",
                    code="HG312",
                )
            start, end = found.span(group)
            if start < 0:
                start, end = found.span()
            # A value of no characters would be found again and again.
            position = end if end > start else end + 1
            if pattern.fit is not None:
                end = start + pattern.fit(view.read(start, end))
            if end > start:
                yield Match(pattern, start, end)


class _Set:
    """The patterns of one case rule, matched all at once to learn which of them occur."""

    def __init__(self, indexes: Sequence[int], patterns: Sequence[Pattern]) -> None:
        self._indexes = indexes
        self._set = re2.Set.SearchSet(latin_options(cased=patterns[indexes[0]].cased))
        for index in indexes:
            self._set.Add(patterns[index].regex.encode("latin-1"))
        # Occurs in every text. Where not even this is reported, the set ran out of memory and knows nothing.
        self._witness = self._set.Add(b"")
        self._set.Compile()

    def present(self, data: bytes) -> Sequence[int]:
        hits = self._set.Match(data)
        if hits is None:
            return self._indexes
        return [self._indexes[hit] for hit in sorted(hits) if hit != self._witness]


def _compile(pattern: Pattern) -> re2._Regexp:
    try:
        return re2.compile(pattern.regex.encode("latin-1"), latin_options(cased=pattern.cased))
    except re2.error:
        reason = (
            "it uses look-around or a back-reference" if re.search(r"\(\?<?[=!]|\\[1-9]", pattern.regex) else "syntax"
        )
        raise DetectionError(
            f"RE2 refuses pattern `{pattern.name}` ({reason}); rewrite it without, and test the edges in `check`",
            code="HG305",
        ) from None
