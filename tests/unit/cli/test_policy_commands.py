"""`policy check`, `policy test`, `policy show` and `policy schema`."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

import pytest
import yaml

from hybrid_guard.anonymizer.keys import KEY_VARIABLE
from tests.unit.cli.conftest import Lab, Shell
from tests.unit.cli.test_app import spawn

GOOD = "version: 1\nname: good\ndeployments: {a: {model: hg_llamacpp/tiny, zone: local}}\n"
BAD = "version: 1\nname: bad\ndeployments: {a: {model: hg_llamacpp/tiny, zone: locale}}\nrooting: {}\n"
EXAMPLES = Path(__file__).parents[3] / "policy_examples"


def test_a_good_policy_is_ok(hg: Shell) -> None:
    """Name, digest and numbers are told; `policy.yaml` is found by itself."""
    Path("policy.yaml").write_text(GOOD)
    result = hg("policy", "check")

    assert result.code == 0
    assert result.out.startswith("policy.yaml: ok: good, digest ")
    assert result.out.endswith(", 0 rules, 1 deployments\n")


def test_every_error_of_every_file_is_told_with_its_place(hg: Shell) -> None:
    """One wrong file is enough for exit code 2; the good one is still ok."""
    Path("good.yaml").write_text(GOOD)
    Path("bad.yaml").write_text(BAD)
    result = hg("policy", "check", "bad.yaml", "good.yaml", "none.yaml")
    first, second, third = result.err.splitlines()

    assert result.code == 2
    assert first.startswith("bad.yaml:3:50: unknown zone `locale`; did you mean `local`?")
    assert first.endswith("[HG110]")
    assert second.startswith("bad.yaml:4:1: unknown key `rooting`")
    assert third.startswith("none.yaml:1:1: there is no such file")
    assert result.out.startswith("good.yaml: ok: ")


def test_the_check_as_json(hg: Shell) -> None:
    """The same as one object."""
    Path("good.yaml").write_text(GOOD)
    shown = json.loads(hg("policy", "check", "--json", "-", "good.yaml", stdin=BAD).out)
    bad, good = shown["files"]

    assert shown["ok"] is False
    assert (bad["file"], bad["ok"], [error["code"] for error in bad["errors"]]) == (
        "standard input",
        False,
        ["HG110", "HG106"],
    )
    assert (bad["errors"][0]["line"], bad["errors"][0]["column"]) == (3, 50)
    assert (good["name"], good["rules"], good["deployments"], good["errors"]) == ("good", 0, 1, [])


def test_a_variable_that_is_not_set_is_an_error(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` says whether the policy would load here."""
    examples = EXAMPLES / "clinic" / "policy.yaml"
    missing = hg("policy", "check", examples)
    monkeypatch.setenv("OPENAI_API_KEY", "a")

    assert missing.code == 2
    assert "[HG116]" in missing.err
    assert hg("policy", "check", examples).code == 0


def test_a_name_cannot_forge_a_second_error(hg: Shell) -> None:
    """An error stays one line, whatever the file holds."""
    Path("bad.yaml").write_text(GOOD + '"a\\nerror: b": {}\n')
    result = hg("policy", "check", "bad.yaml")

    assert result.err.count("\n") == 1


def test_the_check_opens_no_socket_and_loads_no_model(tmp_path: Path) -> None:
    """It runs in an editor at every key stroke."""
    (tmp_path / "policy.yaml").write_text(GOOD)
    code = (
        "import sys; seen = []\n"
        "sys.addaudithook(lambda name, _: seen.append(name) if name.startswith('socket.') else None)\n"
        "from hybrid_guard.cli.app import run; code = run(['policy', 'check'])\n"
        "heavy = [n for n in ('litellm', 'presidio_analyzer', 'spacy', 'llama_cpp', 'httpx') if n in sys.modules]\n"
        "print(code, seen, heavy, file=sys.stderr)"
    )

    assert spawn(code, tmp_path).stderr == "0 [] []\n"


def write_tests(*cases: str) -> None:
    """A policy and its tests."""
    Path("policy.yaml").write_text(
        GOOD + "rules: [{id: stay, zones: [local]}, {id: other, when: {tag: x}, zones: [local]}]\n"
    )
    Path("policy_test.yaml").write_text("version: 1\ncases:\n" + "".join(f"  - {case}\n" for case in cases))


def test_passing_cases_are_listed(hg: Shell) -> None:
    """Cases with prompts and with facts run; a rule that no case exercises is named."""
    write_tests(
        "{id: email, prompt: 'Write to a@example.org', expect: {entities: [EMAIL_ADDRESS], zones: [local]}}",
        "{id: facts, facts: {opaque: 1}, expect: {reasons: [opaque-part]}}",
    )
    result = hg("policy", "test")

    assert result.code == 0
    assert result.out.startswith("policy.yaml: 2 of 2 cases passed\n")
    assert "pass" in result.out
    assert "FAIL" not in result.out
    assert "no case exercises: other" in result.out


