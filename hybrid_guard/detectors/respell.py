"""Values that are spelled out: digits as words, ``at`` and ``dot`` for their marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.number_words import CONNECTORS, MARKS, NUMBERS, TIMES
from hybrid_guard.detectors.views import View, disjoin, edit, fold_text
from hybrid_guard.linear import compile_linear

__all__ = ["LEAST_DIGITS", "Spelled", "find_spelled", "respell"]

LEAST_DIGITS = 7
"""So many digits in a row, given in words, are no counting."""

_LEAST_SPELLED = 4
_WIDEST_GAP = 3


def _any_of(words: Iterable[bytes]) -> bytes:
    # The longest first: of two that match, RE2 takes the one that is named first.
    ordered = sorted(sorted(words), key=len, reverse=True)
    return b"(?:" + b"|".join(ordered) + b")"


def _named(*marks: str) -> bytes:
    return _any_of({word for word, mark in MARKS.items() if mark in marks})


_EDGE = rb"(?:^|[^A-Za-z\x80-\xff])"
_GAP = rb"[^A-Za-z0-9\x80-\xff]{1,3}"
_NUMBER = _any_of(set(NUMBERS))
_BEGUN = _any_of({*NUMBERS, *TIMES})
_SAID = _any_of({*NUMBERS, *MARKS, *TIMES})
_TRIGGER = compile_linear(
    b"(?i)" + _EDGE + _BEGUN + _GAP + _SAID + _GAP + _NUMBER + rb"(?:$|[^A-Za-z\x80-\xff])"
    rb"|[0-9]" + _GAP + _named("-", ".", "+", "/", ":") + _GAP + rb"[0-9]"
)
_TOKEN = compile_linear(rb"[A-Za-z\x80-\xff]+|[0-9]+")

_PART = rb"[A-Za-z0-9_%+\-\x80-\xff]+"
_AT_WORD = _named("@")
_DOT_WORD = _named(".")
_AT = (
    # A call that ends a line of code ends in `(a)`, too.
    rb"(?:[ \t]{0,2}[\[({<]\s?(?:@|a|" + _AT_WORD + rb")\s?[\])}>][ \t]{0,2}|\s?@\s|\s@\s?"
    rb"|[_*~-]{1,2}" + _AT_WORD + b"[_*~-]{1,2})"
)
_DOT = (
    rb"(?:\s{0,2}[\[({<]\s?(?:\.|" + _DOT_WORD + rb")\s?[\])}>]\s{0,2}|\s{1,2}" + _DOT_WORD + rb"\s{1,2}|\s\.\s?"
    rb"|[_*~-]{1,2}" + _DOT_WORD + b"[_*~-]{1,2})"
)
# "At this point in" is English.
_BARE_AT = rb"\s{1,2}" + _AT_WORD + rb"\s{1,2}"
_ENGLISH_AT = rb"\s{1,2}(?:at|" + fold_text("ät") + rb")\s{1,2}"
_FOREIGN = {word for word, mark in MARKS.items() if mark == "@"} - {b"at", fold_text("ät")}
_OTHER_AT = rb"\s{1,2}" + _any_of(_FOREIGN) + rb"\s{1,2}"
_ENGLISH_DOT = rb"(?:\s{0,2}[\[({<]\s?(?:\.|" + _DOT_WORD + rb")\s?[\])}>]\s{0,2}|\s{1,2}(?:dot|punkt|punt)\s{1,2})"
_ANY_DOT = rb"(?:\.|" + _DOT + b")"
_ADDRESS = compile_linear(
    # A bracketed mark says enough; a plain word needs a second one, or a dotted name before it.
    b"(?i)" + _PART + b"(?:" + _ANY_DOT + _PART + b")*" + _AT + _PART + b"(?:" + _ANY_DOT + _PART + b")+"
    b"|" + _PART + b"(?:" + _ANY_DOT + _PART + b")*" + _ENGLISH_AT + _PART + b"(?:" + _ENGLISH_DOT + _PART + b")+"
    b"|" + _PART + b"(?:" + _ANY_DOT + _PART + b")*" + _OTHER_AT + _PART + b"(?:" + _ANY_DOT + _PART + b")+"
    b"|" + _PART + b"(?:[.]" + _PART + b")+" + _BARE_AT + _PART + b"(?:[.]" + _PART + b")+"
)
_ADDRESS_AT = compile_linear(b"(?i)" + _AT + b"|" + _BARE_AT)
_ADDRESS_DOT = compile_linear(b"(?i)" + _DOT)
_SENTENCE = compile_linear(rb"(?i)@(?:an?|the|this|that|my|your|our|one|each|every)[.]")


class Spelled(NamedTuple):
    """A run of numbers in words: its span in the view, what it says, and how many of its digits were words."""

    start: int
    end: int
    value: bytes
    digits: int


def respell(view: View, deadline: Deadline) -> View | None:
    """
    *view* with spelled-out numbers and addresses in signs; None if there are none.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    edits = [(run.start, run.end, run.value) for run in find_spelled(view.data, deadline)]
    edits.extend(deadline.watch(_find_addresses(view.data)))
    return edit(view, disjoin(edits)) if edits else None


