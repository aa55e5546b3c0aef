"""Words near a value that say what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

__all__ = ["CONTEXT_FLOOR", "CONTEXT_RAISE", "WORDS", "Context", "Surroundings", "prepare_context"]

CONTEXT_RAISE = 0.35
"""Added to a score when a context word is near."""

CONTEXT_FLOOR = 0.4
"""Lowest score of a value that has a context word near."""

WORDS = 5
"""How many words count as near, on either side."""

_REACH = 120
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[\n。！？]")
_LONG = 4


class Surroundings:
    """The words before and after one span, up to `WORDS` each; those after it end with its sentence or line."""

    __slots__ = ("_raw", "_words")

    def __init__(self, text: str, start: int, end: int) -> None:
        before = text[max(0, start - _REACH) : start]
        after = _SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]
        near = [*_WORD.findall(before)[-WORDS:], "", *_WORD.findall(after)[:WORDS]]
        self._words = f" {' '.join(near)} ".casefold()
        self._raw = f"{before[-4 * WORDS :]} {after[: 4 * WORDS]}".casefold()

    def __repr__(self) -> str:
        return f"<Surroundings {len(self._words)} chars>"

    def mention(self, context: Context) -> bool:
        """Whether a word or phrase of *context* is among them."""
        return any(word in self._words for word in context.words) or any(part in self._raw for part in context.parts)


class Context:
    """
    Context words, ready to be looked for.

    Words of four letters or more also match longer words that begin with them (``card`` finds ``cards``). Words in
    scripts without spaces are looked for anywhere.

    Attributes:
        words: In the form in which `Surroundings` keeps words.
        parts: To be found anywhere.
        cues: A text that holds none of these, in its casefolded form, mentions nothing of the context.
    """

    __slots__ = ("cues", "parts", "words")

    def __init__(self, context: Sequence[str]) -> None:
        words: list[str] = []
        parts: list[str] = []
        for entry in context:
            phrase = " ".join(_WORD.findall(entry.casefold()))
            if re.search("[\u0e00-\u0eff\u1000-\u109f\u2e80-\uffff]", phrase):
                parts.append(phrase)
            elif len(phrase) < _LONG:
                words.append(f" {phrase} ")
            else:
                words.append(f" {phrase}")
        self.cues = tuple(dict.fromkeys(max(phrase.split(), key=len) for phrase in (*words, *parts)))
        self.words = tuple(dict.fromkeys(words))
        self.parts = tuple(dict.fromkeys(parts))


@cache
def prepare_context(context: tuple[str, ...]) -> Context:
    """The `Context` of *context*, made once."""
    return Context(context)
