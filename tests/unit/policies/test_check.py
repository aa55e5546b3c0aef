"""Tests of policies: cases are read strictly, run, compared and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from hybrid_guard.errors import DetectionError, PolicyError
from hybrid_guard.policies import load_tests, parse_policy, parse_tests
from hybrid_guard.policies.check import CaseResult, run
from hybrid_guard.types import Candidate, Facts, HighWater, Operator, Sensitivity, Zone

POLICY = parse_policy(
    """\
version: 1
name: t
deployments:
  here: {model: hg_llamacpp/tiny.gguf, zone: local}
  gpt: {model: openai/gpt-5-mini, zone: external}
rules:
  - {id: stay, when: {level: high}, zones: [local]}
  - {id: mask, when: {level: moderate}, treat: {external: {default: mask, DATE_TIME: generalize}}}
  - {id: vip, when: {tag: vip}, consent: true}
"""
)

FULL = """\
version: 1
cases:
  - id: spoken
    prompt: "a prompt"
    tags: [vip]
    expect: {level: moderate}
  - id: conversation
    messages: [{role: user, content: one}, {role: assistant, content: two}]
    expect:
      level: low
      zones: [external, local]
      treatment: {external: {default: mask, DATE_TIME: generalize}, private: {PERSON: keep}}
      reasons: [mask]
      entities: [PERSON]
      blocked: true
  - id: by-hand
    tags: [b, a]
    facts:
      level: moderate
      score: 0.5
      counts: {PERSON: 2}
      endpoint: chat
      suspicious: true
      opaque: 3
      failures: [vault]
      stage: escalation
      mode: only_cloud
      zones: [private]
      alias: gpt
      consent: false
      high_water: {level: high, counts: {URL: 1}, tags: [c]}
      candidates: {gpt: {healthy: false, lacks: [tools], tried: true}}
    expect: {blocked: false}
"""


def silent(messages: Sequence[Mapping[str, JsonValue]], tags: frozenset[str]) -> Facts:
    """Detection that finds nothing."""
    return Facts(tags=tags)


def one(case: str) -> str:
    """A test file of one case."""
    return f"version: 1\ncases:\n  - {case}\n"


def outcome(case: str) -> CaseResult:
    """How one case goes whose prompt holds a person at level moderate."""

    def assess(messages: Sequence[Mapping[str, JsonValue]], tags: frozenset[str]) -> Facts:
        return Facts(sensitivity=Sensitivity(score=0.5, level="moderate", counts={"PERSON": 1, "URL": 0}), tags=tags)

    (result,) = run(POLICY, parse_tests(one(case), policy=POLICY), assess=assess).results
    return result


def test_cases_are_read_whole() -> None:
    """Every key of a test file arrives, with the line of its case."""
    spoken, conversation, by_hand = parse_tests(FULL, policy=POLICY)

    assert [case.line for case in (spoken, conversation, by_hand)] == [3, 7, 16]
    assert spoken.messages == ({"role": "user", "content": "a prompt"},)
    assert spoken.tags == {"vip"}
    assert spoken.facts is None
    assert [message["content"] for message in conversation.messages] == ["one", "two"]
    assert conversation.expect.zones == frozenset({Zone.LOCAL, Zone.EXTERNAL})
    assert conversation.expect.treatment == {
        Zone.EXTERNAL: {"default": Operator.MASK, "DATE_TIME": Operator.GENERALIZE},
        Zone.PRIVATE: {"PERSON": Operator.KEEP},
    }
    assert conversation.expect.reasons == ("mask",)
    assert conversation.expect.entities == frozenset({"PERSON"})
    assert conversation.expect.blocked is True
    assert by_hand.messages == ()
    assert by_hand.facts == Facts(
        stage="escalation",
        sensitivity=Sensitivity(score=0.5, level="moderate", counts={"PERSON": 2}),
        suspicious=True,
        tags=frozenset({"a", "b"}),
        candidates={"gpt": Candidate(healthy=False, lacks=("tools",), tried=True)},
        high_water=HighWater(level="high", counts={"URL": 1}, tags=frozenset({"c"})),
        failures=frozenset({"vault"}),
        opaque=3,
        mode="only_cloud",
        zones=frozenset({Zone.PRIVATE}),
        alias="gpt",
        consent=False,
    )


def test_facts_default_to_harmless_and_score_to_the_level() -> None:
    """What is left out is as harmless as it can be, and a level brings its lowest score."""
    harmless, moderate = parse_tests(
        "version: 1\ncases:\n- {id: a, facts: {}, expect: {blocked: false}}\n"
        "- {id: b, facts: {level: moderate}, expect: {blocked: false}}\n",
        policy=POLICY,
    )

    assert harmless.facts == Facts()
    assert moderate.facts is not None
    assert moderate.facts.sensitivity.score == 0.3


def test_cases_do_not_show_their_texts() -> None:
    """Prompts are private, so a case's repr holds none."""
    assert "a prompt" not in repr(parse_tests(FULL, policy=POLICY))