def test_a_failing_case_is_told_with_its_line(hg: Shell) -> None:
    """The exit code is 1, and the problem is told without the prompt."""
    write_tests(
        "{id: good, facts: {}, expect: {zones: [local]}}", "{id: odd, prompt: 'Anna Keller', expect: {level: low}}"
    )
    result = hg("policy", "test", "policy.yaml")
    failed = next(line for line in result.out.splitlines() if "FAIL" in line)

    assert result.code == 1
    assert "1 of 2 cases passed" in result.out
    assert failed.split()[:3] == ["FAIL", "4", "odd"]
    assert "not `low`" in failed
    assert "Anna" not in result.out


def test_the_tests_as_json(hg: Shell) -> None:
    """One object over all policies."""
    write_tests("{id: odd, facts: {}, expect: {zones: []}}")
    result = hg("policy", "test", "--json", ".")
    shown = json.loads(result.out)

    assert result.code == 1
    assert shown["passed"] is False
    assert shown["policies"][0]["cases"][0]["id"] == "odd"
    assert shown["policies"][0]["cases"][0]["line"] == 3
    assert len(shown["policies"][0]["cases"][0]["problems"]) == 1
    assert shown["policies"][0]["uncovered"] == ["other"]


def test_a_folder_of_policies_is_tested_without_their_variables(hg: Shell) -> None:
    """Every shipped example passes its own tests."""
    result = hg("policy", "test", EXAMPLES)

    assert result.code == 0
    assert result.out.count("cases passed") == len(list(EXAMPLES.glob("*/policy.yaml")))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("empty", "there is no `policy.yaml` in `empty`"),
        ("none.yaml", "none.yaml:1:1:"),
        ("alone.yaml", "alone_test.yaml:1:1:"),
    ],
)
def test_what_cannot_be_tested_is_told(hg: Shell, place: str, words: str) -> None:
    """An empty folder, a missing policy and missing tests are errors, not passes."""
    Path("empty").mkdir()
    Path("alone.yaml").write_text(GOOD)
    result = hg("policy", "test", place)

    assert result.code == 2
    assert words in result.err


def test_the_policy_in_force_is_shown(hg: Shell, lab: Lab) -> None:
    """Defaults are filled in; YAML and JSON say the same."""
    shown = yaml.safe_load(hg("policy", "show").out)

    assert shown == json.loads(hg("policy", "show", "policy.yaml", "--json").out)
    assert shown["name"] == "lab"
    assert shown["audit"] == {"path": "audit.jsonl", "required": True}


def test_the_schema_is_json(hg: Shell) -> None:
    """Indented for a file, on one line for programs."""
    result, short = hg("policy", "schema"), hg("policy", "schema", "--json")

    assert json.loads(result.out) == json.loads(short.out)
    assert json.loads(result.out)["$schema"].startswith("https://json-schema.org/")
    assert short.out.count("\n") == 1


SHARED = GOOD + "vault: {store: sqlite, path: vault.db%s}\n"


@pytest.mark.parametrize(
    ("named", "given", "place", "words"),
    [
        ("", None, "4:1", "the vault needs a key; set `HYBRID_GUARD_VAULT_KEY`"),
        ("", "c2hvcnQ=", "4:1", "`HYBRID_GUARD_VAULT_KEY` is no vault key"),
        (", key: nobody", None, "4:45", "no installed package gives the vault key `nobody`"),
    ],
)
def test_a_vault_without_a_key_is_an_error(
    hg: Shell, monkeypatch: pytest.MonkeyPatch, named: str, given: str | None, place: str, words: str
) -> None:
    """No guard would start; the store itself is not looked at."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    if given is not None:
        monkeypatch.setenv(KEY_VARIABLE, given)
    Path("policy.yaml").write_text(SHARED % named)
    result = hg("policy", "check")

    assert result.code == 2
    assert result.err.startswith(f"policy.yaml:{place}: {words}")
    assert [file.name for file in Path().iterdir()] == ["policy.yaml"]


def test_a_vault_with_a_key_is_ok(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is opened for it."""
    monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(secrets.token_bytes(32)).decode())
    Path("policy.yaml").write_text(SHARED % "")

    assert hg("policy", "check").code == 0
    assert [file.name for file in Path().iterdir()] == ["policy.yaml"]


def test_the_tests_of_a_policy_need_no_key_of_operators(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable need be set for them, whatever it would hold."""
    monkeypatch.delenv("OPERATOR_KEY", raising=False)
    for written in ('operators: {key: "${OPERATOR_KEY}"}', "operators:\n  'key' : ${OPERATOR_KEY}"):
        Path("policy.yaml").write_text(f"{GOOD}{written}\n")
        Path("policy_test.yaml").write_text("version: 1\ncases: [{id: one, prompt: hello, expect: {zones: [local]}}]\n")

        assert hg("policy", "test").err == ""
