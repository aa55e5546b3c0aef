"""Mentions that the name finder found, made whole: titles, addresses in several parts, brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Mention", "make_whole"]

_TITLE = re.compile(
    r"(?:\b(?:(?i:dr|mr|mrs|ms|mx|miss|prof|professor|herr|frau|señora?|sra|srta|mme|mlle|madame|monsieur|signora?|sig|"
    r"dott|dottoressa|dra|doutora?|pani?|meneer|mevrouw|dhr|mevr|senhora?|dokter|doktor|docteur|lek)|Sir|Sr|Don|Doña|"
    r"Dom|Dona|M|D|Fr)\b\.?[ \t]{1,2})+$"
)
_LONGEST_TITLE = 40
_ADDRESS_GAP = re.compile(r"[ \t]*[,;]?[ \t]*\n?[ \t]*")
_LONGEST_GAP = 4
_PLACES = frozenset({"ADDRESS", "LOCATION"})
_BODIES = frozenset({"EDUCATION", "ORGANIZATION"})
_POSSESSIVES = ("'s ", "’s ")


class Mention(NamedTuple):
    """A span of a text, half-open in code points, with its label and the probability in [0, 1] that it is one."""

    start: int
    end: int
    label: str
    score: float


def make_whole(text: str, mentions: Iterable[Mention]) -> list[Mention]:
    """
    *mentions*, sorted and disjoint as they come, with what belongs to them.

    A title goes with its name. An address goes with the places that follow it, so that the commas between do not show
    where one ended. A body goes with its short form in brackets, and with its part ("A's B").
    """
    whole: list[Mention] = []
    for mention in mentions:
        if whole and _belong_together(text, whole[-1], mention):
            whole.append(_join(whole.pop(), mention))
        elif mention.label == "PERSON":
            floor = max(mention.start - _LONGEST_TITLE, whole[-1].end if whole else 0)
            title = _TITLE.search(text, floor, mention.start)
            whole.append(mention._replace(start=title.start()) if title else mention)
        else:
            whole.append(mention)
    if not whole:
        return []
    followers = [mention.start for mention in whole[1:]] + [len(text)]
    return [_close(text, mention, follower) for mention, follower in zip(whole, followers, strict=True)]


def _close(text: str, mention: Mention, follower: int) -> Mention:
    inside = text[mention.start : mention.end]
    opened = inside.count("(") > inside.count(")") and text[mention.end : follower].startswith(")")
    return mention._replace(end=mention.end + 1) if opened else mention


def _join(last: Mention, mention: Mention) -> Mention:
    label = "ADDRESS" if last.label in _PLACES else last.label
    return Mention(last.start, mention.end, label, max(last.score, mention.score))


def _belong_together(text: str, last: Mention, mention: Mention) -> bool:
    gap = text[last.end : mention.start]
    if last.label in _PLACES and mention.label in _PLACES:
        several = last.label == mention.label == "LOCATION"
        return not several and len(gap) <= _LONGEST_GAP and _ADDRESS_GAP.fullmatch(gap) is not None
    if last.label in _BODIES and mention.label in _BODIES:
        return gap in _POSSESSIVES or (gap == " (" and text[mention.end : mention.end + 1] == ")")
    return False
