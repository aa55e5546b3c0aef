"""Places where one text of a request ends and the next begins: a value may be split over them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hybrid_guard.types import Segment

__all__ = ["REACH", "Border", "find_borders"]

REACH = 48
"""Characters on either side of a border that are read together."""

_EDGE = " \t\r\n,;\u2026\u00a0\u200b"
_LIKE_VALUE = re.compile("[0-9@]")
_LABEL = re.compile(r"#key$|^/messages/\d+/(?:name|tool_call_id|tool_calls/\d+/(?:id|function/name))$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """
    The end of one text and the beginning of another.

    Attributes:
        text: Both, without what only separates them.
        begins: Where the first of the two begins in *text*, for it may have neighbours before it.
        joint: Where the second begins in *text*.
        places: Index of the segment, its offset, and the length, for each part of *text* in turn.
    """

    text: str = field(repr=False)
    begins: int
    joint: int
    places: tuple[tuple[int, int, int], ...]

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Index of a segment with the span of it that [*start*, *end*) of *text* covers, for each part."""
        position = 0
        for index, offset, length in self.places:
            first, last = max(start, position), min(end, position + length)
            if first < last:
                yield index, offset + first - position, offset + last - position
            position += length


def find_borders(segments: Sequence[Segment]) -> Iterator[Border]:
    """
    Borders at which something like a part of a value stands: of neighbours, and of texts with the same role. Keys, ids
    and names of functions are not read on from, and texts outside of the messages have no borders.
    """
    told = [
        index
        for index, segment in enumerate(segments)
        if segment.role != "other" and segment.text.strip(_EDGE) and _LABEL.search(segment.path) is None
    ]
    chains = [told]
    chains.extend([index for index in told if segments[index].role == role] for role in ("user", "assistant", "tool"))
    edges = {index: _trim(segments[index].text) for index in told}
    seen: set[tuple[int, int]] = set()
    for chain in dict.fromkeys(map(tuple, chains)):
        trimmed = [edges[index] for index in chain]
        for position in range(1, len(chain)):
            pair = chain[position - 1], chain[position]
            if pair in seen:
                continue
            seen.add(pair)
            if _is_promising(segments[pair[0]].text, trimmed[position - 1], segments[pair[1]].text, trimmed[position]):
                yield _make(segments, chain, trimmed, position)


def _trim(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip(_EDGE)), len(text.rstrip(_EDGE))


def _is_promising(one: str, left: tuple[int, int], two: str, right: tuple[int, int]) -> bool:
    tail = one[max(left[0], left[1] - REACH) : left[1]].rsplit(None, 1)[-1:]
    head = two[right[0] : min(right[1], right[0] + REACH)].split(None, 1)[:1]
    return bool(tail and head) and _LIKE_VALUE.search(tail[0] + head[0]) is not None


def _make(
    segments: Sequence[Segment], chain: Sequence[int], trimmed: Sequence[tuple[int, int]], position: int
) -> Border:
    """The border before *position* of *chain*; short texts on either side are joined by their neighbours."""
    before: list[tuple[int, int, int]] = []
    room = REACH
    for at in range(position - 1, -1, -1):
        start, end = trimmed[at]
        first = max(start, end - room)
        before.insert(0, (chain[at], first, end - first))
        room -= end - first
        if room <= 0:
            break
    after: list[tuple[int, int, int]] = []
    room = REACH
    for at in range(position, len(chain)):
        start, end = trimmed[at]
        last = min(end, start + room)
        after.append((chain[at], start, last - start))
        room -= last - start
        if room <= 0:
            break
    places = (*before, *after)
    return Border(
        text="".join(segments[index].text[offset : offset + length] for index, offset, length in places),
        begins=sum(length for _, _, length in before[:-1]),
        joint=sum(length for _, _, length in before),
        places=places,
    )
