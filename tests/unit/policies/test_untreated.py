"""No policy loads in which something sensitive could reach the external zone untreated."""

from __future__ import annotations

import pytest

from hybrid_guard.policies import check_policy

HEAD = """\
version: 1
name: t
deployments:
  here: {model: hg_llamacpp/tiny.gguf, zone: local}
  gpt: {model: openai/gpt-5-mini, zone: external}
"""
MASK = "  - {id: mask, when: {level: moderate}, treat: {external: {default: placeholder}}}\n"


def found(text: str) -> list[tuple[int, int, str]]:
    """Line, column and message of each problem."""
    errors = check_policy(text, env={})
    assert {error.code for error in errors} <= {"HG123"}
    return [(error.line, error.column, str(error)) for error in errors]


def test_default_for_the_first_level_is_enough() -> None:
    """One rule that treats everything from the first level on covers all levels."""
    assert found(HEAD + "rules:\n" + MASK) == []


def test_keeping_everything_from_the_first_level_on_is_enough() -> None:
    """A zone that is not permitted needs no treatment."""
    assert found(HEAD + "rules:\n  - {id: stay, when: {level: moderate}, zones: [local, private]}\n") == []


@pytest.mark.parametrize(
    "extra",
    ["rules: [{id: stay, zones: [local]}]\n", "routing: {mode: only_local}\n", "rules: [{id: none, zones: []}]\n"],
)
def test_policy_that_never_sends_needs_no_treatment(extra: str) -> None:
    """What never reaches the external zone cannot reach it untreated."""
    assert found(HEAD + extra) == []


def test_policy_without_an_external_deployment_needs_no_treatment() -> None:
    """There is nothing to protect from."""
    text = HEAD.replace("  gpt: {model: openai/gpt-5-mini, zone: external}\n", "")

    assert found(text) == []


def test_no_rules_at_all_is_told_at_the_deployments() -> None:
    """Without a `rules` key the problem points at `deployments`, and shows the rule that is missing."""
    ((line, column, message),) = found(HEAD)

    assert (line, column) == (3, 1)
    assert "level `moderate` would reach zone `external` untreated" in message
    assert "`{id: mask-moderate, when: {level: moderate}, treat: {external: {default: placeholder}}}`" in message


def test_gap_between_levels_is_told_at_the_rules() -> None:
    """Only the highest level is covered: the lower one is named, at `rules`."""
    ((line, column, message),) = found(HEAD + "rules:\n  - {id: stay, when: {level: high}, zones: [local]}\n")

    assert (line, column) == (6, 1)
    assert "level `moderate`" in message


def test_empty_rules_are_told_at_the_rules() -> None:
    """An empty list has a place of its own."""
    assert [place[:2] for place in found(HEAD + "rules: []\n")] == [(6, 1)]


def test_rule_of_a_level_that_treats_nothing_is_told_at_the_rule() -> None:
    """Asking for consent is no treatment."""
    text = HEAD + "rules:\n  - {id: ask, when: {level: moderate}, consent: true}\n"

    ((line, column, message),) = found(text)

    assert (line, column) == (7, 5)
    assert "rule `ask` lets level `moderate` reach zone `external` untreated" in message


def test_rule_that_only_treats_one_entity_of_a_level_is_told() -> None:
    """A level does not say what was found, so its default has to treat."""
    text = HEAD + "rules:\n  - {id: some, when: {level: moderate}, treat: {external: {PERSON: redact}}}\n"

    ((line, column, message),) = found(text)

    assert (line, column) == (7, 5)
    assert "level `moderate`" in message


def test_default_that_keeps_is_no_treatment() -> None:
    """`keep` is spelled out in the message as what is not strict enough."""
    text = HEAD + "rules:\n  - {id: all, when: {level: moderate}, treat: {external: {default: keep}}}\n"

    ((_, _, message),) = found(text)

    assert "stricter than `keep`" in message


def test_exempted_entity_is_told_at_its_operator() -> None:
    """An entity that reaches a level on its own may not be exempt from the default."""
    text = HEAD + "rules:\n" + MASK.replace("placeholder}", "placeholder, PERSON: keep}")

    ((line, column, message),) = found(text)

    assert (line, column) == (7, 90)
    assert "rule `mask` lets entity `PERSON`" in message


def test_exempted_entity_is_found_behind_other_rules() -> None:
    """Rules that do not name the entity, or no external treatment, are passed over."""
    text = (
        HEAD
        + "rules:\n  - {id: a, treat: {local: {SECRET: redact}}}\n  - {id: b, treat: {external: {SECRET: redact}}}\n"
    )
    text += MASK.replace("placeholder}", "placeholder, PERSON: keep}")

    assert [place[:2] for place in found(text)] == [(9, 90)]


def test_exemption_is_fine_where_another_rule_treats() -> None:
    """The strictest operator wins, so an exemption that another rule overrides exposes nothing."""
    text = HEAD + "rules:\n" + MASK.replace("placeholder}", "placeholder, PERSON: keep}")

    assert found(text + "  - {id: people, treat: {external: {PERSON: mask}}}\n") == []


def test_harmless_entity_may_be_exempt() -> None:
    """An entity that stays below every level on its own may be kept."""
    weights = "sensitivity: {weights: {URL: 0.1}}\n"

    assert found(HEAD + weights + "rules:\n" + MASK.replace("placeholder}", "placeholder, URL: keep}")) == []


