"""The house keeps its own rules: exports, docstrings, frozen values, silent reprs, light imports, documented errors."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import hybrid_guard
from hybrid_guard import errors

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hybrid_guard"
SOURCES = tuple(sorted(PACKAGE.rglob("*.py")))

HEAVY = ("httpx", "litellm", "presidio_analyzer", "pydantic", "rich", "spacy", "structlog", "typer", "yaml")
"""What `import hybrid_guard` must not load."""

SECRET_FIELDS = frozenset(
    {
        "allow",
        "api_key",
        "arguments",
        "body",
        "cloud_saw",
        "content",
        "deny",
        "dropped",
        "entries",
        "headers",
        "id",
        "identity",
        "messages",
        "original",
        "path",
        "pieces",
        "principal",
        "private",
        "raw",
        "schema",
        "secret",
        "seen",
        "segments",
        "session",
        "skeleton",
        "stop",
        "text",
        "texts",
        "treated",
        "user_saw",
        "value",
    }
)
"""Names of fields that hold texts of a request, of an answer or of a policy's lists, or secrets."""

TEXT_TYPES = frozenset({"Any", "Json", "Mapping", "bytearray", "bytes", "dict", "object", "str"})
"""Types that can hold a text themselves; a field of ours, such as a `Body`, has a silent repr of its own."""

HARMLESS = frozenset(
    {
        # Ids of cases and rules, which the author of a policy has chosen.
        ("hybrid_guard.policies.cases", "Case", "id"),
        ("hybrid_guard.policies.check", "CaseResult", "id"),
        ("hybrid_guard.types.policy", "Rule", "id"),
        # Keys and positions of a policy file.
        ("hybrid_guard.policies.problems", "Problem", "path"),
        # What the demo calls a conversation.
        ("hybrid_guard.cli.demo.conversations", "Conversation", "path"),
        # Where the audit trail of a policy is.
        ("hybrid_guard.types.settings", "AuditSettings", "path"),
        # Where the vaults of a policy are.
        ("hybrid_guard.types.settings", "VaultSettings", "path"),
        # A closed set that the schema spells out.
        ("hybrid_guard.text.nodes", "Literal", "value"),
        # Of recording servers, which only tests and the demo start.
        ("hybrid_guard.testing.dialects.rendering", "Rendered", "headers"),
        ("hybrid_guard.testing.wire", "_Draft", "body"),
        ("hybrid_guard.testing.wire", "_Draft", "headers"),
    }
)
"""Fields of such a name that hold something else."""

POSITIONAL = ("hybrid_guard.effects", "hybrid_guard.text.nodes")
"""Modules whose values may be made by position: small ones, made by the hundred."""

MUTABLE = frozenset({"ChunkWeaver", "Tally", "Trace", "Visitor"})
"""The few that count or collect while a request runs, and are no values."""

MOST_LINES = 400

# Written in pieces, so that this file is not what it looks for.
MACHINE_PATHS = re.compile(r"/(?:wor[k]|roo[t]|hom[e]|User[s])/[\w.-]+|/tm[p]/dev")
REGISTRIES = re.compile(
    r"(?:file[s]\.pythonhosted|pyp[i]|test\.pyp[i]|registry\.npm[j]s|conda\.anacond[a])\.org|huggingfac[e]\.co"
)


