"""The taint oracle finds what it must find, or every test that relies on it is void."""

from __future__ import annotations

import base64
import codecs
import gzip
import hashlib
import html
import importlib
import importlib.util
import json
import os
import random
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from hybrid_guard.testing import Canary, CanaryKind, TaintOracle, make_canary

RNG = random.Random(20)
NAME = make_canary("name", RNG)
CARD = make_canary("card", RNG)
SSN = make_canary("ssn", RNG)
CANARIES = [NAME, CARD, SSN, *(make_canary(kind, RNG) for kind in ("email", "iban", "phone", "api_key"))]
ORACLE = TaintOracle(CANARIES)


def widen(text: str) -> str:
    """Full-width forms of ASCII."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def bare_deflate(data: bytes) -> bytes:
    """Deflate without the header and checksum of zlib."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def post(body: bytes, encoding: str) -> bytes:
    """A request as it looks on the wire."""
    return f"POST / HTTP/1.1\r\nContent-Encoding: {encoding}\r\n\r\n".encode() + body


def chunk(body: bytes, size: int) -> bytes:
    """A request whose body is sent in chunks of *size* bytes."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)] + [b""]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + framed


def say(value: str) -> bytes:
    """The value in a sentence of JSON."""
    return json.dumps({"content": f"Please write to {value} today."}).encode()


ENCODINGS: dict[str, Callable[[str], bytes | str]] = {
    "raw": say,
    "other case": lambda value: value.swapcase(),
    "full-width": lambda value: widen(value),
    "spaced out": lambda value: " ".join(value),
    "dashes in between": lambda value: "-".join(value),
    "zero-width spaces": lambda value: "\u200b".join(value),
    "split over a list": lambda value: json.dumps(list(value)),
    "base64, first alignment": lambda value: base64.b64encode(value.encode()),
    "base64, second alignment": lambda value: b"/x/" + base64.b64encode(b"?" + value.encode() + b"??"),
    "base64, third alignment": lambda value: b"/x/" + base64.b64encode(b"??" + value.encode() + b"?"),
    "base64 for URLs": lambda value: base64.urlsafe_b64encode(b"\xff\xfe\xfb" + value.encode()),
    "base64 in lines": lambda value: base64.encodebytes(b"-" * 50 + value.encode() + b"-" * 50),
    "hexadecimal": lambda value: value.encode().hex(),
    "hexadecimal with colons": lambda value: value.encode().hex(":").upper(),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "percent twice": lambda value: quote("".join(f"%{byte:02X}" for byte in value.encode())),
    "JSON escapes": lambda value: "".join(f"\\u{ord(char):04x}" for char in value),
    "JSON in JSON": lambda value: json.dumps(json.dumps("".join(f"\\u{ord(char):04x}" for char in value))),
    "HTML entities": lambda value: "".join(f"&#{ord(char)};" for char in value),
    "HTML entities, hexadecimal": lambda value: "".join(f"&#x{ord(char):x};" for char in value),
    "UTF-16, little end": lambda value: b"x" + value.encode("utf-16-le"),
    "UTF-16, big end": lambda value: value.encode("utf-16-be"),
    "gzip": lambda value: post(gzip.compress(say(value)), "gzip"),
    "gzip, cut off": lambda value: post(gzip.compress(say(value) + os.urandom(4000))[:2000], "gzip"),
    "zlib": lambda value: post(zlib.compress(say(value)), "deflate"),
    "deflate": lambda value: post(bare_deflate(say(value)), "deflate"),
    "chunks": lambda value: chunk(say(value), 3),
    "gzip in chunks": lambda value: chunk(gzip.compress(say(value)), 5),
    "gzip in base64": lambda value: base64.b64encode(gzip.compress(say(value))),
    "rot13": lambda value: codecs.encode(value, "rot13"),
    "reversed": lambda value: value[::-1],
    "reversed and spaced": lambda value: " ".join(value[::-1]),
    "SHA-256": lambda value: hashlib.sha256(value.encode()).hexdigest(),
    "SHA-256 in upper case, cut": lambda value: hashlib.sha256(value.encode()).hexdigest().upper()[:20],
    "SHA-256 without case": lambda value: hashlib.sha256(value.lower().encode()).hexdigest(),
    "MD5": lambda value: hashlib.md5(value.encode()).hexdigest(),
}
if importlib.util.find_spec("brotli"):
    brotli = importlib.import_module("brotli")
    ENCODINGS["brotli"] = lambda value: post(brotli.compress(say(value)), "br")


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.label.partition("-")[0])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_every_encoding_is_seen_through(encode: Callable[[str], bytes | str], canary: Canary) -> None:
    """Each kind of value is found behind each encoding, in the midst of other text."""
    planted = encode(canary.value)
    data = planted.encode() if isinstance(planted, str) else planted
    around = b'{"model": "stub", "temperature": 0.25}\n'
    leaks = ORACLE.leaks("sink", (b"" if data.startswith(b"POST") else around) + data)
    assert {leak.label for leak in leaks} == {canary.label}


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.label.partition("-")[0])
def test_a_piece_is_enough(canary: Canary) -> None:
    """Ten characters in a row are a leak wherever in the value they stand, as long as they are its own."""
    own = canary.value
    for part in canary.stop:
        own = own.replace(part, "\0" * len(part))
    pieces = [canary.value[at : at + 10] for at in range(len(own) - 9) if "\0" not in own[at : at + 10]]
    missed = [piece for piece in pieces if not ORACLE.leaks("sink", f"<{piece}>")]
    assert pieces
    assert missed == []


def test_six_letters_are_enough_and_five_are_not() -> None:
    """The smallest piece that counts has six letters, at whatever offset it stands."""
    surname = NAME.value.partition(" ")[2]
    for shift in range(8):
        assert ORACLE.leaks("sink", f"{'.' * shift} {surname[1:7]} ...")
        assert not ORACLE.leaks("sink", f"{'.' * shift} {surname[1:6]} ...")


def test_base64_is_seen_in_short_lines_of_either_alphabet() -> None:
    """Lines too short to be decoded alone still hold the value when they are joined."""
    oracle = TaintOracle([Canary(value="k?>q~?>w~?>z~?>v~?>", label="signs")])
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(b"ab" + b"k?>q~?>w~?>z~?>v~?>" + b"ab")
        lines = b"\r\n ".join(encoded[at : at + 5] for at in range(0, len(encoded), 5))
        assert oracle.leaks("sink", lines)


def test_nine_digits_are_enough() -> None:
    """Of digits, which are found everywhere, nine count."""
    assert ORACLE.leaks("sink", f"id={CARD.value[3:12]};")
    assert not ORACLE.leaks("sink", f"id={CARD.value[3:11]};")


def test_parts_that_occur_elsewhere_are_no_leak() -> None:
    """What the canary declares as not its own is never reported."""
    canary = Canary(value="qwrtzpk.lmnbvc@clinic.example", label="mail", stop=("@clinic.example",))
    oracle = TaintOracle([canary])
    assert not oracle.leaks("sink", "office@clinic.example and c@clinic.example")
    assert oracle.leaks("sink", "lmnbvc@clinic.example")


def test_natural_values_are_looked_for_whole() -> None:
    """Of an ordinary name only the whole is a leak, and a short one only as a word."""
    oracle = TaintOracle([Canary(value="Jane Doe", label="jane", natural=True), Canary(value="Ann", label="ann")])
    assert not oracle.leaks("sink", "Jane said: I cannot find the channel; doe, a deer")
    assert {leak.label for leak in oracle.leaks("sink", "JANE DOE")} == {"jane"}
    assert {leak.label for leak in oracle.leaks("sink", "jane_doe")} == {"jane"}
    assert {leak.label for leak in oracle.leaks("sink", '{"name":"Ann"}')} == {"ann"}


@pytest.mark.parametrize("value", ["Владислав Кржижановский", "王小明住在南京西路", "Þórbjörg Guðmundsdóttir"])
def test_other_scripts_are_found(value: str) -> None:
    """Values outside ASCII are found in UTF-8, decomposed, escaped, in UTF-16 and in base64."""
    oracle = TaintOracle([Canary(value=value, label="foreign")])
    for data in (
        value.upper().encode(),
        codecs.encode(value, "unicode_escape"),
        json.dumps(value).encode(),
        value.encode("utf-16-le"),
        base64.b64encode(value.encode()),
        quote(value).encode(),
        html.escape(value).encode("ascii", "xmlcharrefreplace"),
    ):
        assert oracle.leaks("sink", data), data


def test_a_report_never_quotes_the_value() -> None:
    """Neither a leak nor an assertion about it nor a canary shows what leaked."""
    leaks = ORACLE.leaks("cloud socket", say(NAME.value))
    assert leaks[0].sink == "cloud socket"
    with pytest.raises(AssertionError) as failure:
        ORACLE.assert_clean("cloud socket", say(NAME.value))
    shown = f"{leaks!r} {failure.value} {CANARIES!r}"
    assert NAME.label in shown
    assert not ORACLE.leaks("report", shown)


def test_a_canary_needs_a_value() -> None:
    """An empty canary would be found everywhere or nowhere."""
    with pytest.raises(ValueError, match="`nothing`"):
        Canary(value=" ", label="nothing")


def test_canaries_repeat_with_their_seed() -> None:
    """The same state of chance gives the same canary, another state another."""
    first, again = (make_canary("email", random.Random(1)) for _ in range(2))
    assert first == again
    assert first != make_canary("email", random.Random(2))


def test_generated_numbers_pass_their_checksums() -> None:
    """Cards pass Luhn's check and IBANs leave 1 modulo 97."""
    rng = random.Random(5)
    for _ in range(200):
        digits = [int(digit) for digit in make_canary("card", rng).value]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
        assert (sum(digits[::-2]) + sum(doubled)) % 10 == 0
        iban = make_canary("iban", rng).value
        assert int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 == 1


