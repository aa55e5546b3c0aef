"""Laws of merging: nothing that was found is left bare, and the most restrictive name wins."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.merge import merge, restrictiveness
from hybrid_guard.sensitivity import BARE_SCORE, is_bare
from hybrid_guard.types import Finding

findings = st.builds(
    lambda start, length, entity, score: Finding(
        start=start, end=start + length, entity=entity, score=score, detector="test.v1"
    ),
    st.integers(0, 40),
    st.integers(1, 15),
    st.sampled_from(["DATE_TIME", "PERSON", "US_SSN", "DENIED_TEXT", "SECRET", "UNHEARD_OF"]),
    st.floats(0, 1),
)
lists = st.lists(findings, max_size=12)


@given(lists)
def test_the_result_is_sorted_and_disjoint(found: list[Finding]) -> None:
    """No two merged spans share a character."""
    merged = merge(found)
    assert all(one.end <= two.start for one, two in pairwise(merged))


@given(lists)
def test_exactly_the_found_characters_are_covered(found: list[Finding]) -> None:
    """A character is covered if and only if some finding covered it."""
    covered = {index for finding in merge(found) for index in range(finding.start, finding.end)}
    assert covered == {index for finding in found for index in range(finding.start, finding.end)}


@given(lists)
def test_each_span_has_the_most_restrictive_entity_inside(found: list[Finding]) -> None:
    """Among the findings under a merged span none is more restrictive, and at equal weight none is surer."""
    for span in merge(found):
        inside = [finding for finding in found if span.start <= finding.start and finding.end <= span.end]
        weight, sure = max((restrictiveness(finding.entity), finding.score) for finding in inside)
        assert restrictiveness(span.entity) == weight
        assert span.score in (sure, max(finding.score for finding in inside))


@given(lists)
def test_no_bare_mention_hides_one_that_is_not(found: list[Finding]) -> None:
    """A merged span is bare only if all the findings under it have as low a score."""
    for span in merge(found):
        inside = [finding for finding in found if span.start <= finding.start and finding.end <= span.end]
        assert not is_bare(span) or all(finding.score <= BARE_SCORE for finding in inside)


@given(lists)
def test_order_does_not_matter(found: list[Finding]) -> None:
    """The same findings in another order give the same spans."""
    assert merge(found[::-1]) == merge(found)


@given(lists)
def test_merging_twice_changes_nothing(found: list[Finding]) -> None:
    """A merged list is its own merge."""
    merged = merge(found)
    assert merge(merged) == merged
