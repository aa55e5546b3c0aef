"""
Invented people: names of many cultures in Latin script, the forms they take, user names and addresses made of them.
"""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path

from .polish import inflect_given, inflect_surname

__all__ = ["CULTURES", "HOME_CULTURES", "TRAITS", "People", "Person", "squeeze"]

HOME_CULTURES = {
    "en": ("en_US", "en_US", "en_GB", "en_IN", "es_MX", "african", "chinese"),
    "de": ("de_DE", "de_DE", "de_AT", "de_CH", "tr_TR"),
    "fr": ("fr_FR", "fr_FR", "fr_CH", "arabic", "african"),
    "es": ("es_ES", "es_ES", "es_MX", "es_CO"),
    "it": ("it_IT",),
    "pt": ("pt_BR", "pt_BR", "pt_PT"),
    "nl": ("nl_NL", "nl_NL", "nl_BE"),
    "pl": ("pl_PL",),
}
_OWN_CULTURES = tuple(sorted(path.stem for path in (Path(__file__).parent / "names").glob("*.txt")))
_DRAWS = 500

_CASES = ("gen", "dat", "acc", "ins", "loc", "voc")
TRAITS = {
    **dict.fromkeys(("full", "given", "family", "init", "famgiv", "caps", "mid", "nick", "dotted", "gens"), "PERSON"),
    **{f"{form}_{case}": "PERSON" for form in ("full", "given", "family") for case in _CASES},
    **dict.fromkeys(("user", "handle"), "USERNAME"),
    **dict.fromkeys(("email", "he", "him", "his", "He", "His", "mr", "slug"), ""),
}
"""
What a template may ask of a person, and the label that the answer carries.
"""

