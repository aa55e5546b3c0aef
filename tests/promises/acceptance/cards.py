"""What the payment card industry calls account data: the number, the code, the tracks, the PIN."""

from __future__ import annotations

import random

from stdnum import luhn

from tests.promises.acceptance.items import Item, digits, fill

__all__ = ["CARDS"]


def _number(rng: random.Random) -> str:
    prefix, length = rng.choice([("4", 16), ("53", 16), ("37", 15), ("6011", 16)])
    body = prefix + digits(rng, length - len(prefix) - 1)
    return body + luhn.calc_check_digit(body)


def _written(rng: random.Random) -> str:
    number = _number(rng)
    if len(number) == 15:
        return rng.choice([number, f"{number[:4]} {number[4:10]} {number[10:]}"])
    return rng.choice(["", " ", "-"]).join(number[at : at + 4] for at in range(0, 16, 4))


def _discretionary(rng: random.Random) -> str:
    return f"{rng.randint(27, 35)}{rng.randint(1, 12):02}{rng.choice(['101', '201', '120'])}{digits(rng, 8)}"


def _first_track(rng: random.Random) -> str:
    surname, name = rng.choice([("OYELARAN", "M"), ("WREN", "TOBIAS"), ("HASSELBECK", "G"), ("BRANDVOLD", "E")])
    return f"%B{_number(rng)}^{surname}/{name}^{_discretionary(rng)}?"


CARDS: tuple[Item, ...] = (
    Item(
        name="card number",
        entities="CREDIT_CARD",
        positives=fill(
            21,
            [
                "My card is «{}».",
                "charge «{}» please",
                "Kartennummer «{}»",
                '{"pan": "«{}»"}',
                "card number: «{}», exp 04/29",
                "the visa «{}» was stolen",
            ],
            _written,
        ),
        negatives=[
            "4111 steps and 1111 more",
            "The hash is 4111a11b1c11d111.",
            "Order 4929-1234 has shipped.",
            "1700000000000 is a time in milliseconds.",
            "2^53 is 9007199254740992.",
            "The first digits of pi are 3.1415926535897932.",
            "A credit card has 16 digits.",
            "10000000000000000 is ten quadrillion.",
            "GTIN 4006381333931 is a pencil.",
            "The deck has 52 cards and 4 suits.",
            "6.02214076e23 per mole",
        ],
    ),
    Item(
        name="card verification code",
        entities="CVV",
        positives=fill(
            22,
            [
                "CVV «{}»",
                "cvc: «{}»",
                "the security code is «{}»",
                "my card's CVV2 is «{}», thanks",
                "exp 09/28, cvv «{}»",
                "Prüfziffer der Karte: «{}»",
                "card verification code «{}»",
            ],
            lambda rng: digits(rng, 3),
        ),
        negatives=[
            "What is a CVV?",
            "The CVV has three digits.",
            "CVC words such as cat and dog have 3 letters.",
            "Security level 300 is off.",
            "Code 123 files before noon.",
            "The code is 404 for missing pages.",
            "Section 382 of the code",
            "A verification took 250 ms.",
            "Card 12 of the deck is a queen.",
            "Never store a CVV, says rule 3 of the standard.",
        ],
    ),
    Item(
        name="first track",
        entities="CREDIT_CARD",
        positives=fill(
            23, ["«{}»", "track 1: «{}»", "the reader sent «{}» twice", "swipe «{}»", "data=«{}»;"], _first_track
        ),
        negatives=[
            "%B is a format of dates.",
            "B^2 - 4AC is the discriminant.",
            "a^b/c^d",
            "Track 1 is called Overture.",
            "%BUILD%^PATH^",
            "x^2/4^3?",
            "The B side has 7 tracks.",
            "format %B %d, %Y",
            "%B12^A/B^1?",
            "%PATH%;C:\\Windows",
        ],
    ),
    Item(
        name="second track",
        entities="CREDIT_CARD",
        positives=fill(
            24,
            ["«{}»", "track 2: «{}»", "the skimmer stored «{}»", "swipe «{}»", "data «{}» end"],
            lambda rng: f";{_number(rng)}={_discretionary(rng)}?",
        ),
        negatives=[
            "; a comment = nothing",
            "x = 5; y = 7",
            ";; 1=1",
            "Track 2 lasts 4 minutes.",
            "a=1&b=2?",
            ";12=34?",
            "for (i = 0; i < 10; i++)",
            "key=value;other=thing",
            "if (a == 1234567890) return;",
            "SET x=2601;",
        ],
    ),
    Item(
        name="personal identification number",
        entities="CVV SECRET",
        positives=fill(
            25,
            [
                "My PIN is «{}».",
                "PIN: «{}»",
                "the pin for my card is «{}»",
                "Geheimzahl «{}»",
                "her atm pin was «{}»",
                "code PIN : «{}»",
            ],
            lambda rng: digits(rng, 4),
        ),
        negatives=[
            "Pin the post to the top.",
            "The pin is made of steel.",
            "GPIO pin 18 is high.",
            "A PIN has 4 digits.",
            "Pins 3 and 5 carry the clock.",
            "Bowl a strike with 10 pins.",
            "pin numpy==1.26",
            "The chip has 40 pins.",
            "I put a pin in the map.",
            "A safety pin costs 2 cents.",
        ],
    ),
)
