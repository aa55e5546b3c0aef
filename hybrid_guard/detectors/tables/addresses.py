"""Street addresses in the languages that the package speaks."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL, far_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.views import WORD

__all__ = ["ADDRESSES"]

_UPPER = r"[A-Z\xc0-\xd6\xd8-\xde\xff]"

_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter|Square|Sq"
    r"|Highway"
    r"|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Crescent|Cres|Close|Row|Mews|Alley|Loop|Pike|Plaza)\b\.?"
)
_STREET_LOWER = r"(?:street|avenue|ave|road|blvd|boulevard|lane|drive|court|terrace|highway|parkway)"
_NAME_WORD = rf"(?:{_UPPER}[{WORD}'.-]*|\d{{1,3}}(?:st|nd|rd|th))"
_UNIT_WORD = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|Bldg|Building|Lot|Penthouse|Desk|\#)"
_UNIT = rf"(?:,?\s{{1,2}}(?:{_UNIT_WORD}\.?\s?\#?[\w-]+|[NSEW]{{2}}\b|\d{{1,3}}(?:st|nd|rd|th)\s[Ff]loor))?"
_NAMES = rf"{_UPPER}[{WORD}.'-]+(?:\s{_UPPER}[{WORD}.'-]+){{0,2}}"
_POSTCODE = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)\b"
_TOWN = (
    rf"(?:,\s{{0,2}}(?:{_UNIT_WORD}\.?\s?\#?[\w-]+|{_POSTCODE}|[A-Z]{{2}}(?:\s{_POSTCODE})?|{_NAMES}(?:\s{_POSTCODE})?)"
    rf"(?:\b|\.)){{0,5}}"
    rf"(?:,?\s[A-Z]{{2}}\b)?(?:,?\s{_POSTCODE})?"
)
_CODE_AND_TOWN = (
    rf"(?:[,.]?\s{{1,2}}(?:[A-Z]{{1,2}}-)?(?:\d{{4}}(?:\s?[A-Z]{{2}})?|\d{{5}}|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}"
    rf"|\d{{5}}-\d{{3}})[\s,.-]{{1,3}}"
    rf"{_UPPER}[{WORD}'-]+(?:\s(?:(?:de|del|la|am|an|im|der|sur|en|le)\s){{0,2}}{_UPPER}[{WORD}'-]+){{0,3}}"
    rf"(?:[.,]?\s?\({_UPPER}[{WORD}]+\))?)?"
)
_NUMBER = r"\s\d{1,4}\s?[a-zA-Z]?\b"
_OF = r"(?:(?:de\sla|de\sl'|de|du|des|del|della|dei|da|do|dos|das|di|d'|la|le|el|e)\s?)?"
_NAME = rf"{_OF}{_UPPER}[{WORD}'.-]*(?:\s{_OF}{_UPPER}[{WORD}'.-]*){{0,3}}"
_ADDRESS_WORDS = ("address", "live", "lives", "lived", "reside", "home", "house", "ship", "deliver", "mail", "moved")
_ADDRESS_FAR = (
    far_words(
        "address, adresse, anschrift, dirección, domicilio, indirizzo, endereço, morada, adres, hospital"
        ", servicio, remitido por, dr, wohnhaft"
    )
    + PERSONAL
)
_NO_STREET_NAME = re.compile(
    r"\b(?:the|a|an|of|down|up|this|that|my|your|our|way|mile|miles|on|in|to|and|or|per|lane|other)\b", re.IGNORECASE
)


def _refute_lower_street(value: str) -> bool | None:
    return False if _NO_STREET_NAME.search(value.rpartition(" ")[0]) else None


def _refute_word(value: str) -> bool | None:
    """Words of English that end as streets do, and years after them."""
    return False if re.match(r"(?i)(?:during|spring|string|bring|offspring|hiring|firing|keyring)\b", value) else None


ADDRESSES: tuple[Pattern, ...] = (
    Pattern(
        name="street address",
        entity="ADDRESS",
        regex=(
            rf"(?:{_UNIT_WORD}\.?\s?\#?[\w-]+,?\s(?:at\s)?)?\b"
            r"\d{1,6}[A-Za-z]?(?:-\d{1,5})?\s{1,2}(?:[NSEW]{1,2}\.?\s|(?:North|South|East|West)\s)?"
            rf"(?:{_NAME_WORD}\s){{1,4}}{_STREET}{_UNIT}{_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address in lower case",
        entity="ADDRESS",
        regex=rf"(?:^|[^\w$.,\xa2-\xa5])(?P<span>\d{{1,5}}\s(?:[a-z'.-]+\s){{1,2}}{_STREET_LOWER})\b",
        score=0.4,
        context=_ADDRESS_WORDS,
        check=_refute_lower_street,
    ),
    Pattern(name="post-office box", entity="ADDRESS", regex=r"\bP\.?\s?O\.?\s?Box\s\d{1,7}\b", score=0.7),
    Pattern(
        name="town, state and ZIP code",
        entity="ADDRESS",
        regex=rf"{_NAMES},\s[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?\b",
        score=0.6,
        cased=True,
    ),
    Pattern(
        name="street address in German or Dutch",
        entity="ADDRESS",
        regex=(
            rf"{_UPPER}[{WORD}.-]*(?:stra(?:\xdf|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein)"
            rf"{_NUMBER}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        check=_refute_word,
        cased=True,
    ),
    Pattern(
        name="street address in German with a street word of its own",
        entity="ADDRESS",
        regex=(
            rf"{_UPPER}[{WORD}.-]*(?:er|-)\s?(?:Stra(?:\xdf|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm)"
            rf"{_NUMBER}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address that begins with the street word",
        entity="ADDRESS",
        regex=(
            r"(?:^|[^\w])(?P<span>(?i:Calle|C/\.?|Cl\.|Avenida|Avda?\.?|Av\.|Plaza|Pza?\.|Paseo|Po\.|Carretera"
            r"|Ctra\.?|Ronda|Camino|Traves\xeda|Carrer|Urbanizaci\xf3n"
            r"|Urb\.|Pol\xedgono|Rua|R\.|Travessa|Avenida|Largo|Pra\xe7a|Alameda|Via|Viale|V\.le|Piazza|P\.za|Corso"
            r"|C\.so|Largo|Vicolo|Strada|ul\.|al\.|os\.|pl\."
            r"|ulica|aleja|osiedle)"
            rf"\s{{0,2}}{_NAME},?\s?(?:(?i:n[o\xb0.]{{1,2}}\s?|num\.?\s|n\xfam\.?\s|nr\s|km\.?\s?|esquina\s))?"
            rf"(?:\d{{1,4}}[a-zA-Z]?|[sS]\s?/\s?[nN])\b"
            rf"(?:\s?[-/,]\s?(?:\d{{1,2}}\s?[oa\xb0.]\s?[\w.]{{0,6}}|\d{{1,4}}[A-Z]?\b|[A-Z]\b|"
            r"(?i:m\.?\s?\d+|piso\s\w+|apto\.?\s\w+|esc\.?\s\w+|lok\.\s?\d+|puerta\s\w+|int\.?\s\w+|bajo|izda?\.?"
            rf"|dcha?\.?))){{0,4}}"
            rf"(?:\s(?:m\.|lok\.)\s?\d+)?{_CODE_AND_TOWN})"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="street address in French",
        entity="ADDRESS",
        regex=(
            r"\b\d{1,4}(?:\s?(?:bis|ter))?,?\s(?i:rue|avenue|av\.|boulevard|bd|place|chemin|all\xe9e|impasse|quai|cours"
            r"|route|square|passage|r\xe9sidence|lotissement)\s"
            rf"{_NAME}{_CODE_AND_TOWN}"
        ),
        score=0.7,
        cased=True,
    ),
    Pattern(
        name="postcode and town",
        entity="ADDRESS",
        regex=(
            rf"(?:^|[^\w.,$\xa3])(?P<span>(?:[A-Z]{{1,2}}-)?(?:\d{{5}}|\d{{2}}-\d{{3}}|\d{{4}}\s[A-Z]{{2}}"
            rf"|\d{{4}}-\d{{3}})[\s,.-]{{1,3}}{_UPPER}[{WORD}'-]+"
            rf"(?:\s(?:(?:de|del|la|am|an|im|der|sur|en|le)\s){{0,2}}{_UPPER}[{WORD}'-]+){{0,3}}"
            rf"(?:[.,]?\s?\({_UPPER}[{WORD}]+\))?)"
        ),
        score=0.3,
        context=(*_ADDRESS_WORDS, *_ADDRESS_FAR),
        cased=True,
    ),
    Pattern(
        name="place where someone lives",
        entity="LOCATION",
        regex=(
            r"\b(?i:live[sd]?\sin|living\sin|based\sin|located\sin|moved\s(?:to|from)|moving\sto|grew\sup\sin|born\sin"
            r"|i'?m\sfrom|i\sam\sfrom|originally\sfrom|he's\sfrom|she's\sfrom"
            r"|resid(?:e|es|ing)\sin|relocat(?:e|ed|ing)\sto|wohne\sin|wohnt\sin|aus|habite\s\xe0|vivo\sen|vive\sen"
            r"|soy\sde|abito\sa|vivo\sa|moro\sem|woon\sin|woont\sin|mieszkam\sw|mieszka\sw)"
            rf"\s(?:the\s)?(?P<span>{_NAMES}(?:,\s(?:[A-Z]{{2}}\b|{_NAMES}))?)"
        ),
        score=0.3,
        context=PERSONAL,
        cased=True,
    ),
    Pattern(
        name="town and state",
        entity="LOCATION",
        regex=(
            rf"(?:^|[^{WORD}])(?P<span>{_NAMES},\s(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]"
            r"|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|USA|UK))\b"
        ),
        score=0.3,
        context=PERSONAL,
        cased=True,
    ),
)
"""``ADDRESS``."""
