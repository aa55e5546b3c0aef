"""Places where one text of a request ends and the next begins: a value may be split over them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from hybrid_guard.types import Segment

__all__ = ["REACH", "Border", "find_borders", "find_chains", "is_plain", "reach_back"]

REACH = 48
"""Characters on either side of a border that are read together."""

_EDGE = " \t\r\n,;\u2026\u00a0\u200b"
_SPACE = re.compile(r"\s")
_LIKE_VALUE = re.compile("[0-9@]")
_KEY = "#key"
_ARGUMENT = "/arguments"
_NUMBER = re.compile(r"\d+")
_QUANTITY = re.compile(r"[+-]?(?:\d{1,3}|\d*\.\d+(?:[eE][+-]?\d+)?)")
# Counts, measures and shares of the data that agents work with: side by side, some of them always look like a number.
_CARD_DIGITS = range(13, 20)
_LABEL = re.compile(r"^/messages/\d+/(?:name|tool_call_id|tool_calls/\d+/(?:id|function/name))$")

_ROLES = ("user", "assistant", "tool")
# Texts of each of these are read on from one to the next, too.

_Place = tuple[int, int, int]
# Index of a segment, an offset in it, and a length.


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """
    The end of one text and the beginning of another.

    Attributes:
        text: Both, without what only separates them.
        begins: Where the first of the two begins in *text*, for it may have neighbours before it.
        joint: Where the second begins in *text*.
        places: Index of the segment, its offset, the length, and where it begins in *text*, for each part in turn.
        strict: Whether only a value that proves itself counts, since many things stand side by side like that.
    """

    text: str = field(repr=False)
    begins: int
    joint: int
    places: tuple[tuple[int, int, int, int], ...]
    strict: bool = False

    @property
    def pair(self) -> tuple[int, int] | None:
        """Index of the one and the other segment, if no neighbours of them are read; None otherwise."""
        if len(self.places) == 2 and self.places[0][2] == self.places[1][2] == REACH:
            return self.places[0][0], self.places[1][0]
        return None

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Index of a segment with the span of it that [*start*, *end*) of *text* covers, for each part."""
        for index, offset, length, position in self.places:
            first, last = max(start, position), min(end, position + length)
            if first < last:
                yield index, offset + first - position, offset + last - position


def find_borders(
    segments: Sequence[Segment], *, quiet: Callable[[int, int], bool] | None = None, since: int = 0
) -> Iterator[Border]:
    """
    Borders at which something like a part of a value stands: of neighbours, of texts with the same role, and, strictly,
    of the keys and values of a tool's arguments. Ids and names of functions are not read on from, and texts outside of
    the messages have none.

    A border of more than two texts is read in up to three ways, for what stands beyond the value may be glued to it:
    all texts joined; with blanks where a word meets a number or a sentence, and around a list; and, strictly, the run
    of those that are equally long. Counts and measures in the data of tools are not read on from one to the next, but
    in a list of as many digits as a card has.

    Args:
        segments: Of one request.
        quiet: Whether it is known of the segments at two places that nothing goes over the border between them. It is
            not asked where a text is so short that its neighbours are read, too.
        since: Index of a segment. Borders at which one before it begins are left out.
    """
    seen: set[tuple[tuple[_Place, ...], int]] = set()
    ends: dict[int, tuple[bool | None, bool | None]] = {}
    quantities = {index for index, segment in enumerate(segments) if _is_quantity(segment)}
    lists = _card_lists(segments) if quantities else {}
    for chain, strict in _find_chains(segments):
        for place in chain:
            if place[0] not in ends:
                ends[place[0]] = _look_like_values(segments, place)
        for position in range(1, len(chain)):
            one, two = chain[position - 1], chain[position]
            if two[0] < since:
                continue
            tail, head = ends[one[0]][1], ends[two[0]][0]
            if tail is None or head is None or not (tail or head):
                continue
            counted = one[0] in quantities and two[0] in quantities
            if counted and (one[0] not in lists or lists.get(two[0]) != lists[one[0]]):
                continue
            if quiet is not None and one[2] >= REACH <= two[2] and quiet(one[0], two[0]):
                continue
            # INVARIANT: by all of the texts, for the same two have other neighbours in another chain.
            if counted:
                kin = [place for place in chain if lists.get(place[0]) == lists[one[0]]]
                before, after = _reach(kin, kin.index(two), frozenset())
            else:
                before, after = _reach(chain, position, quantities)
            if (key := ((*before, *after), len(before))) not in seen:
                seen.add(key)
                yield from _read(segments, before, after, strict=strict)


