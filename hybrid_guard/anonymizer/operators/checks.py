"""Which values of a type are valid: check digits, from python-stdnum."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

__all__ = ["CHECKED", "is_valid"]

_MODULES = {
    "ABA_ROUTING_NUMBER": "us.rtn",
    "AU_ABN": "au.abn",
    "AU_ACN": "au.acn",
    "AU_TFN": "au.tfn",
    "CA_SIN": "ca.sin",
    "CREDIT_CARD": "luhn",
    "DE_TAX_ID": "de.idnr",
    "ES_NIE": "es.nie",
    "ES_NIF": "es.nif",
    "IBAN_CODE": "iban",
    "IN_AADHAAR": "in_.aadhaar",
    "IT_VAT_CODE": "it.iva",
    "PL_PESEL": "pl.pesel",
    "UK_NHS": "gb.nhs",
    "US_ITIN": "us.itin",
    "US_SSN": "us.ssn",
    "ZA_ID_NUMBER": "za.idnr",
}

CHECKED = tuple(_MODULES)
"""Entities whose values can be told to be valid or not."""


def is_valid(text: str, *, entity: str) -> bool:
    """Whether *text* is a valid value of *entity*; True for an entity that has no check."""
    check = _check(entity)
    return check is None or check(text)


@cache
def _check(entity: str) -> Callable[[str], bool] | None:
    if entity not in _MODULES:
        return None
    module = import_module(f"stdnum.{_MODULES[entity]}")
    compact: Callable[[str], str] = getattr(module, "compact", _plain)

    def check(text: str) -> bool:
        try:
            return bool(module.is_valid(compact(text)))
        except ValueError:
            return False

    return check


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text))
