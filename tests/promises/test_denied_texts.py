"""What a policy calls always private is found however it is written: no byte of it reaches a cloud."""

from __future__ import annotations

import base64
import json
import quopri
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hybrid_guard.testing import Canary, Sinks, TaintOracle
from tests.promises.places import blank, called
from tests.promises.rig import MASK, STRICT, WAYS, Rig, Way, call, rig

DENIED = "Klinik Zürwkzvbq Qvxhtz"
ORACLE = TaintOracle([Canary(value=DENIED, label="denied"), Canary(value="Klinik Zurwkzvbq Qvxhtz", label="plain")])
INVISIBLE = {"zero width space": "\u200b", "soft hyphen": "\u00ad", "joiner": "\u2060", "filler": "\u3164",
             "tag": "\U000e0041", "backspace": "\x08"}  # fmt: skip

Bent = Callable[[dict[str, Any]], None]
"""Puts the text into a body in a form of its own."""


def said(text: str) -> Bent:
    """In the last message."""

    def put(body: dict[str, Any]) -> None:
        body["messages"][4]["content"] = f"About {text}, please."

    return put


def passed(arguments: str) -> Bent:
    """As the arguments of a tool call, as they are."""

    def put(body: dict[str, Any]) -> None:
        called(body)["arguments"] = arguments

    return put


def escaped(text: str) -> str:
    """Every character as JSON can write it."""
    return "".join(f"\\u{ord(one):04x}" for one in text)


def entities(text: str) -> str:
    """Every character as HTML can write it."""
    return "".join(f"&#{ord(one)};" for one in text)


CYRILLIC = "Квертыуф Зюйбваш"
"""A second text of the list, in letters that detectors do not tell apart."""

FORMS: dict[str, Bent] = {
    "as it is": said(DENIED),
    "in capitals": said(DENIED.upper()),
    "decomposed": said(unicodedata.normalize("NFD", DENIED)),
    "without accents": said(DENIED.replace("ü", "u")),
    "full width": said("".join(chr(ord(one) + 0xFEE0) if "A" <= one <= "z" else one for one in DENIED)),
    "over lines": said(DENIED.replace(" ", "\n")),
    "over lines and indented": said(DENIED.replace(" ", "\r\n\t   ")),
    **{f"with a {name}": said(DENIED.replace("xh", f"x{one}h")) for name, one in INVISIBLE.items()},
    "escaped in arguments": passed(json.dumps({"a": [DENIED]})),
    "escaped letter by letter in arguments": passed(f'{{"a": "{escaped(DENIED)}"}}'),
    "escaped letter by letter in a key": passed(f'{{"{escaped(DENIED)}": 1}}'),
    "escaped in arguments that are no JSON": passed(f'{{"a": "{escaped(DENIED)}"'),
    "in JSON in arguments": passed(json.dumps({"a": json.dumps({"b": DENIED})})),
    "in JSON in JSON in arguments": passed(json.dumps({"a": json.dumps({"b": json.dumps([DENIED])})})),
    "over lines in JSON in arguments": passed(json.dumps({"a": json.dumps({"b": DENIED.replace(" ", "\n")})})),
    "decomposed in JSON in arguments": passed(json.dumps({"a": json.dumps([unicodedata.normalize("NFD", DENIED)])})),
    "escaped in a message": said(json.dumps({"a": DENIED})),
    "as in an address": said(f"q={quote(DENIED)}&b=1"),
    "as in an address, twice": said(quote(quote(DENIED))),
    "as in HTML": said(entities(DENIED)),
    "as in HTML in an address": said(quote(entities(DENIED))),
    "quoted-printable": said(quopri.encodestring(DENIED.encode(), quotetabs=True).decode()),
    "quoted-printable over lines": said(f"{'a' * 66} {quopri.encodestring(('-' * 68 + DENIED).encode()).decode()}"),
    "as bytes": said("".join(f"\\x{one:02x}" for one in DENIED.encode())),
    "in Base64": said(base64.b64encode(f"it is about {DENIED}, please".encode()).decode()),
    "with digits for letters": said(DENIED.translate(str.maketrans("iK", "1K"))),
    "with letters that look alike": said(DENIED.replace("i", "\u0456").replace("k", "\u043a")),
    "in other letters as in an address": said(f"q={quote(CYRILLIC)}&b=1"),
    "in other letters as in HTML": said(entities(CYRILLIC)),
}
"""The same text, each time written otherwise."""