def is_plain(segment: Segment) -> bool:
    """Whether what goes over the borders of *segment* depends on nothing but its role and what stands next to it."""
    return segment.role != "tool" and _ARGUMENT not in segment.path


def reach_back(segments: Sequence[Segment], count: int) -> tuple[int, int]:
    """
    Index of the first segment that is read together with one after the first *count*, and of the first that begins at
    a border where such a one is read.

    The first *count* are plain.
    """
    last, filled = _go_back(segments, count)
    since = last + 1 if filled else 0
    return _go_back(segments, since)[0], since


def _go_back(segments: Sequence[Segment], start: int) -> tuple[int, bool]:
    """
    Index of the segment before *start* up to which a border of what begins there reaches, and whether it ends there
    and not for want of more.
    """
    roles = {segment.role for segment in segments[start:]}
    lacking = dict.fromkeys(("", *(role for role in _ROLES if role in roles)), REACH)
    first = start
    while first > 0 and lacking:
        first -= 1
        segment = segments[first]
        if _is_read_on(segment) and not segment.path.endswith(_KEY):
            length = _trim(segment.text)[1]
            for chain in ("", segment.role):
                if chain in lacking:
                    lacking[chain] -= length
                    if lacking[chain] <= 0:
                        del lacking[chain]
    return first, not lacking


def _is_read_on(segment: Segment) -> bool:
    return segment.role != "other" and _LABEL.search(segment.path) is None


def _is_quantity(segment: Segment) -> bool:
    """Whether *segment* is a short or broken number in the data of a tool."""
    return (segment.role == "tool" or _ARGUMENT in segment.path) and _QUANTITY.fullmatch(segment.text) is not None


def _card_lists(segments: Sequence[Segment]) -> dict[int, str]:
    """The list or object that each segment is in, if all that is in it together has as many digits as a card."""
    parents = [segment.path.rpartition("/")[0] for segment in segments]
    digits: dict[str, int] = {}
    for parent, segment in zip(parents, segments, strict=True):
        digits[parent] = digits.get(parent, 0) + sum(map(str.isdigit, segment.text))
    return {index: parent for index, parent in enumerate(parents) if digits[parent] in _CARD_DIGITS}


def find_chains(segments: Sequence[Segment]) -> list[list[_Place]]:
    """Texts that are read on from one to the next, without what only separates them: all, and those of each role."""
    return [chain for chain, strict in _find_chains(segments) if not strict]


def _find_chains(segments: Sequence[Segment]) -> Iterator[tuple[list[_Place], bool]]:
    """The chains, and whether only a value that proves itself counts in them."""
    places = {index: (index, *_trim(segment.text)) for index, segment in enumerate(segments) if _is_read_on(segment)}
    told = [index for index, (_, _, length) in places.items() if length > 0]
    values = [index for index in told if not segments[index].path.endswith(_KEY)]
    yield [places[index] for index in values], False
    for role in _ROLES:
        yield [places[index] for index in values if segments[index].role == role], False
    if any(_is_half(segments[index]) for index in told):
        yield [places[index] for index in told if _is_half(segments[index]) or _is_argument(segments[index])], True


def _is_argument(segment: Segment) -> bool:
    return _ARGUMENT in segment.path and not segment.path.endswith(_KEY)


def _is_half(segment: Segment) -> bool:
    """Whether *segment* is a key of arguments that looks like a part of a value."""
    return segment.path.endswith(_KEY) and _ARGUMENT in segment.path and _LIKE_VALUE.search(segment.text) is not None


