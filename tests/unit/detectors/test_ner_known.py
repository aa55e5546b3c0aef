"""Known places and bodies that were taken for people."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hybrid_guard.detectors.ner_known import name_known
from hybrid_guard.detectors.ner_mentions import Mention

NAMES = frozenset({"adam", "ben", "denver", "maria", "santa"})


LABELS = ("LOCATION", "ORGANIZATION", "PERSON")


def _label(text: str, label: str = "PERSON", labels: Sequence[str] = LABELS) -> str:
    mentions = [Mention(3, 3 + len(text), label, 0.9)]
    (mention,) = name_known(f"so {text} came", mentions, NAMES.__contains__, labels)
    assert mention[:2] == (3, 3 + len(text))
    assert mention.score == 0.9
    return mention.label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Kerala", "LOCATION"),
        ("kerala", "LOCATION"),
        ("Kerala's", "LOCATION"),
        ("Reuters", "ORGANIZATION"),
        ("@ Reuters", "ORGANIZATION"),
    ],
)
def test_what_everybody_knows_is_called_what_it_is(text: str, label: str) -> None:
    """In any case, with the ending of a possessive and as a handle."""
    assert _label(text) == label


@pytest.mark.parametrize("text", ["Denver", "Santa Maria", "Adama"])
def test_what_people_are_called_stays_a_person(text: str) -> None:
    """Towns have names of people, and Polish endings make more of them alike."""
    assert _label(text) == "PERSON"


def test_one_word_that_is_no_name_is_enough() -> None:
    """Nobody's given name is Big."""
    assert _label("Big Ben") != "PERSON"


@pytest.mark.parametrize("text", ["Zorvex", "Mr Kerala", "Picasso", "Kerala Zorvex"])
def test_what_nobody_knows_stays_a_person(text: str) -> None:
    """A title makes a person of a place; so does a known person of that name."""
    assert _label(text) == "PERSON"


@pytest.mark.parametrize("label", ["LOCATION", "ORGANIZATION", "USERNAME"])
def test_other_labels_stay(label: str) -> None:
    """The network saw more than the list."""
    assert _label("Kerala", label) == label


def test_a_finder_says_its_own_labels() -> None:
    """One that was taught people and places alone has no bodies."""
    assert _label("Reuters", labels=("LOCATION", "PERSON")) == "PERSON"
