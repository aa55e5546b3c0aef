"""Shapes of our own: e-mail and web addresses, IBAN, wallets, and whatever follows the name of an identifier."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import far_words, near_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.views import WORD

__all__ = ["IBAN_LENGTHS", "IDENTIFIERS"]

IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
"""Characters of an IBAN, by country (SWIFT IBAN registry)."""


def _fit_iban(value: str) -> int:
    """Up to the length that its country gives; 0 if it is shorter, or goes on without a break."""
    left = IBAN_LENGTHS.get(value[:2].upper(), 0)
    for index, character in enumerate(value):
        left -= character.isalnum()
        if left == 0:
            goes_on = value[index + 1 : index + 2].isalnum()
            return 0 if goes_on else index + 1
    return 0


def _check_iban(value: str) -> bool:
    plain = re.sub(r"[ -]", "", value).upper()
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _fit_web_address(value: str) -> int:
    """Without the punctuation of the sentence around it, and without a bracket that it does not open."""
    surplus = {closing: value.count(closing) - value.count(opening) for opening, closing in ("()", "[]", "{}")}
    end = len(value)
    while end:
        last = value[end - 1]
        if last in surplus and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?'\"*_":
            break
        end -= 1
    return end


# Endings of files and names of products are country codes, too; a host with one of them needs a path or `www`.
_FILE_ENDINGS = "ai am as cc gz id io is js la lt md ml mm ms my ph pl pm ps pt py rs sc sh so st tf to ts vb"
_HOST_ENDINGS = (
    "academy agency app art bank bar biz blog cafe care cat center chat city cloud club coach codes com community"
    " company cool coop dental design dev digital doctor edu education email energy events expert family finance"
    " fit foundation fund games gov group guru health help hospital host hotel house info int international jobs"
    " land law legal life link live llc ltd market marketing media medical mil mobi money museum name net network"
    " news online onl org page photo photography pro properties pub rehab report restaurant review rocks run"
    " school science services shop site social software solutions space store studio support systems tech"
    " technology tel tips today tools top tours town travel tv university vet vip watch web webcam website wiki"
    " work works world xyz zone"
)
_AS_FILE = frozenset(_FILE_ENDINGS.split())
# Names of attributes in programs as well: without a path they are no hosts.
_AS_ATTRIBUTE = frozenset(
    [
        "name",
        "email",
        "group",
        "city",
        "company",
        "host",
        "page",
        "link",
        "run",
        "store",
        "zone",
        "watch",
        "report",
        "review",
    ]
)
_AS_HOST = frozenset(_HOST_ENDINGS.split())


def _check_mail_host(value: str) -> bool | None:
    """Refuses an address whose host ends in no name: a decorator, a version, an operator between two variables."""
    ending = value.rpartition(".")[2]
    return None if (len(ending) > 1 and ending.isalpha()) or ending.lower().startswith("xn--") else False


def _check_host(value: str) -> bool | None:
    host, _, path = value.partition("/")
    labels = host.lower().split(":")[0].split(".")
    if labels[0] == "www" and len(labels) > 2:
        return None
    ending = labels[-1]
    written = host.split(":")[0].rpartition(".")[2]
    if written[0].isupper() and not host.isupper() and not host[0].isupper():
        # A sentence that begins without a space.
        return False
    if ending in _AS_HOST:
        return False if ending in _AS_ATTRIBUTE and not path else None
    if len(ending) == 2 and (ending not in _AS_FILE or len(labels) > 2 or (path and "." not in path)):
        return None
    return False


IDENTIFIERS: tuple[Pattern, ...] = (
    Pattern(
        name="e-mail address",
        entity="EMAIL_ADDRESS",
        regex=(
            rf"[{WORD}+](?:[{WORD}.+%!#$*^~-]|'[{WORD}])*@"
            rf"[{WORD}](?:[{WORD}-]*[{WORD}])?(?:\.[{WORD}](?:[{WORD}-]*[{WORD}])?)+"
        ),
        score=1.0,
        check=_check_mail_host,
    ),
    Pattern(
        name="e-mail address at an IP address",
        entity="EMAIL_ADDRESS",
        regex=rf"[{WORD}+][{WORD}.+%-]*@\[?(?:\d{{1,3}}\.){{3}}\d{{1,3}}\b\]?",
        score=0.6,
    ),
    Pattern(
        name="IBAN",
        entity="IBAN_CODE",
        regex=rf"(?:^|[^{WORD}])(?P<span>[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]{{4}}){{2,7}}(?:[ -]?[A-Z0-9]{{1,3}})?)",
        score=0.5,
        context=("iban", "bank", "account", "konto", "cuenta", "compte", "transaction"),
        fit=_fit_iban,
        check=_check_iban,
        # Hardly anything else passes this check.
        evidence=3.0,
    ),
    Pattern(
        name="IBAN with a wrong check digit",
        entity="IBAN_CODE",
        regex=r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b",
        score=0.3,
        context=("iban",),
        fit=_fit_iban,
    ),
    Pattern(
        name="card number with a wrong check digit",
        entity="CREDIT_CARD",
        regex=r"\b(?:[3-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})\b",
        score=0.3,
        context=(
            *near_words("card, visa, mastercard, amex, american express, discover, karte, tarjeta, carte"),
            *far_words(
                "my card, card number, credit card, debit card, main card, visa card, kreditkarte, tarjeta de crédito"
            ),
        ),
    ),
    Pattern(
        name="social-security number that was never given out",
        entity="US_SSN",
        regex=r"\b\d{3}-\d{2}-\d{4}\b",
        score=0.3,
        context=("ssn", "social security", "social"),
    ),
    Pattern(
        name="Ethereum address",
        entity="CRYPTO",
        regex=r"\b0x[0-9a-f]{40}\b",
        score=0.7,
        context=("wallet", "eth", "ethereum", "crypto", "address"),
    ),
    Pattern(
        name="IPv6 address of no host",
        entity="IP_ADDRESS",
        regex=r"(?:^|[\s=\[])(?P<span>::(?:/\d{1,3})?)(?:$|[\s\],;])",
        score=0.3,
        context=("ip", "ipv6", "src", "dst", "unspecified", "bind", "listen", "host", "address"),
        check=lambda value: True if "/" in value else None,
    ),
    Pattern(
        name="web address",
        entity="URL",
        regex=r"\b(?:https?|ftp|wss?)://[^\s<>\"\x1a]+",
        score=0.6,
        fit=_fit_web_address,
    ),
    Pattern(
        name="host",
        entity="URL",
        regex=(
            rf"(?:^|[^{WORD}.@/\\-])"
            rf"(?P<span>[{WORD}](?:[{WORD}-]*[{WORD}])?(?:\.[{WORD}](?:[{WORD}-]*[{WORD}])?)*\.[a-z]{{2,13}}"
            rf"(?::\d{{2,5}})?(?:/[^\s<>\"\x1a]*)?)(?:$|[^{WORD}@/:-])"
        ),
        score=0.5,
        fit=_fit_web_address,
        check=_check_host,
    ),
)
"""Patterns that Presidio has none for, or that offline use and ordinary prose ask to be different."""