def told(*texts: str) -> Bent:
    """In several messages of one person."""

    def put(body: dict[str, Any]) -> None:
        body["messages"].extend({"role": "user", "content": text} for text in texts)

    return put


def parted(*texts: str) -> Bent:
    """In several parts of one message."""

    def put(body: dict[str, Any]) -> None:
        body["messages"][1]["content"].extend({"type": "text", "text": text} for text in texts)

    return put


SPLIT: dict[str, Bent] = {
    "over two messages": told("It is about Klinik Zürwkz", "vbq Qvxhtz, please."),
    "between two words": told("It is about Klinik", "Zürwkzvbq Qvxhtz, please."),
    "over many messages": told("Klin", "ik Zür", "wkzvbq", "QVXHTZ"),
    "over two parts": parted("It is about Klinik Zürwkz", "vbq Qvxhtz, please."),
    "over two arguments": passed(json.dumps({"a": "Klinik Zürwkz", "b": "vbq Qvxhtz"})),
    "over a list of arguments": passed(json.dumps({"a": ["Klinik", "Zürwkzvbq", "Qvxhtz"]})),
}
"""The same text in pieces."""

SUSPICIOUS = {
    "escaped in arguments that are no JSON",
    "as in HTML",
    "as in HTML in an address",
    "as bytes",
    "in Base64",
    "with letters that look alike",
}
"""Forms that stay local by themselves: nothing asks for escapes of plain letters there, or for two alphabets."""


def prepared(setup: Rig, form: str, way: Way) -> bytes:
    """Make a call with the text in one *form*; gives what a cloud was sent for it."""
    body = blank()
    FORMS[form](body)
    before = len(setup.outside)
    call(setup.guard, way, **body)
    return setup.outside[before:]


@pytest.mark.parametrize("way", WAYS)
def test_a_denied_text_stays_in_any_form(tmp_path: Path, way: Way) -> None:
    """Where a policy keeps what is denied local, no form of it opens a connection."""
    with rig(tmp_path, rules=STRICT, deny=(DENIED, CYRILLIC)) as setup, Sinks(folders=[tmp_path]) as sinks:
        for form in FORMS:
            assert prepared(setup, form, way) == b"", form

        assert len(setup.local.requests) == len(FORMS)
        assert setup.cloud_a.connections == setup.cloud_b.connections == 0
        sinks.assert_clean(ORACLE, strict=True)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_denied_text_is_replaced_in_any_form(tmp_path: Path, form: str, way: Way) -> None:
    """Where a policy replaces it, the request leaves without any part of it."""
    with rig(tmp_path, rules=MASK, deny=(DENIED, CYRILLIC)) as setup:
        sent = prepared(setup, form, way)

        assert setup.calls_outside == (form not in SUSPICIOUS)
        ORACLE.assert_clean("cloud", sent, strict=True)
        assert "qvxhtz" not in unicodedata.normalize("NFKC", sent.decode()).casefold()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", SPLIT)
def test_a_denied_text_in_pieces_stays(tmp_path: Path, form: str, way: Way) -> None:
    """Where one of the texts ends and the next begins, they are read as one; the request counts as suspicious."""
    with rig(tmp_path, rules=MASK, deny=(DENIED,)) as setup:
        body = blank()
        SPLIT[form](body)
        call(setup.guard, way, **body)

        assert setup.calls_outside == 0
        assert len(setup.local.requests) == 1


def test_without_the_list_each_piece_would_leave(tmp_path: Path) -> None:
    """Nothing else keeps the pieces."""
    with rig(tmp_path, rules=MASK, deny=("something else",)) as setup:
        for form, put in SPLIT.items():
            body = blank()
            put(body)
            before = setup.calls_outside
            call(setup.guard, "sync", **body)
            assert setup.calls_outside == before + 1, form


def test_without_the_list_each_form_would_leave(tmp_path: Path) -> None:
    """The texts are ones that no detector finds, so it is the list that keeps them."""
    with rig(tmp_path, rules=STRICT, deny=("something else",)) as setup:
        for form in FORMS:
            assert (prepared(setup, form, "sync") == b"") is (form in SUSPICIOUS), form


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["seed", "max_tokens"])
def test_a_denied_number_does_not_leave_as_a_number(tmp_path: Path, name: str, way: Way) -> None:
    """Not even where the API wants a number."""
    with rig(tmp_path, rules=STRICT, deny=("4711",)) as setup:
        call(setup.guard, way, messages=[{"role": "user", "content": "hello"}], **{name: 4711})

        assert setup.calls_outside == 0
        assert len(setup.local.requests) == 1
