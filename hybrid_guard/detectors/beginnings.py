"""What was found in the beginnings of conversations, without their texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from hybrid_guard.detectors.memory import Memory
from hybrid_guard.types import Findings, Segment

__all__ = ["Beginnings"]

_ENTRIES = 2048
_MOST_SEGMENTS = 2000
# Texts and findings of one conversation, beyond which it is read text by text.

_NEW = 3
# Texts that one turn adds at most, where the beginning is looked for: an answer, what is said to it, and one more.

_NOTHING = Findings(spans=())


class Beginnings:
    """
    Findings by the keyed hash of all the texts of a conversation so far; the least recently used makes room.

    So a long conversation costs one hash, and not a look at each of its texts. Thread-safe.

    Args:
        entries: How many conversations are remembered at most.
    """

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._known = Memory[Findings](entries)

    def __repr__(self) -> str:
        return f"<Beginnings {len(self._known)} known>"

    def sign(self, segments: Sequence[Segment], language: str) -> list[bytes]:
        """The names of *segments*, all of them, then without the last one, two, and three."""
        early = max(0, len(segments) - _NEW)
        state = hashlib.blake2b(f"{language};".encode(), key=self._known.key, digest_size=16)
        state.update(_frame(segments[:early]))
        names = [state.digest()]
        for segment in segments[early:]:
            state.update(_frame((segment,)))
            names.append(state.digest())
        return names[::-1]

    def recall(self, names: Sequence[bytes], count: int) -> tuple[int, Findings]:
        """
        How many of the first texts are known, and what was found in them.

        Args:
            names: As `sign` gives them.
            count: Of the texts.
        """
        for fewer, name in enumerate(names):
            known = self._known.get(name)
            if known is not None:
                return count - fewer, known
        return 0, _NOTHING

    def note(self, name: bytes, findings: Findings) -> None:
        """
        Remember what was found, where nothing goes over the border of two texts.

        A conversation of very many texts or findings is read text by text instead.
        """
        if len(findings.spans) + sum(map(len, findings.spans)) <= _MOST_SEGMENTS:
            self._known.put(name, findings)


def _frame(segments: Sequence[Segment]) -> bytes:
    # INVARIANT: the lengths keep apart what differs in where one part ends and the next begins.
    pieces = [f"{len(one.path)},{len(one.role)},{len(one.text)}:{one.path}{one.role}{one.text}" for one in segments]
    return "".join(pieces).encode("utf-8", "surrogatepass")
