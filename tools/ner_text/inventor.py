"""
Composing texts: sentences, documents, requests about them, and texts that hold nothing private.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from ner_data import Labelled

from .expand import MAKERS, Scope, Span, fill, references
from .grammar import Grammar, Rule, Template, read_rules
from .noise import roughen
from .people import TRAITS, People
from .places import place_rules

__all__ = ["LANGUAGES", "Inventor", "grammar_of"]

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
_KINDS = ("say", "doc", "ask", "plain", "public")
"""
The rules that hold whole texts begin with one of these words: sentences with private values; documents with
them; what somebody asks about a text that follows; sentences and documents without; sentences that name the public.
"""

_SELDOM = {"doc.data": 0.4, "plain.snippet": 0.3}
"""
Records and code, which all languages share: less of them, so that each language shows itself.
"""
_QUOTES = (
    *(('"', '"'), ('"""\n', '\n"""'), ("```\n", "\n```"), ("---\n", "\n---"), ("<text>\n", "\n</text>"), ("“", "”")),
    *(("### Input:\n", ""), ("Text: ", ""), ("[START]\n", "\n[END]"), ("", "\n\n---\nThanks!")),
)
"""
What somebody puts around a document that a request is about.
"""


class Inventor:
    """
    Makes labelled texts in the manner of prompts, letters, notes, forms, records and code.

    The same *rng* state gives the same texts.  *names* is the folder with the census name lists
    (``dist.male.first`` and so on); without it English names come from the lists of the other cultures alone.
    """

    def __init__(self, rng: random.Random, names: Path | None) -> None:
        self._rng = rng
        self._people = {language: People(rng, language, names) for language in LANGUAGES}

    def invent(self, language: str) -> Labelled:
        """
        One text in *language*, one of `LANGUAGES`; about a third hold nothing private and have no spans.
        """
        rng = self._rng
        grammar = grammar_of(language)
        scope = Scope(rng, grammar, self._people[language].draw)
        draw = rng.random()
        if draw < 0.34:
            parts = self._plain(grammar)
        elif draw < 0.40:
            parts = [self._pick(grammar, "public")]
        elif draw < 0.61:
            parts = [self._pick(grammar, "doc")]
            if rng.random() < 0.45:
                parts = [self._pick(grammar, "ask"), self._quote(parts[0])]
        else:
            parts = self._said(grammar)
        text, spans = self._compose(parts, scope)
        return roughen(Labelled(text=text, spans=tuple(spans)), rng, language)

    def _plain(self, grammar: Grammar) -> list[Template]:
        parts = [self._pick(grammar, "plain") for _ in range(self._rng.choice((1, 1, 1, 2, 2, 3)))]
        if self._rng.random() < 0.12:
            parts.insert(0, self._pick(grammar, "ask"))
        return parts

    def _said(self, grammar: Grammar) -> list[Template]:
        rng = self._rng
        parts = [self._pick(grammar, "say") for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 6)))]
        if rng.random() < 0.2:
            parts.insert(rng.randint(0, len(parts)), self._pick(grammar, "plain"))
        if rng.random() < 0.2:
            parts.insert(0, self._pick(grammar, "ask"))
        return parts

    def _quote(self, template: Template) -> Template:
        before, after = self._rng.choice(_QUOTES) if self._rng.random() < 0.3 else ("", "")
        return before, *template, after

    def _pick(self, grammar: Grammar, kind: str) -> Template:
        rules, weights = _weigh(grammar, kind)
        return self._rng.choice(self._rng.choices(rules, weights)[0].templates)

    def _compose(self, parts: list[Template], scope: Scope) -> tuple[str, list[Span]]:
        rng = self._rng
        joint = rng.choice((" ", " ", " ", "\n", "\n\n"))
        text = ""
        spans: list[Span] = []
        for part in parts:
            if text:
                long = "\n" in text[-400:] or text.endswith(":")
                text += rng.choice(("\n", "\n\n")) if long else joint
                if rng.random() < 0.5:
                    scope.forget_others()
            piece, inside = fill(part, scope)
            spans += [(start + len(text), end + len(text), label) for start, end, label in inside]
            text += piece
        return text, spans


@cache
def grammar_of(language: str) -> Grammar:
    """
    The rules for *language*: its own phrase files, those that all languages share, and places.

    Raises:
        ValueError: A template asks for a value that nothing makes.
    """
    folder = Path(__file__).parent
    grammar = place_rules(language) | read_rules(folder / "shared") | read_rules(folder / language)
    for rule in grammar.values():
        for template in rule.templates:
            for slot in references(template):
                person, _, trait = slot.name.partition(".")
                wanted = slot.argument.rstrip("!") if slot.name == "an" else slot.name
                known = trait in TRAITS if trait else wanted in grammar or wanted in MAKERS
                if not known:
                    raise ValueError(f"rule `{rule.name}` of `{language}` asks for `{wanted}`, which nothing makes")
                assert not trait or person.isalpha()
    return grammar


@cache
def _known_kinds(language_rules: frozenset[str], kind: str) -> tuple[str, ...]:
    return tuple(sorted(name for name in language_rules if name.split(".")[0] == kind))


def _weigh(grammar: Grammar, kind: str) -> tuple[list[Rule], list[float]]:
    # The root keeps long lists from drowning the short ones.
    rules = [grammar[name] for name in _known_kinds(frozenset(grammar), kind)]
    return rules, [len(rule.templates) ** 0.7 * _SELDOM.get(rule.name, 1.0) for rule in rules]
