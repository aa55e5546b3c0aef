"""Fields of forms in eight languages."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.patterns import PatternDetector
from hybrid_guard.detectors.tables.forms import FORMS
from hybrid_guard.detectors.tables.labels import any_of
from hybrid_guard.ports import Detector
from hybrid_guard.types import Segment


@pytest.fixture(scope="module")
def detector() -> Detector:
    """Fields and nothing else."""
    return PatternDetector("test.v1", FORMS)


def values(detector: Detector, text: str) -> list[tuple[str, str]]:
    """Entities with the texts they were found in."""
    spans = detector.detect([Segment(path="", text=text)], language="en").spans[0]
    return [(finding.entity, text[finding.start : finding.end]) for finding in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First name: Zorblax\nLast name: Quimby-Oyelaran\n", [("PERSON", "Zorblax"), ("PERSON", "Quimby-Oyelaran")]),
        ("First name: Anna  Last name: Kowalska", [("PERSON", "Anna"), ("PERSON", "Kowalska")]),
        ("Full name: Keller, Anna", [("PERSON", "Keller, Anna")]),
        ("Patient: Emily White, DOB: unknown", [("PERSON", "Emily White")]),
        ("Name: Anna Keller\n", [("PERSON", "Anna Keller")]),
        ("| Name | Anna Keller |", [("PERSON", "Anna Keller")]),
        ("<name>Anna Keller</name>", [("PERSON", "Anna Keller")]),
        ("**Name:** Anna Keller", [("PERSON", "Anna Keller")]),
        ('{"first_name": "anna", "lastName": "keller"}', [("PERSON", "anna"), ("PERSON", "keller")]),
        ("Vorname: Jürgen\nNachname: Müller-Lüdenscheidt", [("PERSON", "Jürgen"), ("PERSON", "Müller-Lüdenscheidt")]),
        ("Vor- und Nachname: Ömer Özdemir, geb. 3.4.1980", [("PERSON", "Ömer Özdemir")]),
        ("Prénom : Éloïse", [("PERSON", "Éloïse")]),
        ("prenom: Zoé", [("PERSON", "Zoé")]),
        ("Nombre: Arturo .\nApellidos:Mendez Gomez .\n", [("PERSON", "Arturo"), ("PERSON", "Mendez Gomez")]),
        ("Médico: Rosa Jiménez Ruiz   NºCol: 41", [("PERSON", "Rosa Jiménez Ruiz")]),
        ("Responsable clínico: Dra. Isabel García", [("PERSON", "Dra. Isabel García")]),
        ("Cognome e nome: Rossi Mario", [("PERSON", "Rossi Mario")]),
        ("Nome da mãe: Conceição Araújo", [("PERSON", "Conceição Araújo")]),
        ("Achternaam: van den Berg", [("PERSON", "van den Berg")]),
        ("Imię i nazwisko: Łukasz Żółć", [("PERSON", "Łukasz Żółć")]),
        ("Imie i nazwisko: Jan Nowak", [("PERSON", "Jan Nowak")]),
        ("Kontrahent: Piotr Malinowski\n", [("PERSON", "Piotr Malinowski")]),
        ("Home address: 12 Oak Ln, Apt 4\n", [("ADDRESS", "12 Oak Ln, Apt 4")]),
        ("Address: Flat 3, The Old Mill, Bath\n", [("ADDRESS", "Flat 3, The Old Mill, Bath")]),
        ("Domicilio: C/ Sauceda 3. 1A.\nCP: 28035.", [("ADDRESS", "C/ Sauceda 3. 1A"), ("LOCATION", "28035")]),
        ("Adres zamieszkania: Łódź\n", [("ADDRESS", "Łódź")]),
        ("Anschrift: Am Deich 4\nWohnort: Leer", [("ADDRESS", "Am Deich 4"), ("LOCATION", "Leer")]),
        ("Localidad/ Provincia: Zaragoza.", [("LOCATION", "Zaragoza")]),
        ("Luogo di nascita: Bari", [("LOCATION", "Bari")]),
        ("Edad: 63 años Sexo: M.", [("GENDER", "M")]),
        ("Płeć: kobieta", [("GENDER", "kobieta")]),
        ("Familienstand: verheiratet", [("MARITAL_STATUS", "verheiratet")]),
        ("État civil : célibataire", [("MARITAL_STATUS", "célibataire")]),
        ("Occupation: deep-sea welder", [("OCCUPATION", "deep-sea welder")]),
        ("Beroep: dakdekker", [("OCCUPATION", "dakdekker")]),
        ("Employer: Zyx Robotics", [("ORGANIZATION", "Zyx Robotics")]),
        ("Pracodawca: Huta Szkła", [("ORGANIZATION", "Huta Szkła")]),
        ("Religion: Bahá'í", [("NRP", "Bahá'í")]),
        ("Staatsangehörigkeit: lettisch", [("NRP", "lettisch")]),
        ("Sexual orientation: bisexual", [("SEXUAL_ORIENTATION", "bisexual")]),
        ("Gewerkschaft: IG BAU", [("TRADE_UNION", "IG BAU")]),
        ("Diagnosis: Hashimoto thyroiditis\n", [("MEDICAL_CONDITION", "Hashimoto thyroiditis")]),
        ("Rozpoznanie: zapalenie płuc", [("MEDICAL_CONDITION", "zapalenie płuc")]),
        ("Medikation: Ramipril 5 mg", [("MEDICATION", "Ramipril 5 mg")]),
        ("Education: BSc Botany", [("EDUCATION", "BSc Botany")]),
        ("Username: h.simpson", [("USERNAME", "h.simpson")]),
        ("user: homer_77", [("USERNAME", "homer_77")]),
        ("Gebruikersnaam: henk", [("USERNAME", "henk")]),
    ],
)
def test_whatever_stands_in_a_field_is_found(detector: Detector, text: str, expected: list[tuple[str, str]]) -> None:
    """However rare the name is, to the end of the value and not beyond it."""
    assert values(detector, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "name: str\naddress: str = None",
        '{"type": "object", "name": "get_weather", "city": {"type": "string"}}',
        "User: Hello there\nAssistant: Hi.",
        "name: build",
        "first name: required",
        "Address: 0xdeadbeef",
        "IP address: 10.0.0.1",
        "Address: https://example.com",
        "the name of the rose",
        "What's in a name? That which we call a rose",
        "surname: string",
        (
            "Home address: In the year 1863 the president gave a speech that was heard by many people in the town and "
            "beyond"
        ),
        "diagnosis: null",
    ],
)
def test_code_and_prose_are_no_forms(detector: Detector, text: str) -> None:
    """Types, schemas, transcripts of chats and sentences."""
    assert values(detector, text) == []


@pytest.mark.parametrize(
    "name", ["Née le", "NÉE LE", "nee_le", "neele", "Straße", "strasse", "ÜBER", "ueber", "uber", "imię", "IMIE"]
)
def test_names_of_fields_may_lack_accents_and_spaces(name: str) -> None:
    """As people type them, and as programs write them; in capitals, too."""
    pattern = Pattern(
        name="n", entity="AGE", regex=any_of(("née le, straße", "über, imię")) + r"(?P<span>\d)", score=0.5
    )
    assert len(values(PatternDetector("test.v1", [pattern]), f"{name}7")) == 1
