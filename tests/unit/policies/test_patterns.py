"""Patterns that a policy brings: what of them is refused, and what becomes of the entities that they declare."""

from __future__ import annotations

import json

import pytest

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies import check_policy, effective, parse_policy, parse_tests
from hybrid_guard.policies.schema import policy_schema
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.types import DetectionPattern, Operator, Policy, Zone

HEAD = "version: 1\nname: x\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
CLOUD = "version: 1\nname: x\ndeployments: {a: {model: openai/x, zone: external}}\n"
BADGE = r"{entity: BADGE, regex: 'EMP-\d{6}'}"


def load(patterns: str, rest: str = "", head: str = HEAD) -> Policy:
    """A policy with those patterns."""
    return parse_policy(f"{head}detection:\n  patterns:\n    - {patterns}\n{rest}", env={})


def problem(patterns: str, rest: str = "", head: str = HEAD) -> PolicyError:
    """The only thing that is wrong."""
    (error,) = check_policy(f"{head}detection:\n  patterns:\n    - {patterns}\n{rest}", env={})
    return error


def test_a_pattern_has_a_score_and_may_have_context_and_a_check_digit() -> None:
    """What is left out is as the reference says."""
    assert load(BADGE).detection.patterns == (DetectionPattern(entity="BADGE", regex=r"EMP-\d{6}", score=0.6),)
    given = load(r"{entity: CLUB_CARD, regex: '\d{10}', score: 0.3, context: [club, Mitglied], check: luhn}")
    assert given.detection.patterns == (
        DetectionPattern(entity="CLUB_CARD", regex=r"\d{10}", score=0.3, context=("club", "Mitglied"), check="luhn"),
    )


@pytest.mark.parametrize(
    ("regex", "reason"),
    [
        ("private(?=x)", "look-around"),
        (r"(private)\\1", "back-reference"),
        ("(private", "missing )"),
        ("[z-a]private", "character class"),
        ("private{1001}", "repetition size"),
        ("((p{1,90}){1,90}){1,90}", "repetition size"),
        (".{0,1000}" * 40, "too large"),
        ("(?P<spam>private)", "another name than `span`"),
        ("(?:private)?", "matches a text of nothing"),
        (r"\\b", "matches a text of nothing"),
        (r"[A-Z]*(?P<span>\\d*)", "matches a text of nothing"),
    ],
)
def test_a_pattern_that_cannot_run_is_refused_where_it_stands(regex: str, reason: str) -> None:
    """With the reason, and without a word of the pattern: it may be as private as what it is to find."""
    error = problem(f'{{entity: BADGE, regex: "{regex}"}}')

    assert (error.code, error.line, error.column) == ("HG127", 6, 30)
    assert reason in str(error)
    assert "private" not in str(error)


@pytest.mark.parametrize(
    ("pattern", "code", "column"),
    [
        ("{entity: badge, regex: x}", "HG109", 16),
        ("{entity: BADGE_, regex: x}", "HG109", 16),
        ("{entity: DENIED_TEXT, regex: x}", "HG127", 16),
        ("{entity: BADGE}", "HG107", 7),
        ("{entity: BADGE, regex: ''}", "HG109", 30),
        (f"{{entity: BADGE, regex: {'x' * 1001}}}", "HG109", 30),
        ("{entity: BADGE, regex: x, score: 1.5}", "HG109", 40),
        ("{entity: BADGE, regex: x, check: crc}", "HG110", 40),
        ("{entity: BADGE, regex: x, context: ['~']}", "HG109", 43),
        ("{entity: BADGE, regex: x, contexts: [a]}", "HG106", 33),
        ("{entity: BADGE, regex: x, score: 0.2}", "HG127", 40),
    ],
)
def test_each_part_of_a_pattern_has_a_form(pattern: str, code: str, column: int) -> None:
    """One mistake each, found at its place."""
    error = problem(pattern)
    assert (error.code, error.line, error.column) == (code, 6, column)


def test_a_weak_pattern_needs_a_word_or_a_check_digit() -> None:
    """Alone it would never count; so would a strong one below what the policy asks for."""
    assert load("{entity: BADGE, regex: x1, score: 0.2, context: [badge]}").detection.patterns
    assert load("{entity: BADGE, regex: x1, score: 0.2, check: verhoeff}").detection.patterns
    assert problem(BADGE, rest="  min_score: 0.7").code == "HG127"


