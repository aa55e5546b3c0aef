"""What is taken for a name, and is none by its form."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hybrid_guard.detectors.public.mentions import PUBLIC_SCORE, judge_mentions
from hybrid_guard.sensitivity import BARE_SCORE
from hybrid_guard.types import Finding

SURE = 0.9
UNSURE = 0.6


def judge(text: str, value: str, entity: str = "PERSON", score: float = SURE) -> float:
    """Score of the last mention of *value*, after judging."""
    start = text.rindex(value)
    found = Finding(start=start, end=start + len(value), entity=entity, score=score, detector="test.v1")
    return judge_mentions(text, [found])[0].score


CODE = (
    ("Here is the code:\nm = len(row)", "len", "PERSON"),
    ("Fix the bug: n = len(str1)", "str1", "ADDRESS"),
    ("for (int i = 0; i <= len; i++)", "len", "PERSON"),
)
NAMELESS = (
    ("My train was late - can I sue them? Explain the law.", "sue"),
    ("Convert 85 F to Celsius.", "Celsius"),
    ("Explain the festival of Kyoto, Japan.", "Kyoto, Japan"),
    ("Which birds live in the Mergui Archipelago?", "Mergui Archipelago"),
    ("Describe in one word.\nAtheism", "Atheism"),
    ("Which whales belong to the Ziphiidae?", "Ziphiidae"),
    ('Classify the review and respond with "Pleased" or "Angry".', "Pleased"),
    ('Classify the review and respond with "Pleased" or "Angry".', "Angry"),
    ("How does the Dijkstra algorithm differ from Bellman-Ford?", "Bellman-Ford"),
)
NAMED = (
    ("Give 85 to Sue and ask her why.", "Sue"),
    ("Translate: I told sue the truth.", "sue"),
    ("Draft a note to Celsius Brown about his 85 dollars", "Celsius Brown"),
    ("Where does Brown, Karen live, and who is her doctor?", "Brown, Karen"),
    ("Describe how to move Helen Ocean out.", "Helen Ocean"),
    ('Choose "Anouk" or "Bram": who of the two tenants should be fired?', "Bram"),
    ("Did Tobias Lake lose his job?", "Tobias Lake"),
    ('Tell me whether "Pleased" lost his job.', "Pleased"),
    ("Is Anna Bellman-Ford ill, and does the algorithm know her?", "Anna Bellman-Ford"),
)


@pytest.mark.parametrize(("text", "value", "entity"), CODE)
def test_a_parameter_between_signs_of_code_is_nobody(text: str, value: str, entity: str) -> None:
    assert judge(text, value, entity) <= PUBLIC_SCORE


@pytest.mark.parametrize("text", ["Pay max (he is late)", "Write to max, please", "max = my brother"])
def test_a_parameter_without_a_call_keeps_its_score(text: str) -> None:
    assert judge(text, "max") == SURE


def test_a_word_of_code_leaves_the_other_findings_as_they_are() -> None:
    text = "Dear Nadia Ferrante, fix n = len(row)."
    people = [("Nadia Ferrante", 0.5), ("len", SURE)]
    found = [
        Finding(
            start=text.index(value), end=text.index(value) + len(value), entity="PERSON", score=score, detector="t.v1"
        )
        for value, score in people
    ]
    alone = judge_mentions(text, found[:1])
    both = judge_mentions(text, found)
    assert both[0] == alone[0]
    assert both[1].score <= PUBLIC_SCORE
    assert all(one.start < other.start for one, other in pairwise(both))


@pytest.mark.parametrize(("text", "value"), NAMELESS)
def test_what_is_no_name_by_its_form_weighs_little(text: str, value: str) -> None:
    assert judge(text, value) <= BARE_SCORE


@pytest.mark.parametrize(("text", "value"), NAMED)
def test_a_name_of_nearly_that_form_is_private(text: str, value: str) -> None:
    assert judge(text, value) > BARE_SCORE


def test_an_unsure_name_that_the_text_has_had_as_a_word_is_that_word() -> None:
    text = "Which is true?\n1. Oranges cost less than bananas.\n2. Bananas, his lawyer, cost more."
    plain = "Which is true?\n1. Oranges cost less than apples.\n2. Bananas, his lawyer, cost more."
    assert judge(text, "Bananas", score=UNSURE) <= BARE_SCORE
    assert judge(text, "Bananas", score=SURE) == SURE
    assert judge(plain, "Bananas", score=UNSURE) == UNSURE


def test_a_word_behind_an_unsure_name_changes_nothing() -> None:
    assert judge("Does Bananas, his lawyer, cost more?", "Bananas", score=UNSURE) == UNSURE
    text = "Why is it so?\nBananas, his lawyer, cost more than bananas."
    start = text.index("Bananas")
    found = Finding(start=start, end=start + 7, entity="PERSON", score=UNSURE, detector="test.v1")
    assert judge_mentions(text, [found])[0].score == UNSURE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Write an essay about asthma.", "asthma"),
        ("Write a function to find two nodes in a binary tree.", "a binary tree"),
    ],
)
def test_an_illness_that_an_order_has_as_its_subject_weighs_little(text: str, value: str) -> None:
    assert judge(text, value, "MEDICAL_CONDITION") <= BARE_SCORE


@pytest.mark.parametrize(
    "text",
    [
        "Write an essay about my asthma.",
        "Write a poem about her asthma.",
        "Write a note about asthma for the patient.",
        "Write a letter about asthma.",
        "Summarize: 34, on asthma medicine.",
        "Write an excuse because of asthma.",
    ],
)
def test_an_illness_in_an_order_about_somebody_is_private(text: str) -> None:
    assert judge(text, "asthma", "MEDICAL_CONDITION") > BARE_SCORE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Can Ibrahim keep a flat if he leaves?", "Ibrahim"),
        ("Which bus should Kofi take to his new job in Croydon?", "Kofi"),
        ("Which train does Farzaneh take to visit Berlin", "Farzaneh"),
        ("Does Esma need a permit in Vienna?", "Esma"),
        ("Kann Henrike in Köln bleiben?", "Henrike"),
    ],
)
def test_a_question_of_what_somebody_may_or_needs_is_private(text: str, value: str) -> None:
    assert judge(text, value) > BARE_SCORE


def test_other_questions_about_a_mere_given_name_weigh_little() -> None:
    assert judge("Correct the grammar: Nora visit Norway last year.", "Nora") <= BARE_SCORE
    assert judge("Can Nora be spelled with an h?", "Nora") <= BARE_SCORE
