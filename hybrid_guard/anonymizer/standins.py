"""
Texts that stand for values and do not look like placeholders: surrogates, encrypted values, noisy numbers.

Which text stands for which value is an entry of the vault of its own (entity ``STAND_IN``), beside the entry of the
original, which always has a placeholder, too. The oldest entry decides, so every process that shares the vault uses the
same stand-in, whoever proposed another one at the same time.

A stand-in has no check character, so it is restored only as it was written, letter by letter and at the borders of
words, and it is chosen so that it cannot be there by itself: it is in none of the texts of the request, it holds and is
held by no other stand-in, no slip makes it that of another value, it shares no name with an original, and it is long
enough not to come up by chance.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from hybrid_guard.anonymizer.tokens import token_like_spans
from hybrid_guard.anonymizer.vault import kinship
from hybrid_guard.ports import StandInMaker
from hybrid_guard.types import Operator, VaultEntry, VaultItem

__all__ = ["LEAST_SIGNS", "STAND_IN", "Found", "StandIns", "alike", "fits", "record", "words_of"]

STAND_IN = "STAND_IN"
"""Entity of the entries that say what stands for a value. No placeholder of one is ever sent."""

LEAST_SIGNS = 6
"""Fewest letters and digits of a stand-in."""

# Scripts that part no words by spaces: Thai, Lao, kana, Chinese characters, and Hangul, whose particles follow names.
_UNPARTED = (
    "\u0e00-\u0eff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f"
_BEFORE = rf"(?<![^\W{_UNPARTED}])(?<![{_MARKS}])"
_AFTER = rf"(?![^\W{_UNPARTED}])(?![{_MARKS}])"
_WORD = re.compile(r"[^\W\d_]{3,}")
_WORD_CHAR = re.compile(rf"[^\W{_UNPARTED}]|[{_MARKS}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A stand-in in a text.

    Attributes:
        start, end: Half-open, in code points.
        entry: What it stands for; its placeholder is the stand-in itself.
    """

    start: int
    end: int
    entry: VaultEntry


