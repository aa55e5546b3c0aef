"""
Filling templates: text and spans grow together.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator, Mapping

from .grammar import Choice, Grammar, Marked, Slot, Template
from .people import Person

__all__ = ["MAKERS", "Scope", "Span", "fill"]

Span = tuple[int, int, str]
_VOWEL_NAMES = frozenset("AEFHILMNORSX")
_CONSONANT_STARTS = ("uni", "use", "eu", "one", "u.", "uk")
_POSSESSIVES = ("my ", "My ", "your ", " his ", " her ", "'s ")
_ARTICLE = re.compile(r"an? ")
_SILENT_H = ("hour", "honest", "heir", "hono")


class Scope:
    """
    What one text remembers: its people and the values of its keyed slots.
    """

    def __init__(self, rng: random.Random, grammar: Grammar, make_person: Callable[[], Person]) -> None:
        self.rng, self.grammar = rng, grammar
        self.values: dict[str, tuple[str, list[Span]]] = {}
        self._make_person = make_person
        self._people: dict[str, Person] = {}

    def person(self, name: str) -> Person:
        """
        The person *name* of this text, met for the first time or again.
        """
        if name not in self._people:
            self._people[name] = self._make_person()
        return self._people[name]

    def forget_others(self) -> None:
        """
        Let go of everybody but ``me``: what follows is about other people.
        """
        self._people = {name: person for name, person in self._people.items() if name == "me"}


def fill(template: Template, scope: Scope) -> tuple[str, list[Span]]:
    """
    A text made from *template*, and its spans in order.

    Raises:
        KeyError: A slot names neither a rule nor a maker.
    """
    pieces: list[str] = []
    spans: list[Span] = []
    length = 0
    for node in template:
        if isinstance(node, str):
            # An abbreviation at the end of a sentence lends it its full stop.
            abbreviated = node.startswith(".") and pieces and pieces[-1].endswith(".")
            text = node[1:] if abbreviated and not node.startswith("..") else node
            pieces.append(text)
            length += len(text)
            continue
        if isinstance(node, Choice):
            text, inside = fill(_choose(node, scope), scope)
        elif isinstance(node, Marked):
            text, inside = _mark(fill(node.template, scope)[0], node.label)
        else:
            text, inside = _fill_slot(node, scope)
        if pieces and pieces[-1].endswith(_POSSESSIVES) and (article := _ARTICLE.match(text)):
            text = text[article.end() :]
            inside = [(max(start - article.end(), 0), end - article.end(), label) for start, end, label in inside]
        spans += [(start + length, end + length, label) for start, end, label in inside]
        pieces.append(text)
        length += len(text)
    return "".join(pieces), spans


def _choose(choice: Choice, scope: Scope) -> Template:
    if choice.person:
        return choice.options[0 if scope.person(choice.person).male else 1]
    return scope.rng.choice(choice.options)


def _fill_slot(slot: Slot, scope: Scope) -> tuple[str, list[Span]]:
    key = f"{slot.name}#{slot.key}"
    if slot.key and key in scope.values:
        text, spans = scope.values[key]
    else:
        text, spans = _make(slot, scope)
        if slot.key:
            scope.values[key] = text, spans
    if slot.capital:
        text = text[:1].upper() + text[1:]
    return text, [] if slot.bare else spans


def _make(slot: Slot, scope: Scope) -> tuple[str, list[Span]]:
    if "." in slot.name:
        name, _, trait = slot.name.partition(".")
        text, label = scope.person(name).trait(trait)
        return _mark(text, label)
    if slot.name == "an":
        text, spans = _fill_slot(Slot(name=slot.argument.rstrip("!"), bare=slot.argument.endswith("!")), scope)
        article = _article(text) + " "
        return article + text, [(start + len(article), end + len(article), label) for start, end, label in spans]
    if slot.name in MAKERS:
        return MAKERS[slot.name](scope.rng, slot.argument), []
    rule = scope.grammar[slot.name]
    text, spans = fill(scope.rng.choice(rule.templates), scope)
    return _mark(text, rule.label) if rule.label else (text, spans)


def _mark(text: str, label: str) -> tuple[str, list[Span]]:
    bare = text.strip()
    start = text.find(bare)
    return text, [(start, start + len(bare), label)] if bare and label else []


def _article(text: str) -> str:
    word = text.split(maxsplit=1)[0]
    first = word.split("-")[0]
    if len(first) > 1 and first.isupper():
        return "an" if first[0] in _VOWEL_NAMES else "a"
    lower = word.lower()
    if lower.startswith(_SILENT_H):
        return "an"
    return "an" if lower[0] in "aeiou" and not lower.startswith(_CONSONANT_STARTS) else "a"


def _make_integer(rng: random.Random, argument: str) -> str:
    low, high = argument.split()
    return str(rng.randint(int(low), int(high))).zfill(len(low) if low.startswith("0") else 0)


def _make_number(rng: random.Random, argument: str) -> str:
    """
    An amount between two bounds with a mark between thousands: ``,`` ``.`` ``_`` (a blank) or ``-`` (none).
    """
    low, high, mark = argument.split()
    bottom, top = int(low), int(high)
    step = 1 if top < 1000 else rng.choice((1, 10, 50, 100, 500, 1000))
    value = max(bottom, rng.randint(bottom, top) // step * step)
    return f"{value:,}".replace(",", {"_": " ", "-": ""}.get(mark, mark))


def _make_pattern(rng: random.Random, argument: str) -> str:
    drawn = {"#": string.digits, "@": string.ascii_uppercase, "%": string.ascii_uppercase + string.digits}
    drawn |= {"&": string.hexdigits[:16], "^": string.ascii_lowercase, "~": "123456789"}
    return "".join(rng.choice(drawn[char]) if char in drawn else char for char in argument)


MAKERS: Mapping[str, Callable[[random.Random, str], str]] = {
    "int": _make_integer,
    "num": _make_number,
    "pat": _make_pattern,
}


def references(template: Template) -> Iterator[Slot]:
    """
    All slots of *template*, those of its choices and labelled pieces too.
    """
    for node in template:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Marked):
            yield from references(node.template)
        elif isinstance(node, Choice):
            for option in node.options:
                yield from references(option)
