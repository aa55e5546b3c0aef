"""Patterns that a policy brings, run by the engine."""

from __future__ import annotations

import base64
import random

import pytest
from stdnum import luhn, verhoeff
from stdnum.iso7064 import mod_11_10, mod_97_10

from hybrid_guard.detectors import build_detector
from hybrid_guard.errors import DetectionError
from hybrid_guard.sensitivity import score
from hybrid_guard.types import CheckDigit, DetectionPattern, DetectionSettings, Finding, Segment, SensitivitySettings

BADGE = DetectionPattern(entity="BADGE", regex=r"\bEMP-\d{6}\b")


def find(text: str, *patterns: DetectionPattern, detectors: tuple[str, ...] = ("patterns.v1",)) -> list[Finding]:
    """What the patterns find, beside those that are shipped."""
    detector = build_detector(DetectionSettings(detectors=detectors, patterns=patterns))
    return list(detector.detect([Segment(path="", text=text)], language="en").spans[0])


def badge(seed: int = 3) -> str:
    """A value of the shape."""
    return f"EMP-{random.Random(seed).randrange(10**5, 10**6)}"


def test_a_value_is_found_under_the_name_of_the_policy() -> None:
    """Without regard to case, by whichever detectors run."""
    for detectors in (("patterns.v1",), ("secrets.v1",), ("ner.v2",), DetectionSettings().detectors):
        for value in (badge(), badge().lower()):
            (found,) = find(f"ask {value} about it", BADGE, detectors=detectors)
            assert (found.entity, found.start, found.end, found.detector) == ("BADGE", 4, 14, "policy")
            assert found.score == 0.6


@pytest.mark.parametrize(
    "disguise",
    [
        lambda value: "\u200b".join(value),
        lambda value: value.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
        lambda value: value.replace("E", "Е").replace("M", "М").replace("P", "Р"),
        lambda value: base64.b64encode(f"the badge of {value}, please".encode()).decode(),
        lambda value: "".join(f"%{ord(one):02x}" for one in value),
        lambda value: " ".join(value),
    ],
    ids=["invisible", "wide digits", "look-alikes", "base64", "percent", "spread"],
)
def test_a_value_is_found_in_disguise(disguise: object) -> None:
    """As those of the shipped patterns are."""
    assert callable(disguise)
    entities = {one.entity for one in find(f"the badge is {disguise(badge())} he says", BADGE)}
    assert "BADGE" in entities


CHECKED = {
    "luhn": lambda number: number + str(luhn.calc_check_digit(number)),
    "mod_11_10": lambda number: number + str(mod_11_10.calc_check_digit(number)),
    "mod_97_10": lambda number: number + str(mod_97_10.calc_check_digits("C" + number)),
    "verhoeff": lambda number: number + str(verhoeff.calc_check_digit(number)),
}


@pytest.mark.parametrize("check", CHECKED)
def test_a_check_digit_makes_sure_or_drops(check: CheckDigit) -> None:
    """Of ten numbers that differ in their last digit one is right, or hardly one."""
    pattern = DetectionPattern(entity="CLUB_CARD", regex=r"\bC\d{11,12}\b", check=check)
    value = CHECKED[check](str(random.Random(5).randrange(10**9, 10**9 + 10**8)))

    found = {digit: find(f"pass C{value[:-1]}{digit} on", pattern, detectors=("ner.v2",)) for digit in range(10)}
    right = [digit for digit, spans in found.items() if [one.entity for one in spans] == ["CLUB_CARD"]]

    assert right == [int(value[-1])]
    assert found[right[0]][0].score == 1.0


def test_a_value_that_is_split_over_two_messages_is_found_in_both() -> None:
    """Its border is looked at, too."""
    detector = build_detector(DetectionSettings(patterns=(BADGE,)))
    value = badge()
    segments = [
        Segment(path="/messages/0/content", text=f"it is {value[:6]}", role="user"),
        Segment(path="/messages/1/content", text=f"{value[6:]} and so on", role="user"),
    ]
    found = detector.detect(segments, language="en")
    assert [[one.entity for one in spans] for spans in found.spans] == [["BADGE"], ["BADGE"]]


