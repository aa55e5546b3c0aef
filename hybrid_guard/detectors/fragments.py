"""Parts of a text that may be a value in disguise, each in the forms that it may have had."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import re2

from hybrid_guard.detectors.broken_lines import find_broken
from hybrid_guard.detectors.deadline import Deadline, watch
from hybrid_guard.detectors.interrupted import INTERRUPTED_TRIGGER, find_interrupted
from hybrid_guard.detectors.tables.identifiers import IBAN_LENGTHS
from hybrid_guard.detectors.views import View
from hybrid_guard.linear import compile_linear, search_on

__all__ = ["BREAK", "Fragment", "Fragments", "find_fragments", "join_fragments"]

BREAK = b"\x1a\n\x1a"
"""Stands between fragments; no value holds it."""

_MOST_DIGITS = 40
_LONG = 4096
# Characters of a part that is so much work that the clock is looked at on the way.

_WRITTEN_IN = (3, 4)
# Groups of a number that is written with dashes.
_NEUTRAL = b" \t\r\n-.,/_|:~()[]{}'\"#&\\\x1a\xb7\xa0"
# Signs between digits that do not make a sum or a comparison of them.

_ALNUM = rb"[0-9A-Za-z\x80-\xff]"
_MARK = rb"[^0-9A-Za-z\x80-\xff]"
_TRIGGER = compile_linear(
    rb"[0-9](?:" + _MARK + rb"{0,3}[0-9]){6}"
    rb"|(?:" + _ALNUM + _MARK + rb"{1,9}){5}" + _ALNUM + rb"(?:" + _MARK + rb"|$)"
    rb"|[0-9OoIlSBZ|](?:[ .:-]?[0-9OoIlSBZ|]){6}|[0-9@][^\s]*[ \t]*\n|\n[ \t>|]*[^\s]*[0-9@]"
    rb"|[A-Za-z:][0-9]|[0-9][A-Za-z:]|[A-Z] [0-9]|[0-9] [A-Z]|" + INTERRUPTED_TRIGGER
)

_SPREAD = _ALNUM + rb"(?:" + _MARK + rb"{1,9}" + _ALNUM + rb"){5,}"
_SPACED = compile_linear(rb"(?:^|" + _MARK + rb")((?:\+" + _MARK + rb"{1,3})?" + _SPREAD + rb")(?:$|" + _MARK + rb")")
_DIGITS = compile_linear(rb"\+?[0-9](?:" + _MARK + rb"{0,3}[0-9]){6,}\+?")
_GROUP = compile_linear(rb"[0-9]+")
_LEET = compile_linear(
    # Hexadecimal first: an address may begin like a number.
    rb"(?:^|" + _MARK + rb")([0-9A-Fa-fOoIl]{1,4}(?::[0-9A-Fa-fOoIl]{0,4}){5,7}"
    rb"|(?:[A-Z]{2}[0-9OoIl]{2}[ -]?(?:[A-Z]{4}[ -]?)?|[A-Z])?\+?[0-9OoIlSBZ|](?:[ .:-]?[0-9OoIlSBZ|]){5,})"
    rb"(?:$|" + _MARK + rb")"
)
_LEET_DIGITS = bytes.maketrans(b"OoIlSBZ|", b"00115821")
_ACCOUNT = compile_linear(rb"([A-Z]{2})([0-9OoIl]{2}[ -]?)((?:[A-Z]{4}[ -]?)?)")
_LEET_HEXADECIMAL = bytes.maketrans(b"OoIl", b"0011")
_GLUED = compile_linear(
    rb"[A-Za-z](\+?[0-9][0-9 .()/-]{5,24}[0-9]|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
    rb"|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){6,7})[A-Za-z]"
)
_CODE = compile_linear(rb"[0-9A-Za-z+/_.:=-]{12,}|[0-9A-Z]{1,4}(?:[ -]?[0-9A-Z]{1,4}){3,12}")
_KEY = compile_linear(
    rb"(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_|github_pat_|gl(?:pat|dt|rt)-|sk[-_]|rk_|hf_|xox[abeoprs]-|AIza|ya29\.|eyJ|npm_|pypi-"
    rb"|SG\.|shp(?:at|ca|pa|ss)_|dop_v1_|hv[bsr]\.|bc1|gsk_|xai-|key-|whsec_)[0-9A-Za-z+/_.=-]{0,400}"
)
_LONGEST_GLUE = 8
_IBAN = compile_linear(rb"[A-Za-z]{2}[0-9]{2}")
_PLUS = ord("+")
_MOST_THOUSANDS = 5
# Groups of three: a number of thirteen digits and more is as long as that of a card.

_COUNTING = b"0123456789012345678901234567890"
_DATE = compile_linear(rb"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
_LOWEST_IBAN = min(IBAN_LENGTHS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """
    One form of one part of a text.

    Attributes:
        data: The form.
        origins: First code point of the original that each byte stands for, never falling.
        ends: One past the last code point that each byte stands for, never falling.
        sure: Whether the shape was there and only disguised. A form that made the shape up counts only with a proof.
        joint: Place in the form that a value must hold, since what stands on either side was read before; None if any.
        lettered: Whether a value must hold a letter, since its digits alone were read before, or are read elsewhere.
    """

    data: bytes = field(repr=False)
    origins: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)
    sure: bool
    joint: int | None = None
    lettered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """
    Many fragments as one view.

    Attributes:
        view: All of them, with `BREAK` between.
        parts: The fragments.
        starts: Where each begins in *view*.
    """

    view: View = field(repr=False)
    parts: tuple[Fragment, ...] = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)


def join_fragments(fragments: Sequence[Fragment]) -> Fragments:
    """*fragments* as one view."""
    pieces: list[bytes] = []
    origins: list[int] = []
    ends: list[int] = []
    starts: list[int] = []
    for fragment in fragments:
        starts.append(len(origins))
        pieces.append(fragment.data + BREAK)
        origins.extend(fragment.origins)
        origins.extend(fragment.origins[-1:] * len(BREAK))
        ends.extend(fragment.ends)
        ends.extend(fragment.ends[-1:] * len(BREAK))
    return Fragments(
        view=View(data=b"".join(pieces), origins=origins, ends=ends), parts=tuple(fragments), starts=tuple(starts)
    )


def find_fragments(view: View, *, explained: Callable[[int, int], bool], deadline: Deadline) -> list[Fragment]:
    """
    What *view* may hide, apart from spans of the original that are *explained*.

    Takes time linear in the length of *view*.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    data = view.data
    if _TRIGGER.search(data) is None:
        return []
    fragments: list[Fragment] = []
    for find in (_find_spaced, _find_digits, _find_interrupted, _find_leet, _find_glued, _find_codes, _find_lines):
        for start, end, made in deadline.watch(find(data, deadline)):
            if not explained(*view.locate(start, end)):
                fragments.extend(_place(view, start, one, deadline) for one in made)
    return fragments


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """
    What a part reads as.

    Attributes:
        data: The form.
        places: Offset in the part of each byte; None if each stands for the whole part of *length*.
        length: Of the part.
        sure: As in `Fragment`.
        joint: As in `Fragment`.
        lettered: As in `Fragment`.
    """

    data: bytes
    places: Sequence[int] | None = None
    length: int = 0
    sure: bool = True
    joint: int | None = None
    lettered: bool = False


