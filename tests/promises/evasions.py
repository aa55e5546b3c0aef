"""Values of many types, sentences around them, and the ways in which people hide them; all made at run time."""

from __future__ import annotations

import base64
import codecs
import gzip
import hashlib
import random
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["FRAMES", "MIXED", "TRANSFORMS", "VALUES", "Case", "make_case"]

_HEX = "0123456789abcdef"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _luhn(digits: str) -> str:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if index % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


def _email(rng: random.Random) -> str:
    first, last = rng.choice(("anna", "jakub", "lucia", "piet")), rng.choice(("keller", "nowak", "rossi"))
    host = rng.choice(("example.org", "example.com", "mail-host.de"))
    return f"{first}.{last}{rng.randrange(10, 99)}@{host}"


def _card(rng: random.Random) -> str:
    digits = _luhn(rng.choice("45") + str(rng.randrange(1, 6)) + _digits(rng, 13))
    return rng.choice((" ", "-", "")).join(digits[index : index + 4] for index in range(0, 16, 4))


def _amex(rng: random.Random) -> str:
    digits = _luhn("37" + _digits(rng, 12))
    return f"{digits[:4]} {digits[4:10]} {digits[10:]}"


def _ssn(rng: random.Random) -> str:
    return f"{rng.randrange(132, 665)}-{rng.randrange(11, 98)}-{rng.randrange(1100, 9900)}"


def _itin(rng: random.Random) -> str:
    return f"9{_digits(rng, 2)}-{rng.choice((72, 75, 81, 84))}-{rng.randrange(1100, 9900)}"


def _phone(rng: random.Random) -> str:
    return rng.choice(
        (
            f"+49 171 {rng.randrange(2000000, 9999999)}",
            f"+1 415 {rng.randrange(201, 998)} {rng.randrange(1000, 9999)}",
            f"+48 601 {rng.randrange(100, 999)} {rng.randrange(100, 999)}",
            f"+44 7911 {rng.randrange(100000, 999999)}",
        )
    )


def _iban(rng: random.Random) -> str:
    country, account = rng.choice(
        (
            ("DE", _digits(rng, 18)),
            ("NL", "ABNA" + _digits(rng, 10)),
            ("ES", _digits(rng, 20)),
            ("PL", _digits(rng, 24)),
        )
    )
    number = "".join(str(int(one, 36)) for one in account + country + "00")
    plain = f"{country}{98 - int(number) % 97:02}{account}"
    return rng.choice((plain, " ".join(plain[index : index + 4] for index in range(0, len(plain), 4))))


def _ipv4(rng: random.Random) -> str:
    return f"{rng.randrange(11, 223)}.{rng.randrange(100, 250)}.{rng.randrange(20, 250)}.{rng.randrange(20, 250)}"


def _ipv6(rng: random.Random) -> str:
    return "2001:db8:" + ":".join("".join(rng.choices(_HEX, k=4)) for _ in range(6))


def _mac(rng: random.Random) -> str:
    return ":".join(f"{rng.randrange(16, 256):02X}" for _ in range(6))


def _bitcoin(rng: random.Random) -> str:
    payload = b"\0" + rng.randbytes(20)
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, index = divmod(number, 58)
        text = alphabet[index] + text
    # Each byte of nothing at the beginning is a `1`.
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def _aws(rng: random.Random) -> str:
    return "AKIA" + "".join(rng.choices(string.ascii_uppercase + "234567", k=15)) + rng.choice("234567")


def _github(rng: random.Random) -> str:
    return "ghp_" + "".join(rng.choices(string.ascii_letters + string.digits, k=35)) + rng.choice(string.digits)


def _jwt(rng: random.Random) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    claims = f'{{"sub":"{_digits(rng, 10)}"}}'
    return ".".join((part(b'{"alg":"HS256"}'), part(claims.encode()), part(rng.randbytes(32))))


def _nhs(rng: random.Random) -> str:
    while True:
        digits = rng.choice("4679") + _digits(rng, 8)
        check = 11 - sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            digits += str(check % 11)
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _nino(rng: random.Random) -> str:
    return " ".join((rng.choice(("AB", "JK", "PX")), *(_digits(rng, 2) for _ in range(3)), rng.choice("ABCD")))