WORDS = """
    the of and a to in is patient invoice meeting Germany express 192.168.10.24 2026-11-21T10:15:30Z payment e-mail
    office@clinic.example +1 212 https://api.example.com/v1?key=none&user=%20x naïve Zürich москва 東京 strengths
    catchphrase 4111-1111 SSN IBAN DE89 sk-test \\u00e9 \\\\n &amp; &#39; <b>bold</b> 3.14159 1700000000.123456
    """


def make_benign(rng: random.Random) -> bytes:
    """A request or a reply as any client may send it."""
    words = WORDS.split()
    body = {
        "id": f"chatcmpl-{rng.getrandbits(128):032x}",
        "created": rng.randrange(1_600_000_000, 1_900_000_000),
        "user": str(rng.getrandbits(64)),
        "messages": [
            {"role": rng.choice(["user", "assistant", "tool"]), "content": " ".join(rng.choices(words, k=40))}
            for _ in range(rng.randrange(1, 6))
        ],
        "embedding": [rng.uniform(-1, 1) for _ in range(rng.randrange(20))],
        "blob": base64.b64encode(rng.randbytes(rng.randrange(200))).decode(),
        "digest": hashlib.sha256(rng.randbytes(8)).hexdigest(),
        "arguments": json.dumps({"when": rng.random() * 1e12, "what": rng.choices(words, k=5)}),
    }
    data = json.dumps(body, ensure_ascii=rng.random() < 0.5).encode()
    return rng.choice([data, data, post(gzip.compress(data), "gzip"), chunk(data, 100), quote(data).encode()])


