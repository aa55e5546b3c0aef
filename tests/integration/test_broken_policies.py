"""A broken policy file as a person meets it: `hybrid-guard policy check` names the place, and asks nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hybrid_guard.cli.app import run
from hybrid_guard.testing import EgressWitness
from tests.unit.policies.test_loader import ENV, GOOD, MUTATIONS, mutate

NIGHTLY = bool(os.environ.get("HG_NIGHTLY"))
CASES = [pytest.param(old, new, id=name) for name, old, new, _, _ in MUTATIONS]
CHILD = """
import sys
from hybrid_guard.testing.witness import EgressWitness
with EgressWitness() as witness:
    from hybrid_guard.cli.app import run
    code = run(["policy", "check", "policy.yaml"])
sys.exit(9 if witness.attempts else code)
"""
"""The command in a process of its own, which ends with 9 if it wanted to go anywhere."""

TOLD = re.compile(r"(?P<file>[^:]+):(?P<line>[0-9]+):(?P<column>[0-9]+): .+ \[HG1[0-9][0-9]\]")


def write(old: str, new: str) -> tuple[int, int]:
    """Break the policy file of this directory; gives the line and the column of what is wrong."""
    text, line, column = mutate(old, new)
    Path("policy.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    return line, column


def places(errors: str) -> set[tuple[int, int]]:
    """Where *errors* point to; every line is one error, and nothing else is said."""
    found = [TOLD.fullmatch(line) for line in errors.splitlines()]
    assert all(found), errors
    assert {one["file"] for one in found if one} == {"policy.yaml"}
    return {(int(one["line"]), int(one["column"])) for one in found if one}


@pytest.fixture(autouse=True)
def in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the environment that the good policy needs."""
    monkeypatch.chdir(tmp_path)
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)


def test_the_policy_that_they_are_made_from_is_good(capsys: pytest.CaptureFixture[str]) -> None:
    """So what is refused is refused for its mutation."""
    Path("policy.yaml").write_text(GOOD)

    assert run(["policy", "check", "policy.yaml"]) == 0
    assert capsys.readouterr().err == ""
    assert len(CASES) >= 60


@pytest.mark.parametrize(("old", "new"), CASES)
def test_a_broken_policy_is_told_by_its_place(capsys: pytest.CaptureFixture[str], old: str, new: str) -> None:
    """Exit code 2, the file, the line and the column on standard error, no secret, and no connection."""
    place = write(old, new)

    with EgressWitness() as witness:
        code = run(["policy", "check", "policy.yaml"])

    said = capsys.readouterr()
    assert code == 2
    assert place in places(said.err)
    assert said.out == ""
    assert "unit-test-key" not in said.err
    assert witness.attempts == []


@pytest.mark.parametrize(("old", "new"), CASES if NIGHTLY else CASES[::30])
def test_a_process_tells_the_same(old: str, new: str) -> None:
    """What a shell sees; from its first import on, the process opens no socket and looks up no name."""
    place = write(old, new)
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))

    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=os.environ | {"PYTHONPATH": paths},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 2
    assert place in places(done.stderr)
    assert done.stdout == ""


@pytest.mark.parametrize("command", [("ask", "hello"), ("explain", "hello"), ("chat",), ("policy", "show")], ids=str)
def test_no_command_runs_with_a_broken_policy(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    """A policy that is not understood is not guessed at: the first problem is told, and nothing is called."""
    line, column = write("zone: external", "zone: §lokal")

    with EgressWitness() as witness:
        code = run([*command, *([] if command[0] == "policy" else ["--policy", "policy.yaml"])])

    said = capsys.readouterr()
    assert code == 2
    assert said.err.startswith(f"policy.yaml:{line}:{column}: unknown zone `lokal`; did you mean `local`?")
    assert said.out == ""
    assert witness.attempts == []
