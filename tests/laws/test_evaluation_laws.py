"""Laws of the metrics: they add up, they bound each other, and better detection never looks worse."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.evaluation import Curve, Example, Judgement, Label, judge, points, summarise, trace
from hybrid_guard.evaluation.curves import covered_from, overlapped_from
from hybrid_guard.evaluation.table import EVERYTHING, f_score
from hybrid_guard.types import Finding

LABELS = ("PER", "email", "FECHAS", "salary", "LEGISLACAO")
ENTITIES = ("PERSON", "EMAIL_ADDRESS", "DATE_TIME", "US_SSN", "BADGE")
SIZE = 24


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    """A span of a text of `SIZE` characters."""
    start = draw(st.integers(0, SIZE - 1))
    return start, draw(st.integers(start + 1, SIZE))


texts = st.text(alphabet="ab .", min_size=SIZE, max_size=SIZE)
labels = st.lists(
    st.builds(lambda span, label: Label(start=span[0], end=span[1], label=label), spans(), st.sampled_from(LABELS)),
    max_size=5,
)
examples = st.builds(lambda text, marked: Example(text=text, labels=tuple(marked)), texts, labels)
findings = st.builds(
    lambda span, entity, score: Finding(start=span[0], end=span[1], entity=entity, score=score / 100, detector="x"),
    spans(),
    st.sampled_from(ENTITIES),
    st.integers(0, 100),
)
answers = st.lists(findings, max_size=6)
runs = st.lists(st.tuples(examples, answers, st.booleans()), max_size=6)


def judged(run: list[tuple[Example, list[Finding], bool]]) -> Judgement:
    """The judgement of a whole run."""
    return reduce(add, (judge(example, found, raised=raised) for example, found, raised in run), Judgement())


@given(runs, st.randoms(use_true_random=False))
def test_the_order_of_texts_and_findings_means_nothing(
    run: list[tuple[Example, list[Finding], bool]], rng: object
) -> None:
    """So parts of a file can be judged apart."""
    turned = [(replace(one, labels=one.labels[::-1]), found[::-1], raised) for one, found, raised in run[::-1]]
    assert summarise(judged(turned)) == summarise(judged(run))


@given(runs, runs)
def test_judgements_add_up(
    one: list[tuple[Example, list[Finding], bool]], two: list[tuple[Example, list[Finding], bool]]
) -> None:
    """Two runs together are one run."""
    assert judged(one) + judged(two) == judged(one + two)


@given(runs)
def test_shares_are_shares_and_bound_each_other(run: list[tuple[Example, list[Finding], bool]]) -> None:
    """What is covered is found, and what is found by name is found."""
    table = summarise(judged(run))
    for row in table.rows:
        assert row.recall is not None
        assert row.coverage is not None
        assert row.leaked is not None
        assert row.mentions is not None
        assert 0.0 <= row.coverage <= row.recall <= 1.0
        assert 0.0 <= row.leaked <= 1.0
        assert (row.leaked == 0.0) == (row.coverage == 1.0)
        assert (row.named or 0.0) <= row.recall
        assert 0.0 <= row.mentions <= 1.0
        assert all(one is None or 0.0 <= one <= 1.0 for one in (row.precision, row.f2))
    assert table.rows == () or table.rows[-1].group == EVERYTHING
    assert sum(row.spans for row in table.rows[:-1]) == (table.rows[-1].spans if table.rows else 0)


@given(examples, answers, findings)
def test_one_more_finding_never_lowers_recall(example: Example, found: list[Finding], more: Finding) -> None:
    """Nor does it make anything leak."""
    before = summarise(judge(example, found, raised=False)).rows
    after = summarise(judge(example, [*found, more], raised=False)).rows
    for one, two in zip(before, after, strict=True):
        assert one.group == two.group
        for low, high in ((one.recall, two.recall), (one.coverage, two.coverage), (one.mentions, two.mentions)):
            assert (low or 0.0) <= (high or 0.0)
        assert (one.leaked or 0.0) >= (two.leaked or 0.0)
        assert (one.named or 0.0) <= (two.named or 0.0)


@given(examples)
def test_findings_that_are_the_labels_are_perfect(example: Example) -> None:
    """Nothing leaks, and nothing is a false alarm."""
    found = [Finding(start=one.start, end=one.end, entity="PERSON", score=1.0, detector="x") for one in example.labels]
    table = summarise(judge(example, found, raised=False))
    assert all((row.recall, row.coverage, row.leaked) == (1.0, 1.0, 0.0) for row in table.rows)
    assert table.alarms == 0.0


@given(examples, answers)
def test_every_character_is_leaked_or_covered(example: Example, found: list[Finding]) -> None:
    """Counted one by one."""
    hidden = {place for one in found for place in range(one.start, one.end)}
    leaked = sum(place not in hidden for one in example.labels for place in range(one.start, one.end))
    judgement = judge(example, found, raised=False)
    assert sum(tally.leaked for tally in judgement.groups.values()) == leaked
    assert sum(tally.leaked for tally in judgement.labels.values()) == leaked


@given(st.floats(0, 1), st.floats(0, 1))
def test_f_lies_between_precision_and_recall(precision: float, recall: float) -> None:
    """And nearer to recall where recall counts more."""
    value = f_score(precision, recall, beta=2)
    assert min(precision, recall) - 1e-9 <= value <= max(precision, recall) + 1e-9
    assert abs(f_score(recall, recall, beta=2) - recall) < 1e-9


@given(spans(), answers)
def test_thresholds_are_the_highest_that_still_find(span: tuple[int, int], found: list[Finding]) -> None:
    """Checked against every threshold there is."""
    for threshold in (step / 100 for step in range(101)):
        kept = [one for one in found if one.score >= threshold]
        hidden = {place for one in kept for place in range(one.start, one.end)}
        place = set(range(*span))
        overlap, coverage = overlapped_from(*span, found), covered_from(*span, found)
        assert (overlap is not None and threshold <= overlap) == bool(hidden & place)
        assert (coverage is not None and threshold <= coverage) == (place <= hidden)


@given(st.lists(st.tuples(st.lists(spans(), max_size=4), answers), max_size=4))
def test_a_curve_falls_and_begins_with_what_the_table_says(
    texts: list[tuple[list[tuple[int, int]], list[Finding]]],
) -> None:
    """A higher threshold finds less."""
    curve = sum((trace(marked, found) for marked, found in texts), Curve())
    traced = list(points(curve))
    assert bool(traced) == any(marked for marked, _ in texts)
    for one, two in pairwise(traced):
        assert one.threshold < two.threshold
        assert one.overlap >= two.overlap
        assert one.coverage >= two.coverage
    for point in traced:
        assert point.coverage <= point.overlap
        kept = [one for _, found in texts for one in found if one.score >= point.threshold - 1e-9]
        assert (point.precision is None) == (not kept)
