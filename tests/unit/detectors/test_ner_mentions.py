"""Mentions are made whole."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.ner_mentions import Mention, make_whole


def _whole(text: str, *found: tuple[str, str]) -> list[tuple[str, str]]:
    at, mentions = 0, []
    for piece, label in found:
        start = text.index(piece, at)
        at = start + len(piece)
        mentions.append(Mention(start, at, label, 0.5))
    return [(text[start:end], label) for start, end, label, _ in make_whole(text, mentions)]


@pytest.mark.parametrize("title", ["Dr. ", "Mrs ", "Prof. Dr. ", "Herr ", "Sra. ", "dr. ", "Mme ", "Pani "])
def test_a_title_goes_with_its_name(title: str) -> None:
    """In several languages, with and without a full stop."""
    assert _whole(f"I saw {title}Ramirez.", ("Ramirez", "PERSON")) == [(f"{title}Ramirez", "PERSON")]


@pytest.mark.parametrize("before", ["the doctor ", "arms, ", "Don't ", "Dr.\n", "m "])
def test_what_is_no_title_stays_outside(before: str) -> None:
    """Words that end like a title, small letters alone, and a title on another line."""
    assert _whole(f"{before}Ramirez", ("Ramirez", "PERSON")) == [("Ramirez", "PERSON")]


def test_only_people_have_titles() -> None:
    """A place behind a short word keeps its beginning."""
    assert _whole("Dr. Berlin", ("Berlin", "LOCATION")) == [("Berlin", "LOCATION")]


def test_a_title_inside_of_another_mention_stays_there() -> None:
    """Mentions never overlap."""
    assert _whole("Mercy Dr. Lee", ("Mercy Dr.", "ORGANIZATION"), ("Lee", "PERSON")) == [
        ("Mercy Dr.", "ORGANIZATION"),
        ("Lee", "PERSON"),
    ]


@pytest.mark.parametrize("gap", [", ", " ", "\n", ",\n", ","])
def test_an_address_goes_with_the_places_behind_it(gap: str) -> None:
    """In one line or two; a place before the street too."""
    text = f"to 12 Elm St{gap}Austin{gap}TX 78701"
    assert _whole(text, ("12 Elm St", "ADDRESS"), ("Austin", "LOCATION"), ("TX 78701", "LOCATION")) == [
        (text[3:], "ADDRESS")
    ]
    text = f"Kraków{gap}ul. Długa 5"
    assert _whole(text, ("Kraków", "LOCATION"), ("ul. Długa 5", "ADDRESS")) == [(text, "ADDRESS")]


def test_places_alone_stay_apart() -> None:
    """A list of cities is no address, and an address ends where a sentence does."""
    cities = [("Rome", "LOCATION"), ("Paris", "LOCATION")]
    assert _whole("Rome, Paris", *cities) == cities
    apart = [("5 Elm St", "ADDRESS"), ("Rome", "LOCATION")]
    assert _whole("5 Elm St. Rome", *apart) == apart
    assert _whole("5 Elm St and Rome", *apart) == apart


def test_a_body_goes_with_its_short_form_and_its_part() -> None:
    """Brackets are closed."""
    text = "the School of Design (RISD), too"
    assert _whole(text, ("School of Design", "ORGANIZATION"), ("RISD", "ORGANIZATION")) == [
        ("School of Design (RISD)", "ORGANIZATION")
    ]
    assert _whole(text, ("School of Design (RISD", "EDUCATION")) == [("School of Design (RISD)", "EDUCATION")]
    text = "Indiana University's Kelley School"
    assert _whole(text, ("Indiana University", "ORGANIZATION"), ("Kelley School", "ORGANIZATION")) == [
        (text, "ORGANIZATION")
    ]


def test_a_bracket_that_was_not_opened_inside_stays_outside() -> None:
    """The name in brackets is the whole mention."""
    assert _whole("(see Acme)", ("Acme", "ORGANIZATION")) == [("Acme", "ORGANIZATION")]


def test_the_surest_part_gives_the_score() -> None:
    """A whole is at least as private as its parts."""
    text = "5 Elm St, Rome"
    mentions = [Mention(0, 8, "ADDRESS", 0.5), Mention(10, 14, "LOCATION", 0.9)]
    assert make_whole(text, mentions) == [Mention(0, 14, "ADDRESS", 0.9)]
