"""How findings become a score and a level."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hybrid_guard.sensitivity import BARE_SCORE, BARE_SHARE, DEFAULT_WEIGHTS, FIRST_PERSON_RAISE, UNKNOWN_WEIGHT, score
from hybrid_guard.types import Finding, Findings, Segment, SensitivitySettings


def find(*entities: str) -> tuple[Finding, ...]:
    """One finding per entity, one after the other."""
    return tuple(
        Finding(start=index, end=index + 1, entity=entity, score=0.9, detector="test.v1")
        for index, entity in enumerate(entities)
    )


def assess(text: str, *entities: str, settings: SensitivitySettings | None = None) -> float:
    """Score of one text."""
    findings = Findings(spans=(find(*entities),))
    return score(findings, [Segment(path="", text=text)], settings or SensitivitySettings()).score


def test_the_most_private_finding_counts_and_each_one_adds_alpha() -> None:
    """S(q) = max S(e) + alpha * |E|: ten dates do not outrank one number of the social security."""
    assert assess("it was then", "DATE_TIME", "LOCATION") == pytest.approx(0.4 + 2 * 0.05)
    assert assess("it was then", *["DATE_TIME"] * 9) < assess("it was then", "US_SSN") == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "my address",
        "I live there",
        "i am there",
        "We moved",
        "mein Haus",
        "mi casa",
        "j'habite ici",
        "mon adresse",
        "la mia casa",
    ],
)
def test_the_first_person_raises_the_weight(text: str) -> None:
    """What someone says of himself weighs more, in several languages."""
    plain = 0.4 + 0.05
    assert assess(text, "LOCATION") == pytest.approx(plain + FIRST_PERSON_RAISE * (1 - 0.4))


def test_what_describes_many_people_is_not_raised() -> None:
    """One's occupation alone is no more private than anybody's; with a second finding it is."""
    assert assess("I am one", "OCCUPATION") == assess("they are", "OCCUPATION") == pytest.approx(0.25)
    assert assess("I was then", "DATE_TIME") > assess("that was then", "DATE_TIME")
    assert assess("I am one", "OCCUPATION", "EDUCATION") >= 0.3


@pytest.mark.parametrize("text", ["the address", "in the army", "10 min away", "they say so", "Miami", "i in a list"])
def test_other_words_do_not_raise_it(text: str) -> None:
    """Words that only contain or resemble a pronoun change nothing."""
    assert assess(text, "LOCATION") == pytest.approx(0.45)


def test_the_first_person_counts_for_its_own_segment_only() -> None:
    """A pronoun in another text says nothing about this one."""
    findings = Findings(spans=((), find("LOCATION")))
    segments = [Segment(path="", text="my word"), Segment(path="", text="the address")]
    assert score(findings, segments, SensitivitySettings()).score == pytest.approx(0.45)


def test_the_policy_may_set_weights_and_an_unknown_entity_has_its_own() -> None:
    """Weights of the policy go over the table; what neither names weighs a little."""
    settings = SensitivitySettings(weights={"PERSON": 0.1}, alpha=0.0)
    assert assess("there", "PERSON", settings=settings) == 0.1
    assert assess("there", "NEVER_HEARD_OF", settings=settings) == UNKNOWN_WEIGHT


def test_levels_are_named_by_their_lower_bounds() -> None:
    """A score that reaches a bound has that level."""
    settings = SensitivitySettings(
        weights={"A": 0.29, "B": 0.3, "C": 0.8}, alpha=0.0, levels=(("low", 0.0), ("moderate", 0.3), ("high", 0.8))
    )
    levels = [
        score(Findings(spans=(find(entity),)), [Segment(path="", text="x")], settings).level
        for entity in ("A", "B", "C")
    ]
    assert levels == ["low", "moderate", "high"]


def test_counts_are_kept_and_texts_must_match_findings() -> None:
    """The result counts findings per entity; findings of other segments are refused."""
    findings = Findings(spans=(find("PERSON", "PERSON", "EMAIL_ADDRESS"),))
    sensitivity = score(findings, [Segment(path="", text="x")], SensitivitySettings())
    assert dict(sensitivity.counts) == {"EMAIL_ADDRESS": 1, "PERSON": 2}
    with pytest.raises(ValueError, match="shorter"):
        score(findings, [], SensitivitySettings())


def test_all_weights_lie_between_nothing_and_everything() -> None:
    """The table is sorted and keeps PRISM's values."""
    assert list(DEFAULT_WEIGHTS) == sorted(DEFAULT_WEIGHTS)
    assert all(0.0 < weight <= 1.0 for weight in DEFAULT_WEIGHTS.values())
    assert [DEFAULT_WEIGHTS[name] for name in ("US_SSN", "CREDIT_CARD", "PERSON", "PHONE_NUMBER", "ORGANIZATION")] == [
        1.0,
        0.95,
        0.9,
        0.8,
        0.5,
    ]


def test_a_bare_mention_weighs_a_share_and_does_not_count() -> None:
    """However many there are, and whoever speaks, they stay at the lowest level; an identifier is never bare."""

    def weigh(*entities: str, text: str = "the text") -> float:
        found = tuple(replace(finding, score=BARE_SCORE) for finding in find(*entities))
        return score(Findings(spans=(found,)), [Segment(path="", text=text)], SensitivitySettings()).score

    assert weigh("PERSON") == weigh("PERSON", *["LOCATION"] * 9) == weigh("PERSON", text="my text")
    assert weigh("PERSON") == pytest.approx(BARE_SHARE * DEFAULT_WEIGHTS["PERSON"])
    assert weigh("PERSON") < 0.3
    assert weigh("EMAIL_ADDRESS") == pytest.approx(0.95)


def test_bare_mentions_are_counted_for_the_rules() -> None:
    """A rule about persons sees a bare one too."""
    findings = Findings(spans=(tuple(replace(finding, score=BARE_SCORE) for finding in find("PERSON")),))
    assert score(findings, [Segment(path="", text="Nora")], SensitivitySettings()).counts == {"PERSON": 1}
