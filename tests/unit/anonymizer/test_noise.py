"""Values drawn with local differential privacy: the bound itself, and what it is claimed for."""

from __future__ import annotations

import math
import re
import secrets
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from statistics import NormalDist

import pytest

from hybrid_guard.anonymizer import StandIns, apply, build_operators, build_stand_ins, plan, propose
from hybrid_guard.anonymizer.operators import Noise
from hybrid_guard.anonymizer.operators.chance import choose, choose_in_groups, move
from hybrid_guard.anonymizer.operators.choices import CHOICES
from hybrid_guard.anonymizer.vault import Book
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import Finding, Findings, Operator, OperatorSettings, Segment, Treatment

KEY = secrets.token_bytes(32)
DRAWS = 6_000
CHANCE_OF_FALSE_ALARM = 1e-9
SIGMAS = NormalDist().inv_cdf(1 - CHANCE_OF_FALSE_ALARM)


def worst_ratio(one: Counter[Hashable], two: Counter[Hashable]) -> float:
    """
    The greatest likelihood ratio of an outcome, less what chance explains.

    The logarithm of a ratio of counts has a standard error of sqrt(1/a + 1/b); outcomes that are too rare for that are
    taken together.
    """
    rare = {each for each in {*one, *two} if min(one[each], two[each]) < 40}
    worst = 0.0
    groups = [{each} for each in {*one, *two} - rare] + ([rare] if rare else [])
    for group in groups:
        a, b = (sum(count[each] for each in group) + 1 for count in (one, two))
        worst = max(worst, abs(math.log(a / b)) - SIGMAS * math.sqrt(1 / a + 1 / b))
    return worst


def draw(mechanism: Callable[[], Hashable]) -> Counter[Hashable]:
    """How often each outcome came up."""
    return Counter(mechanism() for _ in range(DRAWS))


def noise(text: str, entity: str, *, epsilon: float, group_share: float | None = None) -> Callable[[], Hashable]:
    """Draws for one value, none of them remembered."""
    maker = Noise(KEY, epsilon=epsilon, group_share=group_share)
    return lambda: next(iter(maker.propose(text, entity=entity)))


@pytest.mark.parametrize("epsilon", [0.5, 2.0])
@pytest.mark.parametrize(
    ("one", "two", "entity", "group_share"),
    [
        ("3", "8", "AGE", None),
        ("12 years old", "57 years old", "AGE", None),
        ("2021", "2026", "DATE_TIME", None),
        ("GERMAN", "Hindu", "NRP", None),
        ("GERMAN", "Hindu", "NRP", 0.3),
        ("German", "of no table", "NRP", 0.3),
        ("married", "single", "MARITAL_STATUS", None),
    ],
)
def test_no_outcome_tells_two_values_apart_by_more_than_epsilon(
    one: str, two: str, entity: str, epsilon: float, group_share: float | None
) -> None:
    """For pairs that are as far apart as their domain allows."""
    counts = [draw(noise(text, entity, epsilon=epsilon, group_share=group_share)) for text in (one, two)]

    assert worst_ratio(*counts) <= epsilon


def test_half_of_the_noise_would_be_seen() -> None:
    """What is drawn with twice epsilon is over the bound, so the measure of the test above can fail."""
    mechanisms: tuple[tuple[Callable[[int], Hashable], int], ...] = (
        (lambda place: move(place, 10, epsilon=4.0), 5),
        (lambda place: choose(place, 4, epsilon=4.0), 3),
        (lambda place: choose_in_groups((place, 0), (2, 2), epsilon=4.0, group_share=0.7), 1),
    )
    for mechanism, far in mechanisms:
        counts = [draw(partial(mechanism, place)) for place in (0, far)]

        assert 2.0 < worst_ratio(*counts) <= 4.0


def test_what_is_near_is_likelier() -> None:
    """Otherwise a value could as well be left out."""
    counts = draw(lambda: move(500, 1000, epsilon=10.0))

    assert sum(count for place, count in counts.items() if abs(int(str(place)) - 500) < 150) > 0.9 * DRAWS
    assert set(draw(lambda: move(0, 3, epsilon=0.01))) == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "entity", "pattern"),
    [
        ("45 years old", "AGE", r"[1-9]\d years old"),
        ("7", "AGE", r"\d"),
        ("$1,034.56", "MONEY", r"\$[1-9],\d{3}\.\d\d"),
        ("0.05", "MONEY", r"0\.0[1-9]"),
        ("12 or 1500 euros", "MONEY", None),
        ("12 March 2024", "DATE_TIME", r"202\d-[01]\d-[0-3]\d"),
        ("3.4.2024", "DATE_OF_BIRTH", r"202\d-[01]\d-[0-3]\d"),
        ("März 1987", "DATE_TIME", r"198\d-[01]\d"),
        ("1987", "DATE_TIME", r"198\d"),
        ("12 March 2024 at 10:45", "DATE_TIME", None),
        ("00", "MONEY", None),
        ("4111111111111111", "CREDIT_CARD", None),
        ("123-45-6789", "US_SSN", None),
        ("Ada", "PERSON", None),
        ("٣", "AGE", None),
    ],
)
def test_each_domain_is_written_in_one_way(text: str, entity: str, pattern: str | None) -> None:
    """The form that comes out says nothing that all values of the domain have not in common."""
    drawn = {one for _ in range(60) for one in Noise(KEY, epsilon=1.0).propose(text, entity=entity)}

    assert bool(drawn) is (pattern is not None)
    assert all(re.fullmatch(pattern or "", one) for one in drawn)


