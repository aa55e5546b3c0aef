"""Given names in sums, riddles and stories, abbreviations, and illnesses that are somebody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybrid_guard.detectors import build_detector
from hybrid_guard.detectors.public.mentions import PUBLIC_SCORE, judge_mentions
from hybrid_guard.types import DetectionSettings, Finding, Segment


def find(text: str, value: str, entity: str = "PERSON") -> Finding:
    """What a detector that is sure says of *value* in *text*."""
    start = text.index(value)
    return Finding(start=start, end=start + len(value), entity=entity, score=0.9, detector="test.v1")


def judge(text: str, *values: tuple[str, str]) -> list[float]:
    """Scores of (value, entity) in *text* after they are judged together."""
    return [one.score for one in judge_mentions(text, [find(text, value, entity) for value, entity in values])]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nora has 14 marbles and gives away 5. How many marbles are left?", "Nora"),
        ("If Victor paints a fence in six hours and rests for two, how long does he need?", "Victor"),
        ("Solve this riddle: Ben is taller than the tree. Who is the shortest?", "Ben"),
        ("Paul hat 24 Bonbons und isst 3. Wie viele Bonbons hat er noch?", "Paul"),
        ("Léa achète 3 livres à 12 euros. Combien paie-t-elle ?", "Léa"),
        ("Lucía tiene 18 caramelos y da 6. ¿Cuántos caramelos quedan?", "Lucía"),
        ("Write a bedtime story about a girl, Tilda, and a whale.", "Tilda"),
    ],
)
def test_a_given_name_of_a_sum_or_a_story_is_nobodys(text: str, name: str) -> None:
    """A name alone in a task about numbers or in a story that is ordered."""
    assert judge(text, (name, "PERSON")) == [PUBLIC_SCORE]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My sister Nora has 14 marbles and gives away 5. How many are left?", "Nora"),
        ("Mrs Harrow has 14 marbles and gives away 5. How many are left?", "Harrow"),
        ("Yesterday señora Harrow had 14 marbles and gave away 5. How many are left?", "Harrow"),
        ("Nora Harrow has 14 marbles and gives away 5. How many are left?", "Nora"),
        ("Ngozi Harrow has 14 marbles and gives away 5. How many are left?", "Harrow"),
        ("nora has 14 marbles and gives away 5. How many are left?", "nora"),
        ("Nora earns 2100 a month and her rent is 800. How much is left?", "Nora"),
        ("Nora takes 2 tablets in the morning and 3 at night. How many is that?", "Nora"),
        ("Our tenant Nora paid 650 of 800. How much is left?", "Nora"),
        ("Tell Nora that she has 14 days and 5 hours. How many hours is that?", "Nora"),
        ("How old is Nora?", "Nora"),
        ("Nora in accounting was late 4 times and ill twice. How many warnings is that?", "Nora"),
        ("Write a bedtime story for Tilda, who is afraid.", "Tilda"),
        ("Write a story about Tilda, my neighbour.", "Tilda"),
        ("Write a story about Tilda Harrow.", "Tilda"),
        ("Fix the grammar: Tilda was dismissed.", "Tilda"),
    ],
)
def test_a_name_of_somebodys_life_stays_private(text: str, name: str) -> None:
    """Surnames, titles, roles, the writer, pay and health keep a name, in a task about numbers too."""
    assert judge(text, (name, "PERSON"))[0] > PUBLIC_SCORE


@pytest.mark.parametrize(
    ("value", "entity"),
    [("asthma", "MEDICAL_CONDITION"), ("Ibex", "MEDICATION"), ("n.h@example.org", "EMAIL_ADDRESS"), ("gay", "NRP")],
)
def test_a_finding_of_somebodys_life_keeps_the_names_of_a_sum(value: str, entity: str) -> None:
    """One such finding, and the sum is about somebody."""
    text = f"Nora has 14 marbles, {value}, and gives away 5. How many marbles are left?"

    assert judge(text, ("Nora", "PERSON"), (value, entity))[0] > PUBLIC_SCORE


@pytest.mark.parametrize("entity", ["PERSON", "USERNAME", "ORGANIZATION", "LOCATION"])
def test_an_abbreviation_that_is_explained_is_no_name(entity: str) -> None:
    """Its letters begin the words before the bracket."""
    text = "What is a Health Savings Account (HSA)?"

    assert judge(text, ("HSA", entity)) == [PUBLIC_SCORE]


@pytest.mark.parametrize(
    ("text", "name", "abbreviation"),
    [
        ("What did Harriet Sina Abel (HSA) write?", ("Harriet Sina Abel", "PERSON"), ("HSA", "USERNAME")),
        ("What does Hollow Stone Arrows (HSA) make?", ("Hollow Stone Arrows", "ORGANIZATION"), ("HSA", "PERSON")),
        ("What is the account (HSA) of the club?", ("club", "ORGANIZATION"), ("HSA", "USERNAME")),
    ],
)
def test_an_abbreviation_of_a_name_is_as_private_as_the_name(
    text: str, name: tuple[str, str], abbreviation: tuple[str, str]
) -> None:
    """Initials of a person who was found, and letters that nothing explains, stay; so does a company's name."""
    kept, short = judge(text, name, abbreviation)

    assert name[1] == "ORGANIZATION" or kept > PUBLIC_SCORE
    assert (short > PUBLIC_SCORE) == (abbreviation[1] != "PERSON")


