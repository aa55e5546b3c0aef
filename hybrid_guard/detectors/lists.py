"""Texts that a policy calls always private, or never."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import ahocorasick

from hybrid_guard.detectors.confusables import CONFUSABLES
from hybrid_guard.detectors.deadline import Deadline, watch
from hybrid_guard.detectors.encoded import open_encoded
from hybrid_guard.detectors.views import IGNORABLE

__all__ = ["DeniedTexts", "fold"]

# A character as it stands, or escaped as JSON escapes it, any number of times over: each time doubles backslashes.
_CHARACTER = re.compile(
    r"\\+u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\+u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|\\+u(?P<code>[0-9a-fA-F]{4})"
    # INVARIANT: a run of backslashes is read at once, or it would be looked through from each of them.
    r"|\\+"
    # What stands for itself, at once; behind a backslash, the first character may be more than it looks.
    r"|(?<!\\)[!-\[\]-~](?: ?[!-\[\]-~])*"
    r"|.",
    re.DOTALL,
)
_ESCAPED_SPACE = re.compile(r"(?<!\\)(\\+)[nrtf]")
_DEPTHS = (1, 2, 4, 8)
# Backslashes before the letter of a line break in JSON, in JSON in a string of JSON, and so on.
_ODD = re.compile(r"\s\s|[^\S ]|[\x00-\x1f\x7f\\]")
_IGNORED = re.compile(f"[{IGNORABLE}]")
_SILENT = frozenset({"Cc", "Cf", "Me", "Mn"})
"""Categories of characters that are not seen, or only on another one."""


def fold(text: str) -> str:
    """*text* without differences of case and of compatible characters; what allow lists compare."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


_LEAST_SOLID = 6
# Letters and digits: the words of a sentence, run together, hold any shorter text.

_LEAST_SPREAD = 4
_GAP = re.compile(r"\s")

_DRESSED = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|REGIONAL INDICATOR SYMBOL LETTER|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER)"
    r" ([A-Z])"
)
# Names of Latin letters that are compatible with no letter of ASCII.

_ALIKE = {"o": "0", "l": "1i", "e": "3", "a": "4", "s": "5", "t": "7", "b": "8"}
_SAME = {ord(look): letter for letter, looks in _ALIKE.items() for look in looks}
_LOOKS = _SAME | {
    ord(look.casefold()): letter.casefold().translate(_SAME)
    for look, letter in sorted(CONFUSABLES.items(), key=lambda one: one[1])
}
# Letters and digits that look alike are the same, in what is looked for as in where. Of a letter that looks like a
# small one and like a capital one, the small one counts: it sorts last.

_SIGNS = _LOOKS | {ord("!"): "l", ord("|"): "l", ord("@"): "a", ord("$"): "s"}
_SIGN = re.compile(r"[!|@$]")
# These may stand for a letter or between letters, so where one of them is, both are tried.


class DeniedTexts:
    """
    Texts that are looked for all at once.

    Each is found in any case, with or without accents, in composed or decomposed letters, with invisible characters or
    line breaks inside, in JSON escapes, also in those of JSON in a string of JSON, and in every encoding that detectors
    open. One of six letters and digits or more is found whatever else stands between them: blanks, marks of Markdown,
    hyphens, plus signs; with signs that look like its letters; backwards, and in ROT13. One of four or five is found
    with other signs inside of one word, or with one and the same sign between all of them. How long it takes does not
    grow with their number.

    Args:
        texts: As the policy gives them; those of which nothing is left without what is not seen are left out.
    """

    __slots__ = ("_automaton", "_solid", "_spread")

    def __init__(self, texts: Iterable[str]) -> None:
        squashed = {_squash(text)[0].strip() for text in texts} - {""}
        plain = {"".join(filter(str.isalnum, text)) for text in squashed}
        long = {text for text in plain if len(text) >= _LEAST_SOLID}
        turned = {text[::-1] for text in long} | {codecs.encode(text, "rot13") for text in long}
        self._automaton = _automaton(squashed)
        self._solid = _automaton({text.translate(_LOOKS) for text in long | turned})
        self._spread = _automaton({text for text in plain - long if len(text) >= _LEAST_SPREAD})

    def __len__(self) -> int:
        return len(self._automaton)

    def __repr__(self) -> str:
        return f"<DeniedTexts {len(self)} texts>"

    def find(self, text: str, deadline: Deadline) -> tuple[tuple[int, int], ...]:
        """
        Spans of *text* where one of them stands, sorted and disjoint, widened to whole characters of *text*.

        Raises:
            DetectionError: HG312 the *deadline* is over.
        """
        if not len(self):
            return ()
        spans = set(self._search(text, deadline))
        for opened in open_encoded(text, deadline):
            for start, end in self._search(opened.text, deadline):
                spans.add((opened.starts[start], opened.ends[end - 1]))
        return tuple(_unite(sorted(spans)))

    def _search(self, text: str, deadline: Deadline) -> Iterator[tuple[int, int]]:
        # A backslash and an `n` are a line break in JSON, and begin a name in a path. In JSON that is in a string
        # of JSON, the one has as many backslashes as the other has outside, so each depth is read by itself.
        runs = {len(run) for run in _ESCAPED_SPACE.findall(text)}
        breaks = {frozenset(run for run in runs if run % (2 * depth) == depth) for depth in _DEPTHS} | {frozenset(runs)}
        for escapes in (frozenset[int](), *filter(None, breaks)):
            folded, starts, ends = _squash(text, escapes=escapes, deadline=deadline)
            for last, length in deadline.watch(self._automaton.iter(folded)):
                yield starts[last + 1 - length], ends[last]
            if len(self._solid):
                for looks in (_LOOKS, _SIGNS) if _SIGN.search(folded) else (_LOOKS,):
                    for first, last in _search_solid(self._solid, folded.translate(looks), deadline):
                        yield starts[first], ends[last]
            if len(self._spread):
                for first, last in _search_solid(self._spread, folded, deadline):
                    if _is_spread(folded, first, last):
                        yield starts[first], ends[last]


