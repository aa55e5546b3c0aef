"""Numbers and addresses in words."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.respell import respell
from hybrid_guard.detectors.views import build_views


def said(text: str) -> str | None:
    """What *text* says in signs; None if it has none in words."""
    view = respell(build_views(text)[-1], Deadline(60.0))
    return None if view is None else view.data.decode("latin-1")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("four one one one", "4111"),
        ("double five triple zero one", "550001"),
        ("twenty one forty-two sixty", "214260"),
        ("null eins zwo drei", "0123"),
        ("sechsundzwanzig neun acht sieben", "26987"),
        ("zéro un deux trois", "0123"),
        ("quatre vingt dix sept soixante dix deux cinq", "97725"),
        ("cero uno dos treinta y cuatro", "01234"),
        ("ventuno zero otto nove", "21089"),
        ("cinquenta e um zero dois", "5102"),
        ("tweeëntwintig een nul nul", "22100"),
        ("pięć sześć zero jeden", "5601"),
        ("plus four nine one seven", "+4917"),
        ("one nine two dot one six eight dot one dot two", "192.168.1.2"),
        ("D E eight nine three seven", "DE8937"),
        ("123 dash 45 dash 6789", "123-45-6789"),
        ("anna dot keller at example dot org", "anna.keller@example.org"),
        ("anna.keller at example.org", "anna.keller@example.org"),
        ("anna [at] example [dot] org", "anna@example.org"),
        ("anna(at)example.org", "anna@example.org"),
        ("anna arobase exemple point fr", "anna@exemple.fr"),
        ("anna małpa poczta kropka pl", "anna@poczta.pl"),
    ],
)
def test_a_value_in_words_is_read(text: str, value: str) -> None:
    """In eight languages, and inside of a sentence."""
    assert said(text) == value
    assert said(f"it is: {text}; thank you") == f"it is: {value}; thank you"


@pytest.mark.parametrize(
    "text",
    [
        "one or two people",
        "meet me at example.com",
        "we aired it at this point in time",
        "the dot at the end",
        "twenty one of them",
        "look at the plus side",
    ],
)
def test_ordinary_sentences_stay(text: str) -> None:
    """A few numbers and the names of signs are nothing odd."""
    assert said(text) is None


def test_a_number_in_words_is_covered_whole() -> None:
    """A span in the digits leads back to all of the words."""
    text = "pin four one one one ok"
    view = respell(build_views(text)[-1], Deadline(60.0))
    assert view is not None
    assert view.locate(4, 5) == (4, 20)
