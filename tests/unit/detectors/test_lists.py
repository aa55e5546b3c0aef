"""A text that a policy denies is found in every way to write it, and covers what it was written with."""

from __future__ import annotations

import base64
import json
import quopri
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hybrid_guard.detectors.confusables import CONFUSABLES
from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.lists import DeniedTexts
from hybrid_guard.errors import DetectionError

DENIED = 'Zürich "Blue" C:\\über\\plan \U0001d509 né'
"""Accents, quotes, backslashes, and a letter of two UTF-16 units."""

INVISIBLE = ("\u200b", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u034f", "\ufe0f", "\u3164", "\u115f", "\uffa0",
             "\U000e0041", "\u2065", "\u0301", "\x08", "\x7f")  # fmt: skip


def find_denied(text: str, *denied: str) -> tuple[tuple[int, int], ...]:
    """With time enough."""
    return DeniedTexts(denied).find(text, Deadline(60.0))


def escape_twice(text: str) -> str:
    """JSON in JSON."""
    return json.dumps(json.dumps(text)[1:-1])[1:-1]


WRITTEN = {
    "as it is": DENIED,
    "in capitals": DENIED.upper(),
    "in compatible letters": DENIED.replace("Blue", "\uff22\uff4c\uff55\uff45"),
    "decomposed": unicodedata.normalize("NFD", DENIED),
    "without accents": DENIED.replace("ü", "u").replace("é", "e"),
    "escaped": json.dumps(DENIED)[1:-1],
    "escaped, not to ASCII": json.dumps(DENIED, ensure_ascii=False)[1:-1],
    "escaped twice": escape_twice(DENIED),
    "escaped three times": json.dumps(escape_twice(DENIED))[1:-1],
    "every character escaped": "".join(f"\\u{unit:04X}" for unit in memoryview(DENIED.encode("utf-16-le")).cast("H")),
    "over lines": DENIED.replace(" ", "\r\n\t"),
    "over lines in JSON": json.dumps(DENIED.replace(" ", "\r\n\t"))[1:-1],
    "with wide spaces": DENIED.replace(" ", "\u3000\u00a0"),
    **{f"with U+{ord(one):04X}": one.join(DENIED) for one in INVISIBLE},
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(("before", "behind"), [("", ""), ("about ", " now"), ("ä\n", "\\\\x"), ("\\", "\U0001f642")])
def test_a_denied_text_is_found_however_it_is_written(written: str, before: str, behind: str) -> None:
    """The span begins and ends with it, offsets are those of the original."""
    text = WRITTEN[written]

    (span, *others) = find_denied(before + text + behind, DENIED)

    assert others == []
    # A backslash before it, or an invisible character behind it, may belong to it.
    assert len(before) - 1 <= span[0] <= len(before)
    assert len(before) + len(text) <= span[1] <= len(before) + len(text) + 1


ENCODED = {
    "percent": lambda text: quote(text, safe=""),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "HTML in percent": lambda text: quote("".join(f"&#{ord(one)};" for one in text)),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "bytes": lambda text: "".join(f"\\x{one:02x}" for one in text.encode()),
    "Base64": lambda text: base64.b64encode(f"about {text}, please".encode()).decode(),
    "hexadecimal": lambda text: f"about {text}, please".encode().hex(),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_denied_text_is_found_in_what_is_encoded(encoding: str) -> None:
    """The span holds all that it is encoded in, and nothing before or behind."""
    encoded = ENCODED[encoding]("Falcon Müritz")

    assert find_denied(f"see: {encoded} now", "falcon müritz") == ((5, 5 + len(encoded)),)
    assert find_denied(f"see: {encoded} now", "falcon moritz") == ()


@pytest.mark.parametrize("encoding", ["percent", "percent, twice", "HTML", "HTML in percent"])
def test_letters_of_other_scripts_are_told_apart_in_what_is_encoded(encoding: str) -> None:
    """Another word of as many letters is not the same."""
    encoded = ENCODED[encoding]("Дом")

    assert find_denied(f"a={encoded}", "дом") == ((2, 2 + len(encoded)),)
    assert find_denied(f"a={encoded}", "дым") == ()


@pytest.mark.parametrize("text", ["F4lc0n Mur1tz", "f@lcon-mur!tz", "F\u0430lcon M\u00fcrit\u1d22", "FALCONMUR|Tz"])
def test_signs_that_look_alike_are_the_same(text: str) -> None:
    """Of a text that is long enough to be no accident."""
    assert find_denied(f"on {text}.", "Falcon Muritz") == ((3, 3 + len(text)),)


@pytest.mark.parametrize(
    "text",
    [
        "Falcon <i>Mur</i>itz",
        "Falcon Mur<!-- x -->itz",
        "Falcon **Mur**itz",
        "ztiruM noclaF",
        "Snypba Zhevgm",
        "".join(chr(0x1F1E6 + ord(one) - 65) for one in "FALCONMURITZ"),
        "".join(chr(0x1F150 + ord(one) - 65) for one in "FALCONMURITZ"),
        "\ua730\u1d00\u029f\u1d04\u1d0f\u0274 \u1d0d\u1d1c\u0280\u026a\u1d1b\u1d22",
    ],
    ids=["tags", "comment", "Markdown", "backwards", "ROT13", "flags", "circled", "small capitals"],
)
def test_a_denied_text_is_found_in_other_dress(text: str) -> None:
    """Markup inside of words, another direction, letters that are drawn otherwise."""
    (found,) = find_denied(f"on {text} and off", "Falcon Muritz")

    assert (3, 3 + len(text)) == found


@pytest.mark.parametrize("text", ["Zeta**9**", "Zeta-9", "Z e t a 9", "z.e.t.a.9", "Zeta&#57;", "Zeta\u0669"])
def test_a_short_text_is_found_with_signs_inside(text: str) -> None:
    """As a word by itself."""
    assert len(find_denied(f"on {text}, then", "Zeta9")) == 1


@pytest.mark.parametrize("text", ["a beta 9 times", "the zeta 9th time", "Cozeta-9", "Zeta-90", "z eta9", "ze-ta 9"])
def test_a_short_text_is_no_part_of_a_sentence(text: str) -> None:
    """Words that are run together hold it by chance."""
    assert find_denied(text, "Zeta9") == ()


@pytest.mark.parametrize("sign", "!|@$1i-+ ")
def test_a_sign_that_looks_like_a_letter_is_a_sign_as_well(sign: str) -> None:
    """Between letters it separates, as any other does; a letter or a digit there makes another word."""
    text = f"Falcon{sign}Muritz"

    assert find_denied(f"on {text} off", "Falcon Muritz") == (() if sign.isalnum() else ((3, 3 + len(text)),))


@pytest.mark.parametrize(
    "look", sorted(one for one in CONFUSABLES if CONFUSABLES[one] in "falconmuritz" and one != "\u03f2")
)
def test_every_letter_that_looks_alike_is_the_same(look: str) -> None:
    """Also where its letter looks like a digit or another letter. The lunate sigma counts as a sigma."""
    text = "Falcon Muritz".replace(CONFUSABLES[look], look)

    assert find_denied(f"on {text} off", "falcon muritz") == ((3, 16),)


def test_a_short_text_is_not_found_in_signs_that_look_alike() -> None:
    """A number of five digits is no word."""
    assert find_denied("pay 10551 now", "lossl") == ()


@pytest.mark.parametrize(
    "text",
    ["Zurich Blue", 'Zürich "Blue" C:\\old', "", "\\", "\\u", "\\u12", "\\ud835\\u", "\u200b", 'Züric"Blue"hC:'],
)
def test_another_text_is_not_found(text: str) -> None:
    """A part of it, the beginning of an escape, nothing at all."""
    assert find_denied(text, DENIED) == ()


def test_a_long_run_of_backslashes_is_read_once() -> None:
    """A hundred thousand of them take no longer than as many letters."""
    run = "\\" * 100_000

    assert find_denied(f"{run}Falcon{run}", "falcon") == ((0, 100_006),)


@pytest.mark.parametrize(
    ("denied", "text"),
    [
        ("new-project", "C:\\new-project"),
        ("C:\\new", "in C:\\new\\x"),
        ("C:\\new", json.dumps("in C:\\new\\x")),
        ("C:\\new\\", json.dumps({"a": json.dumps("C:\\new\\report.txt")})),
        ("Project Falcon", "Project\\nFalcon"),
        ("Project Falcon", json.dumps(json.dumps({"a": "the Project\n\tFalcon C:\\new"}))),
        ("/a/b", "\\/a\\/b"),
    ],
)
def test_a_backslash_may_be_one_or_an_escape(denied: str, text: str) -> None:
    """In a path it is one, in JSON it escapes; a text is found in both readings."""
    assert find_denied(text, denied)


@example(text="\\n\n0", count=1)
@example(text="\\n\\\n0", count=1)
@given(text=st.text(st.sampled_from('aü \\un0041"\u200b\u0301\n\U0001d509/'), max_size=12), count=st.integers(0, 3))
def test_a_text_is_found_in_itself(text: str, count: int) -> None:
    """Whatever it consists of, and whatever JSON strings it is packed into."""
    packed = text
    for _ in range(count):
        packed = json.dumps(packed)[1:-1]

    spans = find_denied(packed, text)

    # A text of nothing but what is not seen is none.
    assert bool(spans) == bool(len(DeniedTexts([text])))
    assert all(0 <= start < end <= len(packed) for start, end in spans)


def test_many_texts_are_looked_for_at_once() -> None:
    """Those that overlap are one span, and those that only touch are two; one inside of another adds nothing."""
    assert find_denied("xabcdx efgh", "abc", "bcd", "b", "ef", "gh") == ((1, 5), (7, 9), (9, 11))
    many = [f"entry {number:05}" for number in range(5000)]
    assert find_denied("of Entry 04999 and entry\n00000", *many) == ((3, 14), (19, 30))


@pytest.mark.parametrize("text", ["b" * 500, "ä" * 500, "\n" * 500, "\\u0061" * 500, "a" * 500])
def test_the_time_is_bounded(text: str) -> None:
    """Reading the text looks at the clock, and so does going through what was found."""
    looks = iter(range(10_000))
    with pytest.raises(DetectionError, match="processor time"):
        DeniedTexts(["a" * length for length in range(1, 200)] + ["b"]).find(
            text, Deadline(2.5, clock=lambda: float(next(looks)))
        )


def test_nothing_of_the_list_is_shown() -> None:
    """The texts are what the policy keeps private."""
    assert repr(DeniedTexts(["Falcon", "falcon", "\u200b"])) == "<DeniedTexts 1 texts>"


@pytest.mark.parametrize(
    "text",
    [
        "Project+Bluebird",
        "**Project** Bluebird",
        "project_bluebird.docx",
        "P r o j e c t  B l u e b i r d",
        "Blue=\nbird",
    ],
)
def test_signs_between_the_letters_hide_nothing(text: str) -> None:
    """Also single blanks, and the marks of Markdown, of links and of mail."""
    whole = f"see {text} now"
    (span,) = find_denied(whole, "Project Bluebird", "Bluebird")
    assert whole[slice(*span)] == text.lstrip("*").removesuffix(".docx")


def test_short_texts_need_their_own_signs() -> None:
    """The letters of a few words, run together, hold many of them."""
    assert find_denied("ask an nice person", "Annic") == ()
    assert find_denied("an n", "Ann") == ()
