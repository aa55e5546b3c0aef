"""Words near a value."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.context import Context, Surroundings


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


def test_surroundings_show_no_text() -> None:
    """They are made of the text, so their repr counts."""
    assert "private" not in repr(Surroundings("private X", 8, 9))