def test_tables_hold_each_value_once_and_of_types_that_detectors_find() -> None:
    """A value in two groups would have two places."""
    for entity, groups in CHOICES.items():
        values = [value.casefold() for group in groups for value in group]

        assert entity in DEFAULT_WEIGHTS
        assert len(values) == len(set(values)) > 1


def test_a_conversation_draws_once_and_keeps_no_original() -> None:
    """Asking again gives what the vault remembers; nothing can be averaged, and nothing comes back."""
    settings = OperatorSettings(epsilon=1.0)
    operators = build_operators(KEY, settings)
    text = "I earn 48,250 euros, Ada"
    segments = (Segment(path="/x", text=text, role="user"),)
    spans = (
        Finding(start=7, end=19, entity="MONEY", score=1.0, detector="t.v1"),
        Finding(start=21, end=24, entity="PERSON", score=1.0, detector="t.v1"),
    )
    findings = Findings(spans=(spans,))
    treatment = Treatment(default=Operator.PERTURB)
    book = Book(key=KEY, limit=100)
    makers = build_stand_ins(KEY, settings, (Operator.PERTURB,))
    seen = set()
    for _ in range(30):
        stand_ins = StandIns(book.entries(), makers)
        assert plan(segments, findings, treatment, stand_ins) == ()
        book.put(propose(segments, findings, treatment, book.entries(), stand_ins))
        stand_ins = StandIns(book.entries(), makers)
        (treated,) = apply(segments, findings, treatment, book.entries(), operators, stand_ins)
        seen.add(treated.text)

    assert len(seen) == 1
    assert seen.pop().endswith(" euros, [PERSON]")
    assert len(book.entries()) == 1
    assert all("48,250" not in entry.item.original for entry in book.entries())


def test_what_could_not_be_remembered_is_not_drawn() -> None:
    """Without an entry of the vault there is a label, and never the bounded noise that has no guarantee."""
    settings = OperatorSettings(epsilon=1.0)
    segments = (Segment(path="/x", text="48,250 euros", role="user"),)
    findings = Findings(spans=((Finding(start=0, end=12, entity="MONEY", score=1.0, detector="t.v1"),),))
    stand_ins = StandIns((), build_stand_ins(KEY, settings, (Operator.PERTURB,)))
    operators = build_operators(KEY, settings)
    (treated,) = apply(segments, findings, Treatment(default=Operator.PERTURB), (), operators, stand_ins)

    assert treated.text == "[MONEY]"


def test_noise_keeps_no_value_from_its_surrogate() -> None:
    """A drawn digit is in many surrogates by chance; what is never restored cannot be mistaken for them."""
    text = "I am 7, write to ada@clinic.test"
    settings = OperatorSettings(epsilon=1.0)
    makers = {Operator.PERTURB: _Fixed("example"), **build_stand_ins(KEY, settings, (Operator.SURROGATE,))}
    segments = (Segment(path="/x", text=text, role="user"),)
    spans = (
        Finding(start=5, end=6, entity="AGE", score=1.0, detector="t.v1"),
        Finding(start=17, end=32, entity="EMAIL_ADDRESS", score=1.0, detector="t.v1"),
    )
    findings = Findings(spans=(spans,))
    treatment = Treatment(default=Operator.SURROGATE, entities={"AGE": Operator.PERTURB})
    book = Book(key=KEY, limit=100)
    book.put(plan(segments, findings, treatment))
    records = propose(segments, findings, treatment, book.entries(), StandIns(book.entries(), makers))

    assert len(records) == 2


class _Fixed(Noise):
    """Draws always the same."""

    def __init__(self, drawn: str) -> None:
        super().__init__(KEY, epsilon=1.0)
        self.drawn = drawn

    def propose(self, text: str, *, entity: str) -> Iterator[str]:
        """What was given."""
        yield self.drawn
