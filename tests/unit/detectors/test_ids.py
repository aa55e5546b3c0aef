"""Identifiers that their label tells apart, cards, coordinates and vehicles."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.tables.cards import CARDS
from hybrid_guard.detectors.tables.ids import LABELLED_IDS
from hybrid_guard.detectors.tables.places import PLACES, check_vin
from hybrid_guard.types import Segment

DETECTOR = PatternDetector("test.v1", (*CARDS, *PLACES, *LABELLED_IDS))
RANDOM = random.Random(3)


def values(text: str) -> list[tuple[str, str]]:
    """Entities with the texts they were found in."""
    spans = DETECTOR.detect([Segment(path="", text=text)], language="en").spans[0]
    return [(finding.entity, text[finding.start : finding.end]) for finding in spans]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("my employee ID is E-78901, and", "ID_NUMBER", "E-78901"),
        ("(Employee #782110)", "ID_NUMBER", "782110"),
        ("Student: Maria (ID: 11029384)", "ID_NUMBER", "11029384"),
        ("my student ID from UCLA was 805-123-456", "ID_NUMBER", "805-123-456"),
        ("My patient ID there is SPI-09876.", "ID_NUMBER", "SPI-09876"),
        ("Patient ID: P78-B2.", "ID_NUMBER", "P78-B2"),
        ("a patient record number H882-00192 at", "ID_NUMBER", "H882-00192"),
        ("ID: RUSH-PT-112233", "ID_NUMBER", "RUSH-PT-112233"),
        ("policy #XG55432B, employer", "ID_NUMBER", "XG55432B"),
        ("Policy Number: FL-AUTO-0056892-1.", "ID_NUMBER", "FL-AUTO-0056892-1"),
        ("claim number they gave me is WC-2024-015", "ID_NUMBER", "WC-2024-015"),
        ("(Invoice C4822)", "ID_NUMBER", "C4822"),
        ("under ticket JIRA-8812 now", "ID_NUMBER", "JIRA-8812"),
        ("Booking Ref: 8J5K2L", "ID_NUMBER", "8J5K2L"),
        ("Confirmation: H-9872234", "ID_NUMBER", "H-9872234"),
        ("case # 2023-CV-00412", "ID_NUMBER", "2023-CV-00412"),
        ("MRN 564839-2", "ID_NUMBER", "564839-2"),
        ("last four digits of my SSN, which are 5678", "ID_NUMBER", "5678"),
        ("Patientennummer: 4711-0815", "ID_NUMBER", "4711-0815"),
        ("Versicherungsnummer lautet A123456789", "ID_NUMBER", "A123456789"),
        ("Aktenzeichen: 12-345/19", "ID_NUMBER", "12-345/19"),
        ("n° de dossier 2024-55112", "ID_NUMBER", "2024-55112"),
        ("numéro de sécurité sociale : 1 84 12 76 451 089 46", "ID_NUMBER", "1 84 12 76 451 089 46"),
        ("NHC: 2569870.", "ID_NUMBER", "2569870"),
        ("NASS: 47 39047534 02.", "ID_NUMBER", "47 39047534 02"),
        ("CIPA: nhc-739146.", "ID_NUMBER", "nhc-739146"),
        ("NºCol: 28 28 20943.", "ID_NUMBER", "28 28 20943"),
        ("número de expediente es 445-22/B", "ID_NUMBER", "445-22/B"),
        ("DNI 12345678A", "ID_NUMBER", "12345678A"),
        ("codice fiscale: RSSMRA85T10A562X", "ID_NUMBER", "RSSMRA85T10A562X"),
        ("numero di polizza 99-1234", "ID_NUMBER", "99-1234"),
        ("CPF: 111.222.333-44", "ID_NUMBER", "111.222.333-44"),
        ("BSN 111222333", "ID_NUMBER", "111222333"),
        ("polisnummer is 8812-X", "ID_NUMBER", "8812-X"),
        ("firma NESTOR NIP 9251585675", "ID_NUMBER", "9251585675"),
        ("PESEL: 79030835345", "ID_NUMBER", "79030835345"),
        ("numer dowodu ABC123456", "ID_NUMBER", "ABC123456"),
        ("account number is 0012-8765-3456", "US_BANK_NUMBER", "0012-8765-3456"),
        ("(Acct # 3019876543)", "US_BANK_NUMBER", "3019876543"),
        ("my savings account #45-198-332", "US_BANK_NUMBER", "45-198-332"),
        ("Sort Code 20-30-40", "US_BANK_NUMBER", "20-30-40"),
        ("Konto: 1234567", "US_BANK_NUMBER", "1234567"),
        ("my Visa card ending in 4821", "CREDIT_CARD", "Visa card ending in 4821"),
        ("Mastercard ...5678", "CREDIT_CARD", "Mastercard ...5678"),
        ("Karte endet auf 4821", "CREDIT_CARD", "endet auf 4821"),
        ("card 4500 XXXX XXXX 8892.", "CREDIT_CARD", "4500 XXXX XXXX 8892"),
        ("Chase Acct ******7731", "CREDIT_CARD", "******7731"),
        ("SSN: XXX-XX-9876", "US_SSN", "XXX-XX-9876"),
        ("driver's license number, which is F123-456-78", "US_DRIVER_LICENSE", "F123-456-78"),
        ("Führerscheinnummer: B072RRE2I55", "US_DRIVER_LICENSE", "B072RRE2I55"),
        ("Passport No: X1234567", "US_PASSPORT", "X1234567"),
        ("numer paszportu: EA1234567", "US_PASSPORT", "EA1234567"),
        ("license plate is 8ABC-123", "LICENSE_PLATE", "8ABC-123"),
        ("Kennzeichen: HH-AB 1234", "LICENSE_PLATE", "HH-AB 1234"),
        ("CVV: 123", "CVV", "123"),
        ("the security code is 4821.", "CVV", "4821"),
        ("Kartenprüfnummer 123", "CVV", "123"),
        ("exp 12/27", "DATE_TIME", "12/27"),
        ("gültig bis: 04/2029", "DATE_TIME", "04/2029"),
        ("at 48.8584° N, 2.2945° E", "GEO_COORDINATES", "48.8584° N, 2.2945° E"),
        ("48°51'29.6\"N 2°17'40.2\"E", "GEO_COORDINATES", "48°51'29.6\"N 2°17'40.2\"E"),
        ("my home is at 52.520008, 13.404954", "GEO_COORDINATES", "52.520008, 13.404954"),
        ('{"lat": 52.52, "x": 1}', "GEO_COORDINATES", "52.52"),
        ("IMEI 490154203237518", "ID_NUMBER", "490154203237518"),
    ],
)
def test_an_identifier_is_found_by_its_label(text: str, entity: str, value: str) -> None:
    """In forms and in sentences of eight languages."""
    assert (entity, value) in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "chapter 12, page 345",
        "the deaths per 100,000 people",
        "order 3 of the 5 books",
        "in case 2 of them fail",
        "the policy of 2023 was new",
        "a client of 20 years",
        "member since 2019",
        "no. 5 is alive",
        "numero uno",
        "issue #1234",
        "color #123456",
        "12 students, 30 teachers",
        "visa for 2024",
        "it ends in 2024",
        "expect 12/27 of them",
        "values 0.1234, 0.5678",
        "security codes for 300 users",
        "id = models.AutoField(primary_key=True)",
        "CVE-2021-44228 and ISO-8859 and RFC-2616",
    ],
)
def test_counts_and_years_are_no_identifiers(text: str) -> None:
    """A word that may be a label needs an identifier after it."""
    assert values(text) == []


def make_card(prefix: str, length: int) -> str:
    """A number with the right check digit."""
    body = prefix + "".join(RANDOM.choices("0123456789", k=length - len(prefix) - 1))
    return body + luhn.calc_check_digit(body)


@pytest.mark.parametrize("separator", [" ", "-", ".", "/", " - ", "_", "\n", "|"])
@pytest.mark.parametrize(
    ("prefix", "groups"), [("4", (4, 4, 4, 4)), ("5425", (4, 4, 4, 4)), ("37", (4, 6, 5)), ("2221", (4, 4, 4, 4))]
)
def test_a_card_is_found_with_any_separator(separator: str, prefix: str, groups: tuple[int, ...]) -> None:
    """Of several makers."""
    number = make_card(prefix, sum(groups))
    parts, start = [], 0
    for size in groups:
        parts.append(number[start : start + size])
        start += size
    text = separator.join(parts)
    assert ("CREDIT_CARD", text) in values(f"so {text} it")


@given(st.integers(4 * 10**14, 5 * 10**14 - 1), st.integers(1, 9))
def test_a_card_has_the_right_check_digit(body: int, shift: int) -> None:
    """One number of ten is a card; the others, times and runs of one digit are refused."""
    (check,) = [pattern.check for pattern in CARDS if pattern.name == "card number in groups"]
    assert check is not None
    right = luhn.calc_check_digit(str(body))
    assert check(f"{body}{right}") is True
    assert check(f"{body}{(int(right) + shift) % 10}") is False
    assert check("4" * 16) is False
    assert check("4" * 12) is False


def test_tracks_of_a_card_are_found_whole() -> None:
    """Both tracks of a magnetic stripe."""
    number = make_card("4", 16)
    for track in (f"%B{number}^DOE/JANE^29121010000000000000?", f";{number}=29121010000000000?"):
        assert ("CREDIT_CARD", track) in values(f"swiped {track} ok")


def test_a_vehicle_is_told_by_its_check_digit_or_by_a_word() -> None:
    """Makers outside of North America have no check digit."""
    assert values("so 1HGBH41JXMN109186 it") == [("VIN", "1HGBH41JXMN109186")]
    assert values("so WVWZZZ1JZ3W386752 it") == []
    assert values("the VIN is WVWZZZ1JZ3W386752") == [("VIN", "WVWZZZ1JZ3W386752")]
    assert check_vin("ABCDEFGHJKLMNPRST") is False
