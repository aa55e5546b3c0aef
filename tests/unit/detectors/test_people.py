"""What people say of themselves: demographics, work, studies, health, money and dates."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.registry import make_detector
from hybrid_guard.ports import Detector
from hybrid_guard.types import DetectionSettings, Segment


@pytest.fixture(scope="module")
def detector() -> Detector:
    """The shipped patterns."""
    return make_detector("patterns.v1", DetectionSettings())


def values(detector: Detector, text: str) -> list[tuple[str, str]]:
    """Entities with the texts they were found in."""
    spans = detector.detect([Segment(path="", text=text)], language="en").spans[0]
    return [(finding.entity, text[finding.start : finding.end]) for finding in spans]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("Hi, my name is Zuri Abernathy and I", "PERSON", "Zuri Abernathy"),
        ("my name is zuri abernathy and i", "PERSON", "zuri abernathy"),
        ("ich heiße Jörg Müller", "PERSON", "Jörg Müller"),
        ("je m'appelle Zoé Le Goff", "PERSON", "Zoé Le Goff"),
        ("me llamo Íñigo Ruiz", "PERSON", "Íñigo Ruiz"),
        ("mi chiamo Ugo Bassi", "PERSON", "Ugo Bassi"),
        ("meu nome é Caio Reis", "PERSON", "Caio Reis"),
        ("ik heet Sanne de Wit", "PERSON", "Sanne de Wit"),
        ("nazywam się Łucja Żak", "PERSON", "Łucja Żak"),
        ("I am a 34-year-old woman", "GENDER", "woman"),
        ("a 55-year-old African American male", "GENDER", "male"),
        ("un varón de 53 años", "GENDER", "varón"),
        ("mujer de 29 años", "GENDER", "mujer"),
        ("eine 40-jährige Frau", "GENDER", "Frau"),
        ("Paciente varón sin alergias", "GENDER", "varón"),
        ("I'm a 34-year-old", "AGE", "34-year-old"),
        ("hombre de 62 años", "AGE", "62 años"),
        ("eine 40-jährige Frau", "AGE", "40-jährige"),
        ("j'ai 34 ans", "AGE", "34 ans"),
        ("mam 34 lata", "AGE", "34 lata"),
        ("ha 34 anni", "AGE", "34 anni"),
        ("tem 34 anos", "AGE", "34 anos"),
        ("ik ben 34 jaar oud", "AGE", "34 jaar oud"),
        ("Edad: 53 años", "AGE", "53 años"),
        ("I'm married with two kids", "MARITAL_STATUS", "married"),
        ("I recently got divorced", "MARITAL_STATUS", "divorced"),
        ("my wife and I", "MARITAL_STATUS", "wife"),
        ("ich bin verheiratet", "MARITAL_STATUS", "verheiratet"),
        ("soy soltera", "MARITAL_STATUS", "soltera"),
        ("jestem rozwiedziony", "MARITAL_STATUS", "rozwiedziony"),
        ("I work as a senior software engineer at", "OCCUPATION", "senior software engineer"),
        ("I am a nurse.", "OCCUPATION", "nurse"),
        ("ich bin Lehrerin", "OCCUPATION", "Lehrerin"),
        ("je suis infirmière", "OCCUPATION", "infirmière"),
        ("pracuję jako kierowca", "OCCUPATION", "kierowca"),
        ("called my pediatrician, Dr.", "OCCUPATION", "pediatrician"),
        ("my title is Senior Data Analyst II", "OCCUPATION", "Senior Data Analyst II"),
        ("my overall GPA is 3.4", "EDUCATION", "overall GPA is 3.4"),
        ("I have a Ph.D. in Marine Biology", "EDUCATION", "Ph.D. in Marine Biology"),
        ("I'm majoring in Economics and my", "EDUCATION", "majoring in Economics"),
        ("I am 55, of Hispanic descent, and my", "NRP", "Hispanic"),
        ("I'm a 42-year-old Caucasian man", "NRP", "Caucasian"),
        ("he is Jewish and", "NRP", "Jewish"),
        ("I am a Republican", "NRP", "Republican"),
        ("ich bin katholisch", "NRP", "katholisch"),
        ("Sie ist russischer Abstammung.", "NRP", "russischer Abstammung"),
        ("Ich bin türkischer Herkunft", "NRP", "türkischer Herkunft"),
        ("Ik ben van Turkse afkomst.", "NRP", "Turkse afkomst"),
        ("I came out as gay last year", "SEXUAL_ORIENTATION", "gay"),
        ("she is bisexual", "SEXUAL_ORIENTATION", "bisexual"),
        ("je suis lesbienne", "SEXUAL_ORIENTATION", "lesbienne"),
        ("a member of the Teamsters", "TRADE_UNION", "Teamsters"),
        ("Mitglied der IG Metall", "TRADE_UNION", "IG Metall"),
        ("the scan of my fingerprint", "BIOMETRIC", "fingerprint"),
        ("my retina scan was", "BIOMETRIC", "retina scan"),
        ("I work at Zyx Robotics in", "ORGANIZATION", "Zyx Robotics"),
        ("my boss at Zyx Robotics GmbH & Co. KG", "ORGANIZATION", "Zyx Robotics GmbH & Co. KG"),
        ("umowa z firmą Zarząd Sp. z o.o., NIP", "ORGANIZATION", "Zarząd Sp. z o.o."),
        ("my handle is @techie_Tom", "USERNAME", "@techie_Tom"),
        ("my username is h_simpson77.", "USERNAME", "h_simpson77"),
        ("I live in Zelienople, PA", "LOCATION", "Zelienople, PA"),
        ("I was diagnosed with hashimoto disease.", "MEDICAL_CONDITION", "hashimoto disease"),
        ("my severe migraine", "MEDICAL_CONDITION", "severe migraine"),
        ("I have a rash on my left arm", "MEDICAL_CONDITION", "rash on my left arm"),
        ("I have polymyositis", "MEDICAL_CONDITION", "polymyositis"),
        ("ich habe Kopfschmerzen", "MEDICAL_CONDITION", "Kopfschmerzen"),
        ("mam cukrzycę i ból głowy", "MEDICAL_CONDITION", "ból głowy"),
        ("I struggle with my bipolar disorder", "MEDICAL_CONDITION", "bipolar disorder"),
        ("I take rosuvastatin", "MEDICATION", "rosuvastatin"),
        ("my salary is $62,000 a year", "MONEY", "$62,000 a year"),
        ("with a balance of £1,250.33", "MONEY", "£1,250.33"),
        ("mein Gehalt ist 3.200 €", "MONEY", "3.200 €"),
        ("zarabiam 7500 PLN", "MONEY", "7500 PLN"),
        ("DOB: 03/15/1964", "DATE_OF_BIRTH", "03/15/1964"),
        ("born on March 15, 1964", "DATE_OF_BIRTH", "March 15, 1964"),
        ("geboren am 3. März 1964", "DATE_OF_BIRTH", "3. März 1964"),
        ("née le 3 août 1964", "DATE_OF_BIRTH", "3 août 1964"),
        ("Fecha de nacimiento: 04/7/1952.", "DATE_OF_BIRTH", "04/7/1952"),
        ("nato il 3 marzo 1964", "DATE_OF_BIRTH", "3 marzo 1964"),
        ("nascida em 3 de maio de 1964", "DATE_OF_BIRTH", "3 de maio de 1964"),
        ("geboren op 3 mei 1964", "DATE_OF_BIRTH", "3 mei 1964"),
        ("Data urodzenia: 1979-03-08", "DATE_OF_BIRTH", "1979-03-08"),
        ("Calle Mayor 12, 3º B, 28013 Madrid", "ADDRESS", "Calle Mayor 12, 3º B, 28013 Madrid"),
        ("C/ Choupana, s/n", "ADDRESS", "C/ Choupana, s/n"),
        (
            "live at 4 Privet Drive, Little Whinging, Surrey, GU15 3EJ",
            "ADDRESS",
            "4 Privet Drive, Little Whinging, Surrey, GU15 3EJ",
        ),
        ("ul. Długa 5 m. 12, 80-831 Gdańsk", "ADDRESS", "ul. Długa 5 m. 12, 80-831 Gdańsk"),
    ],
)
def test_what_is_said_of_someone_is_found(detector: Detector, text: str, entity: str, value: str) -> None:
    """In first person and in records, in eight languages."""
    assert (entity, value) in values(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "What does an engineer do all day?",
        "a manager, a doctor and a lawyer walk into a bar",
        "the causes of diabetes and obesity in cities",
        "osmosis and mitosis in plants",
        "the history of the labour movement",
        "Catholics and Protestants in the 17th century",
        "the average salary of nurses",
        "a single, married or divorced person is taxed differently",
        "gay rights in the 20th century",
        "fingerprints were first used in 1892",
        "the university was founded long ago",
        "If a shirt costs $25 and is 20% off, what is the price?",
        "The war ended on 8 May 1945.",
        "a 100-years-old tree in a forest",
        "like I am 5",
        "@app.route and @media screen",
        "take the train in Paris to Lyon",
        "This is Sparta",
        "the march from Selma to Montgomery",
        "Das Fett ist tierischer Herkunft.",
    ],
)
def test_facts_about_the_world_are_left_alone(detector: Detector, text: str) -> None:
    """The same words say nothing about anybody there."""
    assert values(detector, text) == []
