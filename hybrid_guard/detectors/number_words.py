"""Words for the numbers from 0 to 99 and for the marks inside of values, in the languages that the package speaks."""

from __future__ import annotations

from collections.abc import Iterator

from hybrid_guard.detectors.views import fold_text

__all__ = ["CONNECTORS", "MARKS", "NUMBERS", "TIMES"]

# Zero to nineteen, then the tens from twenty on; a slash separates spellings.
_NAMES = {
    "en": (
        (
            "zero/oh/nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen seventeen eighteen nineteen"
        ),
        "twenty thirty forty/fourty fifty sixty seventy eighty ninety",
    ),
    "de": (
        (
            "null eins/ein zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn"
            " fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn"
        ),
        "zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig",
    ),
    "es": (
        (
            "cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
            " dieciséis/dieciseis diecisiete dieciocho diecinueve"
        ),
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    ),
    "fr": (
        "zéro/zero un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
        "vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante",
    ),
    "it": (
        (
            "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici"
            " sedici diciassette diciotto diciannove"
        ),
        "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    ),
    "nl": (
        (
            "nul een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien"
            " zeventien achttien negentien"
        ),
        "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    ),
    "pl": (
        (
            "zero jeden/jedna dwa/dwie trzy cztery pięć/piec sześć/szesc siedem osiem dziewięć/dziewiec"
            " dziesięć/dziesiec jedenaście dwanaście trzynaście czternaście piętnaście szesnaście"
            " siedemnaście osiemnaście dziewiętnaście"
        ),
        "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
    ),
    "pt": (
        (
            "zero um/uma dois/duas três/tres quatro cinco seis/meia sete oito nove dez onze doze treze catorze/quatorze"
            " quinze dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove"
        ),
        "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    ),
}

_MARKS = {
    "-": "dash hyphen minus bindestrich strich tiret trait guion guión trattino lineetta hífen hifen traço streepje"
    " myślnik kreska",
    ".": "dot point period punkt punto ponto punt kropka",
    "@": "at ät arobase arroba chiocciola apenstaartje małpa klammeraffe",
    "+": "plus più mais",
    "/": "slash schrägstrich barra",
    ":": "colon doppelpunkt",
    "_": "underscore unterstrich",
}

_TIMES = {
    2: "double doppel zweimal doble doppio duplo dubbel podwójne",
    3: "triple treble dreimal triplo",
}


def _glued() -> Iterator[tuple[str, int]]:
    """Numbers from 21 to 99 that are one word."""
    for language, joint in (("de", "und"), ("nl", "en")):
        units, tens = (names.split() for names in _NAMES[language])
        for unit in range(1, 10):
            for spelling in units[unit].split("/"):
                link = "ën" if language == "nl" and spelling.endswith("e") else joint
                for index, names in enumerate(tens):
                    for ten in names.split("/"):
                        yield f"{spelling}{link}{ten}", 10 * (index + 2) + unit
    units, tens = (names.split() for names in _NAMES["it"])
    for index, ten in enumerate(tens):
        for unit in range(1, 10):
            stem = ten[:-1] if units[unit][0] in "uo" else ten
            yield stem + units[unit], 10 * (index + 2) + unit
    units = _NAMES["es"][0].split()
    for unit in range(1, 10):
        for spelling in units[unit].split("/"):
            yield f"veinti{spelling}", 20 + unit
    yield from (("veintidós", 22), ("veintitrés", 23), ("veintiséis", 26), ("ventitré", 23))


def _numbers() -> Iterator[tuple[str, int]]:
    for small, tens in _NAMES.values():
        for value, spellings in enumerate(small.split()):
            yield from ((spelling, value) for spelling in spellings.split("/"))
        for index, spellings in enumerate(tens.split()):
            yield from ((spelling, 10 * (index + 2)) for spelling in spellings.split("/"))
    yield from _glued()


NUMBERS = {fold_text(word).lower(): value for word, value in _numbers()}
"""Word, as a view shows it in lower case, to its value."""

MARKS = {fold_text(word).lower(): mark for mark, words in _MARKS.items() for word in words.split()}
"""Word, as a view shows it in lower case, to the mark that it names."""

TIMES = {fold_text(word).lower(): times for times, words in _TIMES.items() for word in words.split()}
"""Word to how often the digit after it is repeated."""

CONNECTORS = frozenset({b"y", b"e", b"et", b"and"})
"""What may stand between tens and units."""
