"""A name that is found once is found wherever it stands."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.repeats import MOST_NAMES, repeat_names
from hybrid_guard.types import Finding


def found(text: str, part: str, entity: str = "PERSON") -> Finding:
    """A finding over the first place of *part*."""
    start = text.index(part)
    return Finding(start=start, end=start + len(part), entity=entity, score=0.7, detector="test")


def shown(text: str, *findings: Finding) -> list[tuple[str, str]]:
    """What is found in the end."""
    return [(text[one.start : one.end], one.entity) for one in repeat_names(text, findings)]


def test_a_name_is_found_in_its_other_places() -> None:
    """With the same entity, as a whole word, in the same case."""
    text = "Name: Ines Okoye\nInes Okoye, Ines Okoyeson, ines okoye; (Ines Okoye)"

    assert shown(text, found(text, "Ines Okoye")) == [("Ines Okoye", "PERSON")] * 3


def test_the_title_of_a_name_is_no_part_of_it() -> None:
    """Who is Dr. Okoye in one place is Okoye in another."""
    text = "Dr. Okoye called. Okoye will write."

    assert shown(text, found(text, "Dr. Okoye")) == [("Dr. Okoye", "PERSON"), ("Okoye", "PERSON")]


def test_the_longest_name_wins() -> None:
    """A surname that is found by itself does not cut a full name in two."""
    text = "Okoye and Okoye Brandt Ltd and Okoye Brandt Ltd"

    assert shown(text, found(text, "Okoye"), found(text, "Okoye Brandt Ltd", "ORGANIZATION")) == [
        ("Okoye", "PERSON"),
        ("Okoye Brandt Ltd", "ORGANIZATION"),
        ("Okoye Brandt Ltd", "ORGANIZATION"),
    ]


def test_short_words_numbers_and_traits_are_not_looked_for() -> None:
    """What is no name, or hardly one, would be found in every other line."""
    text = "Ana is 42, a nurse, in 2042. Ana is not 42, no nurse, 2042."
    given = [found(text, "Ana"), found(text, "nurse", "OCCUPATION"), found(text, "2042", "ADDRESS")]

    assert shown(text, *given) == [("Ana", "PERSON"), ("nurse", "OCCUPATION"), ("2042", "ADDRESS")]


def test_a_text_with_very_many_names_is_left_as_it_is() -> None:
    """They were found by their own places."""
    names = [f"Name{number:05}" for number in range(MOST_NAMES + 1)]
    text = " ".join([*names, names[0]])

    assert len(shown(text, *[found(text, name) for name in names])) == len(names)


@given(st.lists(st.sampled_from(["Ines", "Okoye", "Dr.", "and", " ", "ü", "\n", "\ud800", "Zürich"]), max_size=20))
def test_nothing_that_was_found_is_lost(words: list[str]) -> None:
    """Spans stay sorted, disjoint and inside the text, and cover what they covered."""
    text = " ".join(words)
    given = [found(text, word) for word in ("Ines Okoye", "Zürich") if word in text]
    given.sort()

    spans = repeat_names(text, given)

    assert all(0 <= one.start < one.end <= len(text) for one in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    assert all(any(one.start <= old.start and old.end <= one.end for one in spans) for old in given)