_Found = Iterator[tuple[int, int, list[_Form]]]


def _place(view: View, start: int, form: _Form, deadline: Deadline) -> Fragment:
    if form.places is None:
        first, last = view.locate(start, start + form.length)
        origins, ends = [first] * len(form.data), [last] * len(form.data)
    else:
        places = deadline.watch(form.places) if len(form.places) > _LONG else form.places
        spans = [view.locate(start + place, start + place + 1) for place in places]
        origins, ends = [first for first, _ in spans], [last for _, last in spans]
    return Fragment(
        data=form.data, origins=origins, ends=ends, sure=form.sure, joint=form.joint, lettered=form.lettered
    )


def _after_value(found: re2._Match) -> int:
    """What stands after a value may stand before the next, too."""
    return int(found.end(1))


def _find_spaced(data: bytes, deadline: Deadline) -> _Found:
    """Characters with something between all of them."""
    for found in deadline.watch(search_on(_SPACED, data, _after_value)):
        start, end = found.span(1)
        part = data[start:end]
        places = _close_up(part, deadline)
        if not places:
            continue
        forms = [_Form(data=bytes(part[place] for place in places), places=places)]
        first = next((index for index, place in enumerate(places) if part[place : place + 1].isdigit()), 0)
        if 0 < first <= 2:
            # A word of one letter may stand before a number.
            forms.append(_Form(data=forms[0].data[first:], places=places[first:]))
        yield start, end, forms


