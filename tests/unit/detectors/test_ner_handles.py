"""Handles with a blank behind their sign are people where they speak or are spoken to."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.ner_handles import HANDLE_SCORE, mark_handles
from hybrid_guard.detectors.ner_mentions import Mention

GIVEN = frozenset({"anna", "mary"})


def _marked(text: str, *found: tuple[str, str]) -> list[tuple[str, str, float]]:
    mentions = [Mention(text.index(piece), text.index(piece) + len(piece), label, 0.5) for piece, label in found]
    return [
        (text[start:end], label, score) for start, end, label, score in mark_handles(text, mentions, GIVEN.__contains__)
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("@ zorvex_1 thanks a lot", '" @ zorvex_1 so true', "RT @ zorvex_1 good news", "great read via @ zorvex_1"),
        *("so glad @ zorvex_1 : me too", "see (via @ zorvex_1 )"),
    ],
)
def test_a_handle_that_speaks_or_is_spoken_to_is_a_person(text: str) -> None:
    """At the start, behind a word that hands on, and before a colon."""
    assert _marked(text) == [("@ zorvex_1", "PERSON", HANDLE_SCORE)]


def test_handles_in_a_row_are_people_each() -> None:
    """The second follows the first."""
    assert [piece for piece, _, _ in _marked("@ zorvex_1 @ plimtor hi")] == ["@ zorvex_1", "@ plimtor"]


@pytest.mark.parametrize("text", ["lunch @ home today", "tickets @ 7 pm", "mail me: a@ b.org", "us @ the gate", "@"])
def test_an_at_that_means_a_place_or_a_time_is_left_alone(text: str) -> None:
    """The network says what stands there, or nothing does."""
    assert _marked(text) == []


def test_what_the_network_found_grows_to_the_whole_handle() -> None:
    """A part of a handle that is masked shows the rest."""
    assert _marked("thanks @ zorvex_ray for it", ("ray", "PERSON")) == [("@ zorvex_ray", "PERSON", 0.5)]
    assert _marked("thanks @ zorvex_ray for it", ("zorvex_ray", "USERNAME")) == [("@ zorvex_ray", "PERSON", 0.5)]


def test_a_place_that_nobody_speaks_from_stays_a_place() -> None:
    """Tweets say where they come from by the same sign."""
    assert _marked("dancing @ Zorvexhall tonight", ("Zorvexhall", "LOCATION")) == [("Zorvexhall", "LOCATION", 0.5)]


def test_handles_without_the_blank_are_left_to_the_network() -> None:
    """They are user names."""
    assert _marked("@zorvex_1 hi", ("@zorvex_1", "USERNAME")) == [("@zorvex_1", "USERNAME", 0.5)]


@pytest.mark.parametrize("handle", ["@ AnnaZorvex", "@ Anna_Zorvex", "@ ZorvexMary", "@ DrMaryZorvex"])
def test_a_name_written_together_is_a_person(handle: str) -> None:
    """Wherever it stands, and though the network takes it for a body."""
    assert _marked(f"dancing with him and {handle} tonight", (handle, "ORGANIZATION")) == [(handle, "PERSON", 0.5)]
    assert _marked(f"dancing and {handle} tonight") == [(handle, "PERSON", HANDLE_SCORE)]


@pytest.mark.parametrize("handle", ["@ ZorvexHall", "@ annazorvex", "@ AnnaZorvexHall", "@ ANNAZorvex", "@ Anna"])
def test_other_words_written_together_are_not(handle: str) -> None:
    """No given name, or more than a name."""
    assert _marked(f"dancing and {handle} tonight") == []
