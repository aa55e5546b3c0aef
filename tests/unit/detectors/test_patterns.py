"""What ``patterns.v1`` finds, and what it leaves alone."""

from __future__ import annotations

import socket

import pytest

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.detectors.tables.identifiers import IDENTIFIERS
from hybrid_guard.ports import Detector
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import DetectionSettings, Finding, Segment


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The shipped patterns for a few languages."""
    return make_detector("patterns.v1", DetectionSettings(languages=("en", "de", "es", "fr", "it", "pl")))


def find(detector: Detector, text: str) -> tuple[Finding, ...]:
    """Findings in one text."""
    return detector.detect([Segment(path="", text=text)], language="en").spans[0]


def values(detector: Detector, text: str) -> list[tuple[str, str]]:
    """Entities with the texts they were found in."""
    return [(finding.entity, text[finding.start : finding.end]) for finding in find(detector, text)]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("write to jane.o'neil+x@mail.example.co.uk.", "EMAIL_ADDRESS", "jane.o'neil+x@mail.example.co.uk"),
        ("josé.ñandú@bücher.example.de", "EMAIL_ADDRESS", "josé.ñandú@bücher.example.de"),
        ("łukasz@example.pl!", "EMAIL_ADDRESS", "łukasz@example.pl"),
        ("我的邮箱是john@example.com谢谢", "EMAIL_ADDRESS", "john@example.com"),
        ("🙂🙂 john@example.com 🙂", "EMAIL_ADDRESS", "john@example.com"),
        ("root@[192.0.2.7]", "EMAIL_ADDRESS", "root@[192.0.2.7]"),
        ("key='john@example.com'", "EMAIL_ADDRESS", "john@example.com"),
        ("card 4111-1111-1111-1111.", "CREDIT_CARD", "4111-1111-1111-1111"),
        ("my visa is 4111 2222 3333 4444", "CREDIT_CARD", "4111 2222 3333 4444"),
        ("amex 3782 822463 10005", "CREDIT_CARD", "3782 822463 10005"),
        ("٤١١١١١١١١١١١١١١١", "CREDIT_CARD", "٤١١١١١١١١١١١١١١١"),
        ("４１１１－１１１１－１１１１－１１１１", "CREDIT_CARD", "４１１１－１１１１－１１１１－１１１１"),
        ("4111\u200b1111\u200b1111\u200b1111", "CREDIT_CARD", "4111\u200b1111\u200b1111\u200b1111"),
        ("pay to DE89 3704 0044 0532 0130 00 2 days ago", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
        ("iban: fr7630006000011234567890189", "IBAN_CODE", "fr7630006000011234567890189"),
        ("iban FR76 3000 6000 1100 0200 4826 382", "IBAN_CODE", "FR76 3000 6000 1100 0200 4826 382"),
        ("my ssn is 536-22-1120", "US_SSN", "536-22-1120"),
        ("SSN: 987-65-4321", "US_SSN", "987-65-4321"),
        ("NI number AA 12 34 56 B", "UK_NINO", "AA 12 34 56 B"),
        ("my NHS number is 943 476 5919", "UK_NHS", "943 476 5919"),
        ("PESEL 44051401359", "PL_PESEL", "44051401359"),
        ("Steuer-ID 65929970489", "DE_TAX_ID", "65929970489"),
        ("server at 203.0.113.7:8080", "IP_ADDRESS", "203.0.113.7"),
        ("host=10.0.0.1", "IP_ADDRESS", "10.0.0.1"),
        ("from 2001:db8::8a2e:370:7334", "IP_ADDRESS", "2001:db8::8a2e:370:7334"),
        ("MAC 00:1A:2B:3C:4D:5E", "MAC_ADDRESS", "00:1A:2B:3C:4D:5E"),
        ("MAC 00-1a-2b-3c-4d-5e", "MAC_ADDRESS", "00-1a-2b-3c-4d-5e"),
        ("wallet 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ", "CRYPTO", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ"),
        ("eth 0x52908400098527886E0F7030069857D2E4169EE7", "CRYPTO", "0x52908400098527886E0F7030069857D2E4169EE7"),
        ("see https://example.com/a_(b)?q=1.", "URL", "https://example.com/a_(b)?q=1"),
        ("(at www.example.museum)", "URL", "www.example.museum"),
        ("look at example.io/pricing now", "URL", "example.io/pricing"),
        ("call +1 (415) 555-0132 now", "PHONE_NUMBER", "+1 (415) 555-0132"),
        ("+1 415 555 0132 1999", "PHONE_NUMBER", "+1 415 555 0132"),
        ("(415) 555-0132", "PHONE_NUMBER", "(415) 555-0132"),
        ("415.555.0132 x 12", "PHONE_NUMBER", "415.555.0132 x 12"),
        ("030 / 1234567", "PHONE_NUMBER", "030 / 1234567"),
        ("my phone is 4155550132", "PHONE_NUMBER", "4155550132"),
        ("my visit on March 3rd, 2021 was", "DATE_TIME", "March 3rd, 2021"),
        ("mein Termin am 3. März 2021 um", "DATE_TIME", "3. März 2021"),
        ("mi cita el 3 de mayo de 2021", "DATE_TIME", "3 de mayo de 2021"),
        ("je viens le 1er août 2021", "DATE_TIME", "1er août 2021"),
        ("at 2024-03-15T14:30:00Z", "DATE_TIME", "2024-03-15T14:30:00Z"),
        ("paciente operado en enero de 2012", "DATE_TIME", "enero de 2012"),
        ("2021年3月15日", "DATE_TIME", "2021年3月15日"),
        ("my rent is $1,250.50 a month", "MONEY", "$1,250.50 a month"),
        ("I owe $5 to him", "MONEY", "$5"),
        ("salary: € 50k", "MONEY", "€ 50k"),
        ("Gehalt 1.250,50 € netto", "MONEY", "1.250,50 €"),
        ("my debt of 3 million dollars", "MONEY", "3 million dollars"),
        ("Miete CHF 300", "MONEY", "CHF 300"),
        ("a 54-year-old man", "AGE", "54-year-old"),
        ("aged 54.", "AGE", "54"),
        ("pt 54 yo f", "AGE", "54 yo"),
        ("I'm 34 and tired", "AGE", "34"),
        ("tiene 34 años", "AGE", "34 años"),
        ("at 12 Main Street, Apt 4, Springfield, IL 62704", "ADDRESS", "12 Main Street, Apt 4, Springfield, IL 62704"),
        ("i live at 12 maple street", "ADDRESS", "12 maple street"),
        ("Musterstraße 12a, 12345 Berlin", "ADDRESS", "Musterstraße 12a, 12345 Berlin"),
        ("Calle de Alcalá 12", "ADDRESS", "Calle de Alcalá 12"),
        ("12 rue de la Paix, 75002 Paris", "ADDRESS", "12 rue de la Paix, 75002 Paris"),
        ("ul. Długa 5", "ADDRESS", "ul. Długa 5"),
        ("P.O. Box 123", "ADDRESS", "P.O. Box 123"),
        ("I have Type 2 Diabetes", "MEDICAL_CONDITION", "Type 2 Diabetes"),
        ("my stage 3 breast cancer", "MEDICAL_CONDITION", "stage 3 breast cancer"),
        ("I take metformin 500 mg", "MEDICATION", "metformin 500 mg"),
        ("employee ID is E-55432.", "ID_NUMBER", "E-55432"),
        ("driver's license number, which is B0123-45678", "US_DRIVER_LICENSE", "B0123-45678"),
        ("Passport No: X1234567", "US_PASSPORT", "X1234567"),
        ("account # 44-6012-88", "US_BANK_NUMBER", "44-6012-88"),
        ("MRN: 564839", "ID_NUMBER", "564839"),
        ("SW1A 1AA", "UK_POSTCODE", "SW1A 1AA"),
        ("postcode sw1a 1aa", "UK_POSTCODE", "sw1a 1aa"),
    ],
)
def test_a_value_is_found_whole(detector: Detector, text: str, entity: str, value: str) -> None:
    """Entity and exact span, in several languages and scripts."""
    assert (entity, value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words only",
        "version 1.2.3.4 of it",
        "requires foo==1.2.3.4 and bar>=2.0.0.1",
        "at 1699999999123 ms",
        "so x = 123456782 * 2",
        "pi is 3.141592653589793",
        "2 + 2 = 4, 10-4, 7/8",
        "for i in range(10): print(a[i:2])",
        "echo $1 $2",
        "README.md main.py node.js e.g. this.That",
        "@app.route and a@b and x @ y.T",
        "std::cout << a::b",
        "12:34:56 and 1:2:3",
        "git 8f953371d3e85eddb89b05ed6b9e680791055315",
        "doi 10.1038/s41586-020-2649-2",
        "may 20 people come",
        "take 3 steps down the road",
        "10 lane highway",
        "diabetesén",
        "it is 4111 1111 1111 1112",
        "it is DE89370400440532013001",
        "it is ZZ89370400440532013000",
        "00:00:00:00:00:00",
        "an order of 1234567890",
        "room 12, floor 3",
        "it is sw1a 1aa",
        "tax: 1200, policy year: 2023-24, insurance id",
        "3 copies of a book at $20 each cost $60",
        "the company reported $30 billion in revenue",
        "the rates of obesity and diabetes in cities",
        "the Great Depression and my essay on it",
        "the movie was released on Nov. 18, 2019",
        "a role for a manager, a doctor and a student",
        "into a single, harmonised form",
        "an Asian market and German cars",
        "teenagers between 15 and 19 years old",
        "name: str, address: str, user: User",
        "User: Hello there",
        "the deaths per 100,000 people",
        "During 2021 it rose",
        "print(call.function.name, user.address.city)",
        "he left the floor.It was late and excited.No one saw him.In the end",
        "see issue #123 or page 4012",
        "sort 5, 3, 9 and 10",
        "std::vector<int> x; a :: Int",
    ],
)
def test_ordinary_text_is_left_alone(detector: Detector, text: str) -> None:
    """Versions, times, code, sums and wrong check digits are no findings."""
    assert values(detector, text) == []


def test_a_weak_shape_counts_only_with_a_word_beside_it(detector: Detector) -> None:
    """Before or after, in the same sentence; the score says how sure it is."""
    assert find(detector, "it is 12345678 there") == ()
    assert [finding.score for finding in find(detector, "bank 12345678")] == [pytest.approx(0.4)]
    assert values(detector, "12345678 is my bank number") == [("US_BANK_NUMBER", "12345678")]
    assert find(detector, "it is 12345678. Ask the bank") == ()
    assert find(detector, "the bank was far away from the place where 12345678 stood") == ()
    assert [value for _, value in values(detector, "12345678")] == ["12345678"]


def test_a_passed_check_is_certain_and_a_word_raises_the_rest(detector: Detector) -> None:
    """1.0 for a checksum; 0.35 more for a context word."""
    assert find(detector, "4111 1111 1111 1111")[0].score == 1.0
    plain, named = find(detector, "on 203.0.113.7 now")[0].score, find(detector, "ip 203.0.113.7")[0].score
    assert named == pytest.approx(plain + 0.35)


def test_context_decides_between_two_readings(detector: Detector) -> None:
    """Ten digits that pass the check of the NHS are a telephone number when somebody says so."""
    assert values(detector, "call me on 943-476-5919") == [("PHONE_NUMBER", "943-476-5919")]
    assert values(detector, "NHS 943-476-5919") == [("UK_NHS", "943-476-5919")]


def test_values_side_by_side_are_found_apart(detector: Detector) -> None:
    """Neighbours that share one separator."""
    assert [value for _, value in values(detector, "10.0.0.1 10.0.0.2,10.0.0.3")] == [
        "10.0.0.1",
        "10.0.0.2",
        "10.0.0.3",
    ]
    assert [value for _, value in values(detector, "a@x.org b@x.org")] == ["a@x.org", "b@x.org"]


def test_an_invisible_character_between_two_values_hides_neither(detector: Detector) -> None:
    """Both readings of the text count: with the gap and without."""
    text = "a@x.org\u200bb@y.org"
    covered = {index for finding in find(detector, text) for index in range(finding.start, finding.end)}
    assert covered >= {index for index, character in enumerate(text) if character != "\u200b"}


def test_every_entity_of_our_own_has_a_weight(detector: Detector) -> None:
    """What the shapes can give is in the table."""
    assert isinstance(detector, PatternDetector)
    assert {pattern.entity for pattern in detector.patterns} <= set(DEFAULT_WEIGHTS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a." * 25_000 + " jane.doe@example.com", id="dots before an address"),
        pytest.param("1-" * 100_000 + " jane.doe@example.com", id="hyphens between digits"),
        pytest.param("a@" * 100_000 + " jane.doe@example.com", id="at signs"),
        pytest.param("http://" + ")" * 200_000 + " jane.doe@example.com", id="closing brackets"),
        pytest.param("A" * 200_000 + " jane.doe@example.com", id="one long word"),
        pytest.param("9" * 200_000 + " jane.doe@example.com", id="one long number"),
        pytest.param(":" * 200_000 + " jane.doe@example.com", id="colons"),
        pytest.param("\u200b" * 200_000 + " jane.doe@example.com", id="invisible characters"),
    ],
)
def test_padding_neither_stalls_nor_blinds(detector: Detector, text: str) -> None:
    """Texts that make a backtracking engine run for minutes are read, and the address at their end is found."""
    assert ("EMAIL_ADDRESS", "jane.doe@example.com") in values(detector, text)


def test_a_web_address_of_punctuation_is_none() -> None:
    """What is left of it after the sentence is taken away may be nothing."""
    fits = [pattern.fit for pattern in IDENTIFIERS if pattern.entity == "URL" and pattern.fit is not None]
    assert [fit("...") for fit in fits] == [0, 0]


def test_nothing_is_asked_of_the_network(detector: Detector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts of addresses are judged without a list from elsewhere."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a connection was tried")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(find(detector, "a@never-seen-before.example, see never-seen-before.museum")) == 2


def test_a_check_that_raises_does_not_pass_for_nothing_found() -> None:
    """The detector lets the failure out; the engine makes an error of it."""

    def explode(value: str) -> bool | None:
        raise ZeroDivisionError

    broken = PatternDetector("mine.v1", [Pattern(name="n", entity="AGE", regex="ab", score=0.5, check=explode)])
    with pytest.raises(ZeroDivisionError):
        find(broken, "ab")
