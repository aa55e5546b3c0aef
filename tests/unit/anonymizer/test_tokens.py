"""The form of placeholders, and what looks like one."""

from __future__ import annotations

import secrets

import pytest

from hybrid_guard.anonymizer.tokens import canonical, compact, fold, prefix, token_like_spans


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("PERSON", "PERSON"),
        ("EMAIL_ADDRESS", "EMAILADDRESS"),
        ("US_2_ID", "USID"),
        ("X", "ITEM"),
        ("_1", "ITEM"),
        ("ÄÖ", "ITEM"),
        ("A" * 40, "A" * 20),
    ],
)
def test_the_prefix_is_the_entity_in_letters(entity: str, expected: str) -> None:
    """The readable part has 2 to 20 capital letters, whatever the entity is called."""
    assert prefix(entity) == expected


@pytest.mark.parametrize(
    ("entity", "one", "two"),
    [
        ("EMAIL_ADDRESS", "Ada@Example.com", "ada@example.COM"),
        ("CREDIT_CARD", "4111 1111-1111 1111", "4111111111111111"),
        ("PHONE_NUMBER", "+44 20 7946 0000", "+44-2079460000"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        ("PERSON", "Ada  LOVELACE\n", "ada lovelace"),
        ("PERSON", "e\u0301", "\u00e9"),
        ("PERSON", "Dr. Ada Lovelace", "ada  lovelace"),
        ("PERSON", "Frau Prof. Dr. Ada Lovelace", "Mrs Ada Lovelace"),
    ],
)
def test_spellings_of_one_value_are_recognised(entity: str, one: str, two: str) -> None:
    """Case, separators of identifiers, runs of white space and titles before a full name make no other value."""
    assert canonical(entity, one) == canonical(entity, two)


@pytest.mark.parametrize(
    ("entity", "one", "two"),
    [
        ("EMAIL_ADDRESS", "a12345@x.y", "a12345x@.y"),
        ("PERSON", "Ann Lee", "Annlee"),
        ("PERSON", "Mrs Lee", "Mr Lee"),
        ("PERSON", "Dr Lee", "Lee"),
        ("PERSON", "Ann Lee", "Lee"),
        ("ORGANIZATION", "Dr Ann Lee", "Ann Lee"),
    ],
)
def test_other_values_stay_apart(entity: str, one: str, two: str) -> None:
    """Punctuation of addresses and the words of a name count, and a surname alone may be anybody's."""
    assert canonical(entity, one) != canonical(entity, two)


def test_folding_keeps_every_place() -> None:
    """Folded texts have the length of the original, for all of Unicode and for character references."""
    text = "".join(map(chr, range(0x110000)))

    assert len(fold(text)) == len(text)
    assert fold("p\u200b&#8203;Ｅ٣ı-") == "P__\x01\x01\x01\x01\x01\x01E3I_"
    assert compact(fold("p &nbsp;e_r&#82")) == "PER"


@pytest.mark.parametrize(
    "text",
    [
        "PERSON7K2M9X4Q8",
        "person7k2m9x4q8",
        "xx7K2M9X4Q8yy",
        "P E R S O N 7 K 2 M 9 X 4 Q 8",
        "PERSON\\_7K2M9X4Q8",
        "PERSON&nbsp;7K2M&#8203;9X4Q8",
        "ＰＥＲＳＯＮ7K2M9X4Q8",
        "PERSON7K2M9X4Q8R5T6",
    ],
)
def test_what_could_pass_for_a_placeholder_is_found(text: str) -> None:
    """Issued or not, mangled or glued: every text that a restorer might take for a placeholder is found."""
    assert len(token_like_spans(f"so {text}, yes")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "PERSON",
        "PERSON_1 and <PERSON_1>",
        "7K2M9X4Q8",
        "PERSON7K2M9X4Q",
        "PERSON7K2MM9X4Q8",
        "PERSON77K2M9X4Q",
        "PERSON0K2M9X4Q8",
        "chapter 2 of the book",
        "ISO 8601, COVID-19, H2O, MP3, B2B",
        "550e8400-e29b-41d4-a716-446655440000",
        "PERSON7K2M*****9X4Q8",
    ],
)
def test_natural_text_does_not_look_like_a_placeholder(text: str) -> None:
    """Words, codes and numbers are left alone."""
    assert token_like_spans(text) == []


def test_spans_begin_with_the_letters_before_the_body() -> None:
    """The readable part belongs to the span, up to 20 letters and inside the range that is asked for."""
    text = "a " + "B" * 30 + "7K2M9X4Q8"

    assert token_like_spans(text) == [(12, 41)]
    assert token_like_spans(text, 30) == [(30, 41)]
    assert token_like_spans(text, 0, 40) == []


def test_random_text_hardly_ever_looks_like_a_placeholder() -> None:
    """Of random hexadecimal digests, the worst natural case, at most a few in a hundred do."""
    digests = [secrets.token_hex(32) for _ in range(2000)]

    assert sum(bool(token_like_spans(digest)) for digest in digests) < 60
