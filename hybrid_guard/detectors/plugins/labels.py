"""From the labels of others to our entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.sensitivity import DEFAULT_WEIGHTS

__all__ = ["PROMPTS", "entity_of"]

# What a model calls a thing, folded to capitals and underscores. OntoNotes, CoNLL, WikiNER, i2b2, AI4Privacy and their
# kin. An empty entity is none of our business: a number, a title of a book.
_ENTITIES: Mapping[str, str] = MappingProxyType(
    {
        label: entity
        for entity, labels in {
            "PERSON": "PER PERSON PERSONS NAME FULL_NAME FULLNAME PERSON_NAME FIRST_NAME FIRSTNAME GIVENNAME GIVEN_NAME"
            " LAST_NAME LASTNAME SURNAME MIDDLE_NAME MIDDLENAME PATIENT DOCTOR STAFF PERS PERSNAME HCW",
            "LOCATION": "LOC LOCATION GPE GPE_LOC LOCATIONS CITY STATE COUNTRY COUNTY REGION FAC FACILITY"
            " LOCATION_OTHER PLACE PLACENAME GEO",
            "ADDRESS": "ADDRESS STREET STREET_ADDRESS STREETADDRESS BUILDINGNUM BUILDINGNUMBER SECONDARYADDRESS ZIP"
            " ZIPCODE ZIP_CODE POSTCODE POSTAL_CODE",
            "ORGANIZATION": "ORG ORGANIZATION ORGANISATION COMPANY COMPANYNAME COMPANY_NAME CORPORATION HOSP HOSPITAL"
            " PATORG VENDOR EMPLOYER ORG_NAME",
            "DATE_TIME": "DATE TIME DATE_TIME DATETIME",
            "DATE_OF_BIRTH": "DATE_OF_BIRTH DATEOFBIRTH DOB BIRTHDATE",
            "AGE": "AGE",
            "NRP": "NRP NORP NATIONALITY RELIGION ETHNICITY RACE POLITICAL_GROUP",
            "GENDER": "GENDER SEX",
            "MARITAL_STATUS": "MARITAL_STATUS",
            "EDUCATION": "EDUCATION",
            "OCCUPATION": "OCCUPATION PROFESSION JOB JOB_TITLE JOBTITLE JOBAREA JOBTYPE",
            "MEDICAL_CONDITION": "MEDICAL_CONDITION CONDITION DISEASE DISEASE_DISORDER DISORDER DIAGNOSIS PROBLEM"
            " SYMPTOM SIGN_SYMPTOM",
            "MEDICATION": "MEDICATION DRUG MEDICINE CHEMICAL TREATMENT",
            "EMAIL_ADDRESS": "EMAIL EMAIL_ADDRESS EMAILADDRESS",
            "PHONE_NUMBER": "PHONE PHONE_NUMBER PHONENUMBER TELEPHONE TELEPHONENUM TEL FAX FAX_NUMBER CELLPHONE",
            "CREDIT_CARD": "CREDIT_CARD CREDITCARD CREDITCARDNUMBER CREDIT_CARD_NUMBER",
            "CVV": "CVV CREDITCARDCVV",
            "IBAN_CODE": "IBAN IBAN_CODE",
            "US_BANK_NUMBER": "ACCOUNTNUM ACCOUNTNUMBER ACCOUNT_NUMBER BANK_ACCOUNT",
            "CRYPTO": "CRYPTO BITCOINADDRESS ETHEREUMADDRESS LITECOINADDRESS",
            "US_SSN": "SSN US_SSN SOCIALNUM SOCIALNUMBER SOCIAL_SECURITY_NUMBER",
            "ID_NUMBER": "ID IDNUM ID_NUM ID_NUMBER IDCARDNUM IDENTIFIER MEDICALRECORD MEDICAL_RECORD PASSPORT"
            " PASSPORT_NUMBER PASSPORTNUM DRIVERLICENSENUM DRIVER_LICENSE DRIVERS_LICENSE TAXNUM TAX_ID HEALTHPLAN"
            " ACCOUNT LICENSE BIOID DEVICE NATIONAL_ID",
            "LICENSE_PLATE": "LICENSE_PLATE VEHICLEVRM",
            "VIN": "VIN VEHICLEVIN",
            "IP_ADDRESS": "IP IP_ADDRESS IPADDRESS IPV4 IPV6 IPADDR",
            "MAC_ADDRESS": "MAC MAC_ADDRESS",
            "USERNAME": "USERNAME USER_NAME USERID",
            "SECRET": "SECRET PASSWORD API_KEY PIN",
            "URL": "URL DOMAIN_NAME WEBSITE",
            "MONEY": "MONEY AMOUNT SALARY",
            "": "O CARDINAL ORDINAL PERCENT QUANTITY LANGUAGE WORK_OF_ART EVENT LAW PRODUCT MISC MISCELLANEOUS",
        }.items()
        for label in labels.split()
    }
)

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "person": "PERSON",
        "location": "LOCATION",
        "street address": "ADDRESS",
        "organization": "ORGANIZATION",
        "date": "DATE_TIME",
        "date of birth": "DATE_OF_BIRTH",
        "age": "AGE",
        "nationality": "NRP",
        "religion": "NRP",
        "ethnicity": "NRP",
        "political affiliation": "NRP",
        "gender": "GENDER",
        "marital status": "MARITAL_STATUS",
        "education": "EDUCATION",
        "occupation": "OCCUPATION",
        "medical condition": "MEDICAL_CONDITION",
        "medication": "MEDICATION",
        "email address": "EMAIL_ADDRESS",
        "phone number": "PHONE_NUMBER",
        "username": "USERNAME",
        "password": "SECRET",
        "credit card number": "CREDIT_CARD",
        "bank account number": "US_BANK_NUMBER",
        "identification number": "ID_NUMBER",
        "license plate": "LICENSE_PLATE",
        "salary": "MONEY",
    }
)
"""What a GLiNER model is asked for, and the entity of each."""

_PREFIX = re.compile(r"[BIESLU]-")
_OTHER = re.compile(r"[^A-Z0-9]+")
_LETTER_FIRST = re.compile(r"[A-Z]")


def entity_of(label: str) -> str | None:
    """
    The entity that *label* stands for; None for labels of things that are not private, such as ``CARDINAL``.

    The prefix of a tag (``B-PER``) does not count. A label that nobody here knows is kept as an entity of that name:
    whoever trained a model for it had a reason.
    """
    bare = _PREFIX.sub("", label, count=1) if _PREFIX.match(label) else label
    folded = _OTHER.sub("_", bare.upper()).strip("_")
    if folded in _ENTITIES:
        return _ENTITIES[folded] or None
    if folded in DEFAULT_WEIGHTS:
        return folded
    return folded if _LETTER_FIRST.match(folded) else None