_SMALL = tomllib.loads(Path(__file__).with_name("small.toml").read_text(encoding="utf-8"))
CULTURES: tuple[str, ...] = (*_SMALL["faker_cultures"].split(), *_OWN_CULTURES)
_HOSTS: list[str] = _SMALL["hosts"]
_HANDLE_WORDS: list[str] = _SMALL["handle_words"].split()
_NICK: dict[str, str] = _SMALL["nicknames"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    One invented person; *full* is the form of the name that this person uses.
    """

    given: str = field(repr=False)
    family: str = field(repr=False)
    full: str = field(repr=False)
    male: bool
    user: str = field(repr=False)
    host: str
    middle: str = field(repr=False)

    def trait(self, name: str) -> tuple[str, str]:
        """
        The value of a trait and its label, one of `TRAITS`.
        """
        return self._value(name), TRAITS[name]

    def _value(self, name: str) -> str:
        form, _, case = name.partition("_")
        if case in _CASES:
            given = inflect_given(self.given, case, male=self.male)
            family = inflect_surname(self.family, case, male=self.male)
            return {"full": f"{given} {family}", "given": given, "family": family}[form]
        slug = f"{squeeze(self.given)}.{squeeze(self.family)}"
        values = {
            "full": self.full,
            "given": self.given,
            "family": self.family,
            "init": f"{self.given[0]}. {self.family}",
            "dotted": f"{self.given[0]}.{self.middle}.",
            "famgiv": f"{self.family}, {self.given}",
            "caps": f"{self.family.upper()} {self.given}",
            "mid": f"{self.given} {self.middle}. {self.family}",
            "nick": _NICK.get(self.given, self.given),
            "gens": self.given if self.given[-1] in "sxzß" else f"{self.given}s",
            "user": self.user,
            "handle": f"@{self.user.replace('.', '_').replace('-', '_')}",
            "slug": slug,
            "email": f"{slug if len(self.user) % 3 else self.user}@{self.host}",
            "he": "he" if self.male else "she",
            "He": "He" if self.male else "She",
            "him": "him" if self.male else "her",
            "his": "his" if self.male else "her",
            "His": "His" if self.male else "Her",
            "mr": "Mr." if self.male else "Ms.",
        }
        return values[name]


class People:
    """
    Draws people for one language: most from its own cultures, the others from all over the world.

    *names* is the folder with the census lists (``dist.male.first`` and so on), which then serve English too.
    """

    def __init__(self, rng: random.Random, language: str, names: Path | None) -> None:
        self._rng, self._home = rng, HOME_CULTURES[language]
        self._language = language
        self._census = _read_census(names) if names is not None and language == "en" else None

    def draw(self) -> Person:
        """
        A person never met before.
        """
        rng = self._rng
        male = rng.random() < 0.5
        if self._census is not None and rng.random() < 0.35:
            males, females, surnames = self._census
            given, family = (males if male else females).draw(rng), surnames.draw(rng)
        else:
            culture = rng.choice(self._home if rng.random() < (0.85 if self._language == "pl" else 0.7) else CULTURES)
            male_names, female_names, male_surnames, female_surnames = _pools(culture)
            given = rng.choice(male_names if male else female_names)
            family = rng.choice(male_surnames if male else female_surnames)
        middle = rng.choice("ABCDEFGHJKLMNPRSTVW")
        return Person(
            given=given,
            family=family,
            full=self._full(given, family, middle, male=male),
            male=male,
            user=self._user(squeeze(given), squeeze(family)),
            host=rng.choice(_HOSTS),
            middle=middle,
        )

    def _full(self, given: str, family: str, middle: str, *, male: bool) -> str:
        rng = self._rng
        if rng.random() < 0.82:
            return f"{given} {family}"
        males, females, surnames, female_surnames = _pools(rng.choice(self._home))
        other = rng.choice(surnames if male else female_surnames)
        second = rng.choice(males if male else females)
        forms = [f"{given} {second} {family}", f"{given} {family}-{other}", f"{given} {family}"]
        if self._language == "en":
            forms += [f"{given} {middle}. {family}", f"{given} {family} {rng.choice(('Jr.', 'Sr.', 'III', 'II'))}"]
            forms += [
                f"{given} {rng.choice(('O’', 'Mc', 'Mac', 'St. ', 'de la ', 'Van ', 'El-', 'al-', 'bin '))}{family}"
            ]
        if self._language in {"es", "pt"}:
            forms += [f"{given} {family} {other}", f"{given} {family} {rng.choice(('de', 'y', 'dos', 'da'))} {other}"]
        if self._language == "nl":
            forms += [f"{given} {rng.choice(('van', 'van der', 'de', 'van den', 'ter', 'in ’t'))} {family}"]
        if self._language == "de":
            forms += [f"{given} {rng.choice(('von', 'von der', 'zu'))} {family}", f"{given}-{second} {family}"]
        if self._language == "fr":
            forms += [f"{given}-{second} {family}", f"{given} {rng.choice(('de', 'Le', 'du', 'de la'))} {family}"]
        if self._language == "it":
            forms += [f"{given} {rng.choice(('De', 'Di', 'Lo', 'Della', 'D’'))} {family}".replace("’ ", "’")]
        return rng.choice(forms)

    def _user(self, given: str, family: str) -> str:
        rng = self._rng
        number, word = (
            rng.choice((rng.randint(1, 99), rng.randint(1950, 2015), rng.randint(1, 9999))),
            rng.choice(_HANDLE_WORDS),
        )
        other = rng.choice(_HANDLE_WORDS)
        forms = (
            *(f"{given}{number}", f"{given[0]}{family}", f"{given[0]}.{family}", f"{given}_{family}"),
            *(f"{given}.{family}", f"{given}-{family}", f"{given}{family[0]}{number}", f"{family}{given[0]}"),
            *(f"{word}_{given}", f"{word}{given}{number}", f"{given}_the_{word}", f"x{given}x"),
            *(f"{word}{other}{number}", f"{word}_{other}", f"{given[:3]}{family[:3]}{number}"),
        )
        return rng.choice(forms)


def squeeze(text: str) -> str:
    """
    Lower case without accents, blanks and marks, as addresses and user names have it.
    """
    plain = text.translate(str.maketrans("łŁøØđĐßæœ", "lLoOdDsao"))
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain.lower()) or "x"


class _Weighted:
    """
    Draws words in proportion to their weights.
    """

    def __init__(self, items: Sequence[tuple[str, float]]) -> None:
        self._words = [word for word, _ in items]
        self._sums = list(accumulate(weight for _, weight in items))

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self._words, cum_weights=self._sums)[0]


def _read_census(folder: Path) -> tuple[_Weighted, _Weighted, _Weighted]:
    def read(name: str) -> _Weighted:
        rows = [line.split()[:2] for line in (folder / name).read_text(encoding="ascii").splitlines()]
        # The square root lets rare names appear: a frequent name is learnt from a few sentences.
        return _Weighted([(word.title(), (float(share) + 0.001) ** 0.5) for word, share in rows if len(word) > 1])

    return read("dist.male.first"), read("dist.female.first"), read("dist.all.last")


Pools = tuple[list[str], list[str], list[str], list[str]]


@cache
def _pools(culture: str) -> Pools:
    """
    Given names of men and women, family names of men and women.
    """
    if culture in _OWN_CULTURES:
        lines = (Path(__file__).parent / "names" / f"{culture}.txt").read_text(encoding="utf-8").splitlines()
        males, females, surnames = ([word.strip() for word in line.split(",")] for line in lines[:3])
        return males, females, surnames, ([word.strip() for word in lines[3].split(",")] if lines[3:] else surnames)
    from faker import Faker

    fake = Faker(culture)
    fake.seed_instance(len(culture))
    male_surname = getattr(fake, "last_name_male", fake.last_name)
    female_surname = getattr(fake, "last_name_female", fake.last_name)
    makers = (fake.first_name_male, fake.first_name_female, male_surname, female_surname)
    males, females, surnames, female_surnames = (sorted({make() for _ in range(_DRAWS)}) for make in makers)
    return males, females, surnames, female_surnames