def test_the_same_pattern_twice_is_a_mistake() -> None:
    """The second one is named."""
    error = problem(f"{BADGE}\n    - {BADGE}")
    assert (error.code, error.line) == ("HG127", 7)
    assert "`detection.patterns[0]`" in str(error)


def test_a_declared_entity_is_a_name_in_every_other_place() -> None:
    """Conditions, treatments, weights and the policy's tests."""
    rest = (
        "sensitivity: {weights: {BADGE: 0.5}}\n"
        "rules:\n"
        "  - {id: masks, when: {level: moderate}, treat: {external: {default: redact}}}\n"
        "  - {id: badges, when: {entity: BADGE, count: 2}, treat: {external: {BADGE: redact}}}\n"
    )
    policy = load(BADGE, rest, head=CLOUD)
    assert policy.sensitivity.weights == {"BADGE": 0.5}
    assert policy.rules[1].treat[Zone.EXTERNAL].operator("BADGE") is Operator.REDACT
    (case,) = parse_tests(
        "version: 1\ncases: [{id: a, prompt: x, expect: {entities: [BADGE], treatment: {external: {BADGE: redact}}}}]",
        policy=policy,
    )
    assert case.expect.entities == frozenset({"BADGE"})
    with pytest.raises(PolicyError, match="unknown entity `BADGER`; did you mean `BADGE`"):
        parse_tests("version: 1\ncases: [{id: a, prompt: x, expect: {entities: [BADGER]}}]", policy=policy)


def test_an_entity_that_no_pattern_declares_stays_unknown() -> None:
    """The nearest one is told, the declared ones among them."""
    error = problem(BADGE, "rules: [{id: a, when: {entity: BADGES}, zones: [local]}]")
    assert (error.code, error.line) == ("HG111", 7)
    assert "did you mean `BADGE`?" in str(error)


def test_a_declared_entity_weighs_as_much_as_any_number_of_a_person() -> None:
    """Unless the policy says otherwise: an unknown kind would weigh too little to be treated."""
    assert load(BADGE).sensitivity.weights == {"BADGE": DEFAULT_WEIGHTS["ID_NUMBER"]}
    assert load("{entity: PERSON, regex: 'agent [A-Z]'}").sensitivity.weights == {}


def test_a_declared_entity_may_not_leave_untreated() -> None:
    """The check of the whole policy knows it as it knows the shipped ones."""
    rest = "rules:\n  - {id: masks, when: {level: moderate}, treat: {external: {default: placeholder, BADGE: keep}}}\n"
    error = problem(BADGE, rest, head=CLOUD)
    assert (error.code, error.line) == ("HG123", 8)
    assert "entity `BADGE`" in str(error)


def test_patterns_are_shown_and_change_the_digest() -> None:
    """A policy without any has the digest that it had before there were any."""
    shown = json.loads(json.dumps(effective(load(BADGE))))
    assert shown["detection"]["patterns"] == [
        {"entity": "BADGE", "regex": r"EMP-\d{6}", "score": 0.6, "context": [], "check": None}
    ]
    bare = parse_policy(HEAD, env={})
    assert "patterns" not in json.loads(json.dumps(effective(bare)))["detection"]
    other = load(r"{entity: BADGE, regex: 'EMP-\d{7}'}")
    assert len({bare.digest, load(BADGE).digest, other.digest}) == 3


def test_a_pattern_is_not_shown_in_a_repr() -> None:
    """Logs quote values by it."""
    assert "EMP" not in repr(load(BADGE))


def test_the_schema_offers_known_entities_and_permits_declared_ones() -> None:
    """An editor completes the first and accepts the second."""
    defs = json.loads(json.dumps(policy_schema()))["$defs"]
    entity = defs["ConditionSection"]["properties"]["entity"]
    assert "EMAIL_ADDRESS" in entity["anyOf"][0]["enum"]
    assert entity["anyOf"][1] == {"pattern": "^[A-Z][A-Z0-9]{0,31}(?:_[A-Z0-9]{1,31}){0,7}$"}
    assert set(defs["PatternSection"]["properties"]) == {"entity", "regex", "score", "context", "check"}
