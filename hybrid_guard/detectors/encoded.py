"""A text with its escapes and blobs opened, letters of every script kept, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import DEPTH, find_encoded
from hybrid_guard.detectors.views import fold_text

__all__ = ["Opened", "open_encoded"]


class Opened(NamedTuple):
    """
    One level of encodings, opened.

    Attributes:
        text: What then stands there.
        starts: Where each of its characters begins in the original.
        ends: One past where each ends; characters of one escape or blob share its span.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def open_encoded(text: str, deadline: Deadline) -> Iterator[Opened]:
    """
    *text* with one level of encodings opened, with two, and so on; nothing if nothing in it is encoded.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    opened = Opened(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(DEPTH):
        found = find_encoded(fold_text(opened.text), deadline)
        if not found:
            return
        opened = _open(opened, found)
        yield opened


def _open(before: Opened, found: Sequence[tuple[int, int, str]]) -> Opened:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end, plain in (*found, (len(before.text), len(before.text), "")):
        pieces.extend((before.text[position:start], plain))
        starts.extend(before.starts[position:start])
        ends.extend(before.ends[position:start])
        if plain:
            starts.extend([before.starts[start]] * len(plain))
            ends.extend([before.ends[end - 1]] * len(plain))
        position = end
    return Opened("".join(pieces), starts, ends)