class StandIns:
    """
    The stand-ins of one vault. Immutable.

    Args:
        entries: Of the vault.
        makers: Propose new ones, by operator.
    """

    __slots__ = ("_begun", "_by_anchor", "_by_text", "_entries", "_longest", "_pattern", "_sorted", "makers")

    def __init__(
        self, entries: Sequence[VaultEntry], makers: Mapping[Operator, StandInMaker] = MappingProxyType({})
    ) -> None:
        self.makers = makers
        self._entries = tuple(entries)
        self._by_anchor: dict[tuple[str, str], str] = {}
        self._by_text: dict[str, VaultEntry] = {}
        records = [entry for entry in entries if entry.item.entity == STAND_IN]
        anchors = {entry.placeholder: entry for entry in entries} if records else {}
        for one in records:
            self._read(one, anchors)
        self._sorted = sorted(self._by_text)
        self._longest = max(map(len, self._sorted), default=0)
        self._pattern: re.Pattern[str] | None = None
        self._begun: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return bool(self._sorted)

    def __repr__(self) -> str:
        return f"<StandIns {len(self._by_anchor)} values>"

    def renew(self, entries: Sequence[VaultEntry]) -> StandIns:
        """Those of *entries*, by the same makers; these themselves if nothing has been added."""
        return self if self._entries == tuple(entries) else StandIns(entries, self.makers)

    def text(self, operator: Operator, anchor: str) -> str | None:
        """What stands for a value; *anchor* is its placeholder, or what its maker remembers it by."""
        return self._by_anchor.get((operator.value, anchor))

    def knows(self, text: str) -> bool:
        """Whether *text* is a stand-in, letter by letter."""
        return text in self._by_text

    def find(self, text: str, start: int, end: int | None = None, *, before: str = "") -> Found | None:
        """The first stand-in in ``text[start:end]``; *before* is what came in front of *text*."""
        end = len(text) if end is None else end
        if not self._sorted:
            return None
        every = self._every()
        match = every.search(text, start, end)
        if match is not None and match.start() == 0 and _WORD_CHAR.match(before[-1:]):
            match = every.search(text, 1, end)
        if match is None:
            return None
        return Found(start=match.start(), end=match.end(), entry=self._by_text[match.group()])

    def hold(self, text: str, start: int, *, before: str = "") -> int:
        """Where the longest end of *text* begins that is, or could still become, a stand-in."""
        # INVARIANT: a stand-in that ends with the text is held, too, for the next character may go on with its last
        # word; so what is decided never depends on how a text was cut.
        if not self._sorted:
            return len(text)
        if self._begun is None:
            initials = "".join(sorted({re.escape(one[0]) for one in self._sorted}))
            self._begun = re.compile(f"{_BEFORE}[{initials}]")
        for match in self._begun.finditer(text, max(start, len(text) - self._longest)):
            place = match.start()
            if place == 0 and _WORD_CHAR.match(before[-1:]):
                continue
            tail = text[place:]
            at = bisect_left(self._sorted, tail)
            if at < len(self._sorted) and self._sorted[at].startswith(tail):
                return place
        return len(text)

    def clashes(self, text: str, item: VaultItem) -> bool:
        """Whether *text* for *item* could be taken for a stand-in; see `alike`."""
        return any(alike(text, item, other, entry.item) for other, entry in self._by_text.items())

    def _every(self) -> re.Pattern[str]:
        # Made when it is first needed: it takes longer than all the rest, and not every step looks for stand-ins.
        if self._pattern is None:
            every = "|".join(map(re.escape, sorted(self._sorted, key=len, reverse=True)))
            self._pattern = re.compile(f"{_BEFORE}(?:{every}){_AFTER}")
        return self._pattern

    def _read(self, one: VaultEntry, anchors: Mapping[str, VaultEntry]) -> None:
        operator, anchor, text = json.loads(one.item.original)
        if (operator, anchor) in self._by_anchor:
            return
        if not Operator(operator).reversible:
            self._by_anchor[operator, anchor] = text
        elif anchor in anchors and text not in self._by_text:
            self._by_anchor[operator, anchor] = text
            self._by_text[text] = replace(anchors[anchor], placeholder=text)


def alike(one: str, item: VaultItem, other: str, other_item: VaultItem) -> bool:
    """
    Whether two stand-ins could be taken for one another.

    One is, or holds, the other; or they stand for different values, and a writer's single slip makes one of the other.
    Spellings of one value may be that close.
    """
    if one in other or other in one:
        return True
    return _is_slip(one, other) and kinship(item) != kinship(other_item)


def _is_slip(one: str, other: str) -> bool:
    """Whether *one* is *other* with a character changed, lost or added, or with two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    # One of the halves is the same on both sides, whatever happened in the other one.
    half = min(len(one), len(other)) // 2 - 1
    if one[:half] != other[:half] and one[-half:] != other[-half:]:
        return False
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    left, right = one[head : len(one) - tail], other[head : len(other) - tail]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def record(operator: Operator, anchor: str, text: str) -> VaultItem:
    """What the vault remembers *text* by, as what stands for the value of *anchor*."""
    return VaultItem(entity=STAND_IN, original=json.dumps([operator.value, anchor, text]), role="other")


def words_of(text: str) -> list[str]:
    """The parts of a name that could be a name by themselves; *text* is case-folded."""
    return _WORD.findall(text)


def fits(text: str, *, entity: str, texts: Iterable[str], originals: Set[str], words: Set[str]) -> bool:
    """
    Whether *text* may stand for a value.

    Args:
        text: What was proposed.
        entity: Type of the value; a name must share no part with an original.
        texts: Of the request, case-folded.
        originals: Of the conversation, case-folded.
        words: All of `words_of` *originals*.
    """
    folded = text.casefold()
    if sum(map(str.isalnum, text)) < LEAST_SIGNS or token_like_spans(text) or any(folded in one for one in texts):
        return False
    return folded not in originals and (entity != "PERSON" or words.isdisjoint(words_of(folded)))
