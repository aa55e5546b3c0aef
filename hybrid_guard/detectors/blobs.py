"""Encodings of whole texts: what a run of letters, digits and signs says, if it says anything."""

from __future__ import annotations

import base64
import binascii
import bz2
import codecs
import lzma
import re
import zlib
from collections.abc import Callable, Iterator

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.number_lists import NUMBER_LIST, read_numbers
from hybrid_guard.detectors.views import fold_text
from hybrid_guard.linear import compile_linear

__all__ = ["BLOB_TRIGGER", "MEDIA", "find_blobs"]

_LEAST_BLOB = 6
# Bytes that a blob decodes to. Random bytes are printable text of that length one time in four hundred.

_LEAST_CERTAIN = 9
# The same where several readings are tried.

_LEAST_INSIDE = 12
# Printable bytes among others, which random bytes hold one time in a hundred thousand.

_MOST_UNPACKED = 1 << 16
# Bytes that a compressed blob is unpacked to: more is cut off.

_MOST_DIGITS = 400
# Of a number in a base that is no power of two: to read it takes time that grows with the square of them.

_MOST_MEMORY = 1 << 24
# Bytes that unpacking may take.

_MOST_SIGNS = 4096
# Of a token in base 85, which is read byte by byte.

_LEAST_PAIRS = 3
_HEADERS = frozenset({b"\x1f\x8b", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda"})

_READABLE = compile_linear(rb"^[\t\n\r -~\xa0-\xff]+$")
_INSIDE = compile_linear(rb"[ -~]{%d,}" % _LEAST_INSIDE)
_ALNUM = compile_linear(rb"[A-Za-z0-9]")
_ODD = compile_linear(rb"[a-z0-9]")
_DIGIT = compile_linear(rb"[0-9@]")
_BASE32 = compile_linear(rb"^(?:[A-Z2-7]{12,}|[a-z2-7]*[2-7][a-z2-7]*)$")
_BASE32_HEX = compile_linear(rb"^(?:[0-9A-V]{12,}|[0-9a-v]*[0-9][0-9a-v]*)$")
_HEXADECIMAL = compile_linear(rb"^[0-9A-Fa-f]{12,}$")
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

MEDIA = rb"(?:^|[^A-Za-z0-9+/])(?:iVBORw0|/9j/|R0lGOD|UklGR|Qk[0-9A-Za-z]|JVBERi|SUkq|T2dnUw|d09G|MII|AAAA)"
"""First bytes of what is no text but ordinary all the same, in base64: pictures, sound, documents, certificates."""

_MEDIA = compile_linear(MEDIA)
_CASES = compile_linear(rb"[a-z0-9+/_-][A-Z0-9+/]|[A-Z][a-z0-9]*[A-Z]")
_CODED_RUN = compile_linear(_CODED + rb"+")
_JOINT = compile_linear(_PLUS)
# Of the standard library: for so short a text it takes a tenth of the time.
_BEYOND_WORDS = re.compile(rb"[A-Z0-9+/=]")
_BEYOND_HEXADECIMAL = re.compile(rb"[g-z_]")
_WORD = re.compile(rb"[a-z_]+")
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_FROM_BASE85 = bytes.maketrans(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~", bytes(range(33, 118))
)
_MOVED = bytes(33 + (code - 33 + 47) % 94 if 33 <= code < 127 else code for code in range(256))
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


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
        plain = None if text is None else _plain(text)
        # Capitals are the numbers from 65 on: marks, ages and prices are not hidden.
        return None if plain is None else (plain, len(_ODD.findall(plain)))
    for index, plain in enumerate(_OPENERS[kind](blob)):
        # A blob may be as long as the text.
        deadline.check()
        if plain is not None and (index == 0 or _is_certain(plain)):
            return plain, len(_ALNUM.findall(plain))
    return _open_inside(blob) if kind == "base64" and _DIGIT.search(blob) is not None else None


def _is_certain(plain: bytes) -> bool:
    """Whether what came out of one of many ways to read a blob is text: a word of a language is a blob in some."""
    return (
        len(plain) >= _LEAST_CERTAIN and len(_ALNUM.findall(plain)) * 3 >= 2 * len(plain) and bool(_DIGIT.search(plain))
    )


def _plain(raw: bytes) -> bytes | None:
    """*raw* as a view shows it, if it is text."""
    if len(raw) < _LEAST_BLOB:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    plain = fold_text(text)
    return plain if _READABLE.search(plain) and len(_ALNUM.findall(plain)) * 2 >= len(plain) else None


def _read(raw: bytes | None) -> bytes | None:
    """The text that *raw* is, also in two or four bytes for each character, or compressed."""
    if raw is None or len(raw) < _LEAST_BLOB:
        return None
    if raw.count(0) * 5 >= len(raw) * 2:
        return _plain(raw.translate(None, b"\0").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"))
    return _plain(raw) or _plain(_unpack(raw))


def _unpack(raw: bytes) -> bytes:
    """What *raw* is compressed from, cut off at a bound; nothing if it is not compressed."""
    try:
        if raw.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(raw, _MOST_UNPACKED)
        if raw.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor(memlimit=_MOST_MEMORY).decompress(raw, _MOST_UNPACKED)
        if raw[:2] in _HEADERS:
            return zlib.decompressobj(47).decompress(raw, _MOST_UNPACKED)
        # Without a header, only what ends where it says counts.
        bare = zlib.decompressobj(-15)
        unpacked = bare.decompress(raw, _MOST_UNPACKED)
        return unpacked if bare.eof and not bare.unused_data else b""
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        return b""


def _open_hexadecimal(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.removeprefix(b"0x")
    if len(digits) % 2 == 0 and len({digits[at : at + 2] for at in range(0, len(digits), 2)}) >= _LEAST_PAIRS:
        # Fewer are a fraction that repeats.
        yield _read(bytes.fromhex(digits.decode()))
        yield _read(bytes.fromhex(digits[::-1].decode()))
    else:
        yield None
    yield from _open_number(blob)


def _open_spaced(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.replace(b"0x", b"").replace(b"0X", b"").translate(None, b" ,:-")
    if len(digits) % 2 == 0:
        yield _read(bytes.fromhex(digits.decode()))


def _open_binary(blob: bytes) -> Iterator[bytes | None]:
    bits = blob.translate(None, b" ,")
    yield _read(bytes(int(bits[index : index + 8], 2) for index in range(0, len(bits) - 7, 8)))


def _open_groups(blob: bytes) -> Iterator[bytes | None]:
    yield None
    if _is_wording(blob):
        return
    groups = _CODED_RUN.findall(_JOINT.sub(b" ", blob))
    # Words beside them may be as long as they are.
    for some in (groups, groups[:-1], groups[1:], groups[1:-1]):
        yield from _open_alike(b"".join(some).partition(b"=")[0])


def _is_wording(groups: bytes) -> bool:
    """Whether *groups* are words in small letters, and those between the first and the last not hexadecimal."""
    first = _WORD.match(groups)
    if first is None or _BEYOND_WORDS.search(groups) is not None:
        return False
    # The last is no longer than the first.
    return _BEYOND_HEXADECIMAL.search(groups, first.end(), len(groups) - first.end()) is not None


def _open_base64(blob: bytes) -> Iterator[bytes | None]:
    digits = blob.translate(None, b"\r\n=")
    yield _read(_decode64(digits)) if _CASES.search(digits) else None
    yield from _open_alike(digits)
    if _DIGIT.search(digits) is not None:
        yield from _open_alike(digits[::-1])
        yield _read(_decode64(codecs.encode(digits.decode("latin-1"), "rot13").encode("latin-1")))
        yield from _open_number(digits)


def _open_alike(digits: bytes) -> Iterator[bytes | None]:
    """In bases of a power of two, whose digits are letters and digits alike."""
    if _CASES.search(digits):
        yield _read(_decode64(digits))
    if _BASE32.search(digits):
        yield _read(_decode32(digits.upper(), base64.b32decode))
    if _BASE32_HEX.search(digits):
        yield _read(_decode32(digits.upper(), base64.b32hexdecode))
    if _HEXADECIMAL.search(digits) and len(digits) % 2 == 0:
        yield _read(bytes.fromhex(digits.decode()))


def _open_number(digits: bytes) -> Iterator[bytes | None]:
    """As one number in base 10, 58 or 62."""
    if len(digits) > _MOST_DIGITS:
        return
    if digits.isdigit():
        yield _plain(_to_bytes(int(digits)))
    elif _CASES.search(digits):
        for alphabet in (_BASE58, _BASE62, _BASE62.swapcase()):
            if not digits.translate(None, alphabet):
                yield _plain(_to_bytes(_number(digits, alphabet)))


def _open_signs(blob: bytes) -> Iterator[bytes | None]:
    """In base 85, of either alphabet, and moved by 47 signs."""
    if len(blob) > _MOST_SIGNS:
        return
    token = blob.strip(b"\"'`,;.()")
    yield None
    if _begins_readable(token.translate(_FROM_BASE85)):
        yield _decode85(token, base64.b85decode)
    for one in (blob, token):
        inner = one.removeprefix(b"<~").removesuffix(b"~>")
        if _begins_readable(inner):
            yield _decode85(inner, base64.a85decode)
    moved = token.translate(_MOVED)
    yield moved if _ADDRESS.search(moved) else None


def _open_inside(blob: bytes) -> tuple[bytes, int] | None:
    """Printable bytes among others in base64, wherever its groups of four begin."""
    digits = blob.translate(None, b"\r\n=")
    for first in range(4):
        raw = _decode64(digits[first:])
        if raw is None:
            continue
        if raw.count(0) * 3 >= len(raw):
            raw = raw.translate(None, b"\0")
        runs = [found[0] for found in _INSIDE.finditer(raw)]
        if any(len(_ALNUM.findall(run)) * 10 >= 7 * len(run) and _DIGIT.search(run) for run in runs):
            # Pictures and documents hold words.
            hidden = 0 if _MEDIA.search(blob) else sum(len(_ALNUM.findall(run)) for run in runs)
            return b"\x1a".join(runs), hidden
    return None


def _decode64(digits: bytes) -> bytes | None:
    digits = digits.translate(_FROM_URL_SAFE)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return base64.b64decode(digits + b"=" * (-len(digits) % 4))


def _decode32(digits: bytes, decode: Callable[[bytes], bytes]) -> bytes | None:
    try:
        return decode(digits + b"=" * (-len(digits) % 8))
    except binascii.Error:
        return None


def _decode85(token: bytes, decode: Callable[[bytes], bytes]) -> bytes | None:
    try:
        return _plain(decode(token))
    except (ValueError, OverflowError):
        return None


def _begins_readable(token: bytes) -> bool:
    """Whether the first eight bytes that *token* says in base 85, with digits from `!` on, are printable."""
    for group in (token[:5], token[5:10]):
        value = 0
        for code in group:
            value = value * 85 + code - 33
        if not 0 <= value < 1 << 32 or any(not 32 <= one < 127 for one in value.to_bytes(4, "big")):
            return False
    return True


def _number(digits: bytes, alphabet: bytes) -> int:
    value = 0
    for code in digits:
        value = value * len(alphabet) + alphabet.index(code)
    return value


def _to_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


_OPENERS: dict[str, Callable[[bytes], Iterator[bytes | None]]] = {
    "hexadecimal": _open_hexadecimal,
    "spaced hexadecimal": _open_spaced,
    "binary": _open_binary,
    "groups": _open_groups,
    "base64": _open_base64,
    "signs": _open_signs,
}
