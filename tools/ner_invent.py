"""
Invented prompts for training the bundled name finder.

The folder ``ner_phrases`` holds one phrase a line, written for this purpose.  A phrase has slots in braces:
those of `_LABEL_OF_SLOT` become labelled spans, the others stay unlabelled (their values: ``fillers.txt``).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path

from ner_data import LABELS, Labelled, Span, edit, recase

__all__ = ["Inventor"]

_LABEL_OF_SLOT = {
    "P": "PERSON",  # any form of a name
    "F": "PERSON",  # one given name
    "L": "PERSON",  # one family name
    "FF": "PERSON",  # given name and family name
    "LF": "PERSON",  # family name, given name
    "C": "LOCATION",
    "ST": "LOCATION",
    "A": "LOCATION",  # a postal address
    "O": "ORGANIZATION",
}
_SLOT = re.compile(r"\{(\w+)\}")
_COMMON_WORD = re.compile(r"(?<![\w@#/.])[a-z]{4,}(?![\w@/])")


class Inventor:
    """
    Makes prompts about invented people, places and organisations.

    *names* is the folder with the census name lists (``dist.male.first`` and so on, "NAME share ..." on each
    line); the names in *texts* are used too, and their other words serve as words that are no names.
    """

    def __init__(self, rng: random.Random, names: Path, texts: Iterable[Labelled]) -> None:
        self._rng = rng
        folder = Path(__file__).parent / "ner_phrases"
        lists = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.txt"))}
        self._positives, self._frames, self._negatives = (
            lists["positives"],
            lists["frames"],
            lists["negatives"],
        )
        self._given_names, self._family_names = lists["first_names"], lists["last_names"]
        self._known_places, self._known_organizations = lists["places"], lists["organizations"]
        self._states = lists["states"]
        self._fillers = {
            slot: values.split("|") for slot, _, values in (row.partition(": ") for row in lists["fillers"])
        }

        given = [*_read_census(names / "dist.male.first"), *_read_census(names / "dist.female.first")]
        family = _read_census(names / "dist.all.last")
        self._census_given, self._census_family = _Weighted(given), _Weighted(family)
        self._mentioned, words = _mentions(texts)
        # A word that is a name too ("foster", "mark") is shown only where grammar tells which it is.  Most
        # rare surnames are words, so only frequent ones count as names.
        also_names = {name.lower() for name, _ in [*given, *family[:2000]]}
        self._words = sorted(word for word, count in words.items() if count > 1 and word not in also_names)
        self._ambiguous = sorted(word for word, count in words.items() if count > 2 and word in also_names)
        self._makers = self._slot_makers()

    def message(self) -> Labelled:
        """
        A prompt of one to five sentences, with and without names.
        """
        rng = self._rng
        text = ""
        spans: list[Span] = []
        for _ in range(rng.choice((1, 1, 2, 2, 3, 5))):
            draw = rng.random()
            phrases = self._positives if draw < 0.52 else self._frames if draw < 0.88 else self._negatives
            part = self._fill(rng.choice(phrases))
            if text:
                text += rng.choice((" ", " ", "\n", "\n\n"))
            spans += [(start + len(text), end + len(text), label) for start, end, label in part.spans]
            text += part.text
        return Labelled(text=text, spans=tuple(spans))

    def person(self) -> str:
        """
        A person's name in one of its usual forms.
        """
        rng = self._rng
        draw = rng.random()
        if draw < 0.15:
            return rng.choice(self._mentioned["PERSON"])
        given, family = self._given(), self._family()
        if draw < 0.3:
            return given
        if draw < 0.8:
            return f"{given} {family}"
        return rng.choice(
            (
                f"{given} {rng.choice('ABCDEFGHJKLMNPRSTVW')}. {family}",
                f"{given[0]}. {family}",
                f"{given} {self._given()} {family}",
                f"{given} {family}-{self._family()}",
                f"{given} {rng.choice(('de', 'van', 'von', 'al', 'bin', 'da', 'de la', 'van der'))} {family}",
            )
        )

    def _fill(self, phrase: str) -> Labelled:
        rng = self._rng
        text = ""
        spans: list[Span] = []
        case = rng.choices((str, str.lower, str.upper), (90, 6, 4))[0]
        for index, piece in enumerate(_SLOT.split(phrase.replace("\\n", "\n"))):
            if index % 2 == 0:
                text += piece
                continue
            value = self._makers[piece]()
            if piece in _LABEL_OF_SLOT:
                value = case(value)
                spans.append((len(text), len(text) + len(value), _LABEL_OF_SLOT[piece]))
            text += value
        filled = Labelled(text=text, spans=tuple(spans))
        return recase(filled, str.lower) if rng.random() < 0.2 else filled

    def _slot_makers(self) -> dict[str, Callable[[], str]]:
        rng, fillers = self._rng, self._fillers

        def pick(values: Sequence[str]) -> Callable[[], str]:
            return lambda: rng.choice(values)

        return {
            **{slot: pick(values) for slot, values in fillers.items()},
            "P": self.person,
            "F": self._given,
            "L": self._family,
            "FF": lambda: f"{self._given()} {self._family()}",
            "LF": lambda: f"{self._family()}, {self._given()}",
            "C": self._place,
            "ST": pick(self._states),
            "A": self._address,
            "O": self._organization,
            "word": pick(self._words),
            "ambiguous": pick(self._ambiguous),
            "Word": lambda: rng.choice(self._words).title(),
            "Topic": lambda: rng.choice(fillers["topic"]).title().replace("'S", "'s"),
            "age": lambda: str(rng.randint(1, 95)),
            "num": lambda: str(rng.choice((rng.randint(1, 99), rng.randint(100, 99999999)))),
            "year": lambda: str(rng.randint(1900, 2029)),
            "money": lambda: f"{rng.choice('$€£')}{rng.randint(5, 200000):,}",
            "time": lambda: rng.choice((f"{rng.randint(1, 12)} pm", f"{rng.randint(0, 23)}:{rng.randint(10, 59)}")),
            "phone": lambda: f"+{rng.randint(1, 99)} {rng.randint(100, 999)} {rng.randint(1000000, 9999999)}",
            "email": lambda: re.sub(r"[^\w.@]", "", f"{self._given()}.{self._family()}@{self._word()}.com".lower()),
            "date": self._date,
        }

    def _given(self) -> str:
        draw = self._rng.random()
        if draw < 0.03:
            return self._word()
        return self._rng.choice(self._given_names) if draw < 0.4 else self._census_given.draw(self._rng)

    def _family(self) -> str:
        draw = self._rng.random()
        if draw < 0.03:
            return self._word()
        return self._rng.choice(self._family_names) if draw < 0.4 else self._census_family.draw(self._rng)

    def _word(self) -> str:
        rng = self._rng
        syllables = (rng.choice("bdfghjklmnprstvz") + rng.choice("aeiou") for _ in range(rng.choice((2, 2, 3))))
        return "".join(syllables).title() + rng.choice(("", "n", "r", "x", "s", "l"))

    def _place(self) -> str:
        rng = self._rng
        draw = rng.random()
        if draw < 0.05:
            return self._word() + rng.choice(("ville", "burg", "ton", "field", " City", " Springs", " Falls"))
        return rng.choice(self._known_places if draw < 0.6 else self._mentioned["LOCATION"])

    def _organization(self) -> str:
        rng = self._rng
        draw = rng.random()
        if draw < 0.25:
            return rng.choice(self._known_organizations)
        if draw < 0.5:
            return rng.choice(self._mentioned["ORGANIZATION"])
        place, family, word = rng.choice(self._known_places), self._family(), self._word()
        kind, trade = rng.choice(self._fillers["company_kind"]), rng.choice(self._fillers["trade"])
        return rng.choice(
            (
                word,
                f"{word} {kind}",
                f"{word} {trade}",
                f"{word} {trade} {kind}",
                f"{word} Clinic",
                f"{family} {trade}",
                f"{family} & {self._family()}",
                f"{family} and {self._family()} {kind}",
                f"{family} Elementary School",
                f"{place} {trade}",
                f"{place} General Hospital",
                f"{place} University",
                f"{place} City Council",
                f"{place} High School",
                f"{place} Police Department",
                f"University of {place}",
                f"Bank of {place}",
                f"St. {self._given()} Hospital",
            )
        )

    def _address(self) -> str:
        rng = self._rng
        number, code = rng.randint(1, 9999), rng.randint(10000, 95999)
        street = rng.choice((self._family, self._place, self._word))()
        place, state, kind = (
            rng.choice(self._known_places),
            rng.choice(self._states),
            rng.choice(self._fillers["street"]),
        )
        flat = rng.choice(("", "", f" Apt {number % 99 + 1}", f", Suite {number % 400 + 1}", f" #{number % 40 + 1}"))
        return rng.choice(
            (
                f"{number} {street} {kind}{flat}, {place}, {state} {code}",
                f"{number} {street} {kind}{flat}, {place}, {state}",
                f"{number} {street} {kind}, {place}",
                f"{number} {street} {kind}{flat}",
                f"{number} {street} {kind}{flat}\n{place}, {state} {code}",
                f"{street}straße {number % 200}, {code} {place}",
                f"Calle {street} {number % 200}, {code} {place}",
                f"{number % 200} rue {street}, {code} {place}",
                f"{number % 300} {street} {kind}, {place} {rng.choice('ABELMNSW')}{code % 20} {number % 9}AB",
            )
        )

    def _date(self) -> str:
        rng = self._rng
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1930, 2029)
        name = rng.choice(self._fillers["month"])
        return rng.choice(
            (f"{month}/{day}/{year}", f"{year}-{month:02}-{day:02}", f"{day} {name} {year}", f"{name} {day}")
        )


class _Weighted:
    """
    Draws words in proportion to their weights.
    """

    def __init__(self, items: Sequence[tuple[str, float]]) -> None:
        self._words = [word for word, _ in items]
        self._sums = list(accumulate(weight for _, weight in items))

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self._words, cum_weights=self._sums)[0]


def _read_census(path: Path) -> list[tuple[str, float]]:
    rows = [line.split()[:2] for line in path.read_text(encoding="ascii").splitlines()]
    # The square root lets rare names appear: a frequent name is learnt from a few sentences.
    return [(name.title(), (float(share) + 0.001) ** 0.5) for name, share in rows if len(name) > 1]


def _mentions(texts: Iterable[Labelled]) -> tuple[dict[str, list[str]], Counter[str]]:
    """
    The names found in *texts* by label, and how often each lower-case word stands outside of names.
    """
    found: dict[str, set[str]] = {label: set() for label in LABELS}
    words: Counter[str] = Counter()
    for labelled in texts:
        outside = edit(labelled, [(start, end, "") for start, end, _ in labelled.spans])
        words.update(_COMMON_WORD.findall(outside.text))
        for start, end, label in labelled.spans:
            mention = labelled.text[start:end]
            if mention[0].isupper() and len(mention) < 45 and not re.search(r"[\n@#(/]", mention):
                found[label].add(mention)
    found["PERSON"] = {name for name in found["PERSON"] if " " in name}
    found["LOCATION"] = {place for place in found["LOCATION"] if not re.search(r"\d", place)}
    return {label: sorted(names) for label, names in found.items()}, words