def test_passing_case() -> None:
    """A case whose expectations are all met passes without a word."""
    result = outcome(
        "{id: a, prompt: p, expect: {level: moderate, zones: [external, private, local], entities: [PERSON],"
        " treatment: {external: {PERSON: mask, DATE_TIME: generalize, default: mask}, local: {PERSON: keep}},"
        " reasons: [mask], blocked: false}}"
    )

    assert result == CaseResult(id="a", line=3, passed=True)


@pytest.mark.parametrize(
    ("expect", "problem"),
    [
        ("{level: high}", "level is `moderate`, not `high`"),
        ("{zones: [local]}", "permitted zones are `external`, `local`, `private`, not `local`"),
        ("{zones: []}", "permitted zones are `external`, `local`, `private`, not none"),
        ("{entities: []}", "entities are `PERSON`, not none"),
        ("{entities: [PERSON, URL]}", "entities are `PERSON`, not `PERSON`, `URL`"),
        ("{treatment: {external: {PERSON: redact}}}", "`PERSON` gets `mask` in zone `external`, not `redact`"),
        ("{treatment: {external: {DATE_TIME: mask}}}", "`DATE_TIME` gets `generalize` in zone `external`, not `mask`"),
        ("{reasons: [mask, stay]}", "`stay` is not among the reasons; they are: mask"),
        ("{blocked: true}", "it is answered by `here`, not blocked"),
    ],
)
def test_failing_case_says_what_came_out(expect: str, problem: str) -> None:
    """Each expectation that is not met is told with what came out instead."""
    assert outcome(f"{{id: a, prompt: p, expect: {expect}}}").problems == (problem,)


def test_failing_cases_about_blocks() -> None:
    """A block that was not expected, a zone that is not permitted and a lack of reasons are told."""
    gone = outcome("{id: a, facts: {zones: []}, expect: {blocked: false, treatment: {local: {PERSON: keep}}}}")
    plain = outcome("{id: a, facts: {}, expect: {reasons: [mask]}}")

    assert gone.problems == ("zone `local` is not permitted, so it has no treatment", "it is blocked")
    assert plain.problems == ("`mask` is not among the reasons; they are: none",)


def test_several_problems_of_one_case_are_all_told() -> None:
    """A case does not stop at its first problem."""
    assert len(outcome("{id: a, prompt: p, expect: {level: low, blocked: true, entities: []}}").problems) == 3


def test_coverage_names_rules_without_a_case() -> None:
    """A rule that held in no case is listed; a failed case counts all the same."""
    tests = parse_tests(
        "version: 1\ncases:\n"
        "- {id: a, facts: {level: high}, expect: {blocked: true}}\n"
        "- {id: b, prompt: p, expect: {level: low}}\n",
        policy=POLICY,
    )

    report = run(POLICY, tests, assess=silent)

    assert [result.passed for result in report.results] == [False, True]
    assert report.passed is False
    assert report.uncovered == ("vip",)


def test_report_passes_despite_uncovered_rules() -> None:
    """Coverage is told, and judged by the caller."""
    report = run(POLICY, parse_tests(one("{id: a, facts: {}, expect: {blocked: false}}"), policy=POLICY), assess=silent)

    assert report.passed is True
    assert report.uncovered == ("mask", "stay", "vip")


def test_tags_reach_detection_and_rules() -> None:
    """Tags of a case arrive in prompts and in facts."""
    tests = parse_tests(
        "version: 1\ncases:\n"
        "- {id: a, tags: [vip], prompt: p, expect: {reasons: [vip]}}\n"
        "- {id: b, tags: [vip], facts: {}, expect: {reasons: [vip]}}\n",
        policy=POLICY,
    )

    assert run(POLICY, tests, assess=silent).passed


def test_failed_detection_fails_the_case_and_no_other() -> None:
    """What detection raises is told by its kind, for its words may quote the prompt."""

    def assess(messages: Sequence[Mapping[str, JsonValue]], tags: frozenset[str]) -> Facts:
        raise DetectionError(f"could not read {messages[0]['content']}")

    tests = parse_tests(
        "version: 1\ncases:\n"
        "- {id: a, prompt: private words, expect: {blocked: false}}\n"
        "- {id: b, facts: {}, expect: {blocked: false}}\n",
        policy=POLICY,
    )
    broken, fine = run(POLICY, tests, assess=assess).results

    assert broken == CaseResult(id="a", line=3, passed=False, problems=("detection failed with `DetectionError`",))
    assert fine.passed


