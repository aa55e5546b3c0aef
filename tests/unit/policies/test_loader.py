"""A policy file is refused at the place that is wrong, with what would be right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hybrid_guard.errors import PolicyError
from hybrid_guard.policies import check_policy, load_policy, parse_policy

ENV = {"KEY": "unit-test-key", "HOST": "llm.example.internal", "EMPTY": "", "SPACED": "a b", "NESTED": "${KEY}"}

GOOD = """\
version: 1
name: clinic
deployments:
  phi4:
    model: hg_llamacpp/phi.gguf
    zone: local
    context: 8192
  ward:
    model: hosted_vllm/llama
    api_base: https://llm.example.internal/v1
    zone: private
    supports: [tools]
  gpt:
    model: openai/gpt-5-mini
    api_key: ${KEY}
    zone: external
detection:
  detectors: [patterns.v1, ner.v2]
  languages: [en, de]
  min_score: 0.4
  allow: [Mercy Clinic]
  deny: [Bluebird]
  on_error: local
sensitivity:
  weights: {PERSON: 0.4}
  alpha: 0.05
  levels: {moderate: 0.3, high: 0.8}
rules:
  - id: high-stays
    when: {level: high}
    zones: [local]
  - id: mask
    when: {level: moderate}
    treat: {external: {default: placeholder, DATE_TIME: generalize}}
  - id: crowd
    when: {entity: PERSON, count: 3}
    consent: true
