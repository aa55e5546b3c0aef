"""Find issued placeholders in a text that a model has written, and the beginnings of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from dataclasses import dataclass

from hybrid_guard.anonymizer.standins import STAND_IN, StandIns
from hybrid_guard.anonymizer.tokens import (
    BODY,
    BODY_LENGTH,
    FILLER,
    JUNK_LIMIT,
    MORE_FILLER,
    PARTIAL_REFERENCE,
    PREFIX_LIMIT,
    TOKEN_LIKE,
    compact,
)
from hybrid_guard.types import VaultEntry

__all__ = ["DAMAGE_REACH", "WINDOW", "Hit", "Matcher"]

_TOKEN_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789" + FILLER + MORE_FILLER
_LONGEST = PREFIX_LIMIT + BODY_LENGTH
_GAP = JUNK_LIMIT * len("&ZeroWidthSpace;")
_DIGITS = "23456789"
_DIGIT = re.compile(r"\d")
_BEGUN_BODY = f"{FILLER}?".join(BODY[:4])
_BODY_LIKE = re.compile(rf"(?:{FILLER}{MORE_FILLER}*){{0,{JUNK_LIMIT}}}".join(BODY))

WINDOW = _LONGEST * (1 + _GAP)
"""Most characters that a placeholder takes, however it is spread."""

DAMAGE_REACH = PREFIX_LIMIT + 1 + 4 + 3
"""Most characters that `Matcher.damaged` looks at to tell that something is a damaged placeholder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """
    An issued placeholder, or a stand-in, in a text.

    Attributes:
        start, end: Half-open, in code points.
        entry: What it stands for.
    """

    start: int
    end: int
    entry: VaultEntry


class Matcher:
    """
    Knows the placeholders of one vault. Immutable.

    Texts are given folded. A placeholder may be spread by spaces, hyphens, underscores, markup, invisible characters
    and references to them, at most four between two of its characters; what is left must be an issued one, letter by
    letter. The cost per character does not grow with the number of entries.

    Args:
        entries: Of the vault.

    Attributes:
        stand_ins: What stands for values in the place of placeholders; it is looked for in texts that are not folded.
    """

    __slots__ = ("_by_body", "_damaged", "_initials", "_sorted", "stand_ins")

    def __init__(self, entries: Sequence[VaultEntry]) -> None:
        self.stand_ins = StandIns(entries)
        entries = [entry for entry in entries if entry.item.entity != STAND_IN]
        # INVARIANT: no two placeholders of a vault have the same body.
        self._by_body = {entry.placeholder[-BODY_LENGTH:]: entry for entry in entries}
        self._sorted = sorted(entry.placeholder for entry in entries)
        self._initials = frozenset(token[0] for token in self._sorted)
        self._damaged = _damage({token[:-BODY_LENGTH] for token in self._sorted})

    def may_end(self, text: str) -> bool:
        """Whether something could end in *text*, which is not folded: every placeholder ends in a digit."""
        if self.stand_ins:
            return True
        if text.isascii():
            return any(map(text.__contains__, _DIGITS))
        return _DIGIT.search(text) is not None

    def find(self, folded: str, start: int) -> Hit | None:
        """The first issued placeholder that lies at or after *start*."""
        body = _BODY_LIKE.search(folded, start) if self._sorted else None
        if body is None:
            return None
        match = TOKEN_LIKE.search(folded, max(start, body.start() - _GAP - 1))
        while match is not None:
            entry = self._by_body.get(compact(match.group())[-BODY_LENGTH:])
            if entry is not None:
                begin = _head_start(folded, start, match.start() + 1, entry.placeholder[:-BODY_LENGTH])
                if begin >= 0:
                    return Hit(start=begin, end=match.end(), entry=entry)
            match = TOKEN_LIKE.search(folded, match.start() + 1)
        return None

    def hold(self, folded: str, start: int) -> int:
        """Where the longest end of the text begins that could still become an issued placeholder."""
        # INVARIANT: if a text is held from some place, all its beginnings that reach this place are, so what was
        # released never belongs to a placeholder and chunks cannot change the result.
        reference = folded.rfind("&", start)
        if reference >= 0 and PARTIAL_REFERENCE.fullmatch(folded, reference):
            begin = self._begin(folded, start, reference)
            if begin < reference:
                return begin
        return self._begin(folded, start, len(folded))

    def has_body(self, folded: str) -> bool:
        """Whether *folded*, the beginning of an issued placeholder, goes beyond the name of the entity."""
        return any("2" <= char <= "9" for char in compact(folded))

    def damaged(self, folded: str) -> int:
        """
        How many placeholders in *folded* were damaged beyond repair or made up.

        One is told by the name of an entity that this vault has issued placeholders for and the first four characters
        of a body; *folded* holds no issued placeholder.
        """
        return 0 if self._damaged is None else len(self._damaged.findall(folded))

    def _begin(self, folded: str, start: int, end: int) -> int:
        start = max(start, end - WINDOW)
        first = start + len(folded[start:end].rstrip(_TOKEN_CHARS))
        tail = folded[first:end]
        units = tail.replace(MORE_FILLER, "")
        letters = compact(units[units.rfind(FILLER * (JUNK_LIMIT + 1)) + 1 :])
        for count in range(min(len(letters), _LONGEST), 0, -1):
            begun = letters[-count:]
            if begun[0] in self._initials:
                place = bisect_left(self._sorted, begun)
                if place < len(self._sorted) and self._sorted[place].startswith(begun):
                    return first + _place(tail, count)
        return end


def _damage(heads: Set[str]) -> re.Pattern[str] | None:
    # The name is looked at last: a digit is rarer than a letter, so a text is searched faster for one.
    names = "|".join(f"(?<={head}.)|(?<={head}{FILLER}.)" for head in sorted(heads))
    return re.compile(f"{BODY[0]}(?:{names}){_BEGUN_BODY.removeprefix(BODY[0])}") if heads else None


def _head_start(folded: str, floor: int, place: int, head: str) -> int:
    """Where *head* begins if it ends at *place*, or -1; *place* is just behind the letter before a body."""
    for count, letter in enumerate(reversed(head)):
        gaps = 0
        while count and place > floor and folded[place - 1] in (FILLER, MORE_FILLER):
            gaps += folded[place - 1] == FILLER
            place -= 1
        if place <= floor or folded[place - 1] != letter or gaps > JUNK_LIMIT:
            return -1
        place -= 1
    return place


def _place(tail: str, count: int) -> int:
    """Where the last *count* letters and digits of *tail* begin."""
    place = len(tail)
    while count:
        place -= 1
        count -= tail[place] not in (FILLER, MORE_FILLER)
    return place
