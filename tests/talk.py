"""A conversation as the chain leads it: what leaves for its texts, by a vault in any store, and what a reader sees."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Protocol

from hybrid_guard.anonymizer import (
    Restorer,
    StandIns,
    apply,
    build_operators,
    build_stand_ins,
    plan,
    propose,
)
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.ports import StandInMaker
from hybrid_guard.types import (
    Finding,
    Findings,
    Operator,
    OperatorSettings,
    Segment,
    SegmentRole,
    Treatment,
    VaultEntry,
    VaultItem,
    VaultKey,
)

__all__ = ["STAND_INS", "OneVault", "Piece", "Talk", "makers_of"]

STAND_INS = (Operator.SURROGATE, Operator.FORMAT_PRESERVING, Operator.ENCRYPT)
"""The operators whose results stand for values and come back."""

Piece = str | tuple[str, str]
"""A text, or a value and its type."""


def makers_of(key: bytes) -> Mapping[Operator, StandInMaker]:
    """What proposes stand-ins, all of it from one key."""
    return build_stand_ins(key, OperatorSettings(key=key), tuple(Operator))


class Vaults(Protocol):
    """**Protocol:** as much of a `VaultStore` as a conversation needs."""

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """Get or make the entry of each item."""

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """Everything in the vault."""


class OneVault:
    """One vault in memory, whatever its name; the same *key* gives the same placeholders in every run."""

    def __init__(self, key: bytes) -> None:
        self.book = Book(key=key, limit=20_000)

    def put(self, key: VaultKey, items: Sequence[VaultItem]) -> tuple[VaultEntry, ...]:
        """See `Vaults`."""
        return self.book.put(items)

    def entries(self, key: VaultKey) -> tuple[VaultEntry, ...]:
        """See `Vaults`."""
        return self.book.entries()


class Talk:
    """
    A vault, and what is done with it for each turn.

    Args:
        operator: Of everything that is found.
        store: Where the vault is; a new one in memory if it is left out.
        key: Its name.
        makers: What proposes stand-ins; those of a key that is drawn, if it is left out.
    """

    def __init__(
        self,
        operator: Operator,
        *,
        store: Vaults | None = None,
        key: VaultKey = "k" * 64,
        makers: Mapping[Operator, StandInMaker] | None = None,
    ) -> None:
        self.store = store or OneVault(secrets.token_bytes(32))
        self.key = key
        self.treatment = Treatment(default=operator)
        self.makers = makers_of(secrets.token_bytes(32)) if makers is None else makers

    @property
    def entries(self) -> tuple[VaultEntry, ...]:
        """All that the vault holds."""
        return self.store.entries(self.key)

    def send(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int, str]]], *, role: SegmentRole = "user"
    ) -> list[str]:
        """What leaves for *texts*, in which *spans* were found."""
        segments = [Segment(path="/x", text=text, role=role) for text in texts]
        findings = Findings(
            spans=tuple(
                tuple(Finding(start=a, end=b, entity=entity, score=1.0, detector="t.v1") for a, b, entity in one)
                for one in spans
            )
        )
        known = StandIns(self.entries, self.makers)
        self.store.put(self.key, plan(segments, findings, self.treatment, known))
        entries = self.entries
        self.store.put(self.key, propose(segments, findings, self.treatment, entries, StandIns(entries, self.makers)))
        entries = self.entries
        spans_of = build_operators(b"k" * 32)
        stand_ins = StandIns(entries, self.makers)
        return [one.text for one in apply(segments, findings, self.treatment, entries, spans_of, stand_ins)]

    def write(self, *pieces: Piece, role: SegmentRole = "user") -> str:
        """What leaves for a text; each pair in it is a value and its type."""
        text, spans = "", []
        for piece in pieces:
            value, entity = piece if isinstance(piece, tuple) else (piece, "")
            if entity:
                spans.append((len(text), len(text) + len(value), entity))
            text += value
        (out,) = self.send([text], [spans], role=role)
        return out

    def restore(self, answer: str) -> str:
        """What a reader sees of *answer*."""
        return Restorer(self.entries).restore(answer)
