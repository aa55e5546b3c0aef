"""The console script itself: help, version, what it loads, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hybrid_guard.cli import main
from tests.unit.cli.conftest import Shell

COMMANDS = (
    "ask",
    "chat",
    "explain",
    "scan",
    "anonymize",
    "restore",
    "doctor",
    "policy check",
    "policy test",
    "policy show",
    "policy schema",
)


def spawn(code: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run *code* in a fresh interpreter."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=directory, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_speaks_json(hg: Shell, command: str) -> None:
    """Every command has a help page, and the option `--json` on it."""
    result = hg(*command.split(), "--help")

    assert result.code == 0
    assert f"hybrid-guard {command}" in result.out
    assert "--json" in result.out
    assert result.err == ""


def test_without_a_command_there_is_help(hg: Shell) -> None:
    """Nothing but the name of the program shows the commands."""
    result = hg()

    assert result.code == 0
    assert all(command.split()[0] in result.out for command in COMMANDS)


def test_the_version_is_shown(hg: Shell) -> None:
    """`--version` needs no command."""
    result = hg("--version")

    assert result.code == 0
    assert result.out.startswith("hybrid-guard")


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    """What a command needs is loaded when it runs, so that help is quick."""
    heavy = ("litellm", "presidio_analyzer", "spacy", "pydantic", "yaml", "httpx", "structlog", "re2", "cryptography")
    code = (
        "import sys; from hybrid_guard.cli.app import run; run(['--help']);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )

    assert spawn(code, tmp_path).stderr == "[]\n"


def test_the_module_can_be_run(tmp_path: Path) -> None:
    """`python -m hybrid_guard` is the console script."""
    code = "import runpy, sys; sys.argv = ['x', 'ask', '--policy', 'none.yaml', 'hello']; "
    result = spawn(code + "runpy.run_module('hybrid_guard', run_name='__main__')", tmp_path)

    assert result.returncode == 2
    assert result.stderr.startswith("none.yaml:1:1:")


def test_an_interrupt_is_silent(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with 130 and no words."""

    def interrupt(_given: str | None) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("hybrid_guard.cli.sources.read_prompt", interrupt)
    result = hg("scan", "hello")

    assert (result.code, result.out, result.err) == (130, "", "")


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """`hybrid-guard ... | head -1` shows no traceback."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-m", "hybrid_guard", "policy", "schema"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()

    assert process.returncode == 141
    assert errors == b""


def test_an_unexpected_error_shows_only_its_type(hg: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug shows neither a traceback nor its message, for both may quote the prompt."""

    def fail(given: str | None) -> str:
        raise RuntimeError(f"cannot handle {given}")

    monkeypatch.setattr("hybrid_guard.cli.sources.read_prompt", fail)
    result = hg("scan", "Maria Schneider")

    assert result.code == 2
    assert result.err == "error: [HG001] unexpected RuntimeError; please report this\n"


def test_main_ends_with_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The console script hands the exit code to the shell."""
    monkeypatch.setattr(sys, "argv", ["hybrid-guard", "no-such-command"])
    with pytest.raises(SystemExit) as end:
        main()

    assert end.value.code == 2
    assert capsys.readouterr().err == "error: [HG900] name a command; `hybrid-guard --help` lists them\n"
