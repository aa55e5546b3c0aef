"""Invented values of a type, from Faker."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any
from uuid import UUID

from hybrid_guard.anonymizer.tokens import TITLE

__all__ = ["Inventor"]

_FEMALE = frozenset(
    ["mrs", "ms", "miss", "frau", "mme", "madame", "señora", "sra", "signora", "sig.ra", "pani", "mevrouw", "fru"]
)
_MALE = frozenset(["mr", "herr", "m.", "monsieur", "señor", "sr", "signor", "sig.", "pan", "meneer"])
_FROM_LISTS = frozenset({"LOCATION", "OCCUPATION", "ORGANIZATION"})
_DRAWS, _LEAST_KINDS = 1000, 900
_LOCAL_MAC = 0x020000000000
_MAC_BITS, _HOST_BITS = 40, 64
_NO_LETTER = re.compile(r"[^a-z]")


class Inventor:
    """
    Invents values for one locale. Thread-safe; the same seed gives the same value.

    Args:
        locale: One of `hybrid_guard.plugins.LOCALES`.
    """

    def __init__(self, locale: str) -> None:
        from faker import Factory

        # Faker gives its generators their methods at run time. Common names are not drawn more often: that takes twice
        # as long.
        self._faker: Any = Factory.create(locale, use_weighting=False)
        self._lock = Lock()
        person = next(one for one in self._faker.providers if hasattr(one, "first_names"))
        self._female = _names(person, "female")
        self._male = _names(person, "male")
        self._makers: dict[str, Callable[[str, int], str | None]] = {
            "PERSON": self._person,
            "EMAIL_ADDRESS": self._email,
            "USERNAME": self._username,
            "ORGANIZATION": lambda _, __: str(self._faker.company()),
            "LOCATION": lambda _, __: str(self._faker.city()),
            "ADDRESS": lambda _, __: ", ".join(str(self._faker.address()).splitlines()),
            "OCCUPATION": lambda _, __: str(self._faker.job()),
            "URL": lambda _, __: f"https://{self._word()}.example.org/{self._word()}",
            "IP_ADDRESS": _ip_address,
            "MAC_ADDRESS": _mac_address,
            "UUID": lambda _, seed: str(UUID(int=seed % 2**128, version=4)),
        }

    @staticmethod
    @cache
    def of(locale: str) -> Inventor:
        """The inventor for *locale*; making one takes a moment."""
        return Inventor(locale)

    def invent(self, text: str, entity: str, seed: int) -> str | None:
        """A value like *text*; None if nothing of this type can be invented."""
        maker = self._makers.get(entity)
        if maker is None or (entity in _FROM_LISTS and not self._is_invented(entity)):
            return None
        with self._lock:
            self._faker.seed_instance(seed)
            made = maker(text, seed)
        return None if made is None else _cased(text, made)

    @cache  # noqa: B019 - there is one inventor for each locale, for good
    def _is_invented(self, entity: str) -> bool:
        """Whether values of a type are put together: one of a list is real, and an answer may name it by itself."""
        with self._lock:
            self._faker.seed_instance(0)
            return len({self._makers[entity]("", 0) for _ in range(_DRAWS)}) >= _LEAST_KINDS

    def _person(self, text: str, _: int) -> str:
        title = TITLE.match(text)
        polite = "" if title is None else title.group().lower()
        first = text[0 if title is None else title.end() :].strip().partition(" ")[0].casefold()
        words = frozenset(polite.split()) | {word.rstrip(".") for word in polite.split()}
        female = bool(words & _FEMALE) or (first in self._female and first not in self._male)
        male = bool(words & _MALE) or (first in self._male and first not in self._female)
        name = (
            self._faker.first_name_female()
            if female and not male
            else self._faker.first_name_male()
            if male and not female
            else self._faker.first_name()
        )
        return f"{'' if title is None else title.group()}{name} {self._faker.last_name()}"

    def _email(self, _: str, __: int) -> str:
        return f"{self._word()}.{_ascii(self._faker.last_name())}@example.{self._faker.random_element(('com', 'org'))}"

    def _username(self, _: str, __: int) -> str:
        return f"{self._word()}{self._faker.random_int(100, 9999)}"

    def _word(self) -> str:
        return _ascii(self._faker.first_name())


def _names(provider: Any, gender: str) -> frozenset[str]:
    return frozenset(str(name).casefold() for name in getattr(provider, f"first_names_{gender}", ()))


def _ascii(name: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", name.casefold()))


def _cased(like: str, text: str) -> str:
    return text.upper() if like.isupper() else text.lower() if like.islower() else text


def _ip_address(text: str, seed: int) -> str | None:
    # The few addresses of version 4 that belong to nobody stand in every second manual.
    if ":" not in text:
        return None
    return str(ipaddress.IPv6Address((0x20010DB8 << 96) | (seed >> 64) % 2**_HOST_BITS))


def _mac_address(text: str, seed: int) -> str:
    digits = f"{_LOCAL_MAC | seed % 2**_MAC_BITS:012x}"
    mark = next((mark for mark in ":-." if mark in text), ":")
    size = 4 if mark == "." else 2
    return mark.join(digits[at : at + size] for at in range(0, len(digits), size))
