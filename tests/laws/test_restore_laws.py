"""Laws of the way there and back: restoring undoes treating, however an answer is cut or a model mangles it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid_guard.anonymizer import JsonRestorer, Restorer, apply, build_operators, plan
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import Finding, Findings, Operator, Segment, SegmentRole, Treatment, VaultEntry, VaultItem

NIGHTLY = os.environ.get("HG_NIGHTLY") == "1"
SPLITS = 5000 if NIGHTLY else 300
TRANSCRIPTS = 500 if NIGHTLY else 60

ALL_PLACEHOLDERS = Treatment(default=Operator.PLACEHOLDER)
OPERATORS = build_operators(b"k" * 32)
ORIGINALS = {
    "PERSON": ("Ada Lovelace", "ada lovelace", "Charles Babbage", 'Jo "the\\pen" O\'Hara\n', "李小龍"),
    "EMAIL_ADDRESS": ("ada@example.com", "charles@example.com"),
    "PHONE_NUMBER": ("+44 20 7946 0000",),
    "URL": ("https://intranet.example/?q=",),
}


KEY = b"v" * 32


def fresh(entries: Sequence[VaultEntry] = ()) -> Book:
    """A vault that holds *entries*."""
    return Book(key=KEY, limit=20_000, entries=entries)


ENTRIES = fresh().put(
    [VaultItem(entity=entity, original=one) for entity, values in ORIGINALS.items() for one in values]
)
TOKENS = [entry.placeholder for entry in ENTRIES]

anything = st.text(st.characters(exclude_categories=()), max_size=12)
tokenish = st.builds(
    lambda token, cut, filler, lower: filler.join(token[:cut]).lower() if lower else filler.join(token[:cut]),
    st.sampled_from(TOKENS),
    st.integers(0, 40),
    st.sampled_from(["", "", " ", "-", "\\_", "\u200b", "&#8203;", "&nbsp;", "****", "*****"]),
    st.booleans(),
)
links = st.sampled_from(
    ["https://a.example/?q=", "[x](", "![](//a.example/", ")", '<img src="', "'>", "www.", " ", "\n\n"]
)
texts = st.lists(anything | tokenish | links, max_size=6).map("".join)


@st.composite
def found(draw: st.DrawFn, text: str) -> tuple[Finding, ...]:
    """Disjoint findings anywhere in *text*."""
    if not text:
        return ()
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return tuple(
        Finding(start=start, end=end, entity=draw(st.sampled_from([*ORIGINALS, "X"])), score=1.0, detector="law.v1")
        for start, end in pairwise(cuts)
        if draw(st.booleans())
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[tuple[Segment, ...], Findings]:
    """Some texts and what was found in them."""
    roles: list[SegmentRole] = ["system", "user", "assistant", "tool", "other"]
    segments = tuple(
        Segment(path="/x", text=text, role=draw(st.sampled_from(roles))) for text in draw(st.lists(texts, max_size=3))
    )
    return segments, Findings(spans=tuple(draw(found(segment.text)) for segment in segments))


def treated(segments: tuple[Segment, ...], findings: Findings, vault: Book) -> tuple[str, ...]:
    """The texts, with every finding replaced by its placeholder."""
    entries = vault.put(plan(segments, findings, ALL_PLACEHOLDERS))
    return tuple(one.text for one in apply(segments, findings, ALL_PLACEHOLDERS, entries, OPERATORS))


@settings(max_examples=5000 if NIGHTLY else 400, deadline=None)
@given(requests())
def test_restoring_undoes_treating(request: tuple[tuple[Segment, ...], Findings]) -> None:
    """What was treated is restored exactly, also when texts hold placeholders, halves of them and mangled ones."""
    segments, findings = request
    vault = fresh(ENTRIES)
    out = treated(segments, findings, vault)
    restorer = Restorer(vault.entries(), trusted=True)

    assert tuple(map(restorer.restore, out)) == tuple(segment.text for segment in segments)


@settings(max_examples=5000 if NIGHTLY else 400, deadline=None)
@given(st.lists(tokenish | st.sampled_from(["", " ", "a", "9"]), min_size=1, max_size=4).map("".join))
def test_a_text_that_names_placeholders_reads_nothing_out(text: str) -> None:
    """A user who types placeholders of the same conversation, in whatever form, gets back what was typed."""
    segments = (Segment(path="/x", text=text, role="user"),)
    vault = fresh(ENTRIES)
    (out,) = treated(segments, Findings(spans=((),)), vault)

    assert Restorer(vault.entries(), trusted=True).restore(out) == text
    assert Restorer(ENTRIES).restore(out + ".").casefold() == (out + ".").casefold()


@settings(max_examples=2000 if NIGHTLY else 200, deadline=None)
@given(
    st.lists(st.sampled_from([*"abc XYZ,;!?"]) | st.sampled_from(["PERSON", "email", "Ada", "é"]), max_size=40),
    st.data(),
)
def test_an_answer_that_repeats_a_treated_text_is_restored(pieces: list[str], data: st.DataObject) -> None:
    """Outside of links, what a model repeats is restored just as well."""
    text = "".join(pieces) + "."
    segments = (Segment(path="/x", text=text, role="user"),)
    vault = fresh(ENTRIES)
    (out,) = treated(segments, Findings(spans=(data.draw(found(text[:-1])),)), vault)

    assert Restorer(vault.entries()).restore(out) == text


def test_a_long_text_is_restored() -> None:
    """A mebibyte with thousands of findings comes back unchanged."""
    unit = "Ada wrote to Charles about PERSON7K2M9X4Q8 and P E R S O N. "
    text = unit * (1024 * 1024 // len(unit))
    spans = tuple(
        Finding(start=start + at, end=start + at + size, entity="PERSON", score=1.0, detector="law.v1")
        for start in range(0, len(text) - len(unit), len(unit))
        for at, size in ((0, 3), (13, 7))
    )
    segments = (Segment(path="/x", text=text, role="user"),)
    vault = fresh(ENTRIES)
    (out,) = treated(segments, Findings(spans=(spans,)), vault)

    assert out.count("Ada") == 1
    assert Restorer(vault.entries(), trusted=True).restore(out) == text


@settings(max_examples=2000 if NIGHTLY else 200, deadline=None)
@given(requests(), st.sampled_from([one for one in Operator if one not in (Operator.KEEP, Operator.PLACEHOLDER)]))
def test_no_original_survives_in_its_place(request: tuple[tuple[Segment, ...], Findings], operator: Operator) -> None:
    """Whatever the operator, what stands in the place of a finding is not the finding."""
    segments, findings = request
    treatment = Treatment(default=operator)
    vault = fresh(ENTRIES)
    entries = vault.put(plan(segments, findings, treatment))

    for segment, one in zip(segments, apply(segments, findings, treatment, entries, OPERATORS), strict=True):
        assert all(one.text[a:b] != segment.text[c:d] for a, b, c, d in one.replaced)


def transcripts(*, broken: bool = True) -> list[str]:
    """Answers as models write them: placeholders in prose, lists, links, tags, mangled, unknown and broken off."""
    rng = random.Random(20)
    words = [
        "the",
        "Person",
        "email",
        "ada",
        "URL",
        "see",
        "https://a.example/?q=",
        "[x](",
        "![i](//b/",
        ")",
        "<b>",
        "é",
        "\n",
    ]
    words += [
        '<img src="',
        '"',
        ">",
        "**",
        "'s",
        ", ",
        ". ",
        ": ",
        "&",
        "&nbsp;",
        "www.",
        "PERSON 7",
        "()",
        "]: //c/",
        "url(",
    ]

    def piece() -> str:
        if rng.random() < 0.55:
            return rng.choice(words)
        token = rng.choice(TOKENS)
        filler = rng.choice(["", "", "", " ", "\\_", "-", "\u200b", "&#8203;"])
        parts = [token[:-1], token[:-1] + "3", token[3:]] if broken else []
        token = rng.choice([token, token, token.lower(), token.title(), *parts])
        return token if not filler else token[:8] + filler + token[8:]

    return [
        "".join(piece() + rng.choice(["", " ", " "]) for _ in range(rng.randint(1, 25))) for _ in range(TRANSCRIPTS)
    ]


def cut(text: str, places: set[int]) -> list[str]:
    """*text* in pieces."""
    return [text[start:end] for start, end in pairwise([0, *sorted(places), len(text)])]


def tool_arguments(text: str) -> str:
    """JSON that holds *text* in a value and in a key."""
    return json.dumps({"q": text, text[:9]: [1.50, text[::2]]}, ensure_ascii=len(text) % 2 == 0)


@pytest.mark.parametrize("kind", ["prose", "json"])
def test_every_cut_gives_the_same_text(kind: str) -> None:
    """An answer cut in two at any place, or into single characters, is restored like the whole."""
    for transcript in transcripts():
        text = tool_arguments(transcript) if kind == "json" else transcript
        make = JsonRestorer if kind == "json" else Restorer
        whole = make(ENTRIES)
        expected = whole.restore(text)
        for place in range(len(text) + 1):
            restorer = make(ENTRIES)
            assert restorer.feed(text[:place]) + restorer.feed(text[place:]) + restorer.flush() == expected
            assert restorer.tally == whole.tally
        single = make(ENTRIES)
        assert "".join(map(single.feed, text)) + single.flush() == expected
        assert single.tally == whole.tally


@settings(max_examples=SPLITS, deadline=None)
@given(st.sampled_from(transcripts()), st.sets(st.integers(0, 400), max_size=40), st.booleans())
def test_every_chunking_gives_the_same_text(transcript: str, places: set[int], as_json: bool) -> None:
    """However an answer is cut into chunks, what is put out is the beginning of the same text at any time."""
    text = tool_arguments(transcript) if as_json else transcript
    make = JsonRestorer if as_json else Restorer
    expected = make(ENTRIES).restore(text)
    restorer = make(ENTRIES)
    out = ""
    for chunk in cut(text, {place for place in places if place <= len(text)}):
        out += restorer.feed(chunk)
        assert expected.startswith(out)

    assert out + restorer.flush() == expected


def test_no_broken_placeholder_is_put_out() -> None:
    """An answer that breaks off anywhere never ends in a part of a placeholder that tells more than its type."""
    for transcript in transcripts(broken=False):
        for place in range(len(transcript) + 1):
            out = Restorer(ENTRIES).restore(transcript[:place]).upper()
            for token in TOKENS:
                assert not any(out.endswith(token[:end]) for end in range(len(token) - 8, len(token)))


def test_what_is_held_back_is_at_most_one_placeholder() -> None:
    """After every character all but one placeholder, or its value, and the full stop behind it has been put out."""
    text = " ".join(f"To {token} and {token.lower()}, person email." for token in TOKENS)
    restorer, out = Restorer(ENTRIES), ""
    expected = Restorer(ENTRIES).restore(text)
    longest = max(len(text) for entry in ENTRIES for text in (entry.placeholder, entry.item.original)) + 1
    for place, char in enumerate(text, start=1):
        out += restorer.feed(char)
        assert len(Restorer(ENTRIES).restore(text[:place] + "~")) - 1 - len(out) <= longest

    assert out + restorer.flush() == expected


MUTATIONS = {
    "as it is": "{t}",
    "lower case": "{l}",
    "title case": "{c}",
    "swapped case": "{w}",
    "space before the body": "{h} {b}",
    "underscore before the body": "{h}_{b}",
    "escaped underscore": "{h}\\_{b}",
    "hyphen before the body": "{h}-{b}",
    "odd hyphen": "{h}\u2011{b}",
    "no-break space": "{h}\u00a0{b}",
    "zero-width space": "{h}\u200b{b}",
    "zero-width joiners": "{j}",
    "soft hyphen": "{h}\u00ad{b}",
    "spelled out": "{s}",
    "entity &nbsp;": "{h}&nbsp;{b}",
    "entity &#8203;": "{h}&#8203;{b}",
    "entity &#x200B;": "{h}&#x200B;{b}",
    "entity &shy;": "{h}&shy;{b}",
    "full width": "{f}",
    "Turkish small i": "{i}",
    "bold": "**{t}**",
    "bold type": "**{h}**{b}",
    "italic": "*{t}*",
    "code": "`{t}`",
    "heading": "# {t}\n",
    "plural": "{t}s",
    "possessive": "{t}'s",
    "typographic possessive": "{t}’s",
    "German genitive": "{t}s Brief",
    "double quotes": '"{t}"',
    "guillemets": "« {t} »",
    "square brackets": "[{t}]",
    "angle brackets": "<{t}>",
    "bracket lost": "{t}>",
    "tag": "<b>{t}</b>",
    "list": "- {t}\n",
    "table": "| {t} |",
    "sentence end": "{t}.",
    "glued to letters": "Dr{t}and",
    "French": "Bonjour {t}, ça va ?",
    "German": "Sehr geehrte Frau {t}!",
    "Spanish": "¿Quién es {t}?",
    "Portuguese": "Olá, {t}, não é?",
    "Polish": "Cześć {t}, źdźbło",
    "Russian": "Привет, {t}, как дела",
    "Greek": "Γεια σου {t}, πώς",
    "Turkish": "Merhaba {t}'ın adı",
    "Arabic": "مرحبا {t}، كيف",
    "Arabic digits": "{a}",
    "Hebrew": "שלום {t}, מה",
    "Chinese": "你好，{t}！",
    "Chinese, glued": "我叫{t}你好",
    "Japanese": "こんにちは、{t}さん",
    "Hindi": "नमस्ते {t}, कैसे",
}
"""What a model may do to a placeholder; the rest of the text stays as it is."""

ARABIC = str.maketrans("23456789", "٢٣٤٥٦٧٨٩")
WIDE = {char: char + 0xFEE0 for char in (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))}


def mutate(template: str, token: str) -> tuple[str, str]:
    """The mutated text, and the template with a mark in the place of the placeholder."""
    head, body = token[:-9], token[-9:]
    forms = {
        "t": token,
        "l": token.lower(),
        "c": token.capitalize(),
        "w": token.swapcase(),
        "s": " ".join(token),
        "j": "\u200d".join(token),
        "f": token.translate(WIDE),
        "i": token.lower().replace("i", "ı"),
        "a": token.translate(ARABIC),
    }
    mark = template.replace("{h}&nbsp;{b}", "{t}")
    for middle in ("**", " ", "_", "\\_", "-", "\u2011", "\u00a0", "\u200b", "\u00ad", "&#8203;", "&#x200B;", "&shy;"):
        mark = mark.replace("{h}" + middle + "{b}", "{t}")
    for form in forms:
        mark = mark.replace("{" + form + "}", "\0")
    text = template.format(h=head, b=body, **forms)
    return text, mark


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_models_do_to_placeholders_is_forgiven(name: str) -> None:
    """Every mutation of every placeholder brings the right original back and leaves the text around it alone."""
    for entry in ENTRIES:
        text, mark = mutate(MUTATIONS[name], entry.placeholder)

        assert Restorer(ENTRIES).restore(text + " end") == mark.replace("\0", entry.item.original) + " end"


def test_a_changed_placeholder_never_brings_another_value() -> None:
    """Changing, dropping, adding or swapping characters of the body restores nothing rather than something else."""
    entries = fresh().put([VaultItem(entity="PERSON", original=f"name {number}") for number in range(2000)])
    rng = random.Random(21)
    symbols = "23456789ABCDEFGHJKMNPQRSTUVWXYZ0O1IL"
    restorer = Restorer(entries)
    for entry in rng.sample(entries, 300):
        token = entry.placeholder
        place = rng.randrange(6, len(token))
        other = rng.choice([char for char in symbols if char != token[place]])
        changed = [
            token[:place] + other + token[place + 1 :],
            token[:place] + token[place + 1 :],
            token[:place] + other + token[place:] if place > 6 else token[:-1],
        ]
        if place + 1 < len(token):
            changed.append(token[:place] + token[place + 1] + token[place] + token[place + 2 :])
        for text in changed:
            assert "name" not in restorer.restore(f"{text}.")

    assert restorer.tally.restored == 0


def test_swapped_people_stay_themselves() -> None:
    """Two people and two addresses told apart in the prompt are told apart in an answer that changes their order."""
    ada, _, charles, *_ = (entry.placeholder for entry in ENTRIES)
    mail_ada, mail_charles = (entry.placeholder for entry in ENTRIES if entry.item.entity == "EMAIL_ADDRESS")
    text = f"{charles.lower()} ({mail_charles}) wrote to **{ada}** <{mail_ada.title()}>; {mail_ada}, {mail_charles}."

    assert Restorer(ENTRIES).restore(text) == (
        "Charles Babbage (charles@example.com) wrote to **Ada Lovelace** <ada@example.com>; "
        "ada@example.com, charles@example.com."
    )
