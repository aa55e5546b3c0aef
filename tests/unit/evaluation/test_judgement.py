"""One text: what was found, what leaks, and what was found for nothing."""

from __future__ import annotations

import pytest

from hybrid_guard.evaluation import GROUPS, Example, Label, Tally, group_of_entity, group_of_label, judge, summarise
from hybrid_guard.evaluation.table import Row, Table
from hybrid_guard.policies.names import KNOWN_ENTITIES
from hybrid_guard.types import Finding

TEXT = "Anna wrote to ben@example.org. Anna is ill."


def found(value: str, entity: str, text: str = TEXT) -> Finding:
    """A finding over the first place of *value*."""
    start = text.index(value)
    return Finding(start=start, end=start + len(value), entity=entity, score=0.9, detector="x")


def marked(value: str, label: str, text: str = TEXT) -> Label:
    """A label over the first place of *value*."""
    start = text.index(value)
    return Label(start=start, end=start + len(value), label=label)


def table(*findings: Finding, labels: tuple[Label, ...] = (), text: str = TEXT, raised: bool = False) -> Table:
    """The figures of one text."""
    return summarise(judge(Example(text=text, labels=labels), findings, raised=raised))


def row(shown: Table, group: str) -> Row:
    """The row of *group*."""
    return next(one for one in shown.rows if one.group == group)


def test_overlap_is_not_coverage() -> None:
    """Half of an address is found, and half of it leaks."""
    shown = row(table(found("ben", "PERSON"), labels=(marked("ben@example.org", "email"),)), "CONTACT")

    assert (shown.recall, shown.coverage, shown.named) == (1.0, 0.0, 0.0)
    assert shown.leaked == pytest.approx(12 / 15)


def test_several_findings_cover_together() -> None:
    """It is the characters that count, not which finding hides them."""
    labels = (marked("ben@example.org", "email"),)
    shown = row(table(found("ben", "PERSON"), found("@example.org", "URL"), labels=labels), "CONTACT")
    assert (shown.coverage, shown.leaked, shown.named) == (1.0, 0.0, 1.0)


def test_a_value_must_be_hidden_wherever_it_stands() -> None:
    """One name twice, the second one neither labelled nor found."""
    labels = (marked("Anna", "PER"),)
    first = found("Anna", "PERSON")
    second = Finding(start=31, end=35, entity="PERSON", score=0.9, detector="x")

    assert row(table(first, labels=labels), "PERSON").mentions == 0.0
    assert row(table(first, second, labels=labels), "PERSON").mentions == 1.0


def test_a_value_inside_of_another_word_is_no_mention() -> None:
    """`Ann` does not stand in `Annex`, and an age of 7 stands in no other number."""
    text = "Ann, 7, in the Annex of 7 rooms"
    labels = (marked("Ann", "PER", text), marked("7", "age", text))
    shown = table(found("Ann", "PERSON", text), found("7", "AGE", text), labels=labels, text=text)
    assert row(shown, "PERSON").mentions == row(shown, "DEMOGRAPHIC").mentions == 1.0


def test_precision_is_about_findings_of_the_group() -> None:
    """A finding on a span of another group is wrong for its own group, but no alarm for nothing."""
    labels = (marked("Anna", "PER"), marked("ben@example.org", "email"))
    shown = table(found("Anna", "PERSON"), found("ben", "PERSON"), found("ill", "PERSON"), labels=labels)

    assert row(shown, "PERSON").precision == pytest.approx(1 / 3)
    assert row(shown, "CONTACT").precision is None
    assert shown.alarms == pytest.approx(1000 / len(TEXT))


def test_a_label_that_nobody_knows_is_a_group_of_its_own() -> None:
    """It counts by coverage only."""
    shown = row(table(found("ill", "MEDICAL_CONDITION"), labels=(marked("ill", "sick-note"),)), "SICK_NOTE")
    assert (shown.coverage, shown.precision, shown.f2, shown.named) == (1.0, None, None, None)


def test_each_label_has_figures_of_its_own() -> None:
    """Under its own name, beside those of its group."""
    labels = (marked("Anna", "PER"), marked("ben@example.org", "email"), marked("ben", "name"))
    shown = table(found("ben", "PERSON"), labels=labels).labels

    assert [(one.group, one.spans, one.coverage, one.precision) for one in shown] == [
        ("PER", 1, 0.0, None),
        ("email", 1, 0.0, None),
        ("name", 1, 1.0, None),
    ]


def test_texts_without_a_label_tell_of_false_alarms() -> None:
    """By any finding, and by a level that changes where a text may go."""
    silent, loud = table(), table(found("ill", "MEDICAL_CONDITION"), raised=True)

    assert (silent.clean, silent.clean_found, silent.clean_raised, silent.rows) == (1, 0.0, 0.0, ())
    assert (loud.clean, loud.clean_found, loud.clean_raised) == (1, 1.0, 1.0)
    assert table(labels=(marked("Anna", "PER"),), raised=True).clean_raised is None


def test_no_texts_have_no_figures() -> None:
    """Nothing is divided by nothing."""
    from hybrid_guard.evaluation import Judgement

    assert summarise(Judgement()) == Table(
        rows=(), labels=(), texts=0, characters=0, alarms=None, clean=0, clean_found=None, clean_raised=None
    )


def test_tallies_add_up_field_by_field() -> None:
    """None of them is forgotten."""
    one = Tally(
        spans=1, overlapped=2, covered=3, named=4, characters=5, leaked=6, values=7, hidden=8, findings=9, right=10
    )
    assert one + one == Tally(
        spans=2, overlapped=4, covered=6, named=8, characters=10, leaked=12, values=14, hidden=16, findings=18, right=20
    )


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("PER", "PERSON"),
        ("NOMBRE_SUJETO_ASISTENCIA", "PERSON"),
        ("musicalartist", "PERSON"),
        ("STREET_ADDRESS", "ADDRESS"),
        ("zip_code", "ADDRESS"),
        ("employer", "ORG"),
        ("CORREO_ELECTRONICO", "CONTACT"),
        ("PESEL", "ID"),
        ("patient_id", "ID"),
        ("dob", "DATE"),
        ("medical_condition", "HEALTH"),
        ("account_balance", "FINANCE"),
        ("US_SSN", "ID"),
        ("SECRET", "SECRET"),
        ("EDAD_SUJETO_ASISTENCIA", "DEMOGRAPHIC"),
        ("person", "PERSON"),
        ("creative-work", "CREATIVE_WORK"),
        ("MISC", "MISC"),
    ],
)
def test_labels_of_data_sets_fall_into_groups(label: str, group: str) -> None:
    """By the table, or into one of their own."""
    assert group_of_label(label) == group


def test_every_entity_has_a_group() -> None:
    """Entities are labels, too, and mean the same as such."""
    assert {group_of_entity(entity) for entity in KNOWN_ENTITIES} == set(GROUPS)
    assert [entity for entity in KNOWN_ENTITIES if group_of_label(entity) != group_of_entity(entity)] == []
