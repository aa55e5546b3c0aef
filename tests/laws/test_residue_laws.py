"""What a second scan finds outside of replacements is told in offsets of the original text, nothing more or less."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.anonymizer import Treated
from hybrid_guard.core.prepare import residue
from hybrid_guard.types import Finding, Operator, Treatment

TREATMENT = Treatment(default=Operator.PLACEHOLDER, entities={"DATE_TIME": Operator.KEEP})


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Treated, list[Finding]]:
    """An original text, its treated form, and spans that a scan of the treated form finds."""
    original, treated = "", ""
    replaced = []
    for _ in range(draw(st.integers(0, 6))):
        kept = draw(st.text("ab .", max_size=4))
        old = draw(st.text("xyz", min_size=1, max_size=4))
        new = draw(st.text("QRS", max_size=5))
        original += kept
        treated += kept
        replaced.append((len(treated), len(treated) + len(new), len(original), len(original) + len(old)))
        original += old
        treated += new
    tail = draw(st.text("ab .", max_size=4))
    original += tail
    treated += tail
    cuts = sorted(draw(st.lists(st.integers(0, len(treated)), max_size=8, unique=True)))
    spans = [
        Finding(
            start=start, end=end, entity=draw(st.sampled_from(["PERSON", "AGE", "DATE_TIME"])), score=1.0, detector="d"
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return original, Treated(text=treated, replaced=tuple(replaced)), spans


@given(cases())
def test_residue_is_what_a_letter_by_letter_look_finds(case: tuple[str, Treated, list[Finding]]) -> None:
    """
    Each found letter that is in no replacement is told, at its place in the original and as what it is.

    No other letter is told, none that the treatment keeps, and no span that has no letter.
    """
    original, treated, spans = case
    origin: dict[int, int] = {}
    shift = done = 0
    for new_start, new_end, _, old_end in (*treated.replaced, (len(treated.text), len(treated.text), 0, 0)):
        origin |= {at: at + shift for at in range(done, new_start)}
        done, shift = new_end, old_end - new_end
    expected = {
        (origin[at], span.entity)
        for span in spans
        for at in range(span.start, span.end)
        if at in origin and treated.text[at].isalnum() and span.entity != "DATE_TIME"
    }

    found = list(residue(treated, spans, TREATMENT))

    told = [{(at, span.entity) for at in range(span.start, span.end) if original[at].isalnum()} for span in found]
    assert set().union(*told) == expected
    assert all(told)
    assert all(one.end <= two.start for one, two in pairwise(found))
