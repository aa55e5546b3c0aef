"""Texts of the deny list that are split over several texts of a request."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from hybrid_guard.detectors.borders import find_chains
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.lists import DeniedTexts
from hybrid_guard.types import Segment

__all__ = ["DeniedSplits"]

_SHORTEST = 4
# Letters and signs. What two texts end and begin with by chance is often shorter.

_SPARE = 4
# Characters that one of a denied text may be written with, on average: escapes and invisible ones.

_SOLID = re.compile(r"\S+")
_BREAK = "\ufffc"
# Stands for what is left out; no denied text holds it.


class DeniedSplits:
    """
    Texts that are looked for over the borders of others.

    White space does not count: the one between two words may be lost with the border. Texts are read on from as values
    are, see `find_chains`; of long ones, only the edges.

    Args:
        texts: As the policy gives them; those of fewer than four characters are left out.
    """

    __slots__ = ("_needles", "_reach")

    def __init__(self, texts: Iterable[str]) -> None:
        joined = ["".join(text.split()) for text in texts]
        needles = [needle for needle in joined if len(needle) >= _SHORTEST]
        self._needles = DeniedTexts(needles)
        self._reach = _SPARE * max(map(len, needles), default=0)

    def __repr__(self) -> str:
        return f"<DeniedSplits {len(self._needles)} texts>"

    def find(self, segments: Sequence[Segment], deadline: Deadline) -> Iterator[tuple[int, int, int]]:
        """
        Index of a segment, start and end of each part of a denied text that begins in one text and ends in another.

        Args:
            segments: Of one request.
            deadline: Of the request.

        Raises:
            DetectionError: HG312 the *deadline* is over.
        """
        if not len(self._needles):
            return
        seen: set[tuple[int, int, int]] = set()
        for chain in find_chains(segments):
            for part in self._search(segments, chain, deadline):
                if part not in seen:
                    seen.add(part)
                    yield part

    def _search(
        self, segments: Sequence[Segment], chain: Sequence[tuple[int, int, int]], deadline: Deadline
    ) -> Iterator[tuple[int, int, int]]:
        reach = self._reach
        # (segment, offset, text) of everything that is read, in turn.
        pieces: list[tuple[int, int, str]] = []
        for index, begin, length in chain:
            text, end = segments[index].text, begin + length
            if length <= 2 * reach:
                pieces.extend(_words(index, text, begin, end))
            else:
                pieces.extend(_words(index, text, begin, begin + reach))
                pieces.append((-1, 0, _BREAK))
                pieces.extend(_words(index, text, end - reach, end))
        begins = [0, *accumulate(len(piece) for _, _, piece in pieces)]
        for start, end in self._needles.find("".join(piece for _, _, piece in pieces), deadline):
            first, last = bisect_right(begins, start) - 1, bisect_right(begins, end - 1) - 1
            if pieces[first][0] == pieces[last][0]:
                # It is found in that text.
                continue
            for at in range(first, last + 1):
                index, offset, piece = pieces[at]
                if index >= 0:
                    yield index, offset + max(0, start - begins[at]), offset + min(len(piece), end - begins[at])


def _words(index: int, text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for word in _SOLID.finditer(text, start, end):
        yield index, word.start(), word[0]
