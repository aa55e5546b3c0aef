"""Coordinates, and the numbers of vehicles and devices."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import ALONE
from hybrid_guard.detectors.matching import Pattern

__all__ = ["PLACES", "check_vin"]

_HEMISPHERE = r"\s?(?:\xb0\s?)?[NS][,;\s]{1,3}-?\d{1,3}(?:\.\d+)?\s?(?:\xb0\s?)?[EWO]\b"
_SECONDS = r"\d{1,3}\s?\xb0\s?\d{1,2}\s?'\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|'')\s?)?"
_MOST_NORTH = 90.0
_MOST_EAST = 180.0

_VIN_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def check_vin(value: str) -> bool | None:
    """True if the check digit of North America holds (49 CFR 565.15); other makers put any character in its place."""
    total = sum(
        weight * (int(character) if character.isdigit() else _VIN_LETTERS[character])
        for weight, character in zip(_VIN_WEIGHTS, value.upper(), strict=True)
    )
    if "X0123456789"[(total + 1) % 11] == value[8].upper():
        return True
    return None if re.search(r"\d", value) and re.search("[A-Za-z]", value) else False


def _check_pair(value: str) -> bool | None:
    first, second = (abs(float(number)) for number in re.findall(r"\d+\.\d+", value))
    return None if first <= _MOST_NORTH and second <= _MOST_EAST else False


def _check_imei(value: str) -> bool | None:
    from stdnum import luhn

    return True if luhn.is_valid(re.sub(r"\D", "", value)) else None


PLACES: tuple[Pattern, ...] = (
    Pattern(
        name="coordinates with their hemispheres",
        entity="GEO_COORDINATES",
        regex=rf"(?:^|[^\w.])(?P<span>-?\d{{1,3}}\.\d+{_HEMISPHERE}|{_SECONDS}[NS][,;\s]{{0,3}}{_SECONDS}[EWO]\b)",
        score=0.8,
    ),
    Pattern(
        name="pair of coordinates",
        entity="GEO_COORDINATES",
        regex=r"(?:^|[^\w.,])(?P<span>-?\d{1,2}\.\d{4,}\xb0?\s?,\s?-?\d{1,3}\.\d{4,}\xb0?)(?:$|[^\w,.]|[.,](?:\D|$))",
        score=0.3,
        context=(
            "gps",
            "coordinates",
            "lat",
            "latitude",
            "location",
            "located",
            "position",
            "geo",
            "map",
            "standort",
            "koordinaten",
            "coordonn\xe9es",
            "coordenadas",
            "coordinate",
            "co\xf6rdinaten",
            "wsp\u00f3\u0142rz\u0119dne",
            "maps",
            "home",
            ALONE,
        ),
        check=_check_pair,
    ),
    Pattern(
        name="labelled latitude or longitude",
        entity="GEO_COORDINATES",
        regex=(
            r"\b(?:lat|latitude|lon|lng|long|longitude|breitengrad|l\xe4ngengrad|latitud|longitud|latitudine"
            r"|longitudine)[\"']?\s?[:=]\s?[\"']?(?P<span>-?\d{1,3}\.\d{2,})"
        ),
        score=0.7,
    ),
    Pattern(
        name="vehicle identification number",
        entity="VIN",
        regex=r"\b[A-HJ-NPR-Z0-9]{17}\b",
        score=0.3,
        context=(
            "vin",
            "chassis",
            "vehicle",
            "fahrgestellnummer",
            "fahrgestell",
            "fin",
            "bastidor",
            "ch\xe2ssis",
            "telaio",
            "ch\xe1ssis",
            "chassisnummer",
            "nadwozia",
            "car",
        ),
        check=check_vin,
        evidence=0.9,
        cased=True,
    ),
    Pattern(
        name="number of a telephone set or a SIM card",
        entity="ID_NUMBER",
        regex=r"\b(?:\d{2}-?\d{6}-?\d{6}-?\d{1,2}|89\d{17,18})\b",
        score=0.2,
        context=("imei", "iccid", "sim", "device"),
        check=_check_imei,
    ),
)
"""``GEO_COORDINATES``, ``VIN`` and numbers of devices."""
