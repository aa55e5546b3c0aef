"""
The forms in which a canary can be found in bytes, and the search for them.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hybrid_guard.testing.canaries import Canary
from hybrid_guard.testing.views import normalise

__all__ = ["ENOUGH_BITS", "SQUEEZED_BITS", "Trace", "TraceIndex", "trace_exactly", "trace_loosely"]

ENOUGH_BITS = 24.1
"""
How much a piece must tell before it is a leak: six letters, or nine digits, or what lies between.

Six digits tell less than six letters and occur in every other timestamp, so a piece is measured by what it tells and
not by its length.
"""

SQUEEZED_BITS = 29.5
"""
The same where separators were dropped or the piece is reversed or in rot13: seven letters or ten digits.

Far more text has to be ruled out there, and whoever hides a value that way seldom hides a short piece of it.
"""

_GRAM = 4
_SHORT = 10
_DIGEST_PIECE = 16

_Weighted = list[tuple[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """
    One form of a canary.

    Attributes:
        label: The canary's.
        encoding: What was done to the value.
        form: The bytes to look for.
        told: Bits that the first n bytes tell, for each n from 0.
        needed: Bits that a piece has to tell.
        whole: Only the whole form counts.
    """

    label: str
    encoding: str
    form: bytes = field(repr=False)
    told: tuple[float, ...] = field(repr=False)
    needed: float = ENOUGH_BITS
    whole: bool = False


class TraceIndex:
    """
    Finds pieces of many traces in bytes at once.

    Every piece that tells enough has more than five bytes, so one of its runs of four begins at an even offset of the
    sink. The runs at even offsets are looked up as a set; only around those that some trace has is anything compared.
    """

    def __init__(self, traces: Iterable[Trace]) -> None:
        self._whole: list[Trace] = []
        self._places: dict[int, list[tuple[Trace, int]]] = {}
        for trace in traces:
            if trace.whole:
                self._whole.append(trace)
                continue
            for offset in range(len(trace.form) - _GRAM + 1):
                if trace.told[offset + _GRAM] > trace.told[offset]:
                    (gram,) = struct.unpack_from("=I", trace.form, offset)
                    self._places.setdefault(gram, []).append((trace, offset))
        self._grams = frozenset(self._places)

    def search(self, data: bytes, *, needed: float) -> Iterator[tuple[Trace, int]]:
        """
        The traces that *data* holds a telling piece of, each once, with the offset of that piece.

        Args:
            data: Where to look.
            needed: Bits that a piece has to tell, if the trace does not need more.
        """
        for trace in self._whole:
            offset = _find_whole(trace, data)
            if offset >= 0:
                yield trace, offset
        if not self._grams:
            return
        found: set[int] = set()
        for gram in self._meet(data):
            pattern = struct.pack("=I", gram)
            places = self._places[gram]
            position = data.find(pattern)
            while position >= 0:
                for trace, offset in places:
                    if id(trace) not in found:
                        first, last = _stretch(trace.form, offset, data, position)
                        # A form that tells less than that is enough when all of it is there.
                        least = min(max(needed, trace.needed), trace.told[-1])
                        if trace.told[last] - trace.told[first] >= least:
                            found.add(id(trace))
                            yield trace, position - (offset - first)
                position = data.find(pattern, position + 1)

    def _meet(self, data: bytes) -> frozenset[int]:
        view = memoryview(data)
        met: frozenset[int] = frozenset()
        for start in (0, 2):
            usable = (len(data) - start) // _GRAM * _GRAM
            if usable > 0:
                met |= self._grams.intersection(view[start : start + usable].cast("I"))
        return met


def trace_loosely(canary: Canary) -> Iterator[Trace]:
    """
    The forms of *canary* to look for where case and form have been folded away.
    """
    whole = canary.natural or len(canary.value) < _SHORT
    plain = _weigh(normalise(canary.value), [normalise(part) for part in canary.stop])
    joined = [(char, bits) for char, bits in plain if char.isalnum()]
    digits = [(char, bits) for char, bits in plain if char.isdecimal()]
    seen: set[bytes] = set()
    # A value that tells little is looked for as it stands only: squeezed together it would be found anywhere.
    forms = [("", plain)]
    forms += [("", form) for form in (joined, digits) if _tell(form) >= ENOUGH_BITS]
    for _, form in list(forms):
        forms.append(("reversed", form[::-1]))
        forms.append(("rot13", [(codecs.encode(char, "rot13"), bits) for char, bits in form]))
    for encoding, form in forms:
        trace = _make_trace(canary, encoding, form, whole=whole)
        if trace.form and trace.form not in seen:
            seen.add(trace.form)
            yield trace
    yield from _trace_hex(canary, whole=whole)
    yield from _trace_digests(canary, joined, digits)


def trace_exactly(canary: Canary) -> Iterator[Trace]:
    """
    The forms of *canary* to look for where case matters: base64 at each of its three alignments.
    """
    whole = canary.natural or len(canary.value) < _SHORT
    for value in dict.fromkeys((canary.value, canary.value.casefold())):
        text, bits = _spread(_weigh(value, canary.stop))
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + text)
            # Only characters whose six bits all come from the value are the same in every context.
            first, last = -(-8 * shift // 6), 8 * (shift + len(text)) // 6
            shares = [0.75 * bits[(6 * at + 3) // 8 - shift] for at in range(first, last)]
            form = encoded[first:last]
            if len(form) >= _GRAM:
                told = _add_up(shares)
                little = told[-1] < ENOUGH_BITS
                yield Trace(label=canary.label, encoding="base64", form=form, told=told, whole=whole or little)


def _trace_hex(canary: Canary, *, whole: bool) -> Iterator[Trace]:
    for value in dict.fromkeys((canary.value, canary.value.casefold(), canary.value.upper())):
        text, bits = _spread(_weigh(value, canary.stop))
        told = _add_up([share / 2 for share in bits for _ in range(2)])
        little = told[-1] < ENOUGH_BITS
        yield Trace(label=canary.label, encoding="hex", form=text.hex().encode(), told=told, whole=whole or little)


def _trace_digests(canary: Canary, joined: _Weighted, digits: _Weighted) -> Iterator[Trace]:
    values = [canary.value, canary.value.strip(), canary.value.casefold(), canary.value.upper()]
    values += ["".join(char for char, _ in form) for form in (joined, digits)]
    for value in dict.fromkeys(filter(None, values)):
        for name in ("sha256", "md5"):
            digest = hashlib.new(name, value.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
            told = _add_up([SQUEEZED_BITS / _DIGEST_PIECE] * len(digest))
            yield Trace(label=canary.label, encoding=name, form=digest.encode(), told=told)


def _make_trace(canary: Canary, encoding: str, weighted: _Weighted, *, whole: bool) -> Trace:
    form, bits = _spread(weighted)
    told = _add_up(bits)
    needed = SQUEEZED_BITS if encoding else ENOUGH_BITS
    return Trace(
        label=canary.label,
        encoding=encoding,
        form=form,
        told=told,
        needed=needed,
        whole=whole or told[-1] < needed,
    )


def _weigh(text: str, stop: Iterable[str]) -> _Weighted:
    silent: set[int] = set()
    for part in filter(None, stop):
        start = text.find(part)
        while start >= 0:
            silent.update(range(start, start + len(part)))
            start = text.find(part, start + 1)
    return [(char, 0.0 if at in silent else _count_bits(char)) for at, char in enumerate(text)]


def _count_bits(char: str) -> float:
    if char.isdecimal():
        # A little less than chance would have it: dates and counters begin alike.
        return 3.0
    if char.isalpha():
        # A letter tells as much as the choice between twenty consonants. From here on the blocks of scripts with
        # thousands of letters begin.
        return 8.0 if char >= "\u2e80" else 4.3
    return 2.5


def _tell(weighted: _Weighted) -> float:
    return sum(bits for _, bits in weighted)


def _spread(weighted: _Weighted) -> tuple[bytes, list[float]]:
    form, shares = bytearray(), []
    for char, bits in weighted:
        encoded = char.encode("utf-8", "replace")
        form += encoded
        shares += [bits / len(encoded)] * len(encoded)
    return bytes(form), shares


def _add_up(shares: Iterable[float]) -> tuple[float, ...]:
    told = [0.0]
    for share in shares:
        told.append(told[-1] + share)
    return tuple(told)


def _find_whole(trace: Trace, data: bytes) -> int:
    offset = data.find(trace.form)
    if trace.told[-1] >= ENOUGH_BITS:
        return offset
    # A short value counts as a word of its own only: `Ann` is no part of `cannot`.
    while offset >= 0:
        around = data[max(0, offset - 1) : offset] + data[offset + len(trace.form) :][:1]
        if not any(chr(byte).isalnum() or byte >= 0x80 for byte in around):
            return offset
        offset = data.find(trace.form, offset + 1)
    return -1


def _stretch(form: bytes, offset: int, data: bytes, position: int) -> tuple[int, int]:
    first, at = offset, position
    while first and at and form[first - 1] == data[at - 1]:
        first, at = first - 1, at - 1
    last, at = offset + _GRAM, position + _GRAM
    while last < len(form) and at < len(data) and form[last] == data[at]:
        last, at = last + 1, at + 1
    return first, last
