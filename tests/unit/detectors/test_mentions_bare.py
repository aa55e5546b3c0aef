"""Mentions that nothing ties to somebody's life are kept, with a score that weighs little."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.public.mentions import judge_mentions
from hybrid_guard.sensitivity import BARE_SCORE, score
from hybrid_guard.types import DetectionSettings, Finding, Findings, Segment, SensitivitySettings


def find(text: str, value: str, entity: str) -> Finding:
    """A sure finding of *value* at its first place."""
    start = text.index(value)
    return Finding(start=start, end=start + len(value), entity=entity, score=0.9, detector="test.v1")


def judge(text: str, *values: tuple[str, str]) -> list[float]:
    """Scores of *values* with their entities, after judging."""
    return [one.score for one in judge_mentions(text, [find(text, *value) for value in values])]


BARE = (
    ("Where is Grünwaldheim?", ("Grünwaldheim", "LOCATION")),
    ("Correct the grammar: Nora visit Norway last year.", ("Nora", "PERSON"), ("Norway", "LOCATION")),
    ("Rewrite the recipe: Deglaze the pan with stock.", ("Deglaze", "PERSON")),
    (
        "Summarize: Senator Ulrika Vandersteen opened the fair in Tarragona.",
        ("Ulrika Vandersteen", "PERSON"),
        ("Tarragona", "LOCATION"),
    ),
    (
        "Rank these by the alphabet.\n- Taylor Swift\n- Elon Musk",
        ("Taylor Swift", "PERSON"),
        ("Elon Musk", "PERSON"),
    ),
    ("Classify the news: Solvang Motors opened a plant in Bergheim.", ("Solvang Motors", "ORGANIZATION")),
)
"""A text and what is bare in it."""

TIED = (
    ("Write to Ingrid in Bergheim.", ("Ingrid", "PERSON"), ("Bergheim", "LOCATION")),
    ("Write to Maria Gonzalez in Hamburg.", ("Maria Gonzalez", "PERSON"), ("Hamburg", "LOCATION")),
    ("Rewrite: Ulrika Vandersteen missed three deadlines.", ("Ulrika Vandersteen", "PERSON")),
    ("Rewrite: Nora was in hospital in Bergheim.", ("Nora", "PERSON"), ("Bergheim", "LOCATION")),
    ("Rewrite: Nora, 41, drinks again.", ("Nora", "PERSON"), ("41", "AGE")),
    ("Rewrite: Nora sits in special education.", ("Nora", "PERSON")),
    ("Correct the grammar: the IQ of Nora were low.", ("Nora", "PERSON")),
    ("How old is Ravi?", ("Ravi", "PERSON")),
    ("Summarize: our senator Ulrika Vandersteen called me.", ("Ulrika Vandersteen", "PERSON")),
    ("Summarize: the patient Elon Musk and Taylor Swift.", ("Elon Musk", "PERSON"), ("Taylor Swift", "PERSON")),
    ("Rewrite: Taylor Swift smells.", ("Taylor Swift", "PERSON")),
    ("I live in Grünwaldheim. Which party wins?", ("Grünwaldheim", "LOCATION")),
    ("Plan a party at our company, Solvang Motors.", ("Solvang Motors", "ORGANIZATION")),
    ("Dear Nora,\nrewrite this.", ("Nora", "PERSON")),
    ("Nora was late.", ("Nora", "PERSON")),
    ("The museum in Bergheim", ("Bergheim", "LOCATION")),
    (
        "Correct the grammar: Nora visit Norway with Ulrika Vandersteen.",
        ("Nora", "PERSON"),
        ("Norway", "LOCATION"),
        ("Ulrika Vandersteen", "PERSON"),
    ),
)
"""A text and what in it stays as it was found."""


@pytest.mark.parametrize("row", BARE, ids=lambda row: row[0])
def test_a_bare_mention_is_kept_and_leaves_the_text_at_the_lowest_level(row: tuple[str, tuple[str, str]]) -> None:
    """It still is a finding by default, so that the rules of a policy about its entity hold."""
    text, *values = row
    judged = judge_mentions(text, [find(text, *value) for value in values])

    assert [one.score for one in judged] == [BARE_SCORE] * len(values)
    assert DetectionSettings().min_score <= BARE_SCORE
    findings, settings = Findings(spans=(judged,)), SensitivitySettings()
    assert score(findings, [Segment(path="", text=text)], settings).level == settings.levels[0][0]


@pytest.mark.parametrize("row", TIED, ids=lambda row: row[0])
def test_what_is_tied_to_somebody_keeps_its_score(row: tuple[str, tuple[str, str]]) -> None:
    """A request to act, a full name, illness, age, one's own town or firm, a letter, no request, one private person."""
    text, *values = row
    scores = judge(text, *values)

    assert all(one >= 0.9 for one in scores), scores


FAMOUS = ("Taylor Swift", "Elon Musk", "Barack Obama", "Angela Merkel")


@pytest.mark.parametrize("row", TIED, ids=lambda row: row[0])
@pytest.mark.parametrize("asked", ["\nCompare with {}.", "\nCf. {}.", "\nWho of {} is like that?"])
def test_famous_names_make_no_private_person_bare(row: tuple[str, tuple[str, str]], asked: str) -> None:
    """However many stand behind them: more text makes nobody more public."""
    text, *values = row
    people = [value for value in values if value[1] == "PERSON" and value[0] not in FAMOUS and " " in value[0]]
    behind = asked.format(", ".join(FAMOUS))

    scores = judge(text + behind, *people, *((name, "PERSON") for name in FAMOUS if name not in text))

    assert all(one >= 0.9 for one in scores[: len(people)]), scores


@pytest.mark.parametrize(
    "text",
    [
        "Explain why Ulrika Vandersteen has lupus.",
        "Is Ulrika Vandersteen a Muslim?",
        "Why did Ulrika Vandersteen leave Solvang Motors in Bergheim?",
        "Did the chancellor do something with Ulrika Vandersteen at the hotel in Bergheim?",
    ],
)
def test_somebody_unknown_stays_private_in_famous_company(text: str) -> None:
    """With an illness, a belief, a workplace, or an office near by that is another's."""
    named = ("Ulrika Vandersteen", *FAMOUS)
    scores = judge(f"{text} Cf. {', '.join(FAMOUS)}.", *((name, "PERSON") for name in named))

    assert scores[0] >= 0.9, scores


@pytest.mark.parametrize("row", BARE, ids=lambda row: row[0])
@pytest.mark.parametrize(
    ("behind", "value", "entity"),
    [
        ("\nPhone: ", "+44 20 7946 0958", "PHONE_NUMBER"),
        ("\nShe takes ", "metformin", "MEDICATION"),
        ("\nWrite to ", "Ulla Brandt-Osei", "PERSON"),
    ],
)
def test_one_private_finding_leaves_nothing_bare(
    row: tuple[str, tuple[str, str]], behind: str, value: str, entity: str
) -> None:
    """An identifier, a medicine or somebody unknown behind the text ties all of it."""
    text, *values = row
    scores = judge(text + behind + value, *values, (value, entity))

    assert all(one >= 0.9 for one in scores), scores


def test_an_office_of_figures_about_children_is_not_somebodys() -> None:
    text = "Rewrite the figures: {} of Solvang Health, of the children who died there."
    counted, hers = text.format("A report"), text.format("Her report")
    assert judge(counted, ("Solvang Health", "ORGANIZATION")) == [BARE_SCORE]
    assert judge(hers, ("Solvang Health", "ORGANIZATION")) == [0.9]