routing: {mode: auto, objective: balanced, escalate: {when_confidence_below: 0.7}, offline: best_effort}
vault: {store: memory, ttl: 3600}
audit: {path: audit.jsonl, required: true}
"""

# Name; what is replaced; by what, `§` marking the place that the error has to point at; code; part of the remedy.
MUTATIONS = [
    # YAML
    ("tab", "  phi4:", "§\tphi4:", "HG102", "indent with spaces"),
    ("tab in a value", "name: clinic", "name: §\tclinic: [", "HG102", "a tab"),
    ("unclosed list", "de]\n  min_score:", "de\n  min_score§:", "HG102", "brackets"),
    ("unclosed quote", "path: audit.jsonl, required: true}\n", 'path: "audit}\n§', "HG102", "quotes"),
    ("two colons", "name: clinic", "name: a§: b", "HG102", "indentation"),
    ("odd indentation", "    zone: local\n", "   §zone: local\n", "HG102", "indentation"),
    ("reserved character", "name: clinic", "name: §@clinic", "HG102", "check"),
    ("NUL", "name: clinic", "name: cl§\0inic", "HG102", "U+0000"),
    ("control character", "name: clinic", "name: cl§\x07inic", "HG102", "remove it"),
    ("lone surrogate", "name: clinic", "name: cl§\ud800inic", "HG102", "U+D800"),
    ("escaped surrogates", "[Bluebird]", '[§"\\ud83d\\ude42"]', "HG102", "write the character itself"),
    ("escaped surrogate in a key", "{PERSON: 0.4}", '{§"\\ud83d": 0.4}', "HG102", "write the character itself"),
    ("escaped NUL", "path: audit.jsonl", 'path: §"a\\0b"', "HG102", "`\\0`"),
    ("escaped NUL in a key", "  phi4:", '  §"phi\\x004":', "HG102", "`\\0`"),
    ("escape beyond Unicode", "[Bluebird]", '["\\U§00110000"]', "HG102", "write the character itself"),
    ("escape far beyond Unicode", "[Bluebird]", '["\\U§FFFFFFFF"]', "HG102", "write the character itself"),
    ("key twice with a line break", "{PERSON: 0.4}", '{"a\\n": 0.4, §"a\\n": 0.4}', "HG104", "`a?`"),
    ("alias", "name: clinic", "name: §*other", "HG103", "write the value out"),
    ("alias as key", "name: clinic", "§*other : clinic", "HG103", "write the value out"),
    ("anchor", "name: clinic", "name: §&here clinic", "HG103", "remove it"),
    ("anchor on a mapping", "weights: {", "weights: §&w {", "HG103", "remove it"),
    ("anchor on a key", "name: clinic", "§&k name: clinic", "HG103", "remove it"),
    ("python tag", "name: clinic", "name: §!!python/object:os.system clinic", "HG103", "remove it"),
    ("string tag", "version: 1", "version: §!!str 1", "HG103", "a tag"),
    ("own tag", "name: clinic", "name: §!secret clinic", "HG103", "a tag"),
    ("bare tag", "name: clinic", "name: §! clinic", "HG103", "a tag"),
    ("tag on a list", "rules:\n", "rules: §!!seq\n", "HG103", "a tag"),
    ("undefined tag handle", "name: clinic", "name: §!e!x clinic", "HG102", "tag handle"),
    ("merge key", "    zone: local\n", "    §<<: {zone: local}\n", "HG103", "write the keys out"),
    ("two documents", "rules:\n", "§---\nrules:\n", "HG103", "one document"),
    ("yaml directive", "version: 1\nname", "§%YAML 1.1\n---\nversion: 1\nname", "HG103", "`%`"),
    ("tag directive", "version: 1\nname", "§%TAG ! tag:x,2000:\n---\nversion: 1\nname", "HG103", "`%`"),
    ("list as key", "name: clinic", "? §[a]\n: clinic", "HG103", "use a name"),
    ("mapping as key", "name: clinic", "? §{a: b}\n: clinic", "HG103", "use a name"),
    ("empty key", "name: clinic", 'name: clinic\n§"": 1', "HG103", "give it a name"),
    ("key twice", "    zone: local\n", "    zone: local\n    §zone: external\n", "HG104", "line 6"),
    ("section twice", "vault:", "§rules: []\nvault:", "HG104", "line 28"),
    ("key twice in flow", "weights: {PERSON: 0.4}", 'weights: {PERSON: 0.4, §"PERSON": 0.1}', "HG104", "PERSON"),
    ("too deep", "name: clinic", "name: " + "[" * 19 + "§" + "[", "HG105", "20 levels"),
    ("too deep with keys", "name: clinic", "name: " + "{a: " * 19 + "§" + "{", "HG105", "20 levels"),
    # Unknown and missing keys
    ("unknown key", "vault:", "§valt: {}\nvault:", "HG106", "did you mean `vault`?"),
    ("unknown key in a deployment", "zone: local", "zone: local\n    §apibase: x", "HG106", "`api_base`"),
    ("unknown key in detection", "min_score: 0.4", "§minscore: 0.4", "HG106", "did you mean `min_score`?"),
    ("unknown key in sensitivity", "alpha: 0.05", "§alfa: 0.05", "HG106", "did you mean `alpha`?"),
    ("unknown key in a rule", "    consent: true", "    §concent: true", "HG106", "did you mean `consent`?"),
    ("unknown key in a condition", "{level: high}", "{§not: {level: high}}", "HG106", "known: level, entity"),
    ("unknown key in an inner condition", "{level: high}", "{all: [{any: [{§lvl: x}]}]}", "HG106", "`level`"),
    ("unknown key in routing", "mode: auto", "§modus: auto", "HG106", "did you mean `mode`?"),
    ("unknown key in escalate", "when_confidence_below", "§when_confidence", "HG106", "`when_confidence_below`"),
    ("unknown key in vault", "ttl: 3600", "§tll: 3600", "HG106", "did you mean `ttl`?"),
    ("unknown key in audit", "required: true", "§require: true", "HG106", "did you mean `required`?"),
    ("key called like pydantic's own", "vault:", "§'[key]': 1\nvault:", "HG106", "known: version"),
    ("no version", "version: 1\n", "§", "HG107", "`version`"),
    ("no name", "version: 1\nname: clinic\n", "§version: 1\n", "HG107", "`name`"),
    ("no model", "  phi4:\n    model: hg_llamacpp/phi.gguf\n", "  §phi4:\n", "HG107", "`model`"),
    (
        "no zone",
        "  phi4:\n    model: hg_llamacpp/phi.gguf\n    zone: local\n",
        "  §phi4:\n    model: a/b\n",
        "HG107",
        "local, private",
    ),
    ("no id", "  - id: crowd\n    when:", "  - §when:", "HG107", "`id`"),
    # Types
    ("section without a value", "vault: {store: memory, ttl: 3600}", "vault:§", "HG108", "leave the key out"),
    ("zones without a value", "    zones: [local]", "    zones:§", "HG108", "leave the key out"),
    ("null in a list", "languages: [en, de]", "languages: [en, §~]", "HG108", "give it one"),
    ("null api_base", "zone: local", "zone: local\n    api_base: §null", "HG108", "leave the key out"),
    ("version as text", "version: 1", 'version: §"1"', "HG108", "a whole number"),
    ("version as boolean", "version: 1", "version: §true", "HG108", "a whole number"),
    ("name as number", "name: clinic", "name: §12", "HG108", "quotes"),
    ("boolean of YAML 1.1", "required: true", "required: §yes", "HG108", "`true` or `false`"),
    ("another boolean of YAML 1.1", "consent: true", "consent: §on", "HG108", "`true` or `false`"),
    ("boolean as number", "required: true", "required: §1", "HG108", "`true` or `false`"),
    ("score as text", "min_score: 0.4", 'min_score: §"0.4"', "HG108", "a number"),
    ("sexagesimal number", "ttl: 3600", "ttl: §60:00", "HG108", "a number"),
    ("octal number", "context: 8192", "context: §0o17", "HG108", "a whole number"),
    ("hexadecimal number", "context: 8192", "context: §0x1F", "HG108", "a whole number"),
    ("leading zero", "context: 8192", "context: §017", "HG108", "a whole number"),
    ("number with underscore", "context: 8192", "context: §8_192", "HG108", "a whole number"),
    ("huge number", "context: 8192", "context: §" + "9" * 5000, "HG108", "a whole number"),
    ("fraction", "context: 8192", "context: §1.5", "HG108", "a whole number"),
    ("infinite by name", "ttl: 3600", "ttl: §.inf", "HG108", "a number"),
    ("not a number", "alpha: 0.05", "alpha: §.nan", "HG108", "a number"),
    ("deployments as list", "deployments:\n", "deployments: §[]\nx:\n", "HG108", "a mapping"),
    ("rule as text", "  - id: crowd", "  - §crowd\n  - id: crowd", "HG108", "a mapping"),
    ("rules as mapping", "rules:\n", "rules: §{}\nx:\n", "HG108", "a list"),
    ("weights as list", "weights: {PERSON: 0.4}", "weights: §[PERSON]", "HG108", "a mapping"),
    ("language as text", "languages: [en, de]", "languages: §en", "HG108", "a list"),
    ("tag as number", "{level: high}", "{tag: §5}", "HG108", "a text"),
    # Ranges and forms
    ("version of the future", "version: 1", "version: §2", "HG109", "at most 1"),
    ("version zero", "version: 1", "version: §0", "HG109", "at least 1"),
    ("infinite by size", "ttl: 3600", "ttl: §1e999", "HG109", "a finite number"),
    ("ttl zero", "ttl: 3600", "ttl: §0", "HG109", "more than 0"),
    ("ttl below zero", "ttl: 3600", "ttl: §-5", "HG109", "more than 0"),
    ("min_score too high", "min_score: 0.4", "min_score: §1.4", "HG109", "at most 1"),
    ("min_score too low", "min_score: 0.4", "min_score: §-0.1", "HG109", "at least 0"),
    ("weight too high", "{PERSON: 0.4}", "{PERSON: §1.01}", "HG109", "at most 1"),
    ("weight too low", "{PERSON: 0.4}", "{PERSON: §-1}", "HG109", "at least 0"),
    ("weight of the deny list", "{PERSON: 0.4}", "{PERSON: 0.4, §DENIED_TEXT: 0.1}", "HG109", "always 1; remove it"),
    ("the weight that it has", "{PERSON: 0.4}", "{§DENIED_TEXT: 1.0}", "HG109", "`DENIED_TEXT` is always 1"),
    ("alpha too high", "alpha: 0.05", "alpha: §5", "HG109", "at most 1"),
    ("level at zero", "{moderate: 0.3,", "{moderate: §0,", "HG109", "more than 0"),
    ("level above one", "high: 0.8}", "high: §1.8}", "HG109", "at most 1"),
    ("confidence too high", "_below: 0.7", "_below: §7", "HG109", "at most 1"),
    ("context zero", "context: 8192", "context: §0", "HG109", "at least 1"),
    ("count zero", "count: 3", "count: §0", "HG109", "at least 1"),
    ("empty detectors", "[patterns.v1, ner.v2]", "§[]", "HG109", "fill it"),
    ("empty languages", "[en, de]", "§[]", "HG109", "fill it"),
    ("empty levels", "{moderate: 0.3, high: 0.8}", "§{}", "HG109", "fill it"),
    (
        "empty treat",
        "treat: {external: {default: placeholder, DATE_TIME: generalize}}",
        "treat: §{}",
        "HG109",
        "fill it",
    ),
    ("empty treatment", "{default: placeholder, DATE_TIME: generalize}", "§{}", "HG109", "fill it"),
    ("empty all", "{level: high}", "{all: §[]}", "HG109", "fill it"),
    ("empty any", "{level: high}", "{any: §[]}", "HG109", "fill it"),
    ("empty when", "{level: high}", "§{}", "HG109", "leave `when` out"),
    ("empty inner condition", "{level: high}", "{any: [§{}]}", "HG109", "should name a condition"),
    ("blank deny", "deny: [Bluebird]", 'deny: [§" "]', "HG109", "not empty"),
    ("empty allow", "allow: [Mercy Clinic]", 'allow: [§""]', "HG109", "not empty"),
    ("long language", "[en, de]", "[§eng]", "HG109", "ISO 639-1"),
    ("name with a line break", "name: clinic", 'name: §"cli\\nnic"', "HG109", "letters"),
    ("alias with a space", "  phi4:", "  §phi 4:", "HG109", "letters"),
    ("rule id with a colon", "id: crowd", "id: §'override:x'", "HG109", "letters"),
    ("level with a capital", "high: 0.8}", "§High: 0.8}", "HG109", "small letters"),
    # Words and names
    ("unknown zone", "zone: local", "zone: §lokal", "HG110", "did you mean `local`?"),
    ("zone in capitals", "zone: local", "zone: §LOCAL", "HG110", "did you mean `local`?"),
    ("unknown zone in a rule", "zones: [local]", "zones: [local, §cloud]", "HG110", "known: local, private, external"),
    ("unknown zone in treat", "treat: {external:", "treat: {§extern:", "HG110", "did you mean `external`?"),
    ("unknown operator", "default: placeholder", "default: §scramble", "HG110", "operator `scramble`"),
    ("near operator", "default: placeholder", "default: §placeholdr", "HG110", "did you mean `placeholder`?"),
    ("unknown tier", "context: 8192", "tier: §phone", "HG110", "known: device, edge, cloud"),
    ("unknown detector", "ner.v2]", "§ner.v9]", "HG110", "did you mean `ner.v2`?"),
    ("unknown capability", "supports: [tools]", "supports: [§tool]", "HG110", "did you mean `tools`?"),
    ("unknown mode", "mode: auto", "mode: §cloud_only", "HG110", "known: only_local"),
    ("unknown objective", "balanced", "§cheap", "HG110", "known: balanced"),
    ("unknown on_error", "on_error: local", "on_error: §allow", "HG110", "known: local, block"),
    ("unknown offline", "best_effort", "§give_up", "HG110", "known: best_effort, refuse"),
    ("unknown store", "store: memory", "store: §disk", "HG110", "known: memory"),
    ("unknown endpoint", "{level: high}", "{endpoint: §chats}", "HG110", "did you mean `chat`?"),
    ("unknown entity in weights", "{PERSON: 0.4}", "{§PERSN: 0.4}", "HG111", "did you mean `PERSON`?"),
    ("unknown entity in a condition", "entity: PERSON", "entity: §EMAIL", "HG111", "EMAIL_ADDRESS"),
    ("unknown entity in treat", "DATE_TIME: gen", "§DATE: gen", "HG111", "DATE_TIME"),
    ("entity in small letters", "entity: PERSON", "entity: §person", "HG111", "did you mean `PERSON`?"),
    ("entity like nothing", "entity: PERSON", "entity: §QQQQ", "HG111", "hybrid-guard policy schema"),
    ("unknown level", "{level: high}", "{level: §hgh}", "HG112", "did you mean `high`?"),
    ("unknown level inside", "{level: high}", "{any: [{level: high}, {all: [{level: §top}]}]}", "HG112", "known: low"),
    # References
    (
        "no deployment",
        GOOD[GOOD.index("deployments:") : GOOD.index("detection:")],
        "§deployments: {}\n",
        "HG113",
        "add one",
    ),
    ("rule id twice", "id: crowd", "id: §mask", "HG114", "choose another"),
    ("built-in rule id", "id: crowd", "id: §opaque-part", "HG114", "built-in"),
    ("levels that fall", "high: 0.8}", "high: §0.2}", "HG115", "above 0.3"),
    ("levels that stay", "high: 0.8}", "high: §0.3}", "HG115", "above level `moderate`"),
    ("level low", "{moderate: 0.3,", "{§low: 0.1, moderate: 0.3,", "HG115", "remove it"),
    ("variable not set", "${KEY}", "§${ABSENT}", "HG116", "`ABSENT` is not set"),
    ("variable empty", "${KEY}", "§${EMPTY}", "HG116", "`EMPTY` is not set"),
    ("variable with a space", "${KEY}", "§${SPACED}", "HG116", "white space"),
    ("variable in api_base", "https://llm.example", "§https://${ABSENT}.example", "HG116", "`ABSENT`"),
    ("literal key", "${KEY}", "§abcdef0123", "HG117", "`${NAME}`"),
    ("half literal key", "${KEY}", "§abc${KEY}", "HG117", "`${NAME}`"),
    ("malformed variable", "${KEY}", "§${KEY", "HG117", "`${NAME}`"),
    ("shell variable", "${KEY}", "§$KEY", "HG117", "`${NAME}`"),
    ("variable in model", "openai/gpt-5-mini", "§openai/${KEY}", "HG118", "only read in"),
    ("variable in name of a list", "[Bluebird]", '[§"${KEY}"]', "HG118", "write the value out"),
    ("variable in audit", "path: audit.jsonl", 'path: §"${HOST}"', "HG118", "`api_base`"),
    ("allowed and denied", "allow: [Mercy Clinic]", "allow: [Mercy Clinic, §BLUEBIRD]", "HG122", "remove it from one"),
    # Rules
    (
        "rule without effect",
        "  - id: crowd",
        "  - §id: idle\n    when: {tag: x}\n  - id: crowd",
        "HG122",
        "`consent: true`",
    ),
    (
        "rule that refuses consent",
        "  - id: crowd",
        "  - §id: idle\n    consent: false\n  - id: crowd",
        "HG122",
        "`idle` does",
    ),
    ("count without entity", "{entity: PERSON, count: 3}", "{tag: x, §count: 3}", "HG122", "add `entity`"),
    ("count in an inner condition", "{level: high}", "{all: [{tag: x, §count: 2}]}", "HG122", "remove `count`"),
    (
        "too many ways",
        "  - id: crowd\n    when: {entity: PERSON, count: 3}",
        "  - §id: crowd\n    when: {all: ["
        + ", ".join(f"{{any: [{{tag: a{n}}}, {{tag: b{n}}}]}}" for n in range(7))
        + "]}",
        "HG122",
        "split it",
    ),
    (
        "too many ways inside an alternative",
        "  - id: crowd\n    when: {entity: PERSON, count: 3}",
        "  - §id: crowd\n    when: {any: [{all: ["
        + ", ".join(f"{{any: [{{tag: a{n}}}, {{tag: b{n}}}]}}" for n in range(7))
        + "]}]}",
        "HG122",
        "split it",
    ),
    (
        "too many alternatives inside",
        "  - id: crowd\n    when: {entity: PERSON, count: 3}",
        "  - §id: crowd\n    when: {all: [{any: [" + ", ".join(f"{{tag: t{n}}}" for n in range(65)) + "]}]}",
        "HG122",
        "64 ways",
    ),
    (
        "too many alternatives",
        "  - id: crowd\n    when: {entity: PERSON, count: 3}",
        "  - §id: crowd\n    when: {any: [" + ", ".join(f"{{tag: t{n}}}" for n in range(65)) + "]}",
        "HG122",
        "64 ways",
    ),
]


def mutate(old: str, new: str) -> tuple[str, int, int]:
    """The good policy with one replacement, and the line and column of the mark in it."""
    assert GOOD.count(old) >= 1, old
    text = GOOD.replace(old, new, 1)
    marked = text.index("§")
    text = text.replace("§", "", 1)
    before = text[:marked].split("\n")
    return text, len(before), len(before[-1]) + 1


def test_good_policy_has_no_problem() -> None:
    """The policy that the mutations start from is accepted."""
    assert check_policy(GOOD, env=ENV) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "remedy"), [case[1:] for case in MUTATIONS], ids=[m[0] for m in MUTATIONS]
)
def test_broken_policy_is_refused_in_place(old: str, new: str, code: str, remedy: str) -> None:
    """Each mutation is refused at its exact line and column, with its code and a remedy."""
    text, line, column = mutate(old, new)

    errors = check_policy(text, env=ENV)
    at_mark = [error for error in errors if (error.line, error.column) == (line, column) and error.code == code]

    assert at_mark, [str(error) for error in errors]
    assert remedy in str(at_mark[0])
    assert "\n" not in str(at_mark[0])
    assert "unit-test-key" not in str(errors)


@pytest.mark.parametrize(
    ("old", "new", "code", "remedy"), [case[1:] for case in MUTATIONS], ids=[m[0] for m in MUTATIONS]
)
def test_broken_policy_never_loads(old: str, new: str, code: str, remedy: str) -> None:
    """`parse_policy` raises the first problem in file order and counts the others."""
    text, _, _ = mutate(old, new)
    errors = check_policy(text, env=ENV)

    with pytest.raises(PolicyError) as caught:
        parse_policy(text, env=ENV)

    assert (caught.value.line, caught.value.column) == (errors[0].line, errors[0].column)
    assert caught.value.code == errors[0].code
    assert (f"(and {len(errors) - 1} more)" in str(caught.value)) == (len(errors) > 1)


def test_errors_come_in_file_order_with_their_number() -> None:
    """Three problems are reported top to bottom, and the raised one is the topmost."""
    text = GOOD.replace("ttl: 3600", "ttl: 0").replace("zone: local", "zone: moon").replace("alpha: 0.05", "alpha: x")

    errors = check_policy(text, file="p.yaml", env=ENV)

    assert [error.code for error in errors] == ["HG110", "HG108", "HG109"]
    with pytest.raises(PolicyError, match=r"^p\.yaml:6:11: unknown zone `moon`.*\(and 2 more\) \[HG110\]$"):
        parse_policy(text, file="p.yaml", env=ENV)


def test_two_problems_at_one_place_are_both_told() -> None:
    """An empty deployment lacks two keys, and both are named."""
    errors = check_policy(GOOD.replace("  gpt:\n", "  bare: {}\n  gpt:\n"), env=ENV)

    assert ["model" in str(error) or "zone" in str(error) for error in errors] == [True, True]
    assert {(error.line, error.column) for error in errors} == {(13, 3)}


def test_long_and_odd_names_are_cut_and_cleaned() -> None:
    """A name is quoted on one line and cut, whatever it holds."""
    (error,) = check_policy(GOOD.replace("vault:", '"a`\\n' + "b" * 200 + '": 1\nvault:', 1), env=ENV)

    assert f"unknown key `a??{'b' * 77}...` in the file" in str(error)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "---\n...\n", "~\n", "\ufeff"])
def test_empty_file_is_refused(text: str) -> None:
    """A file without a value has a code of its own kind."""
    (error,) = check_policy(text, env=ENV)

    assert (error.code, error.line, error.column) == ("HG102", 1, 1)
    assert "version: 1" in str(error)


@pytest.mark.parametrize("text", ["[]", "text", "5"])
def test_file_that_is_no_mapping_is_refused(text: str) -> None:
    """The root has to be a mapping."""
    (error,) = check_policy(text, env=ENV)

    assert str(error) == "policy.yaml:1:1: the file should be a mapping, `{key: value}` [HG108]"


def test_byte_order_mark_moves_nothing() -> None:
    """A byte order mark is skipped and does not shift columns."""
    (error,) = check_policy("\ufeff" + GOOD.replace("version: 1", "version: 2"), env=ENV)

    assert (error.line, error.column) == (1, 10)


def test_too_large_text_is_refused() -> None:
    """256 KiB are enough for every policy; bytes are counted, not characters."""
    error, *others = check_policy(GOOD + "#" + "ä" * (128 * 1024), env=ENV)

    assert (error.code, others) == ("HG105", [])
    assert "256 KiB" in str(error)


def test_too_many_values_are_refused_where_they_become_too_many() -> None:
    """A file of many tiny values is refused before it costs seconds."""
    (error,) = check_policy("a: [" + "1," * 20_000 + "]", env=ENV)

    assert (error.code, error.line) == ("HG105", 1)
    assert "10000 are allowed" in str(error)


def test_env_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `env`, variables come from the process."""
    monkeypatch.setenv("KEY", "from-the-process")

    deployment = parse_policy(GOOD).deployment("gpt")

    assert check_policy(GOOD) == ()
    assert deployment is not None
    assert deployment.api_key == "from-the-process"


