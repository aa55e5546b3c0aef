"""What a text says about whose it is: of somebody's life, or about what everybody knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from hybrid_guard.detectors.public import private_cues, public_cues, wording

__all__ = ["Asked", "Evidence", "read_evidence", "split_words"]

_WORD = re.compile(r"[^\W_]+")
_BORDER = re.compile(r"[.!?;…](?=\s)|\n\s*")
_SHORT = 4  # letters of a word that may be abbreviated: the stop behind it ends no sentence
# Ends a question or an order; the next may begin after it, behind marks of lists and quotations.
_ENDING = re.compile(r"(?:[?!;…\n]|(?<=[^\W_]{3})\.|(?<=[)\]])\.|\.(?=[\"'”»]))[\s.?!:;…,\"'“”„«»‘’*#>()\[\d¿¡–-]*")
_CLAUSE = re.compile(r"[,:–—-]+[\s\"'“”„«»‘’*#>()\[\d.¿¡]+")
_GREETING = re.compile(r"^[^\W\d_]{2,7} [^\W\d_]+(?: [^\W\d_]+)?(?=[,!])", re.MULTILINE)
_ASSIGNED = re.compile(r"[:=]")
_FIELD_BORDER = re.compile(r"[\n.,;|{(\[\t]+[\s\"'`*]*(?=[\w\"'])")
_KEY_WORDS = 3
_SEPARATED = re.compile(r"[,;\t|]")
_KEY_REACH = 40
_LONGEST_KEY = 20
_LEAD = 200  # characters of a sentence in which a question or an order begins
_HEAD = 400  # characters in which the orders at the beginning begin
_TAIL = 250  # and those at the end
_SHIELD = 12  # words after a first-person word that are looked through
_LOWER_I = wording.words("am m have ve was had need want got live work take feel d ll think will can would just")
_OWN = wording.words("my our mein meine unser unsere mon ma notre mi nuestro nuestra mio mia nostra meu minha mijn ons")
_ASKED = wording.words("me us je mi mir moi uns nous ons")
_TOPICS = public_cues.TOPICS | public_cues.WORKS | public_cues.REQUESTED
_NEEDED = wording.words("need want like love")
_QUESTION = 4  # words of the shortest question
_HOLDING = frozenset({"have", "got"})
_WISHES = wording.words("möchte würde will wil zou")
_THERE_ARE = wording.words("quali ci dove chi cosa che quando come quanti quante")


class Asked(IntEnum):
    """What a text asks for."""

    NOTHING = 0
    SERVICE = 1
    """To make or change a text."""
    KNOWLEDGE = 2
    """What is known about something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """
    What a text says about whose it is.

    Attributes:
        request: What it asks for.
        asked: First code point of the first sentence that asks for a service, and of the first that asks for
            knowledge; the length of the text where none does.
        record: It is a record, a letter or speaks of people whom the writer knows: everything in it is private.
        personal: Whether the writer speaks of himself.
        near: Per sentence, whether he speaks there of himself (2) or of a group he belongs to (1).
        document: It is about work, a hospital, or a letter or bill that somebody has got or shall get.
        made_up: It asks for a story.
        topical: It is about a work, a life or a part, as texts about public people are.
        starts: First code point of each sentence, rising from 0.
    """

    request: Asked
    asked: tuple[int, int] = field(repr=False)
    record: bool
    personal: bool
    near: tuple[int, ...] = field(repr=False)
    document: bool
    made_up: bool
    topical: bool
    starts: tuple[int, ...] = field(repr=False)

    def asks_before(self, position: int, request: Asked) -> bool:
        """Whether the text asks for *request*, or for more, in a sentence that begins before *position*."""
        return position > (min(self.asked) if request == Asked.SERVICE else self.asked[1])

    def is_personal_at(self, position: int, *, reach: int = 0, groups: bool = True) -> bool:
        """
        Whether the writer speaks of himself, or with *groups* of what he belongs to, in the sentence at *position* or
        in *reach* sentences beside it.
        """
        index = bisect_right(self.starts, position) - 1
        return max(self.near[max(0, index - reach) : index + reach + 1], default=0) > (not groups)


def split_words(text: str) -> list[str]:
    """The words of *text* in lower case; an apostrophe parts words."""
    return _WORD.findall(text.lower())


def read_evidence(text: str) -> Evidence:
    """The evidence of *text*, in one pass of time linear in its length."""
    starts = (0, *(border.end() for border in _BORDER.finditer(text) if _is_border(text, border)))
    asked = _read_request(text)
    request = Asked.KNOWLEDGE if asked[1] < len(text) else Asked(asked[0] < len(text))
    record = _has_keys(text) or any(map(_greets, _GREETING.finditer(text)))
    personal = document = made_up = topical = False
    near = []
    for start, end in zip(starts, (*starts[1:], len(text)), strict=True):
        words = _WORD.findall(text[start:end])
        if not words:
            near.append(0)
            continue
        lowered = [word.lower() for word in words]
        seen = set(lowered)
        speaks, belongs, knows = _read_first_person(words, lowered, seen)
        personal = personal or speaks
        near.append(2 * speaks or int(belongs))
        record = record or knows or _is_letter(lowered) or _tells(lowered, seen)
        document = document or _has_document(words, lowered, seen, request)
        made_up = made_up or not public_cues.STORIES.isdisjoint(seen)
        topical = topical or made_up or not _TOPICS.isdisjoint(seen)
        if record:
            break
    return Evidence(
        request=request,
        asked=asked,
        record=record,
        personal=personal,
        near=tuple(near),
        document=document,
        made_up=made_up,
        topical=topical,
        starts=starts,
    )


