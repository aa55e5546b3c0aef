"""Prompts that ask what everybody knows are let through, and private texts with the same names are not."""

from __future__ import annotations

import pytest

from hybrid_guard.detectors.public.mentions import judge_mentions
from hybrid_guard.sensitivity import score
from hybrid_guard.types import DetectionSettings, Findings, Segment, SensitivitySettings
from tests.golden.mention_files import MarkedText, read_marked

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
PUBLIC = tuple(read_marked("public"))
PRIVATE = tuple(read_marked("private"))
LEAST_SHARE = 0.9
"""Share of the public prompts that must end at the lowest level; of the private ones, nothing may be lost."""


def level_of(case: MarkedText) -> str:
    """Level of the sensitivity by default, of what is kept by default."""
    judged = judge_mentions(case.text, case.findings)
    kept = tuple(finding for finding in judged if finding.score >= DetectionSettings().min_score)
    return score(Findings(spans=(kept,)), [Segment(path="", text=case.text)], SensitivitySettings()).level


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_prompts_are_of_the_lowest_level(language: str) -> None:
    """In every language, nine of ten questions about public people, places and matters stay unmasked."""
    levels = [level_of(case) for case in PUBLIC if case.language == language]

    assert len(levels) >= 14
    assert levels.count("low") >= LEAST_SHARE * len(levels)


@pytest.mark.parametrize("case", PRIVATE, ids=lambda case: f"{case.language}-{case.text[:40]}")
def test_private_texts_keep_every_finding(case: MarkedText) -> None:
    """No finding of a private text loses any of its score, however famous the name in it."""
    judged = judge_mentions(case.text, case.findings)

    assert all(after.score >= before.score for before, after in zip(case.findings, judged, strict=True))


def test_both_lists_are_whole() -> None:
    """Each list has at least 150 texts, and the private one covers every language too."""
    assert len(PUBLIC) >= 150
    assert len(PRIVATE) >= 150
    assert {case.language for case in PRIVATE} == set(LANGUAGES)


def test_public_prompts_would_be_masked_unjudged() -> None:
    """Without the judgement nearly all of the public prompts would be above the lowest level."""
    levels = [
        score(Findings(spans=(case.findings,)), [Segment(path="", text=case.text)], SensitivitySettings()).level
        for case in PUBLIC
    ]

    assert levels.count("low") < 0.1 * len(levels)
