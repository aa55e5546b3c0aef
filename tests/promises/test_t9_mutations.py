"""T9: what models do to placeholders is undone, and never into somebody else's value. Shows its table with ``-s``."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable

import pytest
from stdnum import luhn

from hybrid_guard.anonymizer import Restorer, StandIns
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import Operator, VaultEntry, VaultItem
from tests.talk import STAND_INS, OneVault, Talk, makers_of

ANSWERS = 20_000 if os.environ.get("HG_NIGHTLY") else 2000
RIGHT = 0.99
REPLACED = ANSWERS // 5
"""Answers with stand-ins: each is compared with all values."""

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

UNPARTED = ("Chinese", "Japanese")
"""Texts in which a stand-in touches letters, but those of a script that parts no words by spaces."""


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


SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "ro", "su", "ta", "vo", "wi", "zer", "mond", "sen")


def values() -> list[tuple[str, str]]:
    """Different values, and their types."""
    rng = random.Random(90)

    def word() -> str:
        return "".join(rng.choice(SYLLABLES) for _ in range(3)).title()

    def digits(count: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(count))

    made: list[tuple[str, str]] = []
    while len(made) < REPLACED:
        card = "4" + digits(14)
        made += [
            (f"{word()} {word()}", "PERSON"),
            (f"{word()}.{word()}@home.example".lower(), "EMAIL_ADDRESS"),
            (card + luhn.calc_check_digit(card), "CREDIT_CARD"),
            (f"+44 20 7946 {digits(4)}", "PHONE_NUMBER"),
            (digits(9), "ID_NUMBER"),
        ]
    return list(dict(made).items())


def slip(rng: random.Random, text: str) -> str:
    """*text* with a character changed, lost, doubled or swapped with its neighbour."""
    place = rng.randrange(len(text) - 1)
    other = rng.choice("0123456789" if text[place].isdigit() else "abcdefghijklmnopqrstuvwxyz")
    return rng.choice(
        [
            text[:place] + other + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        ]
    )


@pytest.mark.parametrize("operator", STAND_INS)
def test_a_stand_in_brings_its_own_value_back_or_none(operator: Operator) -> None:
    """Written as it was sent it is restored in every text; whatever else is done to it, it is never another value."""
    talk = Talk(operator, store=OneVault(b"v" * 32), makers=makers_of(b"k" * 32))
    originals = values()
    sent = talk.write(*(piece for value in originals for piece in (value, "\n"))).splitlines()
    stand_ins, restorer = StandIns(talk.entries), Restorer(talk.entries)
    rng = random.Random(91)
    right: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    wrong: list[tuple[str, str]] = []
    for (original, _), text in zip(originals, sent, strict=True):
        if not stand_ins.knows(text):
            continue
        written = {name: write(text) for name, write in MUTATIONS.items()}
        written |= {f"slip {number}": slip(rng, text) for number in range(8)}
        for name, form in written.items():
            out = restorer.restore(f"So: {form} - that is all.")
            at_borders = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", form) is not None
            whole = form != text and (at_borders or name in UNPARTED)
            tried[name] += whole
            right[name] += whole and original in out
            wrong += [(name, other) for other, _ in originals if other != original and other in out]

    print(f"\n{operator}: {sum(map(stand_ins.knows, sent))} of {len(sent)} values have stand-ins")
    print(f"{'mutation':<24}{'right':>9}{'tried':>7}")
    for name in MUTATIONS:
        print(f"{name:<24}{right[name]:>9}{tried[name]:>7}")
    assert wrong == []
    assert right == tried
    assert sum(tried.values()) > REPLACED