def _pesel(rng: random.Random) -> str:
    digits = f"{rng.randrange(45, 99)}{rng.randrange(1, 13):02}{rng.randrange(10, 29)}{_digits(rng, 4)}"
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    return digits + str(-sum(int(one) * weight for one, weight in zip(digits, weights, strict=True)) % 10)


VALUES: Mapping[str, tuple[Callable[[random.Random], str], str]] = {
    "e-mail": (_email, ""),
    "card": (_card, ""),
    "American Express": (_amex, ""),
    "SSN": (_ssn, ""),
    "ITIN": (_itin, ""),
    "phone": (_phone, ""),
    "IBAN": (_iban, ""),
    "IPv4": (_ipv4, ""),
    "IPv6": (_ipv6, ""),
    "MAC": (_mac, ""),
    "Bitcoin": (_bitcoin, ""),
    "AWS key": (_aws, ""),
    "GitHub token": (_github, ""),
    "JWT": (_jwt, ""),
    "NHS": (_nhs, "NHS "),
    "NINO": (_nino, "NINO "),
    "PESEL": (_pesel, "PESEL "),
    "passport": (lambda rng: f"{rng.choice('CX')}{_digits(rng, 8)}", "passport number: "),
}
"""Type to how a value of it is made, and the label that it needs in front."""

FRAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("Please note that {} belongs to the customer.", "hi, can you check {} for me?", "Fwd: see {}\n\nThanks"),
    "de": ("Bitte notiere, dass {} zum Kunden gehört.", "hallo, kannst du {} heute prüfen?"),
    "fr": ("Veuillez noter que {} appartient au client.", "bonjour, peux-tu vérifier {} pour moi ?"),
    "es": ("Por favor anota que {} pertenece al cliente.", "hola, ¿puedes revisar {} hoy?"),
    "it": ("Prendi nota che {} appartiene al cliente.", "ciao, puoi controllare {} oggi?"),
    "pl": ("Proszę zapisać, że {} należy do klienta.", "cześć, czy możesz dziś sprawdzić {}?"),
}
"""Sentences with a place for a value."""