def test_the_name_of_the_policy_stands_for_any_number() -> None:
    """What a label or a model calls a number of any kind is a badge; what is graver stays what it is."""
    (found,) = find(f"my employee id is {badge()}", BADGE, detectors=DetectionSettings().detectors)
    assert found.entity == "BADGE"
    loose = DetectionPattern(entity="ORDER", regex=r"[\d-]{6,}")
    (found,) = find("my ssn is 536-22-1120", loose)
    assert found.entity == "US_SSN"


def test_context_raises_a_weak_pattern_and_a_check_digit_proves_it() -> None:
    """As it does with the shipped ones."""
    weak = DetectionPattern(entity="CARD_NO", regex=r"\bQ\d{8}\b", score=0.2, context=("club",))
    assert find("the part Q12345678 is out of stock again, says the man in the shop over there", weak) == []
    assert [one.entity for one in find("the club card Q12345678 is mine", weak)] == ["CARD_NO"]
    proven = DetectionPattern(entity="CARD_NO", regex=r"\bQ-?(?P<span>\d{9})\b", score=0.2, check="luhn")
    number = str(random.Random(5).randrange(10**7, 10**8))
    right = number + luhn.calc_check_digit(number)
    wrong = number + str((int(right[-1]) + 1) % 10)
    text = "the part Q{} is out of stock again, says the man in the shop over there in our street"
    assert [(one.entity, one.score) for one in find(text.format(right), proven)] == [("CARD_NO", 1.0)]
    assert find(text.format(wrong), proven) == []


def test_letters_of_other_scripts_are_letters() -> None:
    """A view has one byte for all of them; those of Latin-1 are told apart."""
    polish = DetectionPattern(entity="CASE_NO", regex=r"\bsprawą\s(?P<span>[ŁŚ]-\d{4})\b")
    german = DetectionPattern(entity="CASE_NO", regex=r"Straße-\d{4}")
    for text, pattern in (("idę ze sprawą Ł-4821 do sądu", polish), ("siehe Straße-4821 im Amt", german)):
        assert [one.entity for one in find(text, pattern)] == ["CASE_NO"]
    assert find("siehe Strase-4821 im Amt", german) == []
    wide = DetectionPattern(entity="CASE_NO", regex="（\\d{4}）号")
    assert [one.entity for one in find("见（4821）号文件", wide)] == ["CASE_NO"]


def test_a_declared_entity_raises_the_level_by_its_weight() -> None:
    """The weight that the policy gives, which the loader fills in."""
    segments = [Segment(path="", text=f"see {badge()}")]
    found = build_detector(DetectionSettings(patterns=(BADGE,))).detect(segments, language="en")
    assert score(found, segments, SensitivitySettings(weights={"BADGE": 0.8})).level == "high"


@pytest.mark.parametrize("regex", [r"a|(?P<span>b9)", r"(?:^|\W)x(?P<span>\d*)", r"q(?P<span>)"])
def test_a_group_that_is_empty_or_takes_no_part_does_not_hold_the_search_up(regex: str) -> None:
    """The search goes on behind it, and gives what values there are."""
    pattern = DetectionPattern(entity="BADGE", regex=regex)
    found = find("x a q b9 x7 " * 40, pattern)
    assert len(found) == {"a": 80, "(": 40, "q": 0}[regex[0]]


def test_a_pattern_that_is_made_to_be_slow_is_bounded() -> None:
    """RE2 has no backtracking and little memory: it answers, or the text is refused."""
    slow = DetectionPattern(entity="BADGE", regex=r"(?:a|b|ab)*c.{0,300}[ab]{200}z")
    text = "ab" * 30_000
    assert find(text, slow, detectors=("secrets.v1",)) == []


def test_a_pattern_that_matches_everywhere_is_refused_without_a_word_of_the_text() -> None:
    """The error names the pattern by its place."""
    with pytest.raises(DetectionError, match=r"detection\.patterns\[0\]") as caught:
        find("private words " * 3000, DetectionPattern(entity="BADGE", regex="[a-z]"), detectors=("secrets.v1",))
    assert "private" not in str(caught.value)
