"""What a text says about whose it is."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.public.evidence import Asked, read_evidence


@pytest.mark.parametrize(
    "text",
    [
        "Explain photosynthesis.",
        "Can you please describe photosynthesis?",
        "I would like to know how plants breathe",
        "who was the inventor of the telephone",
        "Was ist Photosynthese?",
        "Explique la photosynthèse.",
        "¿Qué es la fotosíntesis?",
        "Che cos'è la fotosintesi?",
        "O que é a fotossíntese?",
        "Wat is fotosynthese?",
        "Co to jest fotosynteza? Wyjaśnij.",
    ],
)
def test_questions_ask_for_knowledge(text: str) -> None:
    """In eight languages, with and without a question mark."""
    assert read_evidence(text).request == Asked.KNOWLEDGE


@pytest.mark.parametrize(
    "text", ["Write a poem.", "Summarise: the plan is late.", "Napisz wiersz.", "Fasse das zusammen."]
)
def test_orders_to_make_a_text_ask_for_a_service(text: str) -> None:
    """To write, to shorten, to translate."""
    assert read_evidence(text).request == Asked.SERVICE


@pytest.mark.parametrize(
    "text", ["The plan is late.", "", "When I was young, nobody had a car.", "What a day!", "He asked who I was."]
)
def test_statements_ask_for_nothing(text: str) -> None:
    """Also those that begin like questions."""
    assert read_evidence(text).request == Asked.NOTHING


def test_questions_in_the_middle_of_a_long_text_are_not_asked() -> None:
    """What is asked stands at the beginning or at the end of what was pasted."""
    filler = "The plan is late. " * 40

    assert read_evidence(f"{filler}Who was Kepler? {filler}").request == Asked.NOTHING
    assert read_evidence(f"Who was Kepler? {filler}").request == Asked.KNOWLEDGE
    assert read_evidence(f"{filler}Who was Kepler?").request == Asked.KNOWLEDGE


@pytest.mark.parametrize(
    "text",
    [
        "My name is Ann.",
        "Ich heiße Anna.",
        "Call my husband.",
        "Dear Ann, how are you?",
        "Szanowna Pani, dziękuję.",
        "That is all. Best regards, Ann",
        "Name: Ann",
        "date of birth = 1990",
        '{"patient": "Ann"}',
        "From: Ann\nthe plan",
        "Hi Ann Miller, what is a comet?",
        "See you soon\nCheers\nAnn",
        "name,address,phone\nAnn,Oslo,1",
    ],
)
def test_records_letters_and_relatives_are_private(text: str) -> None:
    """The shapes of texts about somebody."""
    assert read_evidence(text).record


@pytest.mark.parametrize(
    "text",
    [
        "The steps: mix, wait, eat.",
        "a = b + c",
        "The name of the rose",
        "one,two,three",
        "To be, or not to be: that",
        "Hi there, what is it?",
    ],
)
def test_colons_and_commas_alone_are_no_record(text: str) -> None:
    """Fields are those of a person."""
    assert not read_evidence(text).record


@pytest.mark.parametrize(
    "text",
    [
        "I have asthma.",
        "My rent is late.",
        "i live in oslo",
        "I am looking for a lawyer.",
        "Ich habe Asthma.",
        "Mam astmę.",
        "Vivo en Sevilla.",
        "As a nurse, I want to understand this.",
        "I study at a college.",
    ],
)
def test_who_speaks_of_himself_is_heard(text: str) -> None:
    """In several languages, with the pronoun in the verb too."""
    assert read_evidence(text).personal


@pytest.mark.parametrize(
    "text",
    [
        "I want to understand asthma.",
        "I'm writing an essay on rents.",
        "Tell me about rents.",
        "My essay is about rents.",
        "How do we measure rain?",
        "Ich möchte verstehen, was Asthma ist.",
        "Quali sono le cause?",
        "The US and the EU disagree.",
    ],
)
def test_who_only_asks_says_nothing_of_himself(text: str) -> None:
    """Interest in a subject is not part of a life."""
    assert not read_evidence(text).personal


def test_the_sentence_of_a_position_is_found() -> None:
    """The writer speaks of himself in the second of three sentences."""
    text = "Rivers are long. I live there since then. Mountains are high. Lakes are deep."
    evidence = read_evidence(text)

    assert not evidence.is_personal_at(text.index("Rivers"))
    assert evidence.is_personal_at(text.index("live"))
    assert not evidence.is_personal_at(text.index("Mountains"))
    assert evidence.is_personal_at(text.index("Mountains"), reach=1)
    assert not evidence.is_personal_at(text.index("Lakes"), reach=1)


def test_a_group_counts_near_its_mention_only() -> None:
    """What the writer's company does is not his life, yet what stands beside it is not public."""
    text = "Our company sells shoes. Where do people walk most?"
    evidence = read_evidence(text)

    assert not evidence.personal
    assert evidence.is_personal_at(0)
    assert not evidence.is_personal_at(0, groups=False)
    assert not evidence.is_personal_at(text.index("Where"))


def test_a_letter_in_general_is_no_document() -> None:
    """Only one that the writer has got, or wants to have written."""
    assert read_evidence("Explain this letter.").document
    assert read_evidence("Write a letter.").document
    assert not read_evidence("How long did a letter travel in those days?").document