def _trim(text: str) -> tuple[int, int]:
    """Where *text* begins, and its length, without what only separates it from others."""
    start = len(text) - len(text.lstrip(_EDGE))
    return start, len(text.rstrip(_EDGE)) - start


def _look_like_values(segments: Sequence[Segment], place: _Place) -> tuple[bool | None, bool | None]:
    """Whether the first and the last word at *place* may be a part of a value; None where there is no word."""
    index, start, length = place
    head = segments[index].text[start : start + min(length, REACH)].split(None, 1)[:1]
    tail = segments[index].text[max(start, start + length - REACH) : start + length].rsplit(None, 1)[-1:]
    return (
        _LIKE_VALUE.search(head[0]) is not None if head else None,
        _LIKE_VALUE.search(tail[0]) is not None if tail else None,
    )


def _reach(chain: Sequence[_Place], position: int, quantities: Set[int]) -> tuple[list[_Place], list[_Place]]:
    """What is read on both sides of *position* of *chain*: short texts with their neighbours, but one quantity each."""
    before: list[_Place] = []
    room = REACH
    for index, start, length in reversed(chain[:position]):
        taken = min(length, room)
        if before and index in quantities and before[0][0] in quantities:
            break
        before.insert(0, (index, start + length - taken, taken))
        room -= taken
        if room <= 0:
            break
    after: list[_Place] = []
    room = REACH
    for index, start, length in chain[position:]:
        taken = min(length, room)
        if after and index in quantities and after[-1][0] in quantities:
            break
        after.append((index, start, taken))
        room -= taken
        if room <= 0:
            break
    return before, after


def _read(
    segments: Sequence[Segment], before: Sequence[_Place], after: Sequence[_Place], *, strict: bool
) -> Iterator[Border]:
    """The border between *before* and *after* in each way that differs."""
    places = (*before, *after)
    split = len(before)
    parts = [segments[index].text[offset : offset + length] for index, offset, length in places]
    yield _join(parts, places, [False] * (len(parts) - 1), split, strict=strict)
    if len(parts) == 2:
        return
    shapes = [_shape(segments[index].path) for index, _, _ in places]
    # The border itself stays closed: a value is thought to go over it.
    apart = [
        at != split and (_differ(parts[at - 1], parts[at]) or shapes[at - 1] != shapes[at])
        for at in range(1, len(parts))
    ]
    if any(apart):
        yield _join(parts, places, apart, split, strict=strict or len(set(shapes)) > 1)
    first, last = _even(parts, split)
    if first < split < last and last - first > 2 and (first > 0 or last < len(parts)):
        inside = parts[first:last]
        yield _join(inside, places[first:last], [False] * (len(inside) - 1), split - first, strict=True)


def _differ(one: str, two: str) -> bool:
    """Whether a word meets a number, or a sentence something else."""
    return one[-1].isalpha() != two[0].isalpha() or (_SPACE.search(one) is not None) != (_SPACE.search(two) is not None)


def _shape(path: str) -> str:
    """Where in a tool's arguments *path* leads: a list and what stands beside it are different places."""
    return _NUMBER.sub("", path) if _ARGUMENT in path else ""


def _even(parts: Sequence[str], split: int) -> tuple[int, int]:
    """The run of parts of one length on both sides of *split*; the last of them may be shorter."""
    size = len(parts[split - 1])
    first = last = split
    while first > 0 and len(parts[first - 1]) == size:
        first -= 1
    while last < len(parts) and len(parts[last]) == size:
        last += 1
    if last < len(parts) and len(parts[last]) < size and parts[last].isdigit():
        last += 1
    return first, last


def _join(parts: Sequence[str], places: Sequence[_Place], apart: Sequence[bool], split: int, *, strict: bool) -> Border:
    pieces: list[str] = []
    begins: list[int] = []
    position = 0
    for part, blank in zip(parts, (False, *apart), strict=True):
        pieces.extend((" ", part) if blank else (part,))
        begins.append(position + blank)
        position += blank + len(part)
    return Border(
        text="".join(pieces),
        begins=begins[split - 1],
        joint=begins[split],
        places=tuple((*place, begin) for place, begin in zip(places, begins, strict=True)),
        strict=strict,
    )
