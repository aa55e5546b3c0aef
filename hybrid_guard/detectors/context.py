"""Words near a value that say what it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

__all__ = [
    "ALONE",
    "CONTEXT_FLOOR",
    "CONTEXT_RAISE",
    "FAR",
    "PERSONAL",
    "WORDS",
    "Context",
    "Surroundings",
    "far_words",
    "near_words",
    "prepare_context",
]

CONTEXT_RAISE = 0.35
"""Added to a score when a context word is near."""

CONTEXT_FLOOR = 0.4
"""Lowest score of a value that has a context word near."""

WORDS = 5
"""How many words count as near, on either side."""

FAR = "~"
"""Begins a context word that counts within 400 characters."""

ALONE = "<alone>"
"""A context word that a short text mentions if it holds nothing but values of some length, as cells of tables do."""


def near_words(listed: str) -> tuple[str, ...]:
    """The context words of a list with commas."""
    return tuple(word.strip() for word in listed.split(","))


def far_words(listed: str) -> tuple[str, ...]:
    """The same, as words that count within 400 characters."""
    return tuple(f"{FAR}{word}" for word in near_words(listed))


PERSONAL = far_words(
    "my, mine, myself, i have, i've, i had, i was, i live, i lived, i work, i worked, i take, i owe"
    ", i earn, i make, i got, i feel, i was born, name is, name's, year old, years old, yo, patient"
    ", patients name, diagnosed, prescribed, presents with, presented with, medical history"
    ", family history, personal history, dob, date of birth, born on, ssn, mrn, employee id"
    ", student id, member id, account number, policy number, dear, sincerely"
    ", mein, meine, meinen, meinem, meiner, ich bin"
    ", ich habe, ich wohne, ich nehme, patientin, geboren, geb, wohnhaft, diagnostiziert, mon, ma"
    ", mes, je suis, j'ai, je prends, j'habite, patiente, né le, née le, diagnostiqué, mi, mis, tengo"
    ", soy, tomo, vivo en, paciente, nacido, nacida, diagnosticado, diagnosticada, mio, mia, miei"
    ", mie, ho, sono, prendo, abito, paziente, nato, nata, meu, minha, meus, minhas, tenho, sou, moro"
    ", nascido, nascida, mijn, ik ben, ik heb, ik woon, ik slik, patiënt, geboren op, mój, moja, moje"
    ", mojej, mojego, mam, jestem, mieszkam, biorę, pacjent, pacjentka, urodzony, urodzona, pesel"
    ", rozpoznano"
)
"""Words of texts about someone: what is only a fact elsewhere is private there."""

_SHORT = 64
_LONG_VALUE = 5
_REACH = 120
_FAR_REACH = 400
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[\n。！？]")
_LONG = 4
_OPERATOR = re.compile(r"[=*+<>%^]")
_GLUED = re.compile(r"[^\w\s]\w")


class Surroundings:
    """The words before and after one span, up to `WORDS` each; those after it end with its sentence or line."""

    __slots__ = ("_alone", "_far", "_raw", "_words")

    def __init__(self, text: str, start: int, end: int) -> None:
        before = text[max(0, start - _REACH) : start]
        after = _SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]
        near = [*_WORD.findall(before)[-WORDS:], "", *_WORD.findall(after)[:WORDS]]
        self._words = f" {' '.join(near)} ".casefold()
        self._raw = f"{before[-4 * WORDS :]} {after[: 4 * WORDS]}".casefold()
        self._far = text[max(0, start - _FAR_REACH) : start] + " " + text[end : end + _FAR_REACH]
        self._alone = len(text) <= _SHORT and end - start >= _LONG_VALUE and _is_bare(text, start, end)

    def __repr__(self) -> str:
        return f"<Surroundings {len(self._words)} chars>"

    def mention(self, context: Context, *, alone: bool = True) -> bool:
        """Whether a word or phrase of *context* is among them; `ALONE` counts only if *alone*."""
        return (
            (alone and context.alone and self._alone)
            or any(word in self._words for word in context.words)
            or any(part in self._raw for part in context.parts)
            or (context.far is not None and context.far.search(self._far) is not None)
        )


def _is_bare(text: str, start: int, end: int) -> bool:
    """Whether the rest of *text* says nothing: values without letters only, no operators, nothing glued to the span."""
    rest = f"{text[:start]} {text[end:]}"
    return not any(map(str.isalpha, _WORD.findall(rest))) and not _OPERATOR.search(rest) and not _GLUED.match(text, end)


class Context:
    """
    Context words, ready to be looked for.

    Words of four letters or more also match longer words that begin with them (``card`` finds ``cards``). Words in
    scripts without spaces are looked for anywhere.

    Attributes:
        alone: Whether `ALONE` is among them.
        words: In the form in which `Surroundings` keeps words.
        far: Finds the words that count from further away; None if there are none.
        parts: To be found anywhere.
        cues: A text that holds none of these, in its casefolded form, mentions nothing of the context.
    """

    __slots__ = ("alone", "cues", "far", "parts", "words")

    def __init__(self, context: Sequence[str]) -> None:
        words: list[str] = []
        far: list[str] = []
        parts: list[str] = []
        self.alone = ALONE in context
        for entry in context:
            if entry == ALONE:
                continue
            phrase = " ".join(_WORD.findall(entry.casefold()))
            if entry.startswith(FAR):
                far.append(phrase)
            elif re.search("[\u0e00-\u0eff\u1000-\u109f\u2e80-\uffff]", phrase):
                parts.append(phrase)
            else:
                words.append(f" {phrase} " if len(phrase) < _LONG else f" {phrase}")
        cues = [max(phrase.split(), key=len) for phrase in (*words, *far, *parts)]
        self.cues = tuple(dict.fromkeys(cues))
        self.words = tuple(dict.fromkeys(words))
        self.far = _compile_far(far) if far else None
        self.parts = tuple(dict.fromkeys(parts))


def _compile_far(phrases: Sequence[str]) -> re.Pattern[str]:
    either = "|".join(phrase.replace(" ", r"[^\w.!?]{1,2}") for phrase in dict.fromkeys(phrases))
    return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


@cache
def prepare_context(context: tuple[str, ...]) -> Context:
    """The `Context` of *context*, made once."""
    return Context(context)
