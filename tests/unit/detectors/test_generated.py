"""Structured values made at random, in the forms that people and programs write them."""

from __future__ import annotations

import ipaddress
import random
import string
from collections.abc import Callable, Iterator
from itertools import pairwise

import phonenumbers
import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.detectors.tables.identifiers import IBAN_LENGTHS
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment

FRAMES = (
    "{}",
    "it is {}.",
    "({})",
    '"{}"',
    "value={};",
    "a, {}, b",
    "Reach me: {}\nBye",
    "| {} |",
    "<td>{}</td>",
    "ich habe {} notiert",
)
ROUNDS = 150


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The shipped patterns."""
    return make_detector("patterns.v1", DetectionSettings())


def make_email(rng: random.Random) -> str:
    """Of common and of odd forms."""
    name = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(2, 9)))
    local = rng.choice(
        [name, f"{name}.{name}", f"{name}+tag", f"{name}_{rng.randint(1, 99)}", name.title(), f"o'{name}"]
    )
    host = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9)))
    return (
        f"{local}@{rng.choice(['', 'mail.'])}{host}.{rng.choice(['com', 'org', 'de', 'co.uk', 'pl', 'museum', 'io'])}"
    )


def make_card(rng: random.Random) -> str:
    """Of six makers, whole and in groups."""
    prefix, length = rng.choice(
        [("4", 16), ("51", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16), ("3530", 16)]
    )
    body = prefix + "".join(rng.choices(string.digits, k=length - len(prefix) - 1))
    number = body + luhn.calc_check_digit(body)
    cuts = (0, 4, 10, 15) if length == 15 else (0, 4, 8, 12, 16)
    parts = [number[start:end] for start, end in pairwise(cuts)]
    return rng.choice(["", " ", "-", "."]).join(parts)


def make_iban(rng: random.Random) -> str:
    """Of any country, whole and in groups."""
    country = rng.choice(sorted(IBAN_LENGTHS))
    body = "".join(rng.choices(string.digits, k=IBAN_LENGTHS[country] - 4))
    check = mod_97_10.calc_check_digits(body + country)
    number = f"{country}{check}{body}"
    if rng.random() < 0.5:
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def make_ssn(rng: random.Random) -> str:
    """With hyphens."""
    area = rng.choice([rng.randint(1, 665), rng.randint(667, 899)])
    return f"{area:03}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"


def make_address(rng: random.Random) -> str:
    """Of both versions of the protocol."""
    if rng.random() < 0.5:
        return str(ipaddress.IPv4Address(rng.randint(0x01000000, 0xDF000000)))
    return str(ipaddress.IPv6Address(rng.randint(0x2001 << 112, 0x2002 << 112)))


def make_phone(rng: random.Random) -> str:
    """Of any country, with its code."""
    while True:
        example = phonenumbers.example_number_for_type(
            rng.choice(sorted(phonenumbers.SUPPORTED_REGIONS)), phonenumbers.PhoneNumberType.MOBILE
        )
        if example is not None:
            break
    style = rng.choice([phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL])
    return phonenumbers.format_number(example, style)


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "EMAIL_ADDRESS": make_email,
    "CREDIT_CARD": make_card,
    "IBAN_CODE": make_iban,
    "US_SSN": make_ssn,
    "IP_ADDRESS": make_address,
    "PHONE_NUMBER": make_phone,
}


def make_texts(entity: str) -> Iterator[tuple[str, int, int]]:
    """Texts with the place of their value."""
    rng = random.Random(entity)
    for index in range(ROUNDS):
        value = MAKERS[entity](rng)
        frame = FRAMES[index % len(FRAMES)]
        start = frame.index("{}")
        yield frame.format(value), start, start + len(value)


@pytest.mark.parametrize("entity", sorted(MAKERS))
def test_a_value_in_any_form_is_covered(detector: Detector, entity: str) -> None:
    """Whole, in every frame; and as what it is in nineteen texts of twenty."""
    missed, named = [], 0
    for text, start, end in make_texts(entity):
        (spans,) = detector.detect([Segment(path="", text=text)], language="en").spans
        covering = [found for found in spans if found.start <= start and end <= found.end]
        named += any(found.entity == entity for found in covering)
        if not covering:
            missed.append(text)
    assert missed == []
    assert named >= 0.95 * ROUNDS
