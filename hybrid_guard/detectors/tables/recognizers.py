"""Patterns, checks and context words of Presidio's predefined recognizers, in a form that RE2 accepts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, cast

from hybrid_guard.detectors.context import ALONE
from hybrid_guard.detectors.matching import Pattern

__all__ = ["load_recognizer_patterns", "rewrite_edges"]

# Read from shapes of our own instead: Presidio's e-mail check asks the network for a list of domains, its URL pattern
# counts every file name as a host, and its IBAN search needs an order of attempts that no single pattern has.
_OWN = {"EmailRecognizer", "IbanRecognizer", "UrlRecognizer"}

_OCTET = r"(?:25[0-5]|2[0-4]\d|[01]?\d{1,2})"

# (recognizer, pattern) -> what stands in its place; None leaves it out. Every entry either takes the place of a pattern
# with look-around inside or a back-reference, or puts boundaries around one that has none.
_REWRITTEN: dict[tuple[str, str], tuple[str, ...] | None] = {
    ("CaSinRecognizer", "SIN (medium)"): (r"\b[1-79]\d{2}-\d{3}-\d{3}\b", r"\b[1-79]\d{2} \d{3} \d{3}\b"),
    ("CreditCardRecognizer", "All Credit Cards (weak)"): (
        r"\b(?:[13-6]\d{3}|2[2-7]\d{2})[- .]?\d{3,4}[- .]?\d{3,4}[- .]?\d{3,5}(?:[- .]?\d{3})?\b",
    ),
    ("CryptoRecognizer", "Crypto (Medium)"): (r"\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,59}\b",),
    ("DePlzRecognizer", "Postleitzahl (5 digits, very low base confidence – context required)"): (
        r"\b(?:0[1-9]\d{3}|[1-9]\d{4})\b",
    ),
    ("FiPersonalIdentityCodeRecognizer", "Finnish Personal Identity Code (Very Weak)"): None,
    ("InPanRecognizer", "PAN (Low)"): None,
    ("IpRecognizer", "IPv6_unspecified"): None,
    # After a comparison stands a version.
    ("IpRecognizer", "IPv4"): (
        rf"(?:^=?|[^\w=.<>~^!]|[^=<>~!]=|</?[a-z][^<>]*>)(?P<span>(?:{_OCTET}\.){{3}}{_OCTET}(?:/(?:[0-2]?\d|3[0-2]))?)(?:$|[^\w.]|\.(?:\D|$))",
    ),
    ("MacAddressRecognizer", "MAC_COLON_OR_HYPHEN"): (
        r"\b[0-9A-F]{2}(?::[0-9A-F]{2}){5}\b",
        r"\b[0-9A-F]{2}(?:-[0-9A-F]{2}){5}\b",
    ),
    ("MedicalLicenseRecognizer", "USA DEA Certificate Number (weak)"): (r"\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b",),
    ("PlPeselRecognizer", "PESEL"): (r"\b\d{2}(?:[02468][1-9]|[13579][012])(?:0[1-9]|[12]\d|3[01])\d{5}\b",),
    ("SeOrganisationsnummerRecognizer", "Swedish Organisationsnummer (Weak)"): None,
    ("SePersonnummerRecognizer", "Swedish Personnummer (Very Weak)"): None,
    ("UkNinoRecognizer", "NINO (medium)"): (
        r"\b[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[a-d]\b",
    ),
    ("UsHealthInsuranceMemberIdRecognizer", "Health insurance member ID (weak)"): (
        r"\b[A-Z]{1,5}-?[A-Z0-9]{0,13}\d[A-Z0-9]{0,13}\b",
    ),
}

# Their checks look at the shape a second time and hold for every value of it, so they prove nothing.
_SHAPE_CHECKED = {
    "KrDriverLicenseRecognizer",
    "TrLicensePlateRecognizer",
    "UkVehicleRegistrationRecognizer",
    "ZaCompanyRegistrationRecognizer",
    "ZaDriverLicenseRecognizer",
    "ZaIncomeTaxNumberRecognizer",
    "ZaLicensePlateRecognizer",
    "ZaPassportRecognizer",
    "ZaTrafficRegisterNumberRecognizer",
    "ZaVatNumberRecognizer",
}

# Shapes of letters and digits that hardly anything else has: in capitals they count without a context word.
_DISTINCT = {
    ("CaPostalCodeRecognizer", "CA Postal Code (strict, with space)"),
    ("DeFuehrerscheinRecognizer", "Führerscheinnummer (Post-2013 EU-Format, 11 Zeichen)"),
    ("DeKfzRecognizer", "KFZ-Kennzeichen (mit Bindestrich)"),
    ("DeKfzRecognizer", "KFZ-Kennzeichen (Bindestrich + Leerzeichen)"),
    ("InPanRecognizer", "PAN (Medium)"),
    ("InVoterRecognizer", "VOTER"),
    ("ItDriverLicenseRecognizer", "Driver License"),
    ("ItFiscalCodeRecognizer", "Fiscal Code"),
    ("KrPassportRecognizer", "Passport Number (Current)"),
    ("TrLicensePlateRecognizer", "TR License Plate (space)"),
    ("TrLicensePlateRecognizer", "TR License Plate (hyphen)"),
    ("UkPostcodeRecognizer", "UK Postcode"),
    ("UkVehicleRegistrationRecognizer", "UK Vehicle Registration (current)"),
    ("UsMbiRecognizer", "MBI (weak)"),
}
_DISTINCT_SCORE = 0.45

# No check and no letters: any number of that length looks like it.
_LOOSE = {("DeTaxNumberRecognizer", "Steuernummer ELSTER (bundeseinheitlich, 13-stellig)")}
_LOOSE_SCORE = 0.3

# Two digits for each part are a date as well as a version.
_LIKE_VERSION = {("DateRecognizer", "dd.mm.yyyy or dd.mm.yy")}

_VERSION = ("version", "ver", "release", "build", "firmware", "python", "upgrade", "changelog")

_Check = Callable[[str], bool | None]


class _Shape(Protocol):
    """One pattern of a recognizer."""

    name: str
    regex: str
    score: float


class _Recognizer(Protocol):
    """The part of Presidio's pattern recognizers that is read."""

    supported_entities: Sequence[str]
    patterns: Sequence[_Shape]
    context: Sequence[str] | None

    def validate_result(self, pattern_text: str) -> bool | None: ...

    def invalidate_result(self, pattern_text: str) -> bool | None: ...