def _is_border(text: str, border: re.Match[str]) -> bool:
    start = border.start()
    return text[start] not in ".;" or text[max(0, start - _SHORT) : start].isalpha() or text[start - 1] in "\"'”»’)]"


def _read_request(text: str) -> tuple[int, int]:
    """Where the beginning or the end of *text* asks; what lies between is often pasted, with its own questions."""
    head = _read_orders(text, 0, _HEAD)
    if head[1] < len(text):
        return head
    tail = _ENDING.search(text, max(_HEAD, len(text) - _TAIL))
    if tail is None:
        return head
    service, knowledge = _read_orders(text, tail.end(), len(text))
    return min(head[0], service), knowledge


def _read_orders(text: str, begin: int, stop: int) -> tuple[int, int]:
    """The first sentences that ask for a service and for knowledge, of those that begin from *begin* up to *stop*."""
    service = len(text)
    while begin < min(stop, len(text)):
        ending = _ENDING.search(text, begin)
        end, following = (ending.start(), ending.end()) if ending else (len(text), len(text))
        mark = ending[0][:1] if ending else ""
        clauses = _CLAUSE.split(text[begin : min(end, begin + _LEAD)])
        best = max(_read_opening(split_words(clause), mark) for clause in clauses)
        if best == Asked.KNOWLEDGE:
            return service, begin
        if best == Asked.SERVICE:
            service = min(service, begin)
        begin = following
    return service, len(text)


def _read_opening(words: Sequence[str], mark: str) -> Asked:
    """What a sentence that begins with *words* and ends with *mark* asks for."""
    found = Asked.SERVICE if mark == "?" and len(words) >= _QUESTION else Asked.NOTHING
    if not _NEEDED.isdisjoint(words[:4]) and not public_cues.REQUESTED.isdisjoint(words[:8]):
        found = Asked.SERVICE
    for position, word in enumerate(words):
        following = words[position + 1 : position + 5]
        if word in public_cues.KNOWLEDGE or (following and (word, following[0]) in public_cues.KNOWLEDGE_PAIRS):
            return Asked.KNOWLEDGE
        if word in public_cues.QUESTIONS and (
            mark == "?" or (not mark and not public_cues.VERBS_FIRST.isdisjoint(following))
        ):
            return Asked.KNOWLEDGE
        if word in public_cues.VERBS_FIRST and mark == "?" and following and following[0] not in {"you", "i", "we"}:
            return Asked.KNOWLEDGE
        if word == "top" and following and following[0].isdecimal():
            return Asked.KNOWLEDGE
        if word in public_cues.SERVICES:
            return Asked.SERVICE
        if word not in public_cues.OPENERS:
            break
    return found


def _read_first_person(words: Sequence[str], lowered: Sequence[str], seen: set[str]) -> tuple[bool, bool, bool]:
    """Whether the writer speaks in a sentence of himself, of a group he belongs to, and of somebody whom he knows."""
    if private_cues.FIRST_PERSON.isdisjoint(seen) and "your" not in seen:
        return _has_pair(lowered, private_cues.FIRST_PERSON_PAIRS), False, False
    speaks = belongs = knows = meant = False
    for index, word in enumerate(lowered):
        if word == "your":
            knows = knows or not private_cues.KIN.isdisjoint(lowered[index + 1 : index + 2])
        if word not in private_cues.FIRST_PERSON or not _is_meant(words, lowered, index):
            continue
        meant = True
        knows = knows or not private_cues.KIN.isdisjoint(lowered[index + 1 : index + 4])
        if _is_harmless(lowered, index):
            continue
        if word in _OWN and not private_cues.GROUPS.isdisjoint(lowered[index + 1 : index + 3]):
            belongs = True
        else:
            speaks = True
    as_somebody = lowered[:1] == ["as"] and lowered[1:2] in (["a"], ["an"])
    speaks = speaks or knows or (meant and as_somebody) or (meant and _has_pair(lowered, private_cues.PERSONAL_PAIRS))
    return speaks or _has_pair(lowered, private_cues.FIRST_PERSON_PAIRS), belongs, knows


def _is_meant(words: Sequence[str], lowered: Sequence[str], index: int) -> bool:
    """Whether a word that looks like one of the first person is one: not the *i* of Italian, nor the EU."""
    word = words[index]
    if word == "i":
        return index + 1 < len(lowered) and lowered[index + 1] in _LOWER_I
    if lowered[index] == "ma":
        return index == 0 or not private_cues.FRENCH.isdisjoint(lowered)
    return word not in {"EU", "US", "MI", "MA", "ME"}


