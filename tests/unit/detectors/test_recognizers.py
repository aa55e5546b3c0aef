"""Presidio's recognizers in RE2."""

from __future__ import annotations

import pytest
import re2

from hybrid_guard.detectors.matching import PatternSet
from hybrid_guard.detectors.tables.recognizers import load_recognizer_patterns, rewrite_edges
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS


@pytest.mark.parametrize(
    ("regex", "rewritten"),
    [
        (r"\bab\b", r"\bab\b"),
        (r"(?<!\d)ab(?!\d)", r"(?:^|\D)(?P<span>ab)(?:$|\D)"),
        (r"(?<![\w:])ab", r"(?:^|[^\w:])(?P<span>ab)"),
        (r"ab(?![A-Z0-9])", r"(?P<span>ab)(?:$|[^A-Z0-9])"),
        (r"ab(?![\w:]|\.\d)", r"(?P<span>ab)(?:$|[^\w:.]|\.(?:\D|$))"),
        (r"(?<=\b(?:id|no\)?)\s)ab", r"(?:\b(?:id|no\)?)\s)(?P<span>ab)"),
        (r"\b(?!0000)\d{4}", r"\b\d{4}"),
    ],
)
def test_look_around_at_the_edges_becomes_a_group(regex: str, rewritten: str) -> None:
    """The neighbours are matched beside the value instead of being looked at."""
    assert rewrite_edges(regex) == rewritten
    re2.compile(rewritten)


def test_an_unbalanced_label_is_refused() -> None:
    """A label without an end is a mistake of whoever wrote it."""
    with pytest.raises(ValueError, match="unbalanced"):
        rewrite_edges("(?<=ab")


def test_every_pattern_compiles_and_every_entity_has_a_weight() -> None:
    """Of all countries; an entity without a weight would count as unknown."""
    patterns = load_recognizer_patterns()
    PatternSet(patterns)
    assert {pattern.entity for pattern in patterns} <= set(DEFAULT_WEIGHTS)
    assert len(patterns) > 140


def test_all_countries_are_there() -> None:
    """People write about numbers of other countries in any language."""
    found = {pattern.entity for pattern in load_recognizer_patterns()}
    assert {"AU_TFN", "DE_TAX_ID", "ES_NIF", "FI_PERSONAL_IDENTITY_CODE", "IN_PAN", "IT_FISCAL_CODE", "KR_RRN"} <= found
    assert {"NG_NIN", "PH_UMID", "PL_PESEL", "SE_PERSONNUMMER", "SG_NRIC_FIN", "TH_TNIN", "TR_NATIONAL_ID"} <= found
    assert {"UK_NHS", "US_SSN", "ZA_ID_NUMBER"} <= found


@pytest.mark.parametrize(
    ("entity", "value", "verdict"),
    [
        ("CREDIT_CARD", "4111 1111 1111 1111", True),
        ("CREDIT_CARD", "4111.1111.1111.1111", True),
        ("CREDIT_CARD", "4111 1111 1111 1112", False),
        ("CREDIT_CARD", "1748503543012", False),
        ("UK_NINO", "AA 12 34 56 B", None),
        ("UK_NINO", "GB 12 34 56 B", False),
        ("DE_KFZ", "B AB 1234", None),
        ("DE_KFZ", "b ab 1234", None),
        ("DE_KFZ", "pi is 3", False),
        ("DE_KFZ", "CVC is 4821", False),
        ("DE_PLZ", "10115", None),
        ("DE_VAT_ID", "DE136695976", True),
        ("DE_VAT_ID", "DE 136 695 976", True),
        ("DE_VAT_ID", "DE136695975", False),
        ("DE_PLZ", "99999", False),
        ("US_SSN", "536-22-1120", None),
        ("US_SSN", "000-05-1120", False),
        ("IP_ADDRESS", "a::b", False),
        ("IP_ADDRESS", "fe80::1", None),
        ("US_NPI", "1111111112", False),
        ("ZA_INCOME_TAX_NUMBER", "1234567890", None),
        ("US_HEALTH_INSURANCE_MEMBER_ID", "AB12", False),
        ("US_HEALTH_INSURANCE_MEMBER_ID", "AB12345", None),
        ("PL_PESEL", "44051401359", True),
        ("PL_PESEL", "44051401358", False),
    ],
)
def test_checks_prove_refute_or_say_nothing(entity: str, value: str, verdict: bool | None) -> None:
    """Checksums prove or refute; a check that looks at the shape only proves nothing."""
    checks = [pattern.check for pattern in load_recognizer_patterns() if pattern.entity == entity]
    assert [check(value) for check in checks if check is not None] == [verdict] * len(checks)
    assert checks