def _refute_card(value: str) -> bool | None:
    digits = re.sub(r"\D", "", value)
    # Thirteen digits that begin with 1 are a time in milliseconds.
    return False if len(digits) == 13 and digits[0] == "1" else None


def _refute_nino(value: str) -> bool | None:
    return False if value[:2].upper() in {"BG", "GB", "NK", "KN", "NT", "TN", "ZZ"} else None


def _refute_address(value: str) -> bool | None:
    # Two short words of letters around a double colon are names in a program.
    return None if re.search(r"\d", value) else False


def _refute_vat(value: str) -> bool | None:
    from stdnum.de import vat

    return None if vat.is_valid(value) else False


def _refute_plz(value: str) -> bool | None:
    return False if value in {"01000", "99999"} else None


def _refute_member_id(value: str) -> bool | None:
    return None if 6 <= len(value) <= 20 else False


def _refute_plate(value: str) -> bool | None:
    """Words between spaces look like a plate, if case is not looked at."""
    letters = re.findall(r"[^\W\d_]+", value)
    mixed = not (value.isupper() or value.islower())
    return False if mixed or (value.islower() and letters[-1] in _SMALL_WORDS) else None


_SMALL_WORDS = {"am", "an", "as", "at", "by", "im", "in", "is", "no", "of", "on", "or", "to", "um", "us", "we"}

