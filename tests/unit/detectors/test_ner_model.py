"""The bundled name finder is small, holds nothing but weights, and finds names in unseen sentences."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

__all__: list[str] = []

FOLDER = Path(str(files("hybrid_guard"))) / "detectors" / "ner_model"

PROMISED = [
    ("My name is Ramona Kessler and I live in Tampere", "Ramona Kessler", "PERSON"),
    ("My name is Ramona Kessler and I live in Tampere", "Tampere", "LOCATION"),
    ("patient Edgar Winslow, DOB 12/30/1949, has a cough", "Edgar Winslow", "PERSON"),
    ("email monica about the new desk", "monica", "PERSON"),
    ("Dear Mr Adebayo,", "Adebayo", "PERSON"),
]

NAMED = [
    ("Hello, I am Leonie Brandauer and I rent a flat in Valencia.", "Leonie Brandauer", "PERSON"),
    ("Hello, I am Leonie Brandauer and I rent a flat in Valencia.", "Valencia", "LOCATION"),
    ("patient Gregory Whitlock, DOB 04/11/1961, came in with dizziness", "Gregory Whitlock", "PERSON"),
    ("please email rebecca about the broken printer", "rebecca", "PERSON"),
    ("Dear Mr Achebe, your parcel is waiting at the counter.", "Achebe", "PERSON"),
    ("My wife Danuta cannot sleep since the operation.", "Danuta", "PERSON"),
    ("I asked Dr. Venkataraman for a second opinion on the scan.", "Venkataraman", "PERSON"),
    ("my colleague pradeep nambiar stole my idea, how should i react?", "pradeep nambiar", "PERSON"),
    ("Summarise the complaint by Oluwadamilare Fashola about late fees.", "Oluwadamilare Fashola", "PERSON"),
    ("Could you rewrite this?\n\nBest wishes,\nHelga Thorvaldsen", "Helga Thorvaldsen", "PERSON"),
    ('{"driver": "Matteo Bergamaschi", "stops": 4}', "Matteo Bergamaschi", "PERSON"),
    ("We drove from Grenoble to the coast in one day.", "Grenoble", "LOCATION"),
    ("She was promoted to team lead at Microsoft last spring.", "Microsoft", "ORGANIZATION"),
    ("The staff of Saint Mary General Hospital is on strike.", "Saint Mary General Hospital", "ORGANIZATION"),
]

NAMELESS = [
    "How do I reverse a linked list in Python?",
    "Give me three ideas for a vegetarian dinner with chickpeas.",
    "for item in basket:\n    price += item.cost",
    "Explain why the moon has phases.",
    "will the bill be paid by the end of the month?",
    "Translate 'where is the library' into Italian.",
]


@pytest.fixture(scope="module")
def finder() -> Language:
    return spacy.load(FOLDER)


@pytest.mark.parametrize(("text", "name", "label"), PROMISED)
def test_a_name_in_a_usual_place_is_found(finder: Language, text: str, name: str, label: str) -> None:
    """After "my name is", in a record, in an errand and in a salutation no name is missed."""
    assert (name, label) in _named(finder, text)


def test_most_names_are_found_whole_with_their_label(finder: Language) -> None:
    """Names of many languages, in any case, in prose and in data: two of the table may be missed or cut."""
    missed = [name for text, name, label in NAMED if (name, label) not in _named(finder, text)]
    assert len(missed) <= 2, missed


def test_most_prompts_without_names_are_left_alone(finder: Language) -> None:
    """Questions, code and chores hold no names: one of the table may be marked."""
    marked = [text for text in NAMELESS if finder(text).ents]
    assert len(marked) <= 1, marked


def test_the_labels_are_the_three_that_detectors_map() -> None:
    """No other label appears, so every span has an entity."""
    meta = json.loads((FOLDER / "meta.json").read_text(encoding="utf-8"))
    assert sorted(meta["labels"]["ner"]) == ["LOCATION", "ORGANIZATION", "PERSON"]


def test_the_pipeline_takes_five_megabytes_at_most() -> None:
    """It travels in the wheel."""
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 5_000_000


def test_the_pipeline_keeps_no_words_of_its_training_texts() -> None:
    """A trained vocabulary lists every word that was read: this pipeline is shipped without."""
    assert not (FOLDER / "vocab").exists()


def test_the_description_says_how_it_was_made() -> None:
    """Sources, seed and scores stand in the file; no path does."""
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("meta.json", "config.cfg"))
    meta = json.loads((FOLDER / "meta.json").read_text(encoding="utf-8"))
    assert meta["trained_on"]
    assert meta["seed"] == 7
    assert meta["performance"]["exact_spans"]
    assert not re.search(r"[\"'= ]/\w+/", text)


def _named(finder: Language, text: str) -> set[tuple[str, str]]:
    return {(ent.text, ent.label_) for ent in finder(text).ents}
