"""What makes a mention public, and what keeps it private."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hybrid_guard.detectors.public.mentions import PRIVATE_SCORE, PUBLIC_SCORE, judge_mentions
from hybrid_guard.types import Finding


def judge(text: str, value: str, entity: str = "PERSON", *, score: float = 0.85) -> float:
    """Score of *value* in *text* after it is judged."""
    start = text.index(value)
    finding = Finding(start=start, end=start + len(value), entity=entity, score=score, detector="test.v1")
    return judge_mentions(text, [finding])[0].score


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("Who was Johannes Kepler?", "Johannes Kepler", "PERSON"),
        ("Could you please explain Kepler's second law?", "Kepler's", "PERSON"),
        ("I'm curious about Frida Kahlo. Tell me about her work.", "Frida Kahlo", "PERSON"),
        ("What is the capital of Mongolia?", "Mongolia", "LOCATION"),
        ("List the main causes of malaria.", "malaria", "MEDICAL_CONDITION"),
        ("How did Nokia lose the market?", "Nokia", "ORGANIZATION"),
        ("Why did so many people emigrate in 1848?", "1848", "DATE_TIME"),
        ("Write a story about a dragon named Eldrun.", "Eldrun", "PERSON"),
    ],
)
def test_what_everybody_knows_or_makes_up_is_public(text: str, value: str, entity: str) -> None:
    """A question about a public person or matter, a figure of a story or of a sum."""
    assert judge(text, value, entity) == PUBLIC_SCORE


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("Johannes Kepler gave a talk on Tuesday.", "Johannes Kepler", "PERSON"),
        ("Johannes Kepler", "Johannes Kepler", "PERSON"),
        ("Who is Ingrid Solvang-Tveit?", "Ingrid Solvang-Tveit", "PERSON"),
        ("Explain the bill that our customer Johannes Kepler got.", "Johannes Kepler", "PERSON"),
        ("Why is my sister Frida Kahlo angry?", "Frida Kahlo", "PERSON"),
        ("Patient: Johannes Kepler. What is wrong with him?", "Johannes Kepler", "PERSON"),
        ("Dear Johannes Kepler,\nexplain the delay.", "Johannes Kepler", "PERSON"),
        ("I live in Mongolia. What is the tax rate?", "Mongolia", "LOCATION"),
        ("Explain malaria to me, I was diagnosed with malaria", "malaria", "MEDICAL_CONDITION"),
        ("How do I tell my boss at Nokia?", "Nokia", "ORGANIZATION"),
        ("Write a story about Ingrid Solvang-Tveit.", "Ingrid Solvang-Tveit", "PERSON"),
        ("How old is Ravi?", "Ravi", "PERSON"),
        ("What is the best way to remind Johannes Kepler?", "Johannes Kepler", "PERSON"),
        ("Rewrite this more kindly: Johannes Kepler snores.", "Johannes Kepler", "PERSON"),
        ('{"patient": "Johannes Kepler"}\nExplain this.', "Johannes Kepler", "PERSON"),
        ("surname,city,dob\nKepler,Linz,1571\nExplain this.", "Kepler", "PERSON"),
    ],
)
def test_everything_else_keeps_its_score(text: str, value: str, entity: str) -> None:
    """No request, an unknown name, a record, a letter, a relative, the writer's own life."""
    assert judge(text, value, entity) == 0.85


def test_an_unknown_person_keeps_the_places_and_dates_of_the_text() -> None:
    """Where somebody unknown moves to is private, though everybody knows the town."""
    text = "Why is Ingrid Solvang-Tveit moving to Oslo?"
    findings = [
        Finding(start=7, end=27, entity="PERSON", score=0.9, detector="test.v1"),
        Finding(start=38, end=42, entity="LOCATION", score=0.9, detector="test.v1"),
    ]

    assert judge_mentions(text, findings) == tuple(findings)
    assert judge_mentions(text, findings[1:])[0].score == PUBLIC_SCORE


def test_an_identifier_keeps_the_whole_text_and_a_link_does_not() -> None:
    """An e-mail address makes a text private; the address of a page says nothing."""
    text = "Who was Johannes Kepler? x@example.com"
    name = Finding(start=8, end=23, entity="PERSON", score=0.9, detector="test.v1")
    for entity, expected in (("EMAIL_ADDRESS", 0.9), ("URL", PUBLIC_SCORE)):
        other = Finding(start=25, end=38, entity=entity, score=0.9, detector="test.v1")

        assert judge_mentions(text, [name, other]) == (
            Finding(start=8, end=23, entity="PERSON", score=expected, detector="test.v1"),
            other,
        )


