"""The documentation is true: its blocks run, its links lead somewhere, its list of commands is complete."""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hybrid_guard.cli.app import app, run
from hybrid_guard.cli.sources import stand_ins
from hybrid_guard.policies import parse_policy, parse_tests
from hybrid_guard.types import Policy
from tests.docs.pages import PAGES, ROOT, WRITTEN, Block, Shell, blocks, matches, shells

LANGUAGES = ("console", "json", "python", "sh", "text", "text output", "yaml")
"""What may stand behind an opening fence. ``text output`` is what the python block before it prints."""

LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
FEEDERS = ("cat ", "echo ")
"""Commands besides ours that a page may show in a console."""


class Page:
    """
    A page that is read from top to bottom in one folder and one Python namespace.

    Args:
        path: The page.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.printed = ""
        self.policy: Policy | None = None
        self.code = 0

    def read(self) -> None:
        """Run every block."""
        for block in blocks(self.path):
            if block.file is not None:
                Path(block.file).write_text(block.text, encoding="utf-8")
            match block.info:
                case "python":
                    self.execute(block)
                case "text output":
                    assert matches(block.text, self.printed), f"{block.place}: it prints\n{self.printed}"
                case "yaml":
                    self.parse(block)
                case "json":
                    json.loads(block.text)
                case "console":
                    self.type(block)
                case "sh":
                    check_sh(block)

    def execute(self, block: Block) -> None:
        """Run a python block. Blank lines in front keep the line numbers of tracebacks those of the page."""
        printed = io.StringIO()
        code = compile("\n" * block.line + block.text, str(block.page), "exec")
        with redirect_stdout(printed):
            exec(code, self.names)
        self.printed = printed.getvalue()

    def parse(self, block: Block) -> None:
        """Load a policy, or the tests of the policy before it; other YAML is a part of one and only has to be YAML."""
        lines = [line for line in block.text.splitlines() if not line.startswith("#")]
        if lines[0] != "version: 1":
            yaml.safe_load(block.text)
        elif "\ncases:" in block.text:
            assert self.policy is not None, f"{block.place}: there is no policy before these tests"
            parse_tests(block.text, policy=self.policy, file=block.place)
        else:
            self.policy = parse_policy(block.text, file=block.place, env=stand_ins(block.text))

    def type(self, block: Block) -> None:
        """Type each command of a console block and compare what is printed and the exit code."""
        commands = list(shells(block))
        for number, shell in enumerate(commands):
            where = f"{block.page.relative_to(ROOT)}:{shell.line}"
            if shell.command == "echo $?":
                assert shell.shown.strip() == str(self.code), f"{where}: the exit code is {self.code}"
                continue
            printed = self.answer(shell)
            assert matches(shell.shown, printed), f"{where}: it prints\n{printed}"
            told = commands[number + 1 : number + 2]
            assert not self.code or (told and told[0].command == "echo $?"), f"{where}: exit code {self.code}"

    def answer(self, shell: Shell) -> str:
        """What *shell* prints."""
        feeder, _, command = shell.command.rpartition(" | ")
        if not command.startswith("hybrid-guard "):
            return fed(shell.command).decode()
        with terminal(fed(feeder) if feeder else b"") as output:
            self.code = run(shlex.split(command.removeprefix("hybrid-guard ")))
            return output.getvalue().decode()


def fed(command: str) -> bytes:
    """What another command writes."""
    assert command.startswith(FEEDERS), f"a page may not run `{command}`"
    return subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.PIPE, timeout=30).stdout


@contextmanager
def terminal(typed: bytes) -> Iterator[io.BytesIO]:
    """Standard input that holds *typed*, and both outputs in one place, as a person sees them."""
    printed = io.BytesIO()
    output = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"), output, output
    try:
        yield printed
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def check_sh(block: Block) -> None:
    """Commands that a test cannot run name targets, extras and paths that exist."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in block.text.splitlines():
        command = line.partition(" #")[0].strip()
        first, *rest = shlex.split(command) or [""]
        match first:
            case "make":
                assert set(rest) <= targets, f"{block.place}: no target of that name: {command}"
            case "pip":
                extras = re.findall(r"\[([a-z,-]+)\]", command)
                named = {extra for several in extras for extra in several.split(",")}
                assert rest[0] == "install", block.place
                assert named <= set(project["optional-dependencies"]), f"{block.place}: no such extra: {command}"
            case "python" | "HG_NIGHTLY=1" | "git" | "export" | "cd":
                named_paths = [one.partition("::")[0] for one in rest if one.startswith(("tests/", "tools/", "bench"))]
                missing = [one for one in named_paths if not (ROOT / one).exists()]
                assert not missing, f"{block.place}: no such path: {missing}"
            case _:
                assert not command, f"{block.place}: `{first}` is not checked by anything"


