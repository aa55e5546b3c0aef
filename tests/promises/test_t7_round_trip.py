"""T7: what was treated is restored without a difference, whatever the text and wherever something was found in it."""

from __future__ import annotations

import os
import random

import pytest

from hybrid_guard.anonymizer import Restorer, apply, build_operators, plan
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.detectors.merge import merge
from hybrid_guard.types import Finding, Findings, Operator, Segment, SegmentRole, Treatment, VaultEntry, VaultItem

CASES = 500_000 if os.environ.get("HG_NIGHTLY") else 5000
MEBIBYTE = 1 << 20

ENTITIES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "SECRET", "X", "DENIED_TEXT")
ROLES: tuple[SegmentRole, ...] = ("system", "user", "assistant", "tool", "other")
TREATMENT = Treatment(default=Operator.PLACEHOLDER)
OPERATORS = build_operators(b"k" * 32)
KNOWN = Book(key=b"v" * 32, limit=100).put(
    [
        VaultItem(entity=entity, original=f"{number} {entity.lower()}", role="user")
        for number, entity in enumerate(ENTITIES)
    ]
)
RANGES = (
    *((0x20, 0x7F), (0, 0x20), (0x80, 0x250), (0x300, 0x370), (0x400, 0x700), (0x900, 0xA00), (0x2000, 0x2070)),
    *((0x3040, 0x3100), (0x4E00, 0x9FFF), (0xD800, 0xE000), (0xFE00, 0xFF70), (0x1F300, 0x1F700), (0x10000, 0x110000)),
)
"""Blocks that characters are drawn from, lone surrogates, noncharacters and all planes among them."""

LITERALS = ("https://a.example/?q=", "[x](", '<img src="', "&nbsp;", "&#8203;", "\\_", "\r\n", "person ", "\0", "\x01")


def piece(rng: random.Random) -> str:
    """A bit of a text: any characters, something that means something, or a placeholder, whole, broken or spread."""
    kind = rng.random()
    if kind < 0.5:
        low, high = rng.choice(RANGES)
        return "".join(chr(rng.randrange(low, high)) for _ in range(rng.randint(0, 9)))
    if kind < 0.7:
        return rng.choice(LITERALS)
    token = rng.choice(KNOWN).placeholder
    token = rng.choice([token, token.lower(), token[: rng.randrange(len(token))], token[rng.randrange(len(token)) :]])
    return rng.choice(["", "", " ", "-", "\u200b"]).join(token)


def found(rng: random.Random, text: str) -> tuple[Finding, ...]:
    """What detectors find, over one another, and merged as the engine merges it."""
    spans = []
    for _ in range(rng.randint(0, 6) if text else 0):
        start = rng.randrange(len(text))
        end = min(len(text), start + rng.randint(1, 12))
        spans.append(Finding(start=start, end=end, entity=rng.choice(ENTITIES), score=rng.random(), detector="t7.v1"))
    return tuple(merge(spans))


def there_and_back(texts: list[str], spans: tuple[tuple[Finding, ...], ...], rng: random.Random) -> list[str]:
    """*texts*, treated as one request and restored."""
    segments = tuple(Segment(path=f"/{at}", text=text, role=rng.choice(ROLES)) for at, text in enumerate(texts))
    findings = Findings(spans=spans)
    vault = Book(key=b"v" * 32, limit=100_000, entries=KNOWN)
    entries = vault.put(plan(segments, findings, TREATMENT))
    treated = apply(segments, findings, TREATMENT, entries, OPERATORS)
    restorer = Restorer(vault.entries(), trusted=True)
    return [restorer.restore(one.text) for one in treated]


def test_what_was_treated_comes_back() -> None:
    """Thousands of requests of up to three texts: no difference."""
    rng = random.Random(7)
    for case in range(CASES):
        texts = ["".join(piece(rng) for _ in range(rng.randint(0, 8))) for _ in range(rng.randint(1, 3))]
        spans = tuple(found(rng, text) for text in texts)

        assert there_and_back(texts, spans, rng) == texts, f"case {case}"


@pytest.mark.parametrize("spread", ["ascii", "unicode", "placeholders"])
def test_a_mebibyte_comes_back(spread: str) -> None:
    """Long texts, thousands of findings."""
    rng = random.Random(spread)
    units = {
        "ascii": "Ada wrote to Charles. ",
        "unicode": "".join(piece(rng) for _ in range(50)),
        "placeholders": f"{KNOWN[0].placeholder} {KNOWN[1].placeholder.lower()} ",
    }
    text = units[spread] * (MEBIBYTE // len(units[spread].encode("utf-8", "surrogatepass")))
    spans = [
        Finding(start=start, end=start + 5, entity=rng.choice(ENTITIES), score=1.0, detector="t7.v1")
        for start in range(0, len(text) - 5, 997)
    ]

    assert there_and_back([text], (tuple(merge(spans)),), rng) == [text]


def test_a_model_that_repeats_a_text_repeats_it_exactly() -> None:
    """Outside of links the answer of a model that echoes is the text, too, other people's values included."""
    rng = random.Random(70)
    words = ["the", "person", "Ada Lovelace", "é", "李小龍", "e-mail", "Ωmega", "\n", "2024"]
    entries: tuple[VaultEntry, ...] = ()
    for _ in range(CASES // 10):
        text = " ".join(rng.choice(words) for _ in range(rng.randint(1, 20))) + "!"
        segments = (Segment(path="/x", text=text, role="user"),)
        findings = Findings(spans=(found(rng, text[:-1]),))
        vault = Book(key=b"v" * 32, limit=100_000, entries=entries)
        put = vault.put(plan(segments, findings, TREATMENT))
        (treated,) = apply(segments, findings, TREATMENT, put, OPERATORS)

        assert Restorer(vault.entries()).restore(treated.text) == text
        entries = vault.entries()[-50:]
