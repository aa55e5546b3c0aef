"""Encodings of whole texts: what a run of letters, digits and signs says, if it says anything."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator

from hybrid_guard.detectors.bases import has_cases, read_ascii85, read_base64, read_base85, read_number, read_powers
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.number_lists import NUMBER_LIST, read_numbers
from hybrid_guard.detectors.readable import MEDIA, count_alnum, read_plain, read_text
from hybrid_guard.linear import compile_linear

__all__ = ["BLOB_TRIGGER", "find_blobs"]

_LEAST_CERTAIN = 9
# Bytes of a text where several readings are tried.

_LEAST_INSIDE = 12
# Printable bytes among others, which random bytes hold one time in a hundred thousand.

_MOST_SIGNS = 4096
# Of a token in base 85, which is read byte by byte.

_LONG = 4096
# Characters of a blob that is so much work that the clock is looked at between two ways to read it.

_LEAST_PAIRS = 3

_INSIDE = compile_linear(rb"[ -~]{%d,}" % _LEAST_INSIDE)
_ODD = compile_linear(rb"[a-z0-9]")
_ADDRESS = compile_linear(rb"^[0-9A-Za-z._+-]+@[0-9A-Za-z.-]+[.][A-Za-z]{2,}$")

_PAIR = rb"[0-9A-Fa-f]{2}"
_CODED = rb"[A-Za-z0-9+/_=]"
_PLUS = rb"['\"] ?\+ ?['\"]"
_SEPARATOR = rb"(?:[^A-Za-z0-9+/_=\x80-\xff]{1,9}|" + _PLUS + rb")"
_WIDTHS = (3, 4, 5, 6, 8, 10, 12, 16)
_GROUPS = rb"|".join(
    b"%s{%d}(?:%s%s{%d}){2,}(?:%s%s{1,%d})?" % (_CODED, width, _SEPARATOR, _CODED, width, _SEPARATOR, _CODED, width)
    for width in _WIDTHS
)
_BLOBS = {
    # Before pairs of hexadecimal digits, which these may be, too.
    "numbers": compile_linear(NUMBER_LIST),
    "hexadecimal": compile_linear(rb"(?:0x)?(?:" + _PAIR + rb"){6,}"),
    "spaced hexadecimal": compile_linear(
        rb"(?:0[xX])?(?:" + _PAIR + rb"){1,8}(?:[ ,:-]{1,2}(?:0[xX])?(?:" + _PAIR + rb"){1,8}){3,}"
    ),
    "binary": compile_linear(rb"[01]{8}(?:[ ,]?[01]{8}){5,}"),
    "groups": compile_linear(rb"(?:^|[^A-Za-z0-9+/_=\x80-\xff])(" + _GROUPS + rb")(?:$|[^A-Za-z0-9+/_\x80-\xff])"),
    "base64": compile_linear(rb"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,6}"),
    "signs": compile_linear(rb"[!-~]{15,}"),
}
_BYTES = rb"(?:" + _PAIR + rb"){1,8}[ ,:-]{1,2}"
_LISTED = rb"[0-9A-Fa-f]{1,8}['\")]{0,2}[ ,;&|+./_\r\n-]{1,4}[A-Za-z.]{0,20}[\('\"+]{0,2}"
_GROUP = _CODED + rb"{3,16}"
BLOB_TRIGGER = rb"|".join(
    (
        rb"[A-Za-z0-9+/_-]{12,}|[!-~]{15,}|[01]{8}[ ,][01]{8}",
        _BYTES + _BYTES + _PAIR,
        rb"(?:" + _LISTED + rb"){6}",
        _GROUP + _SEPARATOR + _GROUP + _SEPARATOR + _GROUP,
    )
)
"""Matches where a blob may be."""

# Of the standard library: for so short a text it takes a tenth of the time.
_CODED_RUN = re.compile(_CODED + rb"+")
_JOINT = re.compile(_PLUS)
_DIGIT = re.compile(rb"[0-9@]")
_BEYOND_WORDS = re.compile(rb"[A-Z0-9+/=]")
_BEYOND_HEXADECIMAL = re.compile(rb"[g-z_]")
_WORD = re.compile(rb"[a-z_]+")
_MOVED = bytes(33 + (code - 33 + 47) % 94 if 33 <= code < 127 else code for code in range(256))


def find_blobs(data: bytes, deadline: Deadline) -> Iterator[tuple[int, int, bytes, int]]:
    """
    Start and end of each blob in *data*, what it says, and how many of its characters count as hidden.

    Raises:
        DetectionError: HG312 the *deadline* is over.
    """
    for kind, regex in _BLOBS.items():
        group = 1 if kind == "groups" else 0
        for found in deadline.watch(regex.finditer(data)):
            opened = _open(kind, found[group], deadline)
            if opened is not None:
                yield (*found.span(group), *opened)


def _open(kind: str, blob: bytes, deadline: Deadline) -> tuple[bytes, int] | None:
    """What *blob* says, if that is text, and how many letters and digits of it count."""
    if kind == "numbers":
        text = read_numbers(blob, deadline)
        plain = None if text is None else read_plain(text)
        # Capitals are the numbers from 65 on: marks, ages and prices are not hidden.
        return None if plain is None else (plain, len(_ODD.findall(plain)))
    for index, plain in enumerate(_OPENERS[kind](blob)):
        if len(blob) > _LONG:
            deadline.check()
        if plain is not None and (index == 0 or _is_certain(plain)):
            return plain, count_alnum(plain)
    return _open_inside(blob) if kind == "base64" and _DIGIT.search(blob) is not None else None


def _is_certain(plain: bytes) -> bool:
    """Whether what came out of one of many ways to read a blob is text: a word of a language is a blob in some."""
    return len(plain) >= _LEAST_CERTAIN and count_alnum(plain) * 3 >= 2 * len(plain) and bool(_DIGIT.search(plain))


def _open_hexadecimal(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.removeprefix(b"0x")
    if len(digits) % 2 == 0 and len({digits[at : at + 2] for at in range(0, len(digits), 2)}) >= _LEAST_PAIRS:
        # Fewer are a fraction that repeats.
        yield read_text(bytes.fromhex(digits.decode()))
        yield read_text(bytes.fromhex(digits[::-1].decode()))
    else:
        yield None
    yield from map(read_plain, read_number(blob))


def _open_spaced(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.replace(b"0x", b"").replace(b"0X", b"").translate(None, b" ,:-")
    if len(digits) % 2 == 0:
        yield read_text(bytes.fromhex(digits.decode()))


def _open_binary(blob: bytes) -> Iterator[bytes | None]:
    bits = blob.translate(None, b" ,")
    yield read_text(bytes(int(bits[index : index + 8], 2) for index in range(0, len(bits) - 7, 8)))


def _open_groups(blob: bytes) -> Iterator[bytes | None]:
    yield None
    if _is_wording(blob):
        return
    groups = _CODED_RUN.findall(_JOINT.sub(b" ", blob))
    # Words beside them may be as long as they are.
    for some in (groups, groups[:-1], groups[1:], groups[1:-1]):
        yield from map(read_text, read_powers(b"".join(some).partition(b"=")[0]))


def _is_wording(groups: bytes) -> bool:
    """Whether *groups* are words in small letters, and those between the first and the last not hexadecimal."""
    first = _WORD.match(groups)
    if first is None or _BEYOND_WORDS.search(groups) is not None:
        return False
    # The last is no longer than the first.
    return _BEYOND_HEXADECIMAL.search(groups, first.end(), len(groups) - first.end()) is not None


def _open_base64(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.translate(None, b"\r\n=")
    yield read_text(read_base64(digits)) if has_cases(digits) else None
    yield from map(read_text, read_powers(digits))
    if _DIGIT.search(digits) is not None:
        yield from map(read_text, read_powers(digits[::-1]))
        yield read_text(read_base64(codecs.encode(digits.decode("latin-1"), "rot13").encode("latin-1")))
        yield from map(read_plain, read_number(digits))


def _open_signs(blob: bytes) -> Iterator[bytes | None]:
    """In base 85, of either alphabet, and moved by 47 signs."""
    if len(blob) > _MOST_SIGNS:
        return
    token = blob.strip(b"\"'`,;.()")
    yield None
    for raw in (read_base85(token), read_ascii85(blob), read_ascii85(token)):
        yield None if raw is None else read_plain(raw)
    moved = token.translate(_MOVED)
    yield moved if _ADDRESS.search(moved) else None


def _open_inside(blob: bytes) -> tuple[bytes, int] | None:
    """Printable bytes among others in base64, wherever its groups of four begin."""
    digits = blob.translate(None, b"\r\n=")
    for first in range(4):
        raw = read_base64(digits[first:])
        if raw.count(0) * 3 >= len(raw):
            raw = raw.translate(None, b"\0")
        runs = [found[0] for found in _INSIDE.finditer(raw)]
        if any(count_alnum(run) * 10 >= 7 * len(run) and _DIGIT.search(run) for run in runs):
            # Pictures and documents hold words.
            hidden = 0 if MEDIA.search(blob) else sum(count_alnum(run) for run in runs)
            return b"\x1a".join(runs), hidden
    return None


_OPENERS: dict[str, Callable[[bytes], Iterator[bytes | None]]] = {
    "hexadecimal": _open_hexadecimal,
    "spaced hexadecimal": _open_spaced,
    "binary": _open_binary,
    "groups": _open_groups,
    "base64": _open_base64,
    "signs": _open_signs,
}