def test_benign_traffic_raises_no_alarm() -> None:
    """Two thousand random requests and replies hold no canary."""
    rng = random.Random(99)
    alarms = [leak for at in range(2000) for leak in ORACLE.leaks(f"message {at}", make_benign(rng))]
    assert alarms == []


@pytest.mark.parametrize("kind", ["card", "ssn", "iban", "email", "api_key", "name", "phone"])
def test_any_six_bytes_are_a_leak_where_the_strict_rule_is_used(kind: CanaryKind) -> None:
    """Six bytes in a row of a value are found, wherever in the value they begin, as such and in a JSON escape."""
    canary = make_canary(kind, random.Random(5))
    oracle = TaintOracle([canary])
    silent = canary.stop
    pieces = [canary.value[start : start + 6] for start in range(len(canary.value) - 5)]
    telling = [piece for piece in pieces if not any(part in piece or piece in part for part in silent)]
    assert telling

    for piece in telling:
        if any(stop[0] in piece or stop[-1] in piece for stop in silent):
            continue
        assert oracle.leaks("cloud", f'{{"x": "a {piece} b"}}', strict=True)
        escaped = "".join(f"\\u{ord(one):04x}" for one in piece)
        assert oracle.leaks("cloud", f'{{"x": "{escaped}"}}', strict=True)
