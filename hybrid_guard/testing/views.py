"""
What a sink's bytes may hide: the same bytes decoded in every way that the taint oracle knows.

A view is the sink after any number of decodings. A fold is what is left of a view when one does not look closely: its
text without case, its letters and digits alone, its digits alone.
"""

from __future__ import annotations

import base64
import html
import importlib
import importlib.util
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from hybrid_guard.testing.wire import dechunk

__all__ = ["Fold", "fold", "normalise", "squeeze_base64", "unfold"]

_DEEPEST = 4
_SHORTEST = 4
_MOST_VIEWS = 64
_LARGEST = 16 * 2**20

_BACKSLASHED = re.compile(rb"((?:\\u[0-9a-fA-F]{4})+)|\\x([0-9a-fA-F]{2})|\\([\"'\\/bfnrt])")
_ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_CONTROLS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_DIGIT_RUN = re.compile(rb"[0-9](?:[^0-9A-Za-z]{0,4}[0-9])+")
_FOREIGN_DIGIT = re.compile(r"[^\D0-9]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_NO_DIGITS = bytes(byte for byte in range(256) if not 0x30 <= byte <= 0x39)
_NO_ALNUM = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_NO_TEXT = bytes(byte for byte in range(256) if not (32 <= byte < 127 or byte in b"\t\n\r"))
_URLSAFE = bytes.maketrans(b"-_", b"+/")
_SPACES = b" \t\r\n"

Fold = tuple[str, bytes]
"""The name of a fold and what is left in it."""


def unfold(data: bytes) -> Iterator[Fold]:
    """
    The views of *data*, itself first, each with the chain of decodings that led to it.
    """
    waiting: list[tuple[tuple[str, ...], bytes]] = [((), data)]
    seen = {data}
    for chain, view in waiting:
        yield "+".join(chain) or "identity", view
        if len(chain) >= _DEEPEST:
            continue
        # What has been read in one fixed-width code makes no sense in the other.
        decoders = _DECODERS if _WIDE.isdisjoint(chain) else _DECODERS[:-1]
        for decode in decoders:
            for name, decoded in decode(view):
                if len(waiting) < _MOST_VIEWS and len(decoded) >= _SHORTEST and decoded not in seen:
                    seen.add(decoded)
                    waiting.append(((*chain, name), decoded))


def fold(view: bytes) -> Iterator[Fold]:
    """
    What is left of *view* without its case and form, then of that without separators, then of that its digits.
    """
    if view.isascii():
        plain = view.lower()
        squeezed = plain.translate(None, _NO_ALNUM)
    else:
        text = normalise(view.decode("utf-8", "replace"))
        text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)
        plain = text.encode("utf-8", "replace")
        squeezed = _BETWEEN_WORDS.sub("", text).encode("utf-8", "replace")
    yield "casefold" if view.isascii() else "nfkc", plain
    if squeezed != plain:
        yield "alnum", squeezed
    # A letter ends a run of digits: `2 of 7` is no number. Runs are kept apart by a byte that is no digit.
    digits = b"\n".join(run.translate(None, _NO_DIGITS) for run in _DIGIT_RUN.findall(plain))
    if digits:
        yield "digits", digits


def normalise(text: str) -> str:
    """
    *text* in compatibility form and without case.
    """
    # Folding case can undo the form and the other way round, so the form is taken twice.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def squeeze_base64(view: bytes) -> bytes:
    """
    *view* in the standard alphabet of base64 and without the line breaks of its transport forms.
    """
    return view.translate(_URLSAFE, _SPACES)


def _decode_escapes(data: bytes) -> Iterator[Fold]:
    # Each of the three leaves alone what the others decode, so one view serves them all.
    names = []
    for name, decode in _ESCAPES.items():
        decoded = decode(data)
        if decoded != data:
            names.append(name)
            data = decoded
    if names:
        yield "+".join(names), data


def _decode_percent(data: bytes) -> bytes:
    return unquote_to_bytes(data) if b"%" in data else data


def _decode_backslashes(data: bytes) -> bytes:
    return _BACKSLASHED.sub(_unescape, data) if b"\\" in data else data


def _decode_entities(data: bytes) -> bytes:
    return _ENTITY.sub(_name_char, data) if b"&" in data else data


