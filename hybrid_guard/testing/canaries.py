"""
Values that must not leak, and generators of values that nothing else holds by chance.
"""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass, field
from typing import Literal, assert_never

__all__ = ["Canary", "CanaryKind", "make_canary"]

CanaryKind = Literal["api_key", "card", "email", "iban", "name", "phone", "ssn"]
"""What a generated canary looks like."""

# No word of any language has six of these in a row, so a piece of six letters is never found by chance.
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_RUN = re.compile(r"(\d)\1\1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """
    A value that must not leak.

    Attributes:
        value: The protected text.
        label: What reports call it. Holds no part of the value.
        natural: The value is ordinary text such as `Jane Doe`, pieces of which are no leak; it is looked for whole.
            Values of fewer than 10 characters always are.
        stop: Parts of the value that also occur elsewhere, such as `@example.com`; they count for nothing.
    """

    value: str = field(repr=False)
    label: str
    natural: bool = False
    stop: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.value.strip():
            raise ValueError(f"the canary `{self.label}` has no value")


def make_canary(kind: CanaryKind, rng: random.Random) -> Canary:
    """
    A canary of high entropy that looks like *kind* and passes its checksum.

    Args:
        kind: What to make.
        rng: The source of chance; the same state gives the same canary.
    """
    label = f"{kind}-{rng.randrange(16**4):04x}"
    match kind:
        case "name":
            return Canary(value=f"{_make_word(rng).title()} {_make_word(rng).title()}", label=label)
        case "email":
            value = f"{_make_word(rng)}.{_make_word(rng)}@{_make_word(rng)}.example"
            return Canary(value=value, label=label, stop=(".example", "@"))
        case "card":
            return Canary(value=_make_card(rng), label=label)
        case "ssn":
            # No month and no day is above 31, so no piece of it reads as part of a date.
            value = f"{rng.randrange(100, 666)}-{rng.randrange(32, 100)}-{rng.randrange(1000, 10_000)}"
            return Canary(value=value, label=label)
        case "iban":
            return Canary(value=_make_iban(rng), label=label)
        case "phone":
            # A German mobile number, for it has nine digits of its own behind the prefix.
            value = f"+49 15{rng.choice('12579')} {rng.randrange(1000, 10_000)} {rng.randrange(1000, 10_000)}"
            return Canary(value=value, label=label, stop=("+49 15",))
        case "api_key":
            secret = "".join(rng.choices(string.ascii_letters + string.digits, k=40))
            return Canary(value=f"sk-{secret}", label=label, stop=("sk-",))
        case _:
            assert_never(kind)


def _make_word(rng: random.Random) -> str:
    return "".join(rng.choices(_CONSONANTS, k=8))


def _make_digits(rng: random.Random, count: int) -> str:
    # Three equal digits in a row would be found in round numbers.
    while _RUN.search(digits := "".join(rng.choices(string.digits, k=count))):
        pass
    return digits


def _make_card(rng: random.Random) -> str:
    body = "4" + _make_digits(rng, 14)
    doubled = (int(digit) * 2 for digit in body[::2])
    total = sum(value // 10 + value % 10 for value in doubled) + sum(map(int, body[1::2]))
    return f"{body}{-total % 10}"


def _make_iban(rng: random.Random) -> str:
    account = _make_digits(rng, 18)
    # `D` and `E` stand for 13 and 14 in the checksum.
    check = 98 - int(f"{account}131400") % 97
    return f"DE{check:02d}{account}"
