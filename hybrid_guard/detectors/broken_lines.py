"""Values that go on in the next line."""

from __future__ import annotations

from collections.abc import Iterator

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.linear import compile_linear, search_on

__all__ = ["find_broken"]

_REACH = 40
_LONGEST_TOKEN = 512
_LINES = compile_linear(rb"[ \t]*\r?\n[ \t>|]{0,8}")
_DECORATOR = compile_linear(rb"^[ \t]*\r?\n[ \t]{2,8}@$")
# An indented line that begins with the sign is code.


def find_broken(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, list[int], int]]:
    """
    The end of a line and the beginning of the next, where one of them looks like a part of a value.

    Start and end of both, offsets from the start of what belongs to them, and how many of those are of the first line.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    for found in deadline.watch(search_on(_LINES, data, lambda found: max(found.end(), found.start() + 1))):
        cut, resume = found.span()
        if _DECORATOR.search(data[cut : resume + 1]) is not None or _is_decorated(data, cut, resume):
            continue
        head = _reach(data[resume : resume + _LONGEST_TOKEN].split(b"\n", 1)[0])
        tail = _reach(data[max(0, cut - _LONGEST_TOKEN) : cut].rsplit(b"\n", 1)[-1][::-1])[::-1]
        last, first = tail.rsplit(None, 1)[-1:], head.split(None, 1)[:1]
        if not last or not first or not any(code == 64 or 48 <= code < 58 for code in last[0] + first[0]):
            continue
        start = cut - len(tail)
        places = [*range(len(tail)), *range(resume - start, resume - start + len(head))]
        yield start, resume + len(head), places, len(tail)


def _is_decorated(data: bytes, cut: int, resume: int) -> bool:
    """Whether the lines on both sides begin with the sign, as those above a function do."""
    if data[resume : resume + 1] != b"@":
        return False
    return data[max(0, cut - _LONGEST_TOKEN) : cut].rsplit(b"\n", 1)[-1].startswith(b"@")


def _reach(line: bytes) -> bytes:
    """The beginning of *line*: its first word, and what is near."""
    return line[: max(_REACH, len(line.split(None, 1)[0]) if line.strip() else 0)]