def test_an_illness_in_a_text_to_be_changed_keeps_the_person() -> None:
    """Whoever has a text about somebody's medicine translated has it from that person's life."""
    text = "Translate this line: Frida Kahlo needs insulin."
    name = Finding(start=21, end=32, entity="PERSON", score=0.9, detector="test.v1")
    medicine = Finding(start=39, end=46, entity="MEDICATION", score=0.9, detector="test.v1")

    assert judge_mentions(text, [name])[0].score == PUBLIC_SCORE
    assert judge_mentions(text, [name, medicine]) == (name, medicine)


def test_a_doubtful_identifier_says_nothing() -> None:
    """What no policy keeps by default does not make a text private."""
    text = "Who was Johannes Kepler? 12345"
    name = Finding(start=8, end=23, entity="PERSON", score=0.9, detector="test.v1")
    number = Finding(start=25, end=30, entity="US_BANK_NUMBER", score=0.05, detector="test.v1")

    assert judge_mentions(text, [name, number])[0].score == PUBLIC_SCORE


def test_a_person_whom_the_writer_knows_is_raised() -> None:
    """A relative, a customer, the receiver of a letter: their names are surer than a detector thought."""
    for text in ("Call my sister Emily", "The customer Emily waits", "Dear Emily, hello"):
        assert judge(text, "Emily", score=0.3) == PRIVATE_SCORE
    assert judge("Call Emily", "Emily", score=0.3) == 0.3


def test_a_low_score_is_not_raised_to_the_public_one() -> None:
    """Public mentions only ever lose."""
    assert judge("Who was Johannes Kepler?", "Johannes Kepler", score=0.1) == 0.1


def test_ordinary_words_are_no_names_in_a_text_with_capitals() -> None:
    """A detector that took a common noun for a name is overruled, unless the writer has no capitals for names."""
    assert judge("How did Ancient Rome trade with onions?", "onions") == PUBLIC_SCORE
    assert judge("how did rome treat ingrid?", "ingrid") == 0.85


def test_many_findings_in_a_long_text_are_judged_in_one_pass() -> None:
    """A megabyte with ten thousand findings is read once: the reader of evidence is not asked per finding."""
    text = ("Who was Johannes Kepler and what did he find in Prague? " * 19_000)[: 1 << 20]
    findings = [
        Finding(start=start, end=start + 15, entity="PERSON", score=0.9, detector="test.v1")
        for start in range(8, len(text) - 60, 56 * 2)
    ]

    assert len(findings) > 9_000
    assert {finding.score for finding in judge_mentions(text, findings)} == {PUBLIC_SCORE}


def test_no_library_is_loaded() -> None:
    """The judgement needs the standard library only."""
    code = (
        "import sys, hybrid_guard.detectors.public.evidence, hybrid_guard.detectors.public.public_names as names;"
        "names.load_public_names();"
        "print([name for name in ('spacy', 'presidio_analyzer', 'pydantic', 'litellm') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Describe the poetry of Ingrid Solvang-Tveit.", "Ingrid Solvang-Tveit"),
        ("Explain what the philosopher Anders Holmqvist-Berg taught.", "Anders Holmqvist-Berg"),
        ("What does the report written by Ingrid Solvang-Tveit say about her tests?", "Ingrid Solvang-Tveit"),
        ("Why does Ravi need 2 more sessions, and how much do they cost?", "Ravi"),
    ],
)
def test_a_role_or_a_work_makes_nobody_public(text: str, name: str) -> None:
    """Somebody whom nobody knows stays private, whatever stands beside the name."""
    assert judge(text, name, "PERSON") >= 0.4


@pytest.mark.parametrize("name", ["Michael Jordan", "Ingrid Solvang-Tveit"])
def test_a_person_and_a_disease_are_private_in_any_question(name: str) -> None:
    """Also if everybody knows the name: it may be somebody else's."""
    text = f"{name} has hepatitis C.\nWhat is the plot of the novel? Explain."
    findings = [
        Finding(start=0, end=len(name), entity="PERSON", score=0.9, detector="test"),
        Finding(start=text.index("hep"), end=text.index("."), entity="MEDICAL_CONDITION", score=0.9, detector="test"),
    ]

    assert all(one.score >= 0.4 for one in judge_mentions(text, findings))
