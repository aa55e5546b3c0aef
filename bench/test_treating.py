"""What treating costs: a text of 1000 characters with 20 findings, for values that are new and for known ones."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.texts import prose
from hybrid_guard.anonymizer import StandIns, apply, build_operators, build_stand_ins, plan, propose
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.types import Finding, Findings, Operator, OperatorSettings, Segment, Treatment

COUNT = 20
KEY = b"b" * 32
NAMES = [f"{chr(65 + at)}da Lovela{chr(97 + at)}e" for at in range(COUNT)]
CARDS = [f"4111 1111 1111 11{at:02}" for at in range(COUNT)]
SPANS = build_operators(KEY)
MAKERS = build_stand_ins(KEY, OperatorSettings(key=KEY), tuple(Operator))
LENGTH = 1000


def text_with(values: list[str]) -> tuple[tuple[Segment, ...], tuple[tuple[int, int], ...]]:
    """1000 characters with *values* in them, and where."""
    text, places = "", []
    for number, value in enumerate(values):
        room = LENGTH // COUNT - len(value) - 2
        text += prose(1000 + number, private=0)[:room] + " "
        places.append((len(text), len(text) + len(value)))
        text += value + " "
    return (Segment(path="/x", text=text.ljust(LENGTH), role="user"),), tuple(places)


def treat(book: Book, segments: tuple[Segment, ...], findings: Findings, treatment: Treatment) -> None:
    """What a request does, without the chain."""
    stand_ins = StandIns(book.entries(), MAKERS)
    book.put(plan(segments, findings, treatment, stand_ins))
    stand_ins = stand_ins.renew(book.entries())
    book.put(propose(segments, findings, treatment, book.entries(), stand_ins))
    entries = book.entries()
    apply(segments, findings, treatment, entries, SPANS, stand_ins.renew(entries))


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
@pytest.mark.parametrize("operator", [one for one in Operator if one is not Operator.KEEP])
def test_a_text_with_twenty_findings(benchmark: BenchmarkFixture, operator: Operator, known: bool) -> None:
    """From findings to what may leave."""
    entity = "CREDIT_CARD" if operator is Operator.FORMAT_PRESERVING else "PERSON"
    segments, places = text_with(CARDS if entity == "CREDIT_CARD" else NAMES)
    findings = Findings(
        spans=(tuple(Finding(start=a, end=b, entity=entity, score=1.0, detector="bench.v1") for a, b in places),)
    )
    treatment = Treatment(default=operator)
    book = Book(key=KEY, limit=1000)
    treat(book, segments, findings, treatment)

    def once() -> None:
        treat(book if known else Book(key=KEY, limit=1000), segments, findings, treatment)

    benchmark(once)