def targets_of(page: Path) -> Iterator[str]:
    """Where the links of *page* lead, without those to other sites."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in LINK.findall(prose):
        if "://" not in target:
            yield target


def anchors_of(page: Path) -> set[str]:
    """The anchors that headings of *page* have on GitHub."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}


def commands() -> set[str]:
    """Every command that exists, such as ``policy check``."""

    def walk(command: Any, name: str) -> Iterator[str]:
        if hasattr(command, "commands"):
            for child, inner in command.commands.items():
                yield from walk(inner, f"{name} {child}".strip())
        else:
            yield name

    return set(walk(get_command(app), ""))


def name_of(page: Path) -> str:
    """The page, for the name of its test."""
    return str(page.relative_to(ROOT))


@pytest.fixture(name="environment")
def keep_environment() -> Iterator[None]:
    """What a page sets is unset after it."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader types, in the order of the page and in an empty folder, does what the page says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Page(page).read()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_is_of_a_kind_that_is_checked(page: Path) -> None:
    """No block escapes by its language."""
    assert {block.place: block.info for block in blocks(page) if block.info not in LANGUAGES} == {}


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_relative_link_resolves(page: Path) -> None:
    """A link leads to a file of the repository, and its anchor to a heading of that file."""
    broken = []
    for target in targets_of(page):
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (anchor and anchor not in anchors_of(found)):
            broken.append(target)
    assert broken == []


def test_the_readme_lists_every_command_and_no_other() -> None:
    """The table of the README and `hybrid-guard --help` name the same commands."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `hybrid-guard ([a-z ]+)`", readme, re.MULTILINE))
    assert listed == commands()


def test_the_generated_pages_are_current() -> None:
    """The pages that `tools/write_reference.py` writes are what it would write now."""
    pages = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))["pages"]()
    stale = [name_of(file) for file, text in pages.items() if file.read_text(encoding="utf-8") != text]
    assert stale == [], "run `python tools/write_reference.py`"


def test_no_page_names_a_command_that_does_not_exist() -> None:
    """`hybrid-guard something` in running text is a command, wherever it stands."""
    known = commands() | {name.partition(" ")[0] for name in commands()}
    named = {
        (name_of(page), found)
        for page in WRITTEN
        for found in re.findall(r"`hybrid-guard ((?:policy )?[a-z]+)", page.read_text(encoding="utf-8"))
    }
    assert {(page, command) for page, command in named if command not in known} == set()


def test_the_figures_of_the_readme_are_those_of_the_model() -> None:
    """The recall of names that the README gives is the measured one that ships with the name finder."""
    meta = json.loads((ROOT / "hybrid_guard/detectors/ner_model/meta.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for label, entity in (("persons", "PERSON"), ("places", "LOCATION"), ("organisations", "ORGANIZATION")):
        row = next(line for line in readme.splitlines() if line.startswith(f"| {label} |"))
        figures = [meta["performance"]["exact_spans"][data][entity] for data in ("uner_en_ewt_dev", "wnut17_dev")]
        expected = [f"{figure[kind]:.2f}" for figure in figures for kind in ("r", "p")]
        assert [cell.strip() for cell in row.split("|")[2:-1]] == expected
