"""What a detector takes for a name, and is none by its form: a word of code, a verb, a unit, a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hybrid_guard.detectors.public import wording
from hybrid_guard.detectors.public.evidence import split_words
from hybrid_guard.detectors.public.parameters import is_parameter
from hybrid_guard.detectors.public.public_names import is_public_name
from hybrid_guard.types import Finding

__all__ = ["find_code_words", "find_nameless"]

_CODE = frozenset({"ADDRESS", "LOCATION", "ORGANIZATION", "PERSON"})
_LONGEST = 100  # characters of a mention that are read
_REACH = 24
# An argument behind a call's bracket, an index, or an operand.
_BEFORE_CODE = re.compile(r"(?:\w[(\[]|[<>=+*/%&|-]=? ?)$")
_AFTER_CODE = re.compile(r"[(\[)\];]|,\s?\w+\)| ?(?:[<>=+*/%&|-]=|[<>+*/%] )")
_CALL = re.compile(r"[(\[][\w\[(\"')\]-]")
_VERB = re.compile(r"[a-z]{3,}")
_SUBJECT = re.compile(r"\b(?:I|(?i:we|they)) $")
_OBJECT = re.compile(r" (?:me|him|her|them|it|you|the|an?|my|this|that)\b")
_UNIT_BEFORE = re.compile(r"(?:\b(?:to|in|into|degrees?|nach|in|en|em) |\d ?°? ?)$")
_FIGURE = re.compile(r"\d")
_UNITS = wording.words("celsius fahrenheit kelvin rankine newton newtons joule joules pascal pascals hertz watt watts")
_EPONYMS = wording.words(
    "algorithm algorithms theorem theorems lemma inequality equation equations conjecture distribution",
    "algorithmus satz gleichung algorithme théorème équation algoritmo teorema ecuación equazione equação",
    "algoritme stelling vergelijking algorytm twierdzenie równanie",
)
# What is believed or taught, and families of animals and plants.
_TAUGHT = re.compile(r"[^\W\d_]{3,}(?:ism|isme|ismo|ismus|ology|idae|aceae)")
_OPTION_BEFORE = re.compile(r"[\"“] ?(?:or|oder|ou|o|of|lub|/|,) ?[\"“]$")
_OPTION_AFTER = re.compile(r"[\"”],? ?(?:or|oder|ou|o|of|lub|/|,) ?[\"“]")
_LABELS = wording.words(
    "classify label output respond answer return categorize klassifiziere antworte",
    "classe réponds répondre clasifica responde classifica rispondi classifique antwoord classificeer odpowiedz",
)
_UNSURE = 0.7
_SENTENCE_START = re.compile(r"(?:^|[.!?\n] ?|\d[.)] )$")
_WORD = re.compile(r"\w+")
_SURNAMES = re.compile(r"[A-Z][a-z]+[-–][A-Z][a-z]+")
# What is nobody's surname: "Lake", "Ocean" and "Hill" are.
_WATERS = wording.words(
    "archipelago peninsula mountains islands gulf strait basin plateau canyon rainforest glacier",
)


def find_code_words(text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
    """
    Those of *findings* that are names of parameters between the signs of code: ``len`` in ``len(row)``.

    The names are those of `is_parameter`, which people do not have, and a sign of code must stand on both sides, or a
    call's bracket behind.
    """
    return frozenset(one for one in findings if one.entity in _CODE and _is_code(text, one))


def find_nameless(text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
    """
    Those of *findings* that are taken for a person, and by their form are nobody.

    A verb between its subject and its object (``can I sue them``); a unit behind a number (``85 F to Celsius``); a
    place before its country or with what it is as its last word (``Doha, Qatar``, ``Mergui Archipelago``); a faith or
    a family of animals (``Atheism``, ``Ziphiidae``); an answer to choose in quotation marks (``"Happy" or "Sad"``);
    two surnames of an algorithm or a theorem (``Bellman-Ford``); an unsure one at the beginning of a sentence that the
    text has had without a capital before. Only what stands before a mention and right behind it counts, so that more
    text behind it changes nothing.
    """
    return frozenset(
        one
        for one in findings
        if one.entity == "PERSON"
        and (
            _is_verb(text, one)
            or _is_unit(text, one)
            or _is_place(_mention(text, one))
            or _TAUGHT.fullmatch(_mention(text, one)) is not None
            or _is_option(text, one)
            or _is_eponym(text, one)
            or _has_small_twin(text, one)
        )
    )


def _is_code(text: str, finding: Finding) -> bool:
    if not is_parameter(_mention(text, finding)):
        return False
    if _CALL.match(text, finding.end):
        return True
    before = text[max(0, finding.start - 3) : finding.start]
    return _BEFORE_CODE.search(before) is not None and _AFTER_CODE.match(text, finding.end) is not None


def _is_verb(text: str, finding: Finding) -> bool:
    return (
        _VERB.fullmatch(_mention(text, finding)) is not None
        and _SUBJECT.search(text, max(0, finding.start - _REACH), finding.start) is not None
        and _OBJECT.match(text, finding.end) is not None
    )


def _is_unit(text: str, finding: Finding) -> bool:
    before = text[max(0, finding.start - _REACH) : finding.start]
    return (
        _mention(text, finding).lower() in _UNITS
        and _FIGURE.search(before) is not None
        and _UNIT_BEFORE.search(before) is not None
    )


def _is_option(text: str, finding: Finding) -> bool:
    if not _mention(text, finding).isalpha():
        return False
    before = text[max(0, finding.start - _REACH) : finding.start]
    if before[-1:] not in {'"', "“"} or _LABELS.isdisjoint(split_words(text[: finding.start])):
        return False
    return _OPTION_BEFORE.search(before) is not None or _OPTION_AFTER.match(text, finding.end) is not None


def _is_eponym(text: str, finding: Finding) -> bool:
    if _SURNAMES.fullmatch(_mention(text, finding)) is None:
        return False
    return not _EPONYMS.isdisjoint(split_words(text[: finding.end + _REACH]))


def _has_small_twin(text: str, finding: Finding) -> bool:
    """Whether an unsure name has its capital from the sentence that it begins, for it occurs without one."""
    mention = _mention(text, finding)
    if finding.score >= _UNSURE or not mention.isalpha() or not mention.istitle():
        return False
    if _SENTENCE_START.search(text[max(0, finding.start - _REACH) : finding.start]) is None:
        return False
    return mention.lower() in _WORD.findall(text, 0, finding.start)


def _is_place(mention: str) -> bool:
    words = split_words(mention)
    if len(words) > 1 and words[-1] in _WATERS:
        return True
    place, comma, country = mention.partition(", ")
    return bool(comma) and is_public_name(place, "LOCATION") and is_public_name(country, "LOCATION")


def _mention(text: str, finding: Finding) -> str:
    return text[finding.start : min(finding.end, finding.start + _LONGEST)]
