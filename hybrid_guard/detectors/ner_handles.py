"""Social handles with a blank behind their sign, as data sets of tweets space them: whoever they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hybrid_guard.detectors.ner_mentions import Mention

__all__ = ["HANDLE_SCORE", "mark_handles"]

HANDLE_SCORE = 0.7
"""Score of a handle that the network left out: three of four such handles in the Broad Twitter Corpus are people."""

_HANDLE = re.compile(r"(?<!\S)@ [A-Za-z_]\w+")
_BEFORE = re.compile(r"(?:(?<![^\s\"“.(])(?:RT|MT|via|cc|with|by|from|feat) |@ \w+ )[\"“.:( ]*\Z")
_AFTER = re.compile(r" ?[:…]")
_JOINED = re.compile(r"@ (?:Mr|Mrs|Ms|Dr)?([A-Z][a-z]{2,})_?([A-Z][a-z]{3,})")
_LOOK_BACK = 60
_PERSONAL = frozenset({"PERSON", "USERNAME"})


def mark_handles(text: str, mentions: Sequence[Mention], is_given_name: Callable[[str], bool]) -> list[Mention]:
    """
    *mentions*, sorted and disjoint as they come, with the handles that speak or are spoken to.

    Such a handle opens the text, follows another or a word like "RT", or has a colon behind it. A place or a body that
    overlaps one stays what it is, unless the handle is a name written together ("AnnaZorvex"); a person or user name
    grows to the whole handle and is a person. *is_given_name* says so of a word in lower case.
    """
    if "@ " not in text:
        return list(mentions)
    marked = list(mentions)
    for match in _HANDLE.finditer(text):
        start, end = match.span()
        touching = [mention for mention in marked if mention.start < end and start < mention.end]
        personal = touching and all(mention.label in _PERSONAL for mention in touching)
        personal = personal or _is_joined_name(match[0], is_given_name)
        if not personal and not _is_addressed(text, start, end):
            continue
        first, last = min([start, *(each.start for each in touching)]), max([end, *(each.end for each in touching)])
        score = max([each.score for each in touching], default=HANDLE_SCORE)
        marked = [mention for mention in marked if mention not in touching]
        marked.append(Mention(first, last, "PERSON", score))
    return sorted(marked)


def _is_joined_name(handle: str, is_given_name: Callable[[str], bool]) -> bool:
    """Whether a handle is a given name and one word more, each with a capital."""
    joined = _JOINED.fullmatch(handle)
    return joined is not None and any(is_given_name(word.lower()) for word in joined.groups())


def _is_addressed(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start]
    opens = start <= _LOOK_BACK and not before.strip(' "“.')
    return opens or _BEFORE.search(before) is not None or _AFTER.match(text, end) is not None