def test_variables_are_expanded_once_and_only_where_named() -> None:
    """A value that looks like a variable stays as it is."""
    text = GOOD.replace("${KEY}", "${NESTED}").replace("//llm.example.internal", "//${HOST}")

    policy = parse_policy(text, env=ENV)

    assert [(one.api_base, one.api_key) for one in policy.deployments] == [
        (None, None),
        ("https://llm.example.internal/v1", None),
        (None, "${KEY}"),
    ]


def test_key_is_in_no_repr_and_no_error() -> None:
    """The value of a key shows up neither in the policy's repr nor in errors about other parts."""
    policy = parse_policy(GOOD, env=ENV)
    broken = check_policy(GOOD.replace("zone: external", "zone: outer"), env=ENV)

    assert "unit-test-key" not in repr(policy)
    assert "unit-test-key" not in repr(broken)


def test_texts_of_the_deny_list_are_in_no_error() -> None:
    """A deny list is private, so an error about it names the place alone."""
    text = GOOD.replace("deny: [Bluebird]", "deny: [Bluebird, 17, '']")

    errors = check_policy(text, env=ENV)

    assert [error.code for error in errors] == ["HG108", "HG109"]
    assert "Bluebird" not in str(errors)


def test_file_is_loaded_and_named_in_errors(tmp_path: Path) -> None:
    """`load_policy` takes a path and gives it in errors as it was given."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace("zone: local", "zone: moon"), encoding="utf-8")

    assert load_policy(good, env=ENV) == load_policy(str(good), env=ENV)
    with pytest.raises(PolicyError) as caught:
        load_policy(bad, env=ENV)
    assert str(caught.value).startswith(f"{bad}:6:11: unknown zone `moon`")


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    """Absent files, folders and names that the system refuses have one code and a remedy."""
    for path in (tmp_path / "absent.yaml", tmp_path, tmp_path / ("x" * 5000)):
        with pytest.raises(PolicyError) as caught:
            load_policy(path, env=ENV)

        assert caught.value.code == "HG101"
        assert "check its path" in str(caught.value)


def test_pipe_without_a_writer_does_not_block(tmp_path: Path) -> None:
    """A pipe is no policy file, and is not opened."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)

    with pytest.raises(PolicyError, match="HG101"):
        load_policy(pipe, env=ENV)