def _close_up(part: bytes, deadline: Deadline) -> list[int]:
    """Places of the characters that are left when what stands between all of them is taken away."""
    # A short part is done before a look at the clock would be.
    watched = deadline if len(part) > _LONG else None
    groups: list[tuple[int, int]] = []
    previous = None
    for index, code in watch(enumerate(part), watched):
        if chr(code).isalnum() or (index == 0 and code == _PLUS):
            if previous is not None and index - previous > 1:
                groups.append((previous + 1, index))
            previous = index
    if not groups:
        # Dots in the middle of the line, and other signs beyond ASCII.
        return []
    gap = min((part[start:end] for start, end in watch(groups, watched)), key=len)
    taken = {place for start, end in watch(groups, watched) for place in _around(part, start, end, gap)}
    return [index for index in watch(range(len(part)), watched) if index not in taken]


def _around(part: bytes, start: int, end: int, gap: bytes) -> Iterator[int]:
    """Places of *gap* at the start and at the end of a longer gap; all of them, if the gap is another one."""
    width = len(gap)
    between = part[start:end]
    if len(between) >= 2 * width + 1 and between.startswith(gap) and between.endswith(gap):
        yield from range(start, start + width)
        yield from range(end - width, end)
    elif between == gap or between.strip() == b"":
        yield from range(start, end)
    elif between.startswith(gap):
        yield from range(start, start + width)


def _find_digits(data: bytes, deadline: Deadline) -> _Found:
    """Digits with anything between them."""
    for found in deadline.watch(_DIGITS.finditer(data)):
        start, end = found.span()
        part = found[0]
        groups = [(one.start(), one.end()) for one in _GROUP.finditer(part)]
        count = sum(last - first for first, last in groups)
        gaps = [part[one[1] : two[0]] for one, two in pairwise(groups)]
        inside = len(groups) == 1 and data[start - 1 : start].isalpha()
        if count > _MOST_DIGITS or inside or _is_sum(groups, gaps):
            continue
        places = [place for first, last in groups for place in range(first, last)]
        plain = bytes(part[place] for place in places)
        if len(set(plain)) == 1 or plain in _COUNTING or _DATE.search(plain) is not None:
            continue
        plus = b"+" if part.startswith(b"+") else b""
        forms = [_Form(data=plain, places=places, sure=False), _Form(data=plain[::-1], length=len(part), sure=False)]
        forms.extend(_Form(data=one, length=len(part), sure=False) for one in _regroup(plain))
        if not any(b"," in gap for gap in gaps):
            split = [part[first:last] for first, last in groups]
            if len(groups) in _WRITTEN_IN:
                forms.append(_Form(data=plus + b"-".join(split), length=len(part)))
            forms.append(_Form(data=plus + _tidy(split, gaps), length=len(part)))
            forms.append(_Form(data=_mirror(part), length=len(part)))
        yield start, end, forms


def _is_sum(groups: Sequence[tuple[int, int]], gaps: Sequence[bytes]) -> bool:
    """Whether signs between the groups make them numbers of their own."""
    if any(gap.strip(_NEUTRAL) or (b"}" in gap and b"," in gap) for gap in gaps):
        return True
    if b"." in gaps and len(set(gaps)) > 2:
        # Decimals, as in the path of a drawing.
        return True
    if any(b"," in gap for gap in gaps):
        sizes = [last - first for first, last in groups]
        if set(gaps) == {b","} and len(sizes) >= _MOST_THOUSANDS and set(sizes[1:]) == {3} and sizes[0] <= 3:
            # Nobody counts so high.
            return False
        # Thousands are set apart like that, and the items of a list.
        return len({last - first for first, last in groups}) > 1 or groups[0][1] - groups[0][0] < 4
    return (len(set(gaps)) > 1 or len(gaps) < 3) and any(gap in {b" - ", b" / "} for gap in gaps)


