"""T9: what models do to placeholders is undone, and never into somebody else's value. Shows its table with ``-s``."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable

from hybrid_guard.anonymizer import Restorer
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import VaultEntry, VaultItem

ANSWERS = 20_000 if os.environ.get("HG_NIGHTLY") else 2000
RIGHT = 0.99

ENTITIES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CITY", "IBAN_CODE")
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODY = 9
WIDE = {char: char + 0xFEE0 for char in (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))}

Write = Callable[[str], str]


def parted(middle: str) -> Write:
    """Put *middle* between the name of the type and the body."""
    return lambda token: token[:-BODY] + middle + token[-BODY:]


MUTATIONS: dict[str, Write] = {
    "lower case": str.lower,
    "title case": str.title,
    "swapped case": str.swapcase,
    "space": parted(" "),
    "no-break space": parted("\u00a0"),
    "underscore": parted("_"),
    "escaped underscore": parted("\\_"),
    "hyphen": parted("-"),
    "odd hyphen": parted("\u2011"),
    "zero-width space": parted("\u200b"),
    "&nbsp;": parted("&nbsp;"),
    "&#8203;": parted("&#8203;"),
    "&shy;": parted("&shy;"),
    "spelled out": " ".join,
    "zero-width joiners": "\u200d".join,
    "full width": lambda token: token.translate(WIDE),
    "bold": "**{}**".format,
    "italic": "_{}_".format,
    "bold type": lambda token: f"**{token[:-BODY]}** {token[-BODY:]}",
    "code": "`{}`".format,
    "plural": "{}s".format,
    "possessive": "{}'s".format,
    "typographic possessive": "{}’s".format,
    "quotes": "«{}»".format,
    "square brackets": "[{}]".format,
    "a bracket lost": "{}>".format,
    "another bracket lost": "<{}".format,
    "German": "Sehr geehrte Frau {}, vielen Dank".format,
    "French": "Bonjour {}, ça va ?".format,
    "Spanish": "¿Quién es {}?".format,
    "Italian": "Gentile {}, grazie".format,
    "Portuguese": "Olá, {}, não é?".format,
    "Dutch": "Beste {}, bedankt".format,
    "Polish": "Cześć {}, źdźbło".format,
    "Russian": "Привет, {}, как дела".format,
    "Turkish": "Merhaba {}'ın adı".format,
    "Arabic": "مرحبا {}، كيف".format,
    "Chinese": "你好{}，我".format,
    "Japanese": "こんにちは、{}さん".format,
}
"""Everything here must bring the value back."""


def change(rng: random.Random, token: str) -> str:
    """*token* with a slip in its body: a character changed, lost, added or swapped with its neighbour."""
    place = rng.randrange(len(token) - BODY, len(token) - 1)
    other = rng.choice([symbol for symbol in SYMBOLS if symbol not in token[place : place + 2]])
    return rng.choice(
        [
            token[:place] + other + token[place + 1 :],
            token[:place] + token[place + 1 :],
            token[: place + 1] + other + token[place + 1 :],
            token[:place] + token[place + 1] + token[place] + token[place + 2 :],
        ]
    )


def issue() -> tuple[VaultEntry, ...]:
    """As many values of several types as there are answers, each told from all others by its marks."""
    items = [
        VaultItem(entity=ENTITIES[number % len(ENTITIES)], original=f"⟦{number}⟧", role="user")
        for number in range(ANSWERS)
    ]
    return Book(key=b"v" * 32, limit=ANSWERS).put(items)


def test_the_right_value_comes_back_and_never_a_wrong_one() -> None:
    """At least 99 of 100 for every mutation, and not one wrong value."""
    entries = issue()
    restorer = Restorer(entries)
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for entry in entries:
        for name, write in MUTATIONS.items():
            out = restorer.restore(f"So: {write(entry.placeholder)} - that is all.")
            right[name] += entry.item.original in out
            wrong[name] += out.replace(entry.item.original, "").count("⟦")

    print(f"\n{'mutation':<24}{'right':>9}{'wrong':>7}")
    for name in MUTATIONS:
        print(f"{name:<24}{right[name] / ANSWERS:>9.2%}{wrong[name]:>7}")
    assert not +wrong
    assert all(right[name] >= RIGHT * ANSWERS for name in MUTATIONS)


def test_a_slip_in_a_placeholder_brings_nobody_back() -> None:
    """A damaged placeholder is left as it is: no value is better than another one's."""
    entries = issue()
    restorer = Restorer(entries)
    rng = random.Random(9)
    for number, entry in enumerate(entries):
        token, other = entry.placeholder, entries[number - 1].placeholder
        for damaged in (
            change(rng, token),
            change(rng, token).lower(),
            token[:-BODY] + other[-BODY : -BODY + 4] + token[-5:],
            other[:-BODY] + token[-BODY:],
        ):
            if damaged != token:
                assert "⟦" not in restorer.restore(f"So: {damaged} - that is all.")
