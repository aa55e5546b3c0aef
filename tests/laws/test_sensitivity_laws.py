"""Laws of the sensitivity: more that is found, and more that is said, never lowers it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.sensitivity import DEFAULT_WEIGHTS, score
from hybrid_guard.types import Finding, Findings, Segment, Sensitivity, SensitivitySettings

entities = st.sampled_from([*DEFAULT_WEIGHTS, "SOMETHING_NEW"])
spans = st.tuples(entities, st.integers(0, 30), st.integers(1, 9), st.floats(0, 1)).map(
    lambda row: Finding(start=row[1], end=row[1] + row[2], entity=row[0], score=row[3], detector="test.v1")
)
words = st.sampled_from(["my", "the", "I", "am", "mein", "mon", "patient", "has", "flu", "weather", "42"])
texts = st.lists(words, min_size=1, max_size=8).map(" ".join)
rows = st.lists(st.tuples(texts, st.lists(spans, max_size=4)), min_size=1, max_size=4)
settings = st.builds(
    SensitivitySettings,
    weights=st.dictionaries(entities, st.floats(0, 1), max_size=5),
    alpha=st.floats(0, 1),
)


def assess(rows: list[tuple[str, list[Finding]]], settings: SensitivitySettings) -> Sensitivity:
    """Score of texts with their findings."""
    segments = [Segment(path="", text=text) for text, _ in rows]
    return score(Findings(spans=tuple(tuple(found) for _, found in rows)), segments, settings)


def rank(sensitivity: Sensitivity, settings: SensitivitySettings) -> int:
    """Place of the level among the levels of the policy."""
    return [name for name, _ in settings.levels].index(sensitivity.level)


@given(rows, settings, spans, st.data())
def test_one_more_finding_never_lowers_it(
    rows: list[tuple[str, list[Finding]]], settings: SensitivitySettings, extra: Finding, data: st.DataObject
) -> None:
    """Score and level stay or rise when a finding is added to any segment."""
    before = assess(rows, settings)
    place = data.draw(st.integers(0, len(rows) - 1))
    more = [(text, [*found, extra] if index == place else found) for index, (text, found) in enumerate(rows)]
    after = assess(more, settings)
    assert after.score >= before.score
    assert rank(after, settings) >= rank(before, settings)


@given(rows, settings, texts, st.booleans(), st.data())
def test_more_words_never_lower_it(
    rows: list[tuple[str, list[Finding]]],
    settings: SensitivitySettings,
    extra: str,
    in_front: bool,
    data: st.DataObject,
) -> None:
    """Words before or after what was said leave the score or raise it."""
    before = assess(rows, settings)
    place = data.draw(st.integers(0, len(rows) - 1))
    more = [
        ((f"{extra} {text}" if in_front else f"{text} {extra}") if index == place else text, found)
        for index, (text, found) in enumerate(rows)
    ]
    assert assess(more, settings).score >= before.score


@given(rows, settings, st.floats(0, 1), st.data())
def test_a_surer_finding_never_lowers_it(
    rows: list[tuple[str, list[Finding]]], settings: SensitivitySettings, surer: float, data: st.DataObject
) -> None:
    """The score rises with that of each finding, or stays."""
    place = data.draw(st.integers(0, len(rows) - 1))
    text, found = rows[place]
    raised = [replace(finding, score=max(finding.score, surer)) for finding in found]
    after = assess([*rows[:place], (text, raised), *rows[place + 1 :]], settings)
    assert after.score >= assess(rows, settings).score


@given(rows, settings)
def test_score_and_level_belong_together(rows: list[tuple[str, list[Finding]]], settings: SensitivitySettings) -> None:
    """The score lies in [0, 1] and in the band of its level; nothing found is nothing."""
    sensitivity = assess(rows, settings)
    assert 0.0 <= sensitivity.score <= 1.0
    bounds = [lower for _, lower in settings.levels]
    place = rank(sensitivity, settings)
    assert bounds[place] <= sensitivity.score
    assert place + 1 == len(bounds) or sensitivity.score < bounds[place + 1]
    if not any(found for _, found in rows):
        assert sensitivity.score == 0.0