def _is_harmless(lowered: Sequence[str], index: int) -> bool:
    word = lowered[index]
    before = lowered[index - 1] if index else ""
    if word in _ASKED and (
        before in public_cues.ASKING or before in public_cues.SERVICES or before in public_cues.KNOWLEDGE
    ):
        return True
    if lowered[index + 1 : index + 2] and lowered[index + 1] in _WISHES and not public_cues.READING.isdisjoint(lowered):
        return True
    if word == "sono" and before in _THERE_ARE:
        return True
    if word in {"we", "wir", "nous", "wij"}:
        return private_cues.WE_DEEDS.isdisjoint(lowered[index + 1 : index + 2]) or before in public_cues.ASKING
    if "this" in lowered[index + 2 : index + 4] and not _HOLDING.isdisjoint(lowered[index + 1 : index + 3]):
        return True
    if word in _OWN and not public_cues.HARMLESS.isdisjoint(lowered[index + 1 : index + 4]):
        return True
    for position in range(index + 1, min(index + _SHIELD, len(lowered))):
        if lowered[position] in public_cues.HARMLESS:
            return lowered[position + 1 : position + 2] != ["for"] or private_cues.NEEDS.isdisjoint(
                lowered[position + 2 : position + 5]
            )
        if lowered[position] not in public_cues.AUXILIARIES and not lowered[position].isdecimal():
            return False
    return False


def _has_document(words: Sequence[str], lowered: Sequence[str], seen: set[str], request: Asked) -> bool:
    """Whether a sentence is about work, a hospital or a letter; in a question, one that the writer has got."""
    if not private_cues.LIFE.isdisjoint(seen) or _has_pair(lowered, private_cues.LIFE_PAIRS):
        return True
    if private_cues.DOCUMENTS.isdisjoint(seen):
        return False
    if request < Asked.KNOWLEDGE:
        return any(
            word in private_cues.DOCUMENTS and not _is_no_document(words, lowered, index)
            for index, word in enumerate(lowered)
        )
    return any(word in private_cues.DOCUMENTS and before in private_cues.POINTERS for before, word in pairwise(lowered))


def _is_no_document(words: Sequence[str], lowered: Sequence[str], index: int) -> bool:
    """Whether a word is the given name Bill, or a reply of the model."""
    if lowered[index] == "reply":
        return "your" in lowered[max(0, index - 2) : index]
    return words[index] == "Bill" and words[index + 1 : index + 2] != [] and words[index + 1].istitle()


def _greets(line: re.Match[str]) -> bool:
    """Whether the beginning of a line, up to a comma, greets somebody by name."""
    first, *rest = split_words(line[0])
    return first in private_cues.GREETINGS and bool(rest) and private_cues.GREETED.isdisjoint(rest)


def _is_letter(lowered: Sequence[str]) -> bool:
    """Whether a sentence begins or ends a letter."""
    if len(lowered) > 1 and not private_cues.SALUTATIONS.isdisjoint(lowered[:2]):
        return True
    if len(lowered) == 1:
        return lowered[0] in private_cues.SIGN_OFF_WORDS
    return len(lowered) < 8 and _has_pair(lowered, private_cues.SIGN_OFFS)


def _tells(lowered: Sequence[str], seen: set[str]) -> bool:
    """Whether a sentence tells somebody's name or where he lives."""
    if not private_cues.CALLED.isdisjoint(seen):
        return True
    return _has_pair(lowered, private_cues.CALLED_PAIRS)


def _has_keys(text: str) -> bool:
    """Whether *text* has fields about a person: ``name:``, ``dob=``, a row of column names, the head of a message."""
    for sign in _ASSIGNED.finditer(text):
        last = _WORD.findall(text[max(0, sign.start() - _LONGEST_KEY) : sign.start()])[-1:]
        key = last[0].lower() if last else ""
        if key in private_cues.RECORD_KEYS:
            before = text[max(0, sign.start() - _KEY_REACH) : sign.start()]
            if len(split_words(_FIELD_BORDER.split(before)[-1].replace("_", " "))) <= _KEY_WORDS:
                return True
        elif key in private_cues.HEADERS and _is_line_start(text, sign.start() - len(key)):
            return True
    row = 0
    for sign in _SEPARATED.finditer(text):
        words = split_words(text[max(0, sign.start() - _KEY_REACH) : sign.start()].replace("_", " "))
        close = text[sign.end() : sign.end() + 1] not in {" ", ""}
        row = row + 1 if close and words and words[-1] in private_cues.RECORD_KEYS else 0
        if row > 1:
            return True
    return False


def _is_line_start(text: str, position: int) -> bool:
    return position <= 0 or text[position - 1] == "\n"


def _has_pair(lowered: Sequence[str], pairs: frozenset[tuple[str, str]]) -> bool:
    return not pairs.isdisjoint(pairwise(lowered))