def modules() -> Iterator[ModuleType]:
    """Every module of the package but the one that runs when it is imported."""
    yield hybrid_guard
    for found in pkgutil.walk_packages(hybrid_guard.__path__, "hybrid_guard."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def name_of(module: ModuleType | Path) -> str:
    """For the names of tests."""
    return module.__name__ if isinstance(module, ModuleType) else str(module.relative_to(ROOT))


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What *module* exports and defines itself."""
    for name in module.__all__:
        value = getattr(module, name)
        # A function that another one made is described where it is made.
        if getattr(value, "__module__", None) == module.__name__ and "<locals>" not in getattr(
            value, "__qualname__", name
        ):
            yield name, value


def tracked() -> Iterator[Path]:
    """The text files that git knows or would add; where there is no git, those of the folders that a release has."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=False, capture_output=True, timeout=60)
    if listed.returncode == 0:
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        folders = ("bench", "docs", "hybrid_guard", "policy_examples", "tests", "tools")
        files = [*ROOT.glob("*"), *(file for folder in folders for file in (ROOT / folder).rglob("*"))]
    for file in files:
        if file.is_file() and b"\0" not in file.read_bytes():
            yield file


MODULES = tuple(modules())
DATACLASSES = tuple(
    (module, name, value)
    for module in MODULES
    for name, value in vars(module).items()
    if inspect.isclass(value) and dataclasses.is_dataclass(value) and value.__module__ == module.__name__
)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_exports_are_named_and_sorted(module: ModuleType) -> None:
    """Each module says what it exports: constants, then classes, then functions, each in the order of the alphabet."""
    names = list(module.__all__)

    def order(name: str) -> tuple[int, str]:
        kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
        return kind, name

    assert names == sorted(names, key=order)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_export_exists_and_has_a_docstring(module: ModuleType) -> None:
    """A module, and whatever class or function it exports, says what it is; so do public methods."""
    assert inspect.getdoc(module)
    silent = []
    for name, value in public(module):
        if inspect.isclass(value) or inspect.isfunction(value):
            own = vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__
            silent += [] if own and not own.startswith(f"{name}(") else [name]
        if inspect.isclass(value):
            silent += [f"{name}.{method}" for method in silent_methods(value)]
    assert silent == []


def silent_methods(kind: type) -> Iterator[str]:
    """Public methods that *kind* defines anew and does not describe; a property may stand among the attributes."""
    for name, value in vars(kind).items():
        if isinstance(value, property):
            documented = bool(value.__doc__) or f" {name}: " in (kind.__doc__ or "")
        else:
            function = getattr(value, "__func__", value)
            documented = not inspect.isfunction(function) or bool(function.__doc__)
        if not name.startswith("_") and not documented and not any(name in vars(base) for base in kind.__mro__[1:]):
            yield name


@pytest.mark.parametrize(("module", "name", "kind"), DATACLASSES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_values_are_frozen_and_named(module: ModuleType, name: str, kind: type) -> None:
    """An exported value cannot be changed and is made with names; effects and nodes may be made by position."""
    settings = kind.__dataclass_params__  # type: ignore[attr-defined]  # every dataclass has it
    exported = name in module.__all__ and name not in MUTABLE
    assert settings.frozen or not exported
    positional = [one.name for one in dataclasses.fields(kind) if one.init and not one.kw_only]
    assert positional == [] or not exported or module.__name__ in POSITIONAL


@pytest.mark.parametrize(("module", "name", "kind"), DATACLASSES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_a_repr_shows_no_text(module: ModuleType, name: str, kind: type) -> None:
    """Fields that can hold a text or a secret are left out of the repr, exported or not."""
    shown = [
        one.name
        for one in dataclasses.fields(kind)
        if one.repr
        and one.name in SECRET_FIELDS
        and TEXT_TYPES & set(re.findall(r"\w+", str(one.type)))
        and (module.__name__, name, one.name) not in HARMLESS
    ]
    assert shown == [] or hand_written(module, name)


def hand_written(module: ModuleType, name: str) -> bool:
    """Whether the class has a repr in its source."""
    assert module.__file__ is not None
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return any(isinstance(one, ast.FunctionDef) and one.name == "__repr__" for one in node.body)
    return False


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import hybrid_guard` is quick, for whoever only wants its errors or its types."""
    code = "import json, sys, hybrid_guard; print(json.dumps(sorted(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, timeout=60)
    loaded = set(json.loads(found.stdout))
    assert loaded & set(HEAVY) == set()


@pytest.mark.parametrize("file", SOURCES, ids=name_of)
def test_no_file_is_too_long(file: Path) -> None:
    """A file of more than 400 lines has two nouns in one room."""
    assert file.read_text(encoding="utf-8").count("\n") <= MOST_LINES


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Paths of somebody's machine and hosts of package registries are nobody else's business."""
    found = []
    for file in tracked():
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if MACHINE_PATHS.search(line) or REGISTRIES.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}")
    assert found == []


def test_every_error_has_a_code_of_its_own() -> None:
    """Each class of error has a code that no other class has, in the hundred that the tree of errors gives it."""
    kinds = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]
    codes = [vars(kind)["code"] for kind in kinds]
    assert len(codes) == len(set(codes)) == len(kinds)
    assert all(re.fullmatch(r"HG\d00", code) for code in codes)


def test_every_code_is_explained() -> None:
    """A code that can be raised is in the reference, and the reference has no code that cannot."""
    raised = {code for file in SOURCES for code in re.findall(r"\bHG\d{3}\b", literals(file))}
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| (HG\d{3}) \|", page, re.MULTILINE)
    assert sorted(explained) == sorted(raised)


def literals(file: Path) -> str:
    """The string constants of *file* that are no docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return "\n".join(
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    )


def test_only_what_has_written_a_record_makes_its_receipt() -> None:
    """A door believes a receipt, so it must not be had without the record."""
    makers = {
        f"{source.relative_to(PACKAGE)}:{function.name}"
        for source in SOURCES
        for function in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Receipt"
    }

    assert makers == {"core/drivers.py:written"}
