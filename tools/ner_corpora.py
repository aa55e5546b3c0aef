"""
The labels of the name finder, and the corpora that it learns from.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CORPORA", "LABELS", "MADE", "UNSURE", "Corpus"]

LABELS = (
    "PERSON",
    "LOCATION",
    "ADDRESS",
    "ORGANIZATION",
    "DATE_TIME",
    "AGE",
    "NRP",
    "OCCUPATION",
    "MEDICAL_CONDITION",
    "MEDICATION",
    "USERNAME",
    "EDUCATION",
    "GENDER",
    "MARITAL_STATUS",
    "MONEY",
    "ID_NUMBER",
)
UNSURE = ""
"""Label of a span that may be anything: nothing is learnt from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """
    What a corpus marks.

    *labels* maps its labels to ours, to several of ours joined by ``|`` (any of them is right), or to `UNSURE`;
    a label that is missing there is as good as none.  *known* are the labels of ours that it marks wherever they
    occur: of any other, a text of this corpus does not say that it is absent.  *share* is how often a text is
    read in each pass.
    """

    source: str
    labels: dict[str, str]
    known: frozenset[str]
    share: float = 1.0


def _labels(**ours: str) -> dict[str, str]:
    return {source: label.replace("_or_", "|") for label, sources in ours.items() for source in sources.split()}


_NAMES = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
_NUMBERS = "CREDIT_CARD PHONE_NUMBER US_SSN IBAN_CODE US_DRIVER_LICENSE EMAIL_ADDRESS DOMAIN_NAME IP_ADDRESS"
MADE = {
    **_labels(
        PERSON="PERSON",
        LOCATION="LOCATION GPE",
        ADDRESS="ADDRESS STREET_ADDRESS",
        ORGANIZATION="ORGANIZATION",
        DATE_TIME="DATE_TIME",
        AGE="AGE",
        NRP="NRP",
        ADDRESS_or_LOCATION="ZIP_CODE",
    ),
    **dict.fromkeys(_NUMBERS.split(), UNSURE),
}

CORPORA = {
    "crossner_all": Corpus(
        source="CrossNER (MIT)",
        labels={
            **_labels(
                PERSON="person politician writer musicalartist researcher scientist",
                LOCATION="location country",
                ORGANIZATION="organisation university politicalparty band",
            ),
            "misc": UNSURE,
        },
        known=_NAMES,
    ),
    "btc_train": Corpus(
        source="Broad Twitter Corpus (CC BY 4.0)",
        labels=_labels(PERSON="PER", LOCATION="LOC", ORGANIZATION="ORG"),
        known=_NAMES | {"USERNAME"},
        share=2.0,
    ),
    "wnut17_train": Corpus(
        source="WNUT 2017 emerging entities (CC BY 4.0)",
        labels=_labels(PERSON="person", LOCATION="location", ORGANIZATION="corporation group"),
        known=_NAMES | {"USERNAME"},
        share=2.0,
    ),
    "wikigold": Corpus(
        source="WikiGold (CC BY 4.0)",
        labels={**_labels(PERSON="PER", LOCATION="LOC", ORGANIZATION="ORG"), "MISC": UNSURE},
        known=_NAMES,
    ),
    "presidio_synth_v2": Corpus(
        source="presidio-research (MIT)",
        labels=MADE,
        known=_NAMES | {"ADDRESS", "DATE_TIME", "AGE", "NRP"},
    ),
    "presidio_generated_large": Corpus(
        source="presidio-research (MIT)",
        labels=MADE,
        known=_NAMES | {"ADDRESS", "DATE_TIME"},
    ),
    "meddocan_train": Corpus(
        source="MEDDOCAN (CC BY 4.0)",
        labels={
            **_labels(
                PERSON="NOMBRE_SUJETO_ASISTENCIA NOMBRE_PERSONAL_SANITARIO",
                LOCATION="TERRITORIO PAIS",
                ADDRESS="CALLE",
                ORGANIZATION="HOSPITAL INSTITUCION CENTRO_SALUD",
                DATE_TIME="FECHAS",
                AGE="EDAD_SUJETO_ASISTENCIA",
                GENDER="SEXO_SUJETO_ASISTENCIA",
                OCCUPATION="PROFESION",
                ID_NUMBER="ID_SUJETO_ASISTENCIA ID_TITULACION_PERSONAL_SANITARIO ID_ASEGURAMIENTO"
                " ID_CONTACTO_ASISTENCIAL ID_EMPLEO_PERSONAL_SANITARIO",
            ),
            **dict.fromkeys(
                (
                    *("CORREO_ELECTRONICO", "NUMERO_TELEFONO", "NUMERO_FAX"),
                    *("FAMILIARES_SUJETO_ASISTENCIA", "OTROS_SUJETO_ASISTENCIA"),
                ),
                UNSURE,
            ),
        },
        known=_NAMES | {"ADDRESS", "DATE_TIME", "AGE", "GENDER", "OCCUPATION", "ID_NUMBER"},
        share=0.4,
    ),
    "lener_br_train": Corpus(
        source="LeNER-Br (MIT)",
        labels=_labels(PERSON="PESSOA", LOCATION="LOCAL", ORGANIZATION="ORGANIZACAO", DATE_TIME="TEMPO"),
        known=_NAMES | {"DATE_TIME"},
        share=0.4,
    ),
}
"""The corpora whose licences let trained weights be shipped, by the names of their files."""