def test_file_that_everyone_may_write_is_refused(tmp_path: Path) -> None:
    """Whoever may write the policy decides what leaves, so that must not be everyone."""
    path = tmp_path / "policy.yaml"
    path.write_text(GOOD, encoding="utf-8")
    path.chmod(0o666)

    with pytest.raises(PolicyError, match="chmod o-w"):
        load_policy(path, env=ENV)

    path.chmod(0o664)
    assert load_policy(path, env=ENV).name == "clinic"


def test_bytes_that_are_no_utf8_are_refused_in_place(tmp_path: Path) -> None:
    """The line and column of the first bad byte are given."""
    path = tmp_path / "policy.yaml"
    path.write_bytes(b"version: 1\nname: M\xc3\xa4r\xe4chen\n")

    with pytest.raises(PolicyError) as caught:
        load_policy(path, env=ENV)

    assert (caught.value.code, caught.value.line, caught.value.column) == ("HG101", 2, 10)


def test_large_file_is_not_read_whole(tmp_path: Path) -> None:
    """A file beyond the limit is refused without parsing."""
    path = tmp_path / "policy.yaml"
    path.write_text("#" * (256 * 1024 + 1), encoding="utf-8")

    with pytest.raises(PolicyError, match=r"too large; 256 KiB are allowed \[HG105\]"):
        load_policy(path, env=ENV)


@pytest.mark.parametrize("name", ["EMAIL", "email_adress", "Email_Address"])
def test_abbreviated_names_are_recognised(name: str) -> None:
    """An abbreviation, a misspelling and other capitals lead to the same suggestion."""
    (error,) = check_policy(GOOD.replace("entity: PERSON", f"entity: {name}"), env=ENV)

    assert "did you mean `EMAIL_ADDRESS`?" in str(error)
