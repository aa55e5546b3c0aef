"""The names that everybody knows."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.public.public_names import KINDS, fold_name, is_public_name, load_public_names


@pytest.mark.parametrize(
    "name",
    [
        "Albert Einstein",
        "Einstein",
        "Einstein's",
        "albert einstein",
        "President Obama",
        "Baracka Obamy",
        "Wisławy Szymborskiej",
        "Dostojewski",
        "Sherlock Holmes",
        "J. K. Rowling",
        "Antoine de Saint-Exupéry",
    ],
)
def test_public_people_are_known(name: str) -> None:
    """With titles, possessives, cases, accents or without."""
    assert is_public_name(name, "PERSON")


@pytest.mark.parametrize(
    "name",
    ["John Smith", "Anna", "Nico", "Mohammed", "Gandhi Patel", "Ingrid Solvang-Tveit", "", "!?", "Einstein " * 9],
)
def test_ordinary_people_are_not(name: str) -> None:
    """Nor given names that somebody famous has as well."""
    assert not is_public_name(name, "PERSON")


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Warszawy", "LOCATION"),
        ("Vereinigte Staaten", "LOCATION"),
        ("Mailand", "LOCATION"),
        ("Netflix", "ORGANIZATION"),
        ("Harvard University", "LOCATION"),
        ("European Union", "LOCATION"),
        ("the World Bank", "ORGANIZATION"),
    ],
)
def test_public_places_and_organisations_are_known(name: str, entity: str) -> None:
    """In other languages too, and whichever of the two a detector takes them for."""
    assert is_public_name(name, entity)


def test_only_names_are_looked_up() -> None:
    """Other entities have no list."""
    assert not is_public_name("Einstein", "OCCUPATION")


def test_folding_leaves_letters_and_figures() -> None:
    """Case, accents and punctuation do not tell names apart."""
    assert fold_name("  Saint-Exupéry, A. ") == "saint exupery a"
    assert fold_name("Wałęsa") == "walesa"


def test_the_table_is_folded_and_small() -> None:
    """Every kind has thousands of names, as they are looked up."""
    names = load_public_names()

    assert tuple(names) == KINDS
    for kind in KINDS:
        assert len(names[kind]) > 2000
        assert all(fold_name(name) == name for name in sorted(names[kind])[::50])
