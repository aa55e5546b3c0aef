"""Texts that look as if they hid something from detectors."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import re2

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import Hidden, count_hidden, decode_all
from hybrid_guard.detectors.readable import MEDIA
from hybrid_guard.detectors.respell import LEAST_DIGITS, find_spelled
from hybrid_guard.detectors.views import IGNORABLE, build_views
from hybrid_guard.linear import compile_linear

__all__ = ["BLOB_LIMIT", "ESCAPE_LIMIT", "HIDDEN_LIMIT", "is_suspicious"]

HIDDEN_LIMIT = 3
"""So many invisible characters at letters and digits are no accident."""

ESCAPE_LIMIT = 5
"""So many ASCII letters and digits that are escaped, though no format asks for it, are no accident."""

BLOB_LIMIT = 8
"""So many letters and digits of readable text inside of encoded blobs are a text of their own."""

_FLAG_TAGS = 7  # the flag of a region: a black flag, at most six tag characters and the one that ends them
_RUN = re.compile(f"[{IGNORABLE}]+")
_OVERRIDES = "\u202d\u202e"
_LETTERS = "A-Za-z\u00c0-\u024f"
_CYRILLIC = "\u0400-\u052f"
# Only capitals that look like Latin ones, and omicron: words such as kΩ, TNFα and NFκB are ordinary.
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_MIXED = re.compile(f"[{_LETTERS}][{_CYRILLIC}{_GREEK}]|[{_CYRILLIC}{_GREEK}][{_LETTERS}]")

_TOKEN = compile_linear(rb"[0-9A-Za-z+/=_!#$%&()*;<>?@^`{|}~\[\]\\.,:'\"-]{32,}")
_LEAST_TOKEN = 32
_DENSE = 4.6
# Bits for each character, of a token of 32 and more. Base64 has up to 6, hexadecimal 4, words with signs about 4.
_ORDINARY = compile_linear(
    # Addresses, paths, data and keys that are public, hashes with their name, and words or numbers joined by signs.
    rb"(?i)://|^data:|AAAA[BCE]3Nza|^MI[IG][A-Za-z]"
    rb"|^[^a-z0-9]*(?:(?:[a-z]{1,24}|[0-9]{1,12})(?:[^a-z0-9]+|$))*$"
)
_DIGEST = compile_linear(rb"(?i)(?:sha(1|256|384|512)|md5)[-:=]([A-Za-z0-9+/_-]{22,}={0,2})")
_DIGEST_SIZES = {b"1": 20, b"256": 32, b"384": 48, b"512": 64, b"": 16}
# Bytes of a hash with its name. A digest of another size is something else.

_QUOTED = compile_linear(rb"[^\"'`]+")
_RUNS = compile_linear(rb"[A-Za-z0-9+/=_-]{32,}")
_CODE = compile_linear(
    rb"\(\)|\)[;,.}\])]|[}\]][}\]),;]|[({\[][\"'`{\[(]|[\"'`][:,)\]}]|=>|&&|\|\||===?|[,:(=][\"'`]|\{return|function\("
    rb"|\]=|[\])]\[|[.][a-z]{2,}[(=),;.]|\[[a-z]{1,2}[+\]]"
)
_CODE_EVERY = 16
# Pairs of signs that code is full of: so many characters have one. Base 85 has one in five hundred.

_WORDS = compile_linear(rb"[A-Z]?[a-z]{4,}")
_WORDY, _NAMED = 0.2, 0.4
# Share of the characters of a token of code that belong to words, and where names are long. Base 85 has a tenth of the
# one, and base 64 a quarter of the other.

# Common short words in the clothes of ROT13, and backwards.
_SCRAMBLED = compile_linear(
    rb"(?i)(?:^|[^A-Za-z])(?:gur|naq|lbhe|jvgu|guvf|gung|sebz|unir|cyrnfr|anzr|nqqerff|eht|dna|ruoy|htiw|siht|taht|morf|evah"
    rb"|esaelp|eman|sserdda|rebmun|ahzore|zl anzr|ahzore vf)(?:$|[^A-Za-z])"
)


# Ways to spell that no value is read from: Morse code, the alphabet of radio, numbers turned round, words for digits
# that are glued together, numerals of Rome one by one.
_RADIO = (
    rb"(?:alf?pha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|quebec|romeo"
    rb"|sierra|tango|uniform|victor|whiske?y|x-?ray|yankee|zulu)"
)
_ENGLISH_DIGIT = rb"(?:zero|one|two|three|four|five|six|seven|eight|nine)"
_MORSE_SIGN = rb"[.\xb7-]{1,6}"
_SPELT = compile_linear(
    rb"(?i)(?:" + _MORSE_SIGN + rb"[ /|]{1,3}){8}"
    rb"|(?:^|[^a-z])" + _RADIO + rb"(?:[ ,.-]{1,2}" + _RADIO + rb"){3}"
    rb"|(?:" + _ENGLISH_DIGIT + rb"){7}"
    rb"|(?:(?:orez|eno|owt|eerht|ruof|evif|xis|neves|thgie|enin)[ ,.-]{1,2}){5}"
    rb"|(?:(?:N|I{1,3}|I?V|VI{1,3}|IX)[ ,.-]{1,2}){9}"
)
# A key of which each character stands alone. Numbers, moves and the letters of a gene have few different characters.
_APART = compile_linear(rb"(?:[A-Za-z0-9_.-][ .,|/]){24}")
_LEAST_APART = 16
_MORSE_RUN = compile_linear(rb"^[.\xb7-]{1,6}(?:[ /|]{1,3}[.\xb7-]{1,6})*")
_MORSE_LETTER = compile_linear(_MORSE_SIGN)
_LONGEST_MORSE = 200
_LEAST_SIGNS = 4
# Different letters of Morse code: leaders and lines have one or two.

_DRAWN = re.compile(
    # Braille, longer than what turns while one waits; digits of Chinese; signs turned upside down.
    "[\u2800-\u28ff]{12}|(?:[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖][ .\\-]?){8}"
    "|[ƖᄅƐㄣϛㄥ6890.]{0,4}[ƖᄅƐㄣϛㄥ][ƖᄅƐㄣϛㄥ6890. -]{5}"
    # Letters of flags, negative letters and emoji at the letters and digits of one word.
    "|[A-Za-z0-9.@][\U0001f1e6-\U0001f1ff\U0001f170-\U0001f189]|[❶-❾]{4}"
    "|(?:[A-Za-z0-9.@]{1,6}[\u2600-\u27bf\U0001f300-\U0001faff]){2}[A-Za-z0-9]"
)


def is_suspicious(text: str, deadline: Deadline, *, hidden: Hidden | None = None) -> bool:
    """
    Whether *text* seems to hide something: what no detector can be trusted to have read.

    These are invisible characters inside Latin words and numbers, words of two scripts, overrides of the direction,
    letters escaped without need, readable text inside of encoded blobs, long numbers in words, words moved by thirteen
    letters or turned round, and long tokens without any order. Emoji sequences, flags, joiners of Persian and Indic
    scripts, direction marks around words, hashes, identifiers, links, pictures and code are ordinary.

    Args:
        text: The original.
        deadline: Of the request.
        hidden: How much of it was encoded, if that is known.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    if not text.isascii() and _is_odd_unicode(text):
        return True
    view = build_views(text)[-1]
    if len(_SCRAMBLED.findall(view.data)) > 1:
        return True
    if hidden is None:
        hidden = count_hidden(decode_all(view, deadline))
    if _is_spelt(view.data) or hidden.escaped >= ESCAPE_LIMIT or hidden.blobs >= BLOB_LIMIT:
        return True
    if any(run.digits >= LEAST_DIGITS and not _is_counting(run.value) for run in find_spelled(view.data, deadline)):
        return True
    return any(_is_opaque(found[0]) for found in deadline.watch(_TOKEN.finditer(view.data)))