def test_rule_about_an_entity_has_to_cover_the_external_zone() -> None:
    """A rule that treats an entity for the private zone only shows that it matters, and forgets the external one."""
    weights = "sensitivity: {weights: {URL: 0.1}}\n"
    rule = "  - {id: links, when: {entity: URL}, treat: {private: {URL: mask}}}\n"

    ((line, column, message),) = found(HEAD + weights + "rules:\n" + MASK + rule)

    assert (line, column) == (9, 5)
    assert "rule `links` lets entity `URL`" in message


def test_rule_about_an_entity_is_covered_by_the_level_that_it_reaches() -> None:
    """An SSN reaches the highest level on its own, and that one stays."""
    text = HEAD + "rules:\n" + MASK + "  - {id: ssn, when: {entity: US_SSN}, treat: {private: {US_SSN: redact}}}\n"

    assert found(text) == []


def test_each_alternative_of_a_condition_counts() -> None:
    """One alternative that exposes something is enough to refuse the rule."""
    weights = "sensitivity: {weights: {URL: 0.1, DATE_TIME: 0.1}}\n"
    rule = (
        "  - {id: odd, when: {any: [{tag: x}, {all: [{entity: DATE_TIME}, {entity: URL, count: 2}]}]}, consent: true}\n"
    )

    ((line, _, message),) = found(HEAD + weights + "rules:\n" + MASK + rule)

    assert line == 9
    assert "entity `DATE_TIME`" in message


def test_treatment_that_needs_a_tag_does_not_cover_a_level() -> None:
    """A treatment for tagged requests leaves those without the tag untreated."""
    text = HEAD + "rules:\n  - {id: t, when: {level: moderate, tag: x}, treat: {external: {default: mask}}}\n"

    ((line, column, _),) = found(text)

    assert (line, column) == (6, 1)


def test_treatment_for_one_endpoint_does_not_cover_a_level() -> None:
    """A treatment for one endpoint leaves the others untreated."""
    text = HEAD + "rules:\n  - {id: c, when: {endpoint: chat, level: moderate}, treat: {external: {default: mask}}}\n"

    assert [place[:2] for place in found(text)] == [(6, 1)]


def test_treatment_for_one_endpoint_does_not_cover_a_rule_for_all() -> None:
    """A rule that names no endpoint has to be covered at every endpoint."""
    weights = "sensitivity: {weights: {URL: 0.1}}\n"
    chat = "  - {id: chat, when: {endpoint: chat}, treat: {external: {URL: mask}}}\n"
    rule = "  - {id: links, when: {entity: URL, tag: x}, consent: true}\n"

    assert [place[:2] for place in found(HEAD + weights + "rules:\n" + MASK + chat + rule)] == [(10, 5)]
    assert found(HEAD + weights + "rules:\n" + MASK + chat + rule.replace("tag: x", "endpoint: chat")) == []


def test_treatment_that_needs_many_findings_does_not_cover_one() -> None:
    """Five e-mail addresses are treated, but the level they stand for is not."""
    text = HEAD + "rules:\n  - {id: five, when: {entity: PERSON, count: 5}, treat: {external: {default: mask}}}\n"

    assert [place[:2] for place in found(text)] == [(6, 1)]


def test_huge_counts_are_checked_quickly() -> None:
    """A count far beyond any request costs no memory."""
    rule = "  - {id: many, when: {entity: URL, count: 99999999999999}, consent: true}\n"
    weights = "sensitivity: {weights: {URL: 0.0}, alpha: 0.0}\n"

    ((_, _, message),) = found(HEAD + weights + "rules:\n" + MASK + rule)

    assert "entity `URL`" in message


def test_rule_for_the_lowest_level_is_not_sensitive() -> None:
    """`low` always holds, so such a rule says nothing about private texts."""
    assert found(HEAD + "rules:\n" + MASK + "  - {id: all, when: {level: low}, consent: true}\n") == []


def test_own_levels_are_checked() -> None:
    """Levels are those of the file, whatever they are called."""
    text = HEAD + "sensitivity: {levels: {amber: 0.2, red: 0.5}}\nrules:\n" + MASK.replace("moderate", "red")

    ((_, _, message),) = found(text)

    assert "level `amber` would reach" in message


def test_alternatives_that_are_the_same_count_once() -> None:
    """Many conditions with few outcomes are no reason to refuse a rule, nor are many such rules slow."""
    pairs = ", ".join(["{any: [{tag: a}, {entity: PERSON}]}"] * 12)
    many = "".join(f"  - {{id: r{number}, when: {{all: [{pairs}]}}, zones: [local]}}\n" for number in range(40))

    assert found(HEAD + "rules:\n" + MASK + many) == []
    same = ", ".join(["{entity: PERSON}"] * 70)
    assert found(HEAD + "rules:\n" + MASK + f"  - {{id: r, when: {{any: [{same}]}}, zones: [local]}}\n") == []


def test_conditions_that_meet_need_the_higher_count() -> None:
    """Two counts of one entity in one condition are the higher one."""
    weights = "sensitivity: {weights: {URL: 0.0}, alpha: 0.0}\n"
    three = "  - {id: three, when: {entity: URL, count: 3}, treat: {external: {URL: mask}}}\n"
    both = "  - {id: both, when: {all: [{entity: URL, count: 3}, {entity: URL}]}, consent: true}\n"

    assert found(HEAD + weights + "rules:\n" + MASK + three + both) == []
    assert len(found(HEAD + weights + "rules:\n" + MASK + three + both.replace("count: 3", "count: 2"))) == 1
