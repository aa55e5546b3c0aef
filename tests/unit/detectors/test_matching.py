"""Patterns in RE2."""

from __future__ import annotations

import pytest
import re2

from hybrid_guard.detectors.deadline import Deadline
from hybrid_guard.detectors.matching import Pattern, PatternSet
from hybrid_guard.detectors.views import build_views
from hybrid_guard.errors import DetectionError


def find(patterns: list[Pattern], text: str) -> list[tuple[str, str]]:
    """Names of patterns with what they found."""
    (view,) = build_views(text)
    matches = PatternSet(patterns).find(view, skip=lambda pattern: pattern.name == "skipped", deadline=Deadline(60.0))
    return sorted((match.pattern.name, text[match.start : match.end]) for match in matches)


def shape(name: str, regex: str, **fields: object) -> Pattern:
    """A pattern in short."""
    return Pattern(**{"name": name, "entity": "AGE", "regex": regex, "score": 0.5, **fields})  # type: ignore[arg-type]  # table of tests


def test_many_patterns_are_found_in_one_text() -> None:
    """More patterns than fit into one set, with and without regard to case."""
    patterns = [shape(f"p{index:02}", rf"\bword{index}\b", cased=index % 2 == 0) for index in range(60)]
    found = find(patterns, "word3 WORD5 word8 WORD10 word59")
    assert found == [("p03", "word3"), ("p05", "WORD5"), ("p08", "word8"), ("p59", "word59")]


def test_values_may_share_the_character_between_them() -> None:
    """What stands around the group ``span`` belongs to both neighbours."""
    assert find([shape("n", r"(?:^|\D)(?P<span>\d{2})(?:$|\D)")], "11 22 33,44") == [
        ("n", "11"),
        ("n", "22"),
        ("n", "33"),
        ("n", "44"),
    ]


def test_boundaries_hold_where_a_search_is_taken_up_again() -> None:
    """A second match does not start inside a word because the first ended there."""
    assert find([shape("n", r"\bab")], "abab ab") == [("n", "ab"), ("n", "ab")]
    assert find([shape("n", r"(?:^|[ ])(?P<span>x)")], "xx x") == [("n", "x"), ("n", "x")]


def test_a_pattern_may_shorten_or_drop_its_match() -> None:
    """`fit` gives the length of the value."""
    patterns = [shape("n", r"[a-z.]+", fit=lambda value: len(value.rstrip(".")))]
    assert find(patterns, "ab.. ...") == [("n", "ab")]


def test_a_refused_pattern_is_not_searched() -> None:
    """The caller may rule patterns out before they cost anything."""
    assert find([shape("skipped", "a"), shape("n", "b")], "ab") == [("n", "b")]


def test_a_set_that_knows_nothing_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """When RE2 runs out of memory its set reports no match at all; then every pattern is searched for."""
    patterns = PatternSet([shape("n", "ab")])
    monkeypatch.setattr(re2.Set, "Match", lambda self, text: None)
    (view,) = build_views("xabx")
    assert [match.start for match in patterns.find(view, skip=lambda pattern: False, deadline=Deadline(60.0))] == [1]


@pytest.mark.parametrize("regex", [r"(?<!a)b", r"a(?!b)", r"(?=a)", r"(a)\1"])
def test_look_around_and_back_references_are_refused(regex: str) -> None:
    """The error names the pattern and says what to do."""
    with pytest.raises(DetectionError, match=r"RE2 refuses pattern `mine` .*look-around.*rewrite"):
        PatternSet([shape("mine", regex)])


def test_a_broken_pattern_is_refused() -> None:
    """So is one that is no regular expression."""
    with pytest.raises(DetectionError, match=r"RE2 refuses pattern `mine` .*syntax"):
        PatternSet([shape("mine", "(")])