def _search_solid(automaton: ahocorasick.Automaton, text: str, deadline: Deadline) -> Iterator[tuple[int, int]]:
    """First and last character of each that stands in *text* if only its letters and digits are read."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    solid = "".join([text[place] for place in places])
    for last, length in deadline.watch(automaton.iter(solid)):
        yield places[last + 1 - length], places[last]


def _is_spread(text: str, first: int, last: int) -> bool:
    """Whether *text* from *first* to *last* is a word by itself, or letters with one sign between all of them."""
    if text[max(0, first - 1) : first].isalnum() or text[last + 1 : last + 2].isalnum():
        return False
    spread = text[first : last + 1]
    return _GAP.search(spread) is None or (len(set(spread[1::2])) == 1 and spread[::2].isalnum())


def _automaton(texts: Iterable[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for text in texts:
        automaton.add_word(text)
    automaton.make_automaton()
    return automaton


def _unite(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """*spans*, sorted, with one in place of those that share a character."""
    start = end = 0
    for first, last in spans:
        if first < end:
            end = max(end, last)
            continue
        if end:
            yield start, end
        start, end = first, last
    if end:
        yield start, end


def _squash(
    text: str, *, escapes: AbstractSet[int] = frozenset(), deadline: Deadline | None = None
) -> tuple[str, Sequence[int], Sequence[int]]:
    """
    *text* without differences of case, accents, invisible characters, backslashes and wide gaps.

    Args:
        text: As it stands.
        escapes: How many backslashes make white space of the letter after them.
        deadline: Looked at now and then, if given.

    Returns:
        What is left, and where each of its characters begins and ends in *text*.
    """
    if text.isascii() and not _ODD.search(text):
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for character, start, end in watch(_read(text), deadline):
        if len(character) > 1:
            pieces.append(character.lower())
            starts.extend((start, *range(end - len(character) + 1, end)))
            ends.extend(range(end - len(character) + 1, end + 1))
            continue
        spaced = character in "nrtf" and end - start - 1 in escapes
        spelled = " " if spaced else _spell(character)
        if not spelled and ends:
            ends[-1] = end
        for one in spelled:
            if one == " " and pieces and pieces[-1] == " ":
                ends[-1] = end
                continue
            pieces.append(one)
            starts.append(start)
            ends.append(end)
    return "".join(pieces), starts, ends


def _read(text: str) -> Iterator[tuple[str, int, int]]:
    """
    Each character that *text* stands for, and where it begins, with the backslashes before it, and ends; of ASCII that
    stands for itself several at once.
    """
    begin = -1
    for found in _CHARACTER.finditer(text):
        high, low, code = found.groups()
        character = found[0] if not (high or code) else chr(int(code or high, 16))
        if low:
            character = chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
        begin = found.start() if begin < 0 else begin
        if character[0] != "\\":
            yield character, begin, found.end()
            begin = -1


@lru_cache(maxsize=4096)
def _spell(character: str) -> str:
    """What is left of *character*: letters, digits and signs in small letters without accents, and blanks."""
    if _IGNORED.match(character):
        return ""
    dressed = _DRESSED.fullmatch(unicodedata.name(character, ""))
    normal = dressed[1].lower() if dressed else unicodedata.normalize("NFKD", _fold_character(character))
    blank = [" " if one.isspace() else str(unicodedata.decimal(one, one)) for one in normal]
    return "".join(one for one in blank if unicodedata.category(one) not in _SILENT)


def _fold_character(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