_LOOKS = dict(zip("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ", strict=True))
_WORDS = dict(enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")))


def _between(mark: str) -> Callable[[str], str]:
    return lambda value: mark.join(value)


def _map(table: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: "".join(map(table, value))


def _cut(value: str, before: str, after: str = "") -> str:
    middle = len(value) // 2
    return value[: middle - 2] + before + value[middle - 2 : middle] + after + value[middle:]


def _spell(value: str) -> str:
    """Digits as words, with the signs between them named."""
    names = {"-": "dash", ".": "dot", "@": "at", "+": "plus", ":": "colon"}
    if sum(map(str.isdigit, value)) * 2 < len(value):
        return value
    return " ".join((_WORDS[int(one)] if one.isdigit() else names.get(one, one)) for one in value if not one.isspace())


TRANSFORMS: Mapping[str, Callable[[str], str]] = {
    "zero-width space": _between("\u200b"),
    "zero-width joiner": _between("\u200d"),
    "soft hyphen": _between("\u00ad"),
    "word joiner": _between("\u2060"),
    "variation selector": _between("\ufe0e"),
    "grapheme joiner": _between("\u034f"),
    "control character": _between("\x01"),
    "full width": _map(lambda one: chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one),
    "mathematical bold": _map(lambda one: chr(0x1D7CE + int(one)) if one.isdigit() else one),
    "Arabic-Indic digits": _map(lambda one: chr(0x660 + int(one)) if one.isdigit() else one),
    "look-alikes": _map(lambda one: _LOOKS.get(one, one)),
    "tags": _map(lambda one: chr(0xE0000 + ord(one))),
    "spaced": _between(" "),
    "dotted": _between("."),
    "odd dashes": lambda value: value.replace("-", "\u2011").replace(" ", "\u2013"),
    "at and dot": lambda value: value.replace("@", " at ").replace(".", " dot ") if "@" in value else value,
    "bracketed at and dot": lambda value: value.replace("@", " [at] ").replace(".", "[dot]") if "@" in value else value,
    "narrow spaces": lambda value: (
        "\u202f".join(value[index : index + 2] for index in range(0, len(value), 2))
        if value.replace(" ", "").isdigit()
        else value.replace(" ", "\u202f")
    ),
    "line break": lambda value: _cut(value, "\n"),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "URL-safe base64": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "base64 of a sentence": lambda value: base64.b64encode(f"it is {value}, as agreed".encode()).decode(),
    "base64 twice": lambda value: base64.b64encode(base64.b64encode(value.encode())).decode(),
    "hexadecimal": lambda value: value.encode().hex(),
    "percent": _map(lambda one: f"%{ord(one):02X}"),
    "entities": _map(lambda one: f"&#{ord(one)};"),
    "hexadecimal entities": _map(lambda one: f"&#x{ord(one):x};"),
    "\\u escapes": _map(lambda one: f"\\u{ord(one):04x}"),
    "\\x escapes": _map(lambda one: f"\\x{ord(one):02x}"),
    "rot13": lambda value: codecs.encode(value, "rot13"),
    "stars": lambda value: _cut(value, "**", "**"),
    "tags of HTML": lambda value: _cut(value, "<b>", "</b>"),
    "backslashes": _map(lambda one: one if one.isalnum() or one.isspace() else "\\" + one),
    "reversed": lambda value: value[::-1],
    "reversed by direction": lambda value: "\u202e" + value[::-1] + "\u202c",
    "letters for digits": lambda value: (
        value.replace("0", "O").replace("1", "l") if sum(map(str.isdigit, value)) * 2 > len(value) else value
    ),
    "number words": _spell,
    "glued letters": lambda value: "x" + value.replace(" ", "") + "x",
}
"""Name to a way of hiding a value."""

MIXED: Mapping[str, Callable[[str], str]] = {
    "binary": lambda value: " ".join(f"{ord(one):08b}" for one in value),
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "code points": lambda value: ", ".join(str(ord(one)) for one in value),
    "spaced by underscores": _between("_"),
    "spaced by emoji": _between("\U0001f642"),
    "full width and zero-width": lambda value: TRANSFORMS["zero-width space"](TRANSFORMS["full width"](value)),
    "entities of base64": lambda value: TRANSFORMS["entities"](TRANSFORMS["base64"](value)),
    "percent of spaced": lambda value: TRANSFORMS["percent"](TRANSFORMS["spaced"](value)),
    "hexadecimal of base64": lambda value: TRANSFORMS["hexadecimal"](TRANSFORMS["base64"](value)),
    "stars in soft hyphens": lambda value: TRANSFORMS["soft hyphen"](TRANSFORMS["stars"](value)),
    "base64 of reversed": lambda value: TRANSFORMS["base64"](value[::-1]),
    "base64 of two bytes": lambda value: base64.b64encode(value.encode("utf-16-le")).decode(),
    "base64 of gzip": lambda value: base64.b64encode(gzip.compress(value.encode(), mtime=0)).decode(),
    "base64 turned round": lambda value: base64.b64encode(f"it is {value}".encode()).decode()[::-1],
    "base64 behind a label": lambda value: f"sha512-{base64.b64encode(f'it is {value}'.encode()).decode()}",
    "calls for characters": lambda value: "+".join(f"chr({ord(one)})" for one in f"it is {value}"),
    "code points with a plus": lambda value: " ".join(f"U+{ord(one):04X}" for one in value),
    "names of characters": lambda value: "".join(f"\\N{{{unicodedata.name(one)}}}" for one in value),
    "entities without ends": lambda value: "".join(f"&#{ord(one)}" for one in value),
    "escapes of style sheets": lambda value: "".join(f"\\{ord(one):x} " for one in value),
    "entities of number words": lambda value: TRANSFORMS["entities"](_spell(value)),
}
"""Mixtures of two ways, and further encodings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text with one hidden value: where it stands, and what it was."""

    kind: str
    transform: str
    language: str
    text: str = field(repr=False)
    start: int
    end: int


def make_case(kind: str, transform: str, language: str, rng: random.Random) -> Case:
    """A text of one cell of the matrix; the transform ``plain`` hides nothing."""
    make, label = VALUES[kind]
    value = make(rng)
    hide = TRANSFORMS.get(transform) or MIXED.get(transform) or (lambda plain: plain)
    hidden = hide(value)
    before, after = rng.choice(FRAMES[language]).split("{}")
    before += label
    return Case(
        kind=kind,
        transform=transform,
        language=language,
        text=before + hidden + after,
        start=len(before),
        end=len(before) + len(hidden),
    )