def _tidy(groups: Sequence[bytes], gaps: Sequence[bytes]) -> bytes:
    """The groups with the first sign of each gap between them, without the space around it."""
    marks = [gap.translate(None, b" \t\r\n\x1a")[:1] for gap in gaps]
    return b"".join(group + mark for group, mark in zip(groups, [*marks, b""], strict=True))


def _mirror(part: bytes) -> bytes:
    return part[::-1].translate(bytes.maketrans(b"()", b")("))


def _regroup(digits: bytes) -> Iterator[bytes]:
    """The forms in which a number of that length is written when it is no card."""
    if len(digits) == 9:
        yield b"-".join((digits[:3], digits[3:5], digits[5:]))
    if len(digits) == 10:
        yield b"-".join((digits[:3], digits[3:6], digits[6:]))
    if 10 < len(digits) <= 13:
        yield b"+" + digits


def _find_interrupted(data: bytes, deadline: Deadline) -> _Found:
    """Digits with the same between all of them, and pieces in quotes that are put together."""
    for start, end, places, sure in find_interrupted(data, deadline):
        yield start, end, [_Form(data=bytes(data[start + one] for one in places), places=places, sure=sure)]


def _find_leet(data: bytes, deadline: Deadline) -> _Found:
    """Numbers in which some digits are letters that look like them."""
    for found in deadline.watch(search_on(_LEET, data, _after_value)):
        start, end = found.span(1)
        part = data[start:end]
        if not any(48 <= code < 58 for code in part) or not part.translate(None, b"0123456789 .:-+"):
            continue
        table = _LEET_HEXADECIMAL if part.count(b":") > 4 else _LEET_DIGITS
        plain = part.translate(table)
        if (account := _ACCOUNT.match(part)) is not None:
            # Country and bank are letters.
            plain = account[1] + account[2].translate(table) + account[3] + part[account.end() :].translate(table)
        if plain != part:
            yield start, end, [_Form(data=plain, places=range(len(part)))]


def _find_glued(data: bytes, deadline: Deadline) -> _Found:
    """Values with letters on both sides, and account numbers inside of words."""
    for found in deadline.watch(search_on(_GLUED, data, _after_value)):
        start, end = found.span(1)
        yield start, end, [_Form(data=data[start:end], places=range(end - start))]
    for found in deadline.watch(search_on(_IBAN, data, lambda found: found.start() + 1)):
        start = found.start()
        length = IBAN_LENGTHS.get(data[start : start + 2].decode("latin-1").upper())
        part = data[start : start + length] if length else b""
        if len(part) >= _LOWEST_IBAN and part.isalnum() and part.isascii():
            yield start, start + len(part), [_Form(data=part.upper(), places=range(len(part)))]


def _find_codes(data: bytes, deadline: Deadline) -> _Found:
    """Runs of letters and digits: reversed, and with the letters moved by thirteen."""
    for found in deadline.watch(_CODE.finditer(data)):
        part = found[0]
        digits = sum(48 <= code < 58 for code in part)
        if digits < 1 or len(part) - digits < 2 or not part.translate(None, b"0123456789 .:-"):
            continue
        turned = codecs.encode(part.decode("latin-1"), "rot13").encode("latin-1")
        forms = [
            _Form(data=part[::-1], length=len(part), lettered=True),
            _Form(data=turned, places=range(len(part)), lettered=True),
        ]
        first, last = _glue(part)
        if first or last < len(part):
            forms.append(_Form(data=part[first:last], places=range(first, last)))
        if (key := _KEY.search(part)) is not None and key.start():
            forms.append(_Form(data=part[key.start() :], places=range(key.start(), len(part))))
        yield found.start(), found.end(), forms


def _glue(part: bytes) -> tuple[int, int]:
    """Where *part* begins and ends without the letter that is repeated at either end of it."""
    first, last = 0, len(part)
    if part[:1].isalpha() and part[:1] == part[-1:]:
        first = len(part) - len(part.lstrip(part[:1]))
        last = len(part.rstrip(part[:1]))
    return (first, last) if first <= _LONGEST_GLUE and len(part) - last <= _LONGEST_GLUE else (0, len(part))


def _find_lines(data: bytes, deadline: Deadline) -> _Found:
    """The end of a line and the beginning of the next, where one of them looks like a part of a value."""
    for start, end, places, joint in find_broken(data, deadline):
        yield start, end, [_Form(data=bytes(data[start + one] for one in places), places=places, joint=joint)]