def test_initials_of_a_doubtful_person_are_no_abbreviation() -> None:
    """A detector that is not sure of a name may be right, and then the letters are that person's."""
    text = "What did Harriet Sina Abel (HSA) write?"
    doubtful = replace(find(text, "Harriet Sina Abel"), score=0.3)

    assert judge_mentions(text, [doubtful, find(text, "HSA", "USERNAME")])[1].score == 0.9


@pytest.mark.parametrize(
    ("text", "value", "formula"),
    [
        ("Write down $n$ if the sum is prime.", "$n$", True),
        ("Write down the angle if $AB=100$ holds.", "100$", True),
        ("Write that it costs $50/$60 or so.", "$50", False),
        ("Write that he gets $50 and she $60.", "$50", False),
    ],
)
def test_a_formula_is_no_money(text: str, value: str, *, formula: bool) -> None:
    """Dollar signs that enclose something without a blank are TeX's."""
    assert (judge(text, (value, "MONEY"))[0] == PUBLIC_SCORE) == formula


@pytest.mark.parametrize(
    "text",
    [
        "Barack Obama, desk 4, was late again on Monday.\n\nWhat should be done?",
        "Barack Obama came in. He shouted. Explain why.",
    ],
)
def test_a_question_behind_a_text_makes_no_name_before_it_public(text: str) -> None:
    """Somebody whom a pasted text tells of may bear a famous name."""
    assert judge(text, ("Barack Obama", "PERSON")) == [0.9]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Can her hepatitis come back after treatment?", "hepatitis"),
        ("She has been on dialysis since June. What may she eat?", "dialysis"),
        ("Kommt ihre Gastritis wieder?", "Gastritis"),
        ("¿Su hepatitis es contagiosa?", "hepatitis"),
        ("Elle est sous chimiothérapie. Que peut-elle manger ?", "chimiothérapie"),
    ],
)
def test_an_illness_that_is_somebodys_is_found_by_the_patterns(text: str, value: str) -> None:
    """No name and no network is needed to see that an illness or a treatment is somebody's, and it stays private."""
    detector = build_detector(DetectionSettings(detectors=("patterns.v1",)))
    found = detector.detect([Segment(path="", text=text)], language="en").spans[0]

    assert [(text[one.start : one.end], one.entity) for one in found] == [(value, "MEDICAL_CONDITION")]


@pytest.mark.parametrize("text", ["What is hepatitis?", "How is chemotherapy given?", "Why do people need dialysis?"])
def test_an_illness_that_is_nobodys_is_left_alone(text: str) -> None:
    """A question about an illness says nothing about anybody."""
    detector = build_detector(DetectionSettings(detectors=("patterns.v1",)))

    assert detector.detect([Segment(path="", text=text)], language="en").spans == ((),)