_REFUTED: dict[str, _Check] = {
    "CreditCardRecognizer": _refute_card,
    "DeKfzRecognizer": _refute_plate,
    "DePlzRecognizer": _refute_plz,
    "DeVatIdRecognizer": _refute_vat,
    "IpRecognizer": _refute_address,
    "UkNinoRecognizer": _refute_nino,
    "UsHealthInsuranceMemberIdRecognizer": _refute_member_id,
}

_CLASS = r"\\[wd]|\[(?:[^\]\\]|\\.)+\]"
_BEHIND = re.compile(rf"\(\?<!({_CLASS})\)")
_AHEAD = re.compile(rf"\(\?!({_CLASS})(\|\\\.\\d)?\)$")
_LABEL = "(?<="


def rewrite_edges(regex: str) -> str:
    """
    *regex* without look-around at its edges: the neighbours are matched, and the value is the group ``span``.

    A negative look-behind or look-ahead of one character, and a look-behind of any length at the start, are rewritten;
    zeros that a look-ahead inside excludes are let through, which finds more. Others are left for RE2 to refuse.
    """
    regex = re.sub(r"\(\?!0+\)", "", regex)
    before = after = ""
    if behind := _BEHIND.match(regex):
        before = f"(?:^|{_negate(behind[1])})"
        regex = regex[behind.end() :]
    elif regex.startswith(_LABEL):
        end = _closing(regex)
        before = f"(?:{regex[len(_LABEL) : end]})"
        regex = regex[end + 1 :]
    if ahead := _AHEAD.search(regex):
        after = f"(?:$|{_negate(ahead[1])})"
        if ahead[2]:
            after = r"(?:$|[^\w:.]|\.(?:\D|$))"
        regex = regex[: ahead.start()]
    if not before and not after:
        return regex
    return f"{before}(?P<span>{regex}){after}"


def _negate(characters: str) -> str:
    return characters.upper() if characters.startswith("\\") else f"[^{characters[1:]}"


def _closing(regex: str) -> int:
    depth = 0
    escaped = False
    for index, character in enumerate(regex):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return index
    raise ValueError("unbalanced parentheses")


def load_recognizer_patterns() -> tuple[Pattern, ...]:
    """Patterns of the recognizers of all countries, for people write about those of others; in the order of names."""
    from presidio_analyzer import PatternRecognizer, predefined_recognizers

    patterns: list[Pattern] = []
    for name, kind in sorted(vars(predefined_recognizers).items()):
        if not inspect.isclass(kind) or not issubclass(kind, PatternRecognizer) or kind is PatternRecognizer:
            continue
        if name not in _OWN:
            patterns.extend(_read(name, cast("Callable[[], _Recognizer]", kind)()))
    return tuple(patterns)


def _read(name: str, recognizer: _Recognizer) -> Iterator[Pattern]:
    entity = _ENTITY.get(recognizer.supported_entities[0], recognizer.supported_entities[0])
    check = _check(name, recognizer)
    for pattern in recognizer.patterns:
        key = (name, pattern.name)
        for regex in _REWRITTEN.get(key, (rewrite_edges(pattern.regex),)) or ():
            read = Pattern(
                name=f"{name}: {pattern.name}",
                entity=entity,
                regex=regex,
                score=min(pattern.score, _LOOSE_SCORE) if key in _LOOSE else pattern.score,
                context=(*(recognizer.context or ()), ALONE),
                against=_VERSION if entity == "IP_ADDRESS" or key in _LIKE_VERSION else (),
                check=check,
            )
            yield read
            if key in _DISTINCT:
                yield replace(read, name=f"{read.name}, as it is printed", score=_DISTINCT_SCORE, cased=True)


def _check(name: str, recognizer: _Recognizer) -> _Check:
    refute = _REFUTED.get(name)

    def check(value: str) -> bool | None:
        if refute is not None and refute(value) is False:
            return False
        verdict = recognizer.validate_result(value.replace(".", "-"))
        if verdict is None:
            return False if recognizer.invalidate_result(value) else None
        if not verdict or recognizer.invalidate_result(value):
            return False
        return None if name in _SHAPE_CHECKED else True

    return check


_ENTITY = {"PESEL": "PL_PESEL"}
