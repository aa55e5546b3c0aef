"""What each operator puts in the place of a value."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.anonymizer import build_operators, token_like_spans
from hybrid_guard.anonymizer.operators import label
from hybrid_guard.anonymizer.operators.dates import read_date
from hybrid_guard.types import Operator

OPERATORS = build_operators(b"k" * 32)
ENTITIES = ["PERSON", "DATE_TIME", "AGE", "MONEY", "CREDIT_CARD"]


def apply(operator: Operator, text: str, entity: str) -> str:
    """What *operator* makes of *text*."""
    return OPERATORS[operator].apply(text, entity=entity)


def test_every_operator_that_keeps_nothing_is_built() -> None:
    """Kept spans are not touched, and what is restored has to do with the vault."""
    assert set(Operator) - set(OPERATORS) == {Operator.KEEP, *(one for one in Operator if one.reversible)}


DRESSED = {
    "circled": lambda one: chr(0x24D0 + ord(one) - 97),
    "squared": lambda one: chr(0x1F130 + ord(one) - 97),
    "flags": lambda one: chr(0x1F1E6 + ord(one) - 97),
    "braille": lambda one: chr(0x2800 + ord(one) - 96),
    "private": lambda one: chr(0xE000 + ord(one)),
    "tags": lambda one: chr(0xE0000 + ord(one)),
}
"""Letters that `str.isalpha` does not know."""


@pytest.mark.parametrize("name", DRESSED)
@pytest.mark.parametrize("operator", [one for one in OPERATORS if one is not Operator.KEEP], ids=str)
def test_no_operator_keeps_letters_in_disguise(operator: Operator, name: str) -> None:
    """Beside the digits that it changes."""
    dressed = "".join(map(DRESSED[name], "ada"))
    for text in (f"{dressed}123456", f"{dressed} 870909 EUR", f"12 {dressed}", f"{dressed} 2020-03-04"):
        answer = apply(operator, text, "MONEY")
        assert not set(dressed) & set(answer), answer


@given(
    st.sampled_from(list(OPERATORS)),
    st.text(st.characters(exclude_categories=()), min_size=1) | st.from_regex(r"[0-9.,/ *:-]{1,12}", fullmatch=True),
    st.sampled_from(ENTITIES),
)
def test_no_operator_gives_its_input_back(operator: Operator, text: str, entity: str) -> None:
    """For any text whatever, the answer is another text, and the same one each time."""
    answer = apply(operator, text, entity)

    assert answer != text
    assert answer == apply(operator, text, entity)
    assert not token_like_spans(answer) or token_like_spans(text)


def test_a_label_is_never_the_text_it_replaces() -> None:
    """Even a text that is a label is replaced by another one."""
    assert label("PERSON") == "[PERSON]"
    assert apply(Operator.REDACT, "Ada", "PERSON") == "[PERSON]"
    assert apply(Operator.REDACT, "[PERSON]", "PERSON") == "[REDACTED]"


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("4111 1111-1111 1234", "CREDIT_CARD", "**** ****-**** 1234"),
        ("DE89370400440532013000", "IBAN_CODE", "******************3000"),
        ("123-45-678", "US_SSN", "***-**-***"),
        ("Ada Lovelace-King", "PERSON", "*** ********-****"),
        ("ada.l@example.com", "EMAIL_ADDRESS", "***.*@*******.***"),
        ("12/03/2020 10:45", "DATE_TIME", "**/**/**** **:**"),
        ("é\U0001f600", "PERSON", "**"),
        ("--", "PERSON", "[PERSON]"),
        ("****", "PERSON", "[PERSON]"),
    ],
)
def test_masks_show_the_end_of_identifiers_only(text: str, entity: str, expected: str) -> None:
    """Long identifiers keep four characters; names, addresses and dates keep none."""
    assert apply(Operator.MASK, text, entity) == expected


def test_hashes_are_keyed() -> None:
    """Equal values have equal fingerprints under one key and type, and others under another."""
    one = apply(Operator.HASH, "Ada", "PERSON")

    assert re.fullmatch(r"\[PERSON [0-9a-f]{8}\]", one)
    assert one != apply(Operator.HASH, "Ada", "CITY")
    assert one != apply(Operator.HASH, "ada", "PERSON")
    assert one != build_operators(b"x" * 32)[Operator.HASH].apply("Ada", entity="PERSON")


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("2020-03-15", "DATE_TIME", "2020-03"),
        ("on 15th of March 2020 at 10:45", "DATE_TIME", "2020-03"),
        ("Mar 5, 2020", "DATE_TIME", "2020-03"),
        ("15. März 2020", "DATE_TIME", "2020-03"),
        ("15 de marzo de 2020", "DATE_TIME", "2020-03"),
        ("25/03/2020", "DATE_TIME", "2020-03"),
        ("03/25/2020", "DATE_TIME", "2020-03"),
        ("03/04/2020", "DATE_TIME", "2020"),
        ("March 2020", "DATE_TIME", "2020"),
        ("2020", "DATE_TIME", "[DATE_TIME]"),
        ("31/31/2020", "DATE_TIME", "[DATE_TIME]"),
        ("yesterday", "DATE_TIME", "[DATE_TIME]"),
        ("45 years old", "DATE_TIME", "between 39 and 50"),
        ("40-year-old", "AGE", "between 39 and 50"),
        ("49", "AGE", "between 39 and 50"),
        ("9", "AGE", "under 10"),
        ("97 years", "AGE", "90 or older"),
        ("45", "NUMBER", "[NUMBER]"),
        ("$1,234.56", "MONEY", "between 1000 and 2000 $"),
        ("1.234,56 €", "MONEY", "between 1000 and 2000 €"),
        ("1000 EUR", "MONEY", "between 500 and 2000 EUR"),
        ("1 234 567", "MONEY", "between 1000000 and 2000000"),
        ("about 12k dollars", "SALARY", "between 10000 and 20000 dollars"),
        ("0.35 EUR", "MONEY", "between 0.2 and 0.5 EUR"),
        ("0 EUR", "MONEY", "[MONEY]"),
        ("9" * 400 + " EUR", "MONEY", "[MONEY]"),
        ("10 to 20 EUR", "MONEY", "[MONEY]"),
        ("1 Main Street, 12345 Town", "LOCATION", "[LOCATION]"),
    ],
)
def test_generalising_gives_the_class(text: str, entity: str, expected: str) -> None:
    """Days become months, months years, ages and amounts ranges that never name the value; the rest a label."""
    assert apply(Operator.GENERALIZE, text, entity) == expected


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("15 March 2020", r"\d\d (February|March|April) 2020"),
        ("2020-03-15", r"2020-0[234]-\d\d"),
        ("31.12.2019", r"\d\d\.(0[1-9]|1[0-2])\.20(19|20)"),
        ("03/25/2020", r"0[234]/\d\d/2020"),
        ("5 may 2021", r"\d\d? (april|may|june) 2021"),
        ("May 2021", r"(January|February|March|April|June|July|August) 2021"),
        ("2020", r"20[12]\d"),
        ("45 years old", r"(3[6-9]|4[0-3]|4[7-9]|5[0-4]) years old"),
        ("$1,034.56", r"\$(8\d\d|9\d\d|1,[0-9]{3})\.\d\d"),
        ("1.234,56 €", r"(1\.\d{3}|9\d\d),\d\d €"),
        ("1.05", r"0\.(8[4-9]|9\d)|1\.[012]\d"),
        ("10", r"[89]|1[12]"),
        ("7", "[68]"),
        ("0", "1"),
    ],
)
def test_perturbing_keeps_the_way_of_writing(text: str, pattern: str) -> None:
    """Numbers and dates move a little, for any key, and look as they did."""
    for seed in range(40):
        moved = build_operators(bytes([seed]) * 32)[Operator.PERTURB].apply(text, entity="DATE_TIME")

        assert moved != text
        assert re.fullmatch(pattern, moved), moved


def test_a_number_can_gain_a_digit() -> None:
    """What is carried stands in front; groups and decimals stay where they were."""
    moved = {
        build_operators(bytes([seed]) * 32)[Operator.PERTURB].apply("9,900.00", entity="MONEY") for seed in range(60)
    }

    assert any(re.fullmatch(r"1[01],\d{3}\.\d\d", one) for one in moved)
    assert all(re.fullmatch(r"\d{1,2},\d{3}\.\d\d", one) for one in moved)


@pytest.mark.parametrize(
    "text", ["Ada 7", "Ada", "4111111111111111", "123-45-6789", "10:45", "٣", "1\n2", "12 days 3 Ada", "…"]
)
def test_what_is_no_quantity_is_not_perturbed(text: str) -> None:
    """Names, identifiers and numbers in other scripts become labels."""
    assert apply(Operator.PERTURB, text, "PERSON") == "[PERSON]"


def test_noise_cannot_be_averaged_away() -> None:
    """Asking again gives the same answer; another type or key gives another one."""
    answers = {apply(Operator.PERTURB, "123456", "MONEY") for _ in range(20)}
    others = {
        build_operators(bytes([seed]) * 32)[Operator.PERTURB].apply("123456", entity="MONEY") for seed in range(20)
    }

    assert len(answers) == 1
    assert len(others) > 10


def test_dates_at_the_end_of_time_are_no_reason_to_fail() -> None:
    """Dates are read only in years that can be shifted."""
    assert read_date("9999-12-31") is None
    assert read_date("2099-12-31") is not None
    assert read_date("2020-02-30") is None


def test_a_date_is_written_as_it_was() -> None:
    """Widths, separators, languages and capitals stay."""
    for text, expected in [
        ("05.03.2020", "09.11.2021"),
        ("5/3/2020", "11/9/2021"),
        ("5. März 2020", "9. November 2021"),
        ("juin 2020", "novembre 2021"),
    ]:
        written = read_date(text)

        assert written is not None
        assert written.rewrite(date(2021, 11, 9)) == expected
        assert "2020" not in repr(written).replace("datetime.date(2020", "")
