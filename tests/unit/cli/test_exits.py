"""Exit codes, and errors that tell no data."""

from __future__ import annotations

import json

import pytest

from hybrid_guard.cli.exits import exit_code
from hybrid_guard.errors import (
    AuditError,
    BackendError,
    BlockedError,
    DetectionError,
    EgressError,
    HybridGuardError,
    InputError,
    PolicyError,
    RequestError,
    VaultError,
)
from tests.unit.cli.conftest import Lab, Shell

SECRET = "zebra-quartz-7731"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PolicyError("x", file="f", line=1, column=1), 2),
        (RequestError("x"), 2),
        (InputError("x"), 2),
        (DetectionError("x"), 2),
        (VaultError("x"), 2),
        (AuditError("x"), 2),
        (EgressError("x"), 2),
        (HybridGuardError("x"), 2),
        (BlockedError("x", reasons=(), unavailable=False), 3),
        (BlockedError("x", reasons=(), unavailable=True), 4),
        (BackendError("x", deployment="gpt", fault="timeout"), 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_error_has_its_exit_code(error: HybridGuardError, code: int) -> None:
    """The exit code follows from the kind of the error alone."""
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "a", SECRET), "too many arguments"),
        (("ask", f"--{SECRET}"), "unknown option"),
        (("ask", "--mode", SECRET, "a"), "`--mode` has a wrong value"),
        (("ask", f"--json={SECRET}", "a"), "option `--json` is used wrongly"),
        (("ask", "--policy"), "option `--policy` is used wrongly"),
        ((SECRET,), "name a command"),
        (("policy", SECRET), "name a command"),
        (("policy",), "name a command"),
        (("anonymize", "--jsonl", SECRET), "option `--vault` is missing"),
        (("scan", SECRET, "--jsonl", "x"), "give either a text or `--jsonl`"),
        (("scan", SECRET, "--out", "x"), "`--out` needs `--jsonl`"),
        (("explain", SECRET, "--messages", "x"), "give either a prompt or `--messages`"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_line_is_told_without_repeating_it(
    hg: Shell, lab: Lab, arguments: tuple[str, ...], words: str
) -> None:
    """A prompt that was typed wrongly is not shown again, and the error is one line."""
    result = hg(*arguments)

    assert result.code == 2
    assert words in result.err
    assert result.err.startswith("error: [HG900] ")
    assert result.err.count("\n") == 1
    assert SECRET not in result.out + result.err


def test_a_block_is_told_as_json_too(hg: Shell, lab: Lab) -> None:
    """With `--json` a failure is an object on standard output, beside the line on standard error."""
    result = hg("ask", "--json", "--tag", "forbidden", SECRET)

    assert result.code == 3
    shown = json.loads(result.out)["error"]
    assert shown["code"] == "HG801"
    assert "never" in shown["reasons"]
    assert result.err.startswith("error: [HG801]")
    assert SECRET not in result.out + result.err


def test_a_policy_error_names_its_place_first(hg: Shell, lab: Lab) -> None:
    """Editors can jump to the place."""
    lab.policy.write_text(lab.policy.read_text().replace("routing:", "rooting:"))
    result = hg("ask", "--json", SECRET)

    assert result.code == 2
    assert result.err.startswith("policy.yaml:12:1: unknown key `rooting`")
    assert json.loads(result.out)["error"]["line"] == 12


def test_after_two_dashes_a_flag_is_a_prompt(hg: Shell, lab: Lab) -> None:
    """`--json` behind `--` is a text like any other."""
    result = hg("ask", "--", "--json")

    assert result.code == 0
    assert result.out == "--json\n"
