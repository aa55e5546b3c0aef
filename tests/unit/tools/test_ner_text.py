"""Invented training texts: the same ones again, labels where they belong, nothing left unfilled."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"
sys.path.insert(0, str(TOOLS))

from ner_data import LABELS, Labelled  # noqa: E402  # the folder of scripts is no package
from ner_text import LANGUAGES, Inventor  # noqa: E402
from ner_text.grammar import Choice, Grammar, Marked, Slot, Template, parse, read_rules  # noqa: E402
from ner_text.inventor import grammar_of  # noqa: E402
from ner_text.people import TRAITS  # noqa: E402
from ner_text.polish import inflect_given, inflect_surname  # noqa: E402

ALL = pytest.mark.parametrize("language", LANGUAGES)


@cache
def _texts(language: str, count: int = 1000, seed: int = 7) -> tuple[Labelled, ...]:
    inventor = Inventor(random.Random(seed), None)
    return tuple(inventor.invent(language) for _ in range(count))


@ALL
def test_the_same_seed_gives_the_same_texts(language: str) -> None:
    """Training can be repeated."""
    again = Inventor(random.Random(7), None)

    assert _texts(language)[:60] == tuple(again.invent(language) for _ in range(60))


@ALL
def test_spans_are_inside_in_order_and_apart(language: str) -> None:
    """No span leaves its text, is empty, begins or ends with a blank, or overlaps its neighbour."""
    for labelled in _texts(language):
        cursor = 0
        for start, end, label in labelled.spans:
            assert cursor <= start < end <= len(labelled.text)
            assert labelled.text[start:end].strip() == labelled.text[start:end]
            assert label in LABELS
            cursor = end


@ALL
def test_every_label_occurs(language: str) -> None:
    """A label that a language never shows would be unlearnt in it."""
    seen = {label for labelled in _texts(language) for _, _, label in labelled.spans}

    assert set(LABELS) == seen


@ALL
def test_a_third_of_the_texts_hold_nothing_private(language: str) -> None:
    """Texts without spans teach where to keep silent."""
    silent = sum(not labelled.spans for labelled in _texts(language)) / len(_texts(language))

    assert 0.28 < silent < 0.4


@ALL
def test_no_slot_stays_unfilled(language: str) -> None:
    """The name of a rule or of a person's trait never shows in braces."""
    rules = "|".join(map(re.escape, grammar_of(language)))
    unfilled = re.compile(rf"(?<!\{{)\{{\^?(?:(?:{rules})[!#}}]|(?:me|[a-d])\.\w+\}}|an |int \d|num \d|pat |[A-Z_]+:)")

    assert not [labelled.text for labelled in _texts(language) if unfilled.search(labelled.text)]


@ALL
def test_texts_are_varied(language: str) -> None:
    """Hardly a private text comes twice, and hardly a name."""
    private = [labelled for labelled in _texts(language) if labelled.spans]
    names = Counter(
        labelled.text[start:end] for labelled in private for start, end, label in labelled.spans if label == "PERSON"
    )

    assert len({labelled.text for labelled in private}) > 0.97 * len(private)
    assert len(names) > 0.4 * names.total()


@ALL
def test_silent_sentences_hold_no_label(language: str) -> None:
    """What is to stay unlabelled has no slot with a label; a `!` takes it away."""
    grammar = grammar_of(language)

    def labelled(name: str) -> bool:
        return any(_may_label(template, grammar) for template in grammar[name].templates)

    assert not [name for name in grammar if name.startswith("plain.") and labelled(name)]


def _may_label(template: Template, grammar: Grammar) -> bool:
    for node in template:
        if isinstance(node, Marked):
            return True
        if isinstance(node, Choice) and any(_may_label(option, grammar) for option in node.options):
            return True
        if isinstance(node, Slot) and not node.bare and _slot_may_label(node, grammar):
            return True
    return False


def _slot_may_label(slot: Slot, grammar: Grammar) -> bool:
    if slot.name == "an":
        return not slot.argument.endswith("!")
    if "." in slot.name:
        return bool(TRAITS[slot.name.partition(".")[2]])
    rule = grammar.get(slot.name)
    return rule is not None and (bool(rule.label) or any(_may_label(inner, grammar) for inner in rule.templates))


def test_a_census_folder_gives_english_names(tmp_path: Path) -> None:
    """Names of the census lists appear in English texts."""
    for part, name in (("male.first", "ZEBULON"), ("female.first", "ZEBULINA"), ("all.last", "QUIXWORTH")):
        (tmp_path / f"dist.{part}").write_text(f"{name} 1.0 1.0 1\n", encoding="ascii")
    inventor = Inventor(random.Random(1), tmp_path)

    written = " ".join(inventor.invent("en").text for _ in range(200)).lower()

    assert "quixworth" in written


def test_a_template_labels_chooses_and_escapes() -> None:
    """Slots, choices and labelled pieces are told from brackets and braces that are text."""
    assert parse("a [b] {1}") == ("a [b] {1}",)
    assert parse(r"\{x\} {{y}}") == ("{x} {{y}}",)
    assert isinstance(parse("[he|she]")[0], Choice)
    assert parse("{AGE:5 years}") == (Marked(label="AGE", template=("5 years",)),)


def test_an_open_brace_is_refused() -> None:
    """A label that nothing closes is a mistake of the writer."""
    with pytest.raises(ValueError, match="unbalanced"):
        parse("{AGE:5 years")


def test_two_labels_for_one_rule_are_refused(tmp_path: Path) -> None:
    """A rule that two files open must agree with itself."""
    (tmp_path / "a.txt").write_text("== rule AGE\n5\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("== rule NRP\n5\n", encoding="utf-8")

    with pytest.raises(ValueError, match="two labels"):
        read_rules(tmp_path)


@pytest.mark.parametrize(
    ("name", "case", "male", "expected"),
    [
        ("Kowalski", "gen", True, "Kowalskiego"),
        ("Kowalska", "ins", False, "Kowalską"),
        ("Nowak", "dat", True, "Nowakowi"),
        ("Nowak", "gen", False, "Nowak"),
        ("Wójcik", "ins", True, "Wójcikiem"),
        ("Zięba", "dat", True, "Ziębie"),
        ("Drozda", "loc", True, "Droździe"),
        ("Jeziorny", "dat", True, "Jeziornemu"),
        ("Mazur-Kowalska", "loc", False, "Mazur-Kowalskiej"),
    ],
)
def test_polish_surnames_decline(name: str, case: str, male: bool, expected: str) -> None:
    """The judged documents are full of oblique cases."""
    assert inflect_surname(name, case, male=male) == expected


@pytest.mark.parametrize(
    ("name", "case", "male", "expected"),
    [
        ("Marek", "gen", True, "Marka"),
        ("Paweł", "ins", True, "Pawłem"),
        ("Piotr", "loc", True, "Piotrze"),
        ("Anna", "gen", False, "Anny"),
        ("Kasia", "voc", False, "Kasiu"),
        ("Monika", "dat", False, "Monice"),
        ("Julia", "gen", False, "Julii"),
        ("Wojciech", "voc", True, "Wojciechu"),
        ("Jerzy", "gen", True, "Jerzego"),
        ("Antoni", "ins", True, "Antonim"),
    ],
)
def test_polish_given_names_decline(name: str, case: str, male: bool, expected: str) -> None:
    """Given names change their stems too."""
    assert inflect_given(name, case, male=male) == expected
