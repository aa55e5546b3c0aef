"""Ten groups that our entities, and the labels of public data sets, fall into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.sensitivity import DEFAULT_WEIGHTS

__all__ = ["GROUPS", "group_of_entity", "group_of_label"]

GROUPS = ("PERSON", "ADDRESS", "ORG", "CONTACT", "ID", "DATE", "HEALTH", "FINANCE", "SECRET", "DEMOGRAPHIC")
"""In the order of tables."""

_ENTITIES: Mapping[str, str] = MappingProxyType(
    {
        entity: group
        for group, entities in {
            "PERSON": "PERSON",
            "ADDRESS": "ADDRESS CA_POSTAL_CODE DE_PLZ GEO_COORDINATES LOCATION UK_POSTCODE",
            "ORG": "ORGANIZATION",
            "CONTACT": "EMAIL_ADDRESS IP_ADDRESS MAC_ADDRESS PHONE_NUMBER URL USERNAME",
            "DATE": "DATE_OF_BIRTH DATE_TIME",
            "HEALTH": "BIOMETRIC MEDICAL_CONDITION MEDICATION",
            "FINANCE": "ABA_ROUTING_NUMBER CREDIT_CARD CRYPTO CVV IBAN_CODE MONEY US_BANK_NUMBER",
            "SECRET": "DENIED_TEXT SECRET",
            "DEMOGRAPHIC": "AGE EDUCATION GENDER MARITAL_STATUS NRP OCCUPATION SEXUAL_ORIENTATION TRADE_UNION",
        }.items()
        for entity in entities.split()
    }
)

# Labels that are no entity of ours, folded to capitals and underscores: CrossNER, the Broad Twitter Corpus, WNUT 2017,
# WikiGold, Universal NER, Presidio's generated texts, Safe-Trigger, MEDDOCAN, LeNER-Br, pl-pii-bench.
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        label: group
        for group, labels in {
            "PERSON": "PER NAME POLITICIAN WRITER MUSICALARTIST RESEARCHER SCIENTIST PESSOA NOMBRE_SUJETO_ASISTENCIA"
            " NOMBRE_PERSONAL_SANITARIO FIRST_NAME LAST_NAME",
            "ADDRESS": "LOC GPE FAC LOCAL STREET_ADDRESS ZIP_CODE POSTAL COUNTRY CITY STATE GPS TERRITORIO PAIS CALLE",
            "ORG": "ORG ORGANISATION AFFILIATION EMPLOYER COMPANY CORPORATION GROUP POLITICALPARTY BAND UNIVERSITY"
            " ORGANIZACAO HOSPITAL INSTITUCION CENTRO_SALUD",
            "CONTACT": "EMAIL PHONE FAX DOMAIN_NAME CORREO_ELECTRONICO NUMERO_TELEFONO NUMERO_FAX",
            "ID": "NATIONAL_ID INSURANCE_ID STUDENT_ID PATIENT_ID INVOICE_ID DRIVER_LICENSE PASSPORT_NUMBER VEHICLE"
            " ID_SUJETO_ASISTENCIA ID_TITULACION_PERSONAL_SANITARIO ID_ASEGURAMIENTO ID_CONTACTO_ASISTENCIAL"
            " ID_EMPLEO_PERSONAL_SANITARIO NIP PESEL REGON DOWOD SSN",
            "DATE": "DATE TIME DOB FECHAS TEMPO",
            "HEALTH": "CONDITION DISEASE DRUG",
            "FINANCE": "ACCOUNT_BALANCE ACCOUNT_NUMBER BANK_ACCOUNT SALARY IBAN",
            "SECRET": "PASSWORD API_KEY KEY",
            "DEMOGRAPHIC": "RACE NORP PROFESION EDAD_SUJETO_ASISTENCIA SEXO_SUJETO_ASISTENCIA"
            " FAMILIARES_SUJETO_ASISTENCIA",
        }.items()
        for label in labels.split()
    }
)

_OTHER = re.compile(r"[^A-Z0-9]+")


def group_of_entity(entity: str) -> str:
    """The group of one of our entities; whatever is not listed is a number of somebody or something, ``ID``."""
    return _ENTITIES.get(entity, "ID")


def group_of_label(label: str) -> str:
    """The group of a data set's label; a label that is not known is a group of its own, in capitals."""
    folded = _OTHER.sub("_", label.upper()).strip("_")
    if folded in _LABELS:
        return _LABELS[folded]
    if folded in DEFAULT_WEIGHTS or folded in GROUPS:
        return folded if folded in GROUPS else group_of_entity(folded)
    return folded
