"""Words near a value."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.context import ALONE, FAR, PERSONAL, Context, Surroundings


def mentions(text: str, *words: str) -> bool:
    """Whether one of *words* is near the ``X`` of *text*."""
    place = text.index("X")
    return Surroundings(text, place, place + 1).mention(Context(words))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("my card X", "card"),
        ("both Cards: X", "card"),
        ("card one two three four X", "card"),
        ("X is the card", "card"),
        ("the card.\nX", "card"),
        ("driver\u2019s license X", "driver's license"),
        ("ssn: X", "ssn"),
        ("account_number=X", "account number"),
        ("전화번호는 X", "전화"),
        ("X 是我的电话", "电话"),
    ],
)
def test_a_word_near_the_value_counts(text: str, word: str) -> None:
    """Up to five words before, in any case and with an ending; or after it in the same sentence."""
    assert mentions(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("card one two three four five X", "card"),
        ("X. The card", "card"),
        ("X\ncard", "card"),
        ("discard X", "card"),
        ("finally X", "fin"),
        ("license driver X", "driver license"),
        ("driver X license", "driver license"),
    ],
)
def test_other_words_do_not(text: str, word: str) -> None:
    """Too far, in the next sentence, inside or in front of another word, in another order, around the value."""
    assert not mentions(text, word)


def test_a_far_word_counts_from_further_away() -> None:
    """Within 400 characters, whole and in any case; a word without the mark does not."""
    gap = "and so on " * 20
    assert mentions(f"My dog, {gap} X", f"{FAR}my")
    assert mentions(f"X {gap} I have a cold", f"{FAR}i have")
    assert not mentions(f"My dog, {gap} X", "my")
    assert not mentions(f"Myself, {gap} X", f"{FAR}my")
    assert not mentions(f"My dog, {gap * 3} X", f"{FAR}my")


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("my doctor says X", True),
        ("I've had X since", True),
        ("DOB 1/2/1980, X", True),
        ("ich habe X", True),
        ("tengo X", True),
        ("j'ai X", True),
        ("what are the causes of X in cities", False),
        ("I'm writing a paper on X", False),
    ],
)
def test_personal_words_tell_texts_about_someone(text: str, personal: bool) -> None:
    """First person and records count; an interest in a subject does not."""
    assert mentions(text, *PERSONAL) is personal


@pytest.mark.parametrize(
    ("text", "value", "alone"),
    [
        ("12345678", "12345678", True),
        (" 12345678 ", "12345678", True),
        ("12345678, 99999", "12345678", True),
        ("it 12345678", "12345678", False),
        ("12345678 = 99999", "12345678", False),
        ("12345678.99999", "12345678", False),
        ("1234", "1234", False),
        ("12345678" + " 1" * 40, "12345678", False),
    ],
)
def test_a_value_that_is_the_whole_text_is_its_own_context(text: str, value: str, alone: bool) -> None:
    """Of a short text without words and operators, where the context asks for it."""
    start = text.index(value)
    surroundings = Surroundings(text, start, start + len(value))
    assert surroundings.mention(Context(("card", ALONE))) is alone
    assert not surroundings.mention(Context(("card",)))


def test_surroundings_show_no_text() -> None:
    """They are made of the text, so their repr counts."""
    assert "private" not in repr(Surroundings("private X", 8, 9))
