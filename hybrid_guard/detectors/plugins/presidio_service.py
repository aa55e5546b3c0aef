"""``presidio-service:NAME``: what a Presidio analyzer finds that runs as a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from hybrid_guard.detectors.merge import merge
from hybrid_guard.detectors.plugins.labels import entity_of
from hybrid_guard.detectors.plugins.pieces import readable
from hybrid_guard.errors import DetectionError
from hybrid_guard.ports import Post
from hybrid_guard.types import Finding, Findings, Segment

__all__ = ["PresidioService"]


class PresidioService:
    """
    Asks a server for each text that has more than white space.

    Args:
        name: What the policy calls it.
        post: The way to the server.
    """

    def __init__(self, name: str, post: Post) -> None:
        self._name = name
        self._post = post

    @property
    def name(self) -> str:
        """As the policy has it."""
        return self._name

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """Spans of each segment, sorted and disjoint; the server must know *language*."""
        return Findings(spans=tuple(merge(self._ask(readable(one.text), language)) for one in segments))

    def _ask(self, text: str, language: str) -> Iterator[Finding]:
        if not text.strip():
            return
        answer = self._post("analyze", json.dumps({"text": text, "language": language}).encode("ascii"))
        results = _parsed(answer)
        for one in results:
            if not isinstance(one, dict):
                raise _unreadable()
            start, end, label, score = (one.get(key) for key in ("start", "end", "entity_type", "score"))
            if (
                type(start) is not int
                or type(end) is not int
                or not isinstance(label, str)
                or isinstance(score, bool)
                or not isinstance(score, int | float)
                or not (0 <= start < end <= len(text) and 0.0 <= score <= 1.0)
            ):
                raise _unreadable()
            entity = entity_of(label)
            if entity is not None:
                yield Finding(start=start, end=end, entity=entity, score=float(score), detector=self._name)


def _parsed(answer: bytes) -> list[object]:
    try:
        results = json.loads(answer)
    except (ValueError, RecursionError):
        results = None
    if not isinstance(results, list):
        # PRIVACY: raised outside of the handler, for a decoder's error holds the answer.
        raise _unreadable()
    return results


def _unreadable() -> DetectionError:
    return DetectionError("the service gave no answer of a Presidio analyzer; check its address", code="HG308")