def _find_addresses(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    for found in _ADDRESS.finditer(data):
        text = _ADDRESS_DOT.sub(b".", _ADDRESS_AT.sub(b"@", found[0], 1))
        if text != found[0] and _SENTENCE.search(text) is None:
            yield found.start(), found.end(), text


def find_spelled(data: bytes, deadline: Deadline) -> list[Spelled]:
    """Runs of at least four digits in words, and of digits with the names of marks between them."""
    if _TRIGGER.search(data) is None:
        return []
    runs: list[Spelled] = []
    run = _Run()
    for found in deadline.watch(_TOKEN.finditer(data)):
        start, end = found.span()
        if run.items and not _is_gap(data[run.end : start]):
            runs.extend(run.close())
            run = _Run()
        if not run.take(found[0].lower(), start, end):
            runs.extend(run.close())
            run = _Run()
    runs.extend(run.close())
    return runs


def _is_gap(between: bytes) -> bool:
    return len(between) <= _WIDEST_GAP and b"\x1a" not in between


class _Run:
    """Words that follow each other and may be one value."""

    __slots__ = ("end", "items", "times")

    def __init__(self) -> None:
        # (start, end, what it says, digits that were words, whether it may end a value)
        self.items: list[tuple[int, int, bytes, int, bool]] = []
        self.times = 1
        self.end = 0

    def take(self, word: bytes, start: int, end: int) -> bool:
        """Whether *word* may go on with the run; then it is part of it."""
        value = NUMBERS.get(word)
        if value is not None:
            self._number(value, start, end)
        elif word.isdigit():
            self._add(start, end, word, 0, last=True)
        elif word in TIMES:
            self.times = TIMES[word]
            self._add(start, end, b"", 0, last=False)
        elif word in MARKS and (self.items or MARKS[word] == "+"):
            self._add(start, end, MARKS[word].encode(), 0, last=False)
        elif word in CONNECTORS and self.items and self.items[-1][3] and int(self.items[-1][2]) % 10 == 0:
            self._add(start, end, b"", 0, last=False)
        elif len(word) == 1 and word.isalpha():
            self._add(start, end, b"0" if word == b"o" else word.upper(), 0, last=True)
        else:
            return False
        return True

    def _number(self, value: int, start: int, end: int) -> None:
        before = self.items[-1] if self.items else None
        if before is not None and not before[2] and not before[4] and len(self.items) > 1 and self.times == 1:
            before = self.items[-2]
        if before is not None and before[3] and before[2].isdigit() and before[4]:
            # Twenty one, soixante dix, quatre-vingt.
            held = int(before[2])
            ten = held >= 20 and held % 10 == 0 and len(before[2]) == 2
            joined = None
            if ten and (0 < value < 10 or (held in {60, 80} and 10 <= value < 20)):
                joined = held + value
            elif held == 4 and value == 20:
                joined = 80
            if joined is not None:
                first = before[0]
                while self.items[-1][0] > first:
                    self.items.pop()
                self.items.pop()
                self._add(first, end, str(joined).encode(), 2, last=True)
                return
        text = str(value).encode() * self.times
        self.times = 1
        self._add(start, end, text, len(text), last=True)

    def _add(self, start: int, end: int, text: bytes, digits: int, *, last: bool) -> None:
        self.items.append((start, end, text, digits, last))
        self.end = end

    def close(self) -> Iterator[Spelled]:
        """The value, if the words are one."""
        items = self.items
        while items and not (items[-1][4] and items[-1][2].isdigit()):
            items.pop()
        while items and items[0][2] not in {b"", b"+"} and not items[0][2].isdigit() and not _leads(items):
            items.pop(0)
        spelled = sum(item[3] for item in items)
        digits = sum(map(len, (item[2] for item in items if item[2].isdigit())))
        named = any(item[2] and not item[2].isalnum() for item in items)
        if spelled >= _LEAST_SPELLED or (digits >= LEAST_DIGITS and named):
            yield Spelled(items[0][0], items[-1][1], b"".join(item[2] for item in items), spelled)


def _leads(items: list[tuple[int, int, bytes, int, bool]]) -> bool:
    """Whether the run begins with letters that belong to it: two of them, as those of a country, or one and a digit."""
    first = b"".join(item[2] for item in items[:3])
    return len(first) > 2 and first[:1].isalpha() and not first.isalpha()