def _is_odd_unicode(text: str) -> bool:
    if _MIXED.search(text) or _DRAWN.search(text) or any(mark in text for mark in _OVERRIDES):
        return True
    hidden = 0
    for run in _RUN.finditer(text):
        hidden += _count_hidden(text, run.start(), run.end())
        if hidden >= HIDDEN_LIMIT:
            return True
    return False


def _is_spelt(data: bytes) -> bool:
    """Whether *data* spells something in a way that no value is read from."""
    for found in _SPELT.finditer(data):
        if found[0][:1] not in b".-\xb7":
            return True
        run = _MORSE_RUN.search(data[found.start() : found.start() + _LONGEST_MORSE])
        if run is not None and len(set(_MORSE_LETTER.findall(run[0]))) >= _LEAST_SIGNS:
            return True
    return any(len(set(found[0])) >= _LEAST_APART and _mixed(found[0]) for found in _APART.finditer(data))


def _mixed(run: bytes) -> bool:
    """Whether *run* has letters and digits."""
    return any(48 <= byte <= 57 for byte in run) and any(byte >= 65 for byte in run)


def _count_hidden(text: str, start: int, end: int) -> int:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    run = text[start:end]
    if before == "\U0001f3f4" and end - start <= _FLAG_TAGS:
        return 0
    if run == "\ufe0f":
        # Asks for the coloured form of the character before it; a keycap is a digit, this and a frame.
        return int(before.isascii() and before.isalnum() and after != "\u20e3")
    at_value = (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum())
    # Two in a row join emoji; more carry a message.
    return end - start if at_value or end - start > 2 else 0


def _is_counting(value: bytes) -> bool:
    """Whether the digits go up or down by one, or are all the same."""
    digits = [code for code in value if 48 <= code < 58]
    steps = {two - one for one, two in pairwise(digits)}
    return len(steps) == 1 or value.startswith(b"12345678910")


def _is_opaque(token: bytes) -> bool:
    """Whether *token*, or something long that is quoted or named in it, has no order."""
    if _ORDINARY.search(token) or MEDIA.search(token):
        return False
    parts = [part for part in _QUOTED.findall(token) if len(part) >= _LEAST_TOKEN]
    parts.extend(_RUNS.findall(token) if _is_code(token) else [token])
    return any(map(_has_no_order, parts))


def _is_code(token: bytes) -> bool:
    return len(_CODE.findall(token)) * _CODE_EVERY >= len(token)


def _has_no_order(token: bytes) -> bool:
    token = _DIGEST.sub(_drop_digest, token)
    if len(token) < _LEAST_TOKEN or _entropy(token) <= _DENSE:
        return False
    words = sum(map(len, _WORDS.findall(token)))
    return words < (_NAMED if _RUNS.search(token) is not None else _WORDY) * len(token)


def _drop_digest(found: re2._Match) -> bytes:
    """Nothing, if it is as long as the hash that it calls itself: bytes that are no text, or they would be read."""
    size = len(found[2].rstrip(b"=")) * 3 // 4
    kind = found[1] or b""
    return b"" if size == _DIGEST_SIZES[kind] or len(found[2]) == 2 * _DIGEST_SIZES[kind] else found[0]


def _entropy(token: bytes) -> float:
    """Bits for each character."""
    counts = [token.count(one) for one in set(token)]
    return -sum(count / len(token) * math.log2(count / len(token)) for count in counts)