# Name; the case, `§` marking the place that the error has to point at; code; part of the remedy.
BROKEN = [
    ("unknown key", "{id: a, prompt: p, §tag: [x], expect: {level: low}}", "HG106", "did you mean `tags`?"),
    ("unknown fact", "{id: a, facts: {§lvl: low}, expect: {level: low}}", "HG106", "did you mean `level`?"),
    ("unknown mark", "{id: a, facts: {high_water: {§tag: [x]}}, expect: {level: low}}", "HG106", "`tags`"),
    ("unknown expectation", "{id: a, prompt: p, expect: {§zone: [local]}}", "HG106", "did you mean `zones`?"),
    ("no expectation", "§{id: a, prompt: p}", "HG107", "`expect`"),
    ("expects nothing", "{id: a, prompt: p, expect: §{}}", "HG109", "name `level`"),
    ("no subject", "§{id: a, expect: {level: low}}", "HG109", "exactly one of `prompt`"),
    ("two subjects", "§{id: a, prompt: p, facts: {}, expect: {level: low}}", "HG109", "exactly one of"),
    ("no messages", "{id: a, messages: §[], expect: {level: low}}", "HG109", "fill it"),
    ("text for messages", "{id: a, messages: [§hello], expect: {level: low}}", "HG108", "a mapping"),
    ("null in a message", "{id: a, messages: [{content: §~}], expect: {level: low}}", "HG108", "no value"),
    ("empty prompt", "{id: a, prompt: §'', expect: {level: low}}", "HG109", "not empty"),
    ("unknown level", "{id: a, prompt: p, expect: {level: §hgh}}", "HG112", "did you mean `high`?"),
    ("unknown level of facts", "{id: a, facts: {level: §top}, expect: {level: low}}", "HG112", "known: low"),
    ("unknown mark of facts", "{id: a, facts: {high_water: {level: §top}}, expect: {level: low}}", "HG112", "known"),
    ("unknown entity", "{id: a, facts: {counts: {§PERSN: 1}}, expect: {level: low}}", "HG111", "PERSON"),
    ("unknown entity expected", "{id: a, prompt: p, expect: {entities: [§NAME]}}", "HG111", "policy schema"),
    ("unknown operator", "{id: a, prompt: p, expect: {treatment: {local: {PERSON: §hide}}}}", "HG110", "known: keep"),
    ("unknown failure", "{id: a, facts: {failures: [§disk]}, expect: {level: low}}", "HG110", "unknown failure `disk`"),
    (
        "unknown lack",
        "{id: a, facts: {candidates: {gpt: {lacks: [§speed]}}}, expect: {level: low}}",
        "HG110",
        "capability",
    ),
    ("unknown stage", "{id: a, facts: {stage: §second}, expect: {level: low}}", "HG110", "known: request, escalation"),
    ("unknown alias", "{id: a, facts: {alias: §gtp}, expect: {level: low}}", "HG113", "did you mean `gpt`?"),
    ("unknown candidate", "{id: a, facts: {candidates: {§her: {}}}, expect: {level: low}}", "HG113", "`here`"),
    ("count as text", "{id: a, facts: {counts: {PERSON: §many}}, expect: {level: low}}", "HG108", "a whole number"),
    ("score too high", "{id: a, facts: {score: §2}, expect: {level: low}}", "HG109", "at most 1"),
    ("opaque below zero", "{id: a, facts: {opaque: §-1}, expect: {level: low}}", "HG109", "at least 0"),
    (
        "id twice",
        "{id: a, prompt: p, expect: {level: low}}\n  - {id: §a, prompt: p, expect: {level: low}}",
        "HG114",
        "taken",
    ),
]


@pytest.mark.parametrize(
    ("case", "code", "remedy"), [entry[1:] for entry in BROKEN], ids=[entry[0] for entry in BROKEN]
)
def test_broken_test_file_is_refused_in_place(case: str, code: str, remedy: str) -> None:
    """Each problem of a test file is told at its line and column, as in a policy."""
    marked = one(case)
    before = marked[: marked.index("§")].split("\n")

    with pytest.raises(PolicyError) as caught:
        parse_tests(marked.replace("§", "", 1), policy=POLICY, file="t.yaml")

    assert str(caught.value).startswith(f"t.yaml:{len(before)}:{len(before[-1]) + 1}: ")
    assert caught.value.code == code
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    "text", ["version: 1\n", "version: 1\ncases: []\n", "cases: [{id: a}]\n", "version: 1\ncases: 5\n"]
)
def test_test_file_needs_cases(text: str) -> None:
    """A test file without cases would pass without testing anything."""
    with pytest.raises(PolicyError):
        parse_tests(text, policy=POLICY)


def test_test_file_is_loaded_and_named_in_errors(tmp_path: Path) -> None:
    """`load_tests` takes a path and gives it in errors."""
    path = tmp_path / "policy_test.yaml"
    path.write_text(FULL, encoding="utf-8")
    assert load_tests(path, policy=POLICY) == parse_tests(FULL, policy=POLICY)

    path.write_text("version: 2\ncases: []\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_tests(str(path), policy=POLICY)
    assert str(caught.value).startswith(f"{path}:1:10: `version` should be at most 1 (and 1 more)")