def _name_char(found: re.Match[bytes]) -> bytes:
    return html.unescape(found[0].decode()).encode("utf-8", "replace")


def _unescape(found: re.Match[bytes]) -> bytes:
    units, byte, control = found.groups()
    if units:
        # Pairs of surrogates are one character, so the units of a run are decoded together.
        packed = bytes.fromhex(units.replace(b"\\u", b"").decode())
        return packed.decode("utf-16-be", "replace").encode("utf-8", "replace")
    if byte:
        return bytes.fromhex(byte.decode())
    return _CONTROLS.get(control, control)


def _decode_wide(data: bytes) -> Iterator[Fold]:
    # Text outside Latin may come in UTF-16 without a zero byte, but then it is no UTF-8.
    valid = _is_utf8(data)
    if not valid:
        yield "latin-1", data.decode("latin-1").encode()
    if b"\0" in data or not valid:
        for codec in ("utf-16-le", "utf-16-be"):
            for start in (0, 1):
                yield "utf-16", data[start:].decode(codec, "replace").encode("utf-8", "replace")


def _decode_base64(data: bytes) -> Iterator[Fold]:
    texts = []
    for run in _BASE64_RUN.findall(data):
        # A single character after the last group holds no byte.
        usable = run[:-1] if len(run) % 4 == 1 else run
        decoded = base64.b64decode(usable.translate(_URLSAFE) + b"=" * (-len(usable) % 4))
        if _COMPRESSED.match(decoded) or b"\0" in decoded:
            yield "base64", decoded
        elif _reads_as_text(decoded):
            texts.append(decoded)
    if texts:
        yield "base64", b"\n".join(texts)


def _decode_chunks(data: bytes) -> Iterator[Fold]:
    for head, body in _find_bodies(data):
        if b"chunked" in head.lower():
            yield "chunks", dechunk(body)


def _inflate(data: bytes) -> Iterator[Fold]:
    for found in _COMPRESSED.finditer(data):
        yield "inflate", _decompress(zlib.decompressobj(47).decompress, data[found.start() :], zlib.error)


def _inflate_bare(data: bytes) -> Iterator[Fold]:
    # Raw deflate and brotli carry no mark, so they are looked for where a body begins.
    for body in (data, *(body for _, body in _find_bodies(data))):
        if _reads_as_text(body[:64]):
            continue
        inflated = [("deflate", _decompress(zlib.decompressobj(-15).decompress, body, zlib.error))]
        if _BROTLI is not None:
            inflated.append(("brotli", _decompress(_BROTLI.Decompressor().process, body, _BROTLI.error)))
        yield from (view for view in inflated if _reads_as_text(view[1]))


_BROTLI = importlib.import_module("brotli") if importlib.util.find_spec("brotli") else None


def _decompress(feed: Callable[[bytes], bytes], data: bytes, error: type[Exception]) -> bytes:
    # Piece by piece, for what precedes a cut or damaged end has leaked all the same.
    parts = bytearray()
    try:
        for start in range(0, len(data), 256):
            parts += feed(data[start : start + 256])
            if len(parts) > _LARGEST:
                break
    except error:
        pass
    return bytes(parts)


def _find_bodies(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    begin = 0
    for _ in range(_MOST_VIEWS):
        end = data.find(b"\r\n\r\n", begin)
        if end < 0:
            return
        yield data[begin:end], data[end + 4 :]
        begin = end + 4


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_text(data: bytes) -> bool:
    if len(data) < _SHORTEST:
        return False
    if len(data.translate(None, _NO_TEXT)) >= 0.8 * len(data):
        return True
    try:
        # The last character may be cut.
        return data[:-3].decode().isprintable()
    except UnicodeDecodeError:
        return False


_ESCAPES: dict[str, Callable[[bytes], bytes]] = {
    "percent": _decode_percent,
    "backslash": _decode_backslashes,
    "entity": _decode_entities,
}
_WIDE = frozenset({"latin-1", "utf-16"})
# The wide codes are last, see `unfold`.
_DECODERS: tuple[Callable[[bytes], Iterator[Fold]], ...] = (
    _decode_escapes,
    _decode_base64,
    _decode_chunks,
    _inflate,
    _inflate_bare,
    _decode_wide,
)
