"""Texts that look as if they hid something from detectors."""

from __future__ import annotations

import math
import re
from itertools import pairwise

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.decode import DEPTH, decode
from hybrid_guard.detectors.respell import LEAST_DIGITS, find_spelled
from hybrid_guard.detectors.views import IGNORABLE, View, build_views
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
_DENSE = 4.6
# Bits for each character, of a token of 32 and more. Base64 has up to 6, hexadecimal 4, words with signs about 4.
_ORDINARY = compile_linear(
    # Addresses, paths, data and keys that are public, hashes with their name, and words or numbers joined by signs.
    rb"(?i)://|^data:|^(?:sha(?:1|256|384|512)|md5)[-:=]|AAAA[BCE]3Nza|^MI[IG][A-Za-z]"
    rb"|^[^a-z0-9]*(?:(?:[a-z]{1,24}|[0-9]{1,12})(?:[^a-z0-9]+|$))*$"
)
# First bytes of what is no text but ordinary all the same, in base64: pictures, sound, documents, certificates.
_MEDIA = compile_linear(
    rb"(?:^|[^A-Za-z0-9+/])(?:iVBORw0|/9j/|R0lGOD|UklGR|Qk[0-9A-Za-z]|JVBERi|SUkq|T2dnUw|d09G|MII|AAAA)"
)

# Common short words in the clothes of ROT13, and backwards.
_SCRAMBLED = compile_linear(
    rb"(?i)(?:^|[^A-Za-z])(?:gur|naq|lbhe|jvgu|guvf|gung|sebz|unir|cyrnfr|anzr|nqqerff|eht|dna|ruoy|htiw|siht|taht|morf|evah"
    rb"|esaelp|eman|sserdda|rebmun|ahzore|zl anzr|ahzore vf)(?:$|[^A-Za-z])"
)


def is_suspicious(text: str, deadline: Deadline) -> bool:
    """
    Whether *text* seems to hide something: what no detector can be trusted to have read.

    These are invisible characters inside Latin words and numbers, words of two scripts, overrides of the direction,
    letters escaped without need, readable text inside of encoded blobs, long numbers in words, words moved by thirteen
    letters or turned round, and long tokens without any order. Emoji sequences, flags, joiners of Persian and Indic
    scripts, direction marks around words, hashes, identifiers, links, pictures and code are ordinary.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    if not text.isascii() and _is_odd_unicode(text):
        return True
    view = build_views(text)[-1]
    if len(_SCRAMBLED.findall(view.data)) > 1:
        return True
    if _hides_text(view, deadline):
        return True
    if any(run.digits >= LEAST_DIGITS and not _is_counting(run.value) for run in find_spelled(view.data, deadline)):
        return True
    return any(_is_opaque(found[0]) for found in deadline.watch(_TOKEN.finditer(view.data)))


def _is_odd_unicode(text: str) -> bool:
    if _MIXED.search(text) or any(mark in text for mark in _OVERRIDES):
        return True
    hidden = 0
    for run in _RUN.finditer(text):
        hidden += _count_hidden(text, run.start(), run.end())
        if hidden >= HIDDEN_LIMIT:
            return True
    return False


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


def _hides_text(view: View, deadline: Deadline) -> bool:
    escaped = blobs = 0
    for _ in range(DEPTH):
        decoded = decode(view, deadline)
        if decoded is None:
            break
        escaped += decoded.escaped
        blobs += decoded.blobs
        view = decoded.view
    return escaped >= ESCAPE_LIMIT or blobs >= BLOB_LIMIT


def _is_counting(value: bytes) -> bool:
    """Whether the digits go up or down by one, or are all the same."""
    digits = [code for code in value if 48 <= code < 58]
    steps = {two - one for one, two in pairwise(digits)}
    return len(steps) == 1 or value.startswith(b"12345678910")


def _is_opaque(token: bytes) -> bool:
    if _ORDINARY.search(token) or _MEDIA.search(token):
        return False
    return _entropy(token) > _DENSE


def _entropy(token: bytes) -> float:
    """Bits for each character."""
    counts = [token.count(one) for one in set(token)]
    return -sum(count / len(token) * math.log2(count / len(token)) for count in counts)
