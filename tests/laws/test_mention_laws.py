"""Laws of judging mentions: only scores change, identifiers stay, and nothing private makes a mention more public."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybrid_guard.detectors.public.mentions import PRIVATE_SCORE, PUBLIC_SCORE, judge_mentions
from hybrid_guard.sensitivity import BARE_SCORE, MENTIONS
from hybrid_guard.types import Finding
from tests.golden.mention_files import MarkedText, read_marked

IDENTIFIERS = (
    "CREDIT_CARD",
    "DENIED_TEXT",
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "PHONE_NUMBER",
    "SECRET",
    "US_SSN",
    "UNHEARD",
)

PRIVATE_TEXTS = (
    ("\nMy e-mail is ", "jane@example.com", "EMAIL_ADDRESS"),
    ("\nE-mail: ", "jane@example.com", "EMAIL_ADDRESS"),
    (" My card is ", "4111 1111 1111 1111", "CREDIT_CARD"),
    ("\nCall my sister ", "Emily", "PERSON"),
    ("\nThat is for my doctor, ", "Mr Brown", "PERSON"),
    (" Dear ", "Mr Einstein", "PERSON"),
    ("\nIch wohne in ", "Hamburg", "LOCATION"),
    (" I live in ", "Paris", "LOCATION"),
    ("\nMon mari prend du ", "paracétamol", "MEDICATION"),
)
"""Words before a private value, the value, its entity."""

MARKED = (*read_marked("public"), *read_marked("private"))

words = st.sampled_from(
    (
        "Who",
        "was",
        "Einstein",
        "explain",
        "my",
        "I",
        "wife",
        "?",
        ".",
        "\n",
        "name:",
        "Dear",
        "Paris",
        "1815",
        "list",
        ",",
    )
)
texts = st.one_of(st.text(max_size=80), st.lists(words, max_size=25).map(" ".join))


@st.composite
def found_texts(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """Any text with findings of any kind anywhere in it, overlapping and unsorted too."""
    text = draw(texts.filter(bool))
    findings = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        findings.append(
            Finding(
                start=start,
                end=draw(st.integers(start + 1, len(text))),
                entity=draw(st.sampled_from((*sorted(MENTIONS), *IDENTIFIERS))),
                score=draw(st.floats(0, 1)),
                detector="test.v1",
            )
        )
    return text, findings


@given(found_texts())
def test_only_scores_change(found: tuple[str, list[Finding]]) -> None:
    """Number, order, spans, entities and detectors are those of the findings that came in."""
    text, findings = found
    judged = judge_mentions(text, findings)

    assert [(one.start, one.end, one.entity, one.detector) for one in judged] == [
        (one.start, one.end, one.entity, one.detector) for one in findings
    ]


@given(found_texts())
def test_identifiers_keep_their_scores(found: tuple[str, list[Finding]]) -> None:
    """A finding whose entity is not judged comes out as it went in."""
    text, findings = found
    judged = judge_mentions(text, findings)

    for before, after in zip(findings, judged, strict=True):
        assert before.entity in MENTIONS or after == before


@given(found_texts())
def test_scores_are_lowered_to_public_raised_to_private_or_kept(found: tuple[str, list[Finding]]) -> None:
    """There is no third kind of change, and what is raised is a person."""
    text, findings = found

    for before, after in zip(findings, judge_mentions(text, findings), strict=True):
        if after.score < before.score:
            assert after.score in (PUBLIC_SCORE, BARE_SCORE)
        elif after.score > before.score:
            assert (after.score, after.entity) == (PRIVATE_SCORE, "PERSON")


@given(found_texts())
def test_the_same_text_is_judged_the_same(found: tuple[str, list[Finding]]) -> None:
    """Judging is a function of its arguments."""
    text, findings = found

    assert judge_mentions(text, findings) == judge_mentions(text, list(findings))


@given(found_texts(), st.sampled_from(IDENTIFIERS))
def test_an_identifier_keeps_everything(found: tuple[str, list[Finding]], entity: str) -> None:
    """With one sure identifier among the findings no score falls."""
    text, findings = found
    known = Finding(start=0, end=1, entity=entity, score=1.0, detector="test.v1")
    judged = judge_mentions(text, [*findings, known])

    assert all(after.score >= before.score for before, after in zip(findings, judged, strict=False))


@pytest.mark.parametrize("private", PRIVATE_TEXTS, ids=lambda private: private[0].strip())
@pytest.mark.parametrize("detected", [True, False], ids=["found", "missed"])
def test_private_words_behind_a_text_make_nothing_in_it_more_public(
    private: tuple[str, str, str], *, detected: bool
) -> None:
    """Whether the detectors find the private value or miss it, what stands before it never gets a lower score."""
    lead, value, entity = private
    for case in MARKED:
        start = len(case.text) + len(lead)
        added = Finding(start=start, end=start + len(value), entity=entity, score=0.9, detector="test.v1")
        longer = judge_mentions(case.text + lead + value, [*case.findings, *([added] if detected else [])])

        for before, after in zip(judge_mentions(case.text, case.findings), longer, strict=False):
            assert after.score >= before.score, case.text


@given(st.sampled_from(MARKED), found_texts())
def test_an_unknown_person_among_the_findings_lowers_no_score(
    case: MarkedText, found: tuple[str, list[Finding]]
) -> None:
    """One more person whom nobody knows can only keep more of the others."""
    text = f"{case.text} Orsolya Vadkerti-Bloom"
    start = len(case.text) + 1
    unknown = Finding(
        start=start, end=len(text), entity="PERSON", score=found[1][0].score if found[1] else 0.9, detector="t"
    )
    without = judge_mentions(text, case.findings)

    for before, after in zip(without, judge_mentions(text, [*case.findings, unknown]), strict=False):
        assert after.score >= before.score
