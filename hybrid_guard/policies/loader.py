"""
Reads a policy file: strict YAML, then pydantic models, then checks across them, then the frozen policy.

A policy is refused as a whole, at the place that is wrong; `hybrid_guard.policies.problems` lists the codes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from hybrid_guard.errors import HybridGuardError, PolicyError
from hybrid_guard.policies.compile import compile_policy, compile_vault
from hybrid_guard.policies.models import PolicyFile
from hybrid_guard.policies.patterns import declared_entities
from hybrid_guard.policies.problems import Problem, first_of, locate, shape_problems
from hybrid_guard.policies.references import reference_problems
from hybrid_guard.policies.untreated import untreated_problems
from hybrid_guard.policies.vaults import vault_problems
from hybrid_guard.policies.yaml_strict import MAX_BYTES, Document, read
from hybrid_guard.types import Policy, VaultSettings

__all__ = ["check_policy", "error_at", "load_policy", "load_vault", "parse_policy", "read_text"]


def load_policy(source: str | Path, *, env: Mapping[str, str] | None = None) -> Policy:
    """
    The policy in the file *source*.

    Args:
        source: Path of the file.
        env: Environment variables; None for those of this process.

    Raises:
        PolicyError: With file, line and column of the first thing that is wrong, and how many more there are.
    """
    return parse_policy(read_text(source), file=str(source), env=env)


def parse_policy(text: str, *, file: str = "policy.yaml", env: Mapping[str, str] | None = None) -> Policy:
    """
    The policy that *text* describes.

    Args:
        text: YAML.
        file: Name to give in errors.
        env: Environment variables; None for those of this process.

    Raises:
        PolicyError: As `load_policy`.
    """
    policy, errors = _examine(read(text, file=file), file, os.environ if env is None else env)
    if policy is None:
        raise first_of(errors)
    return policy


def load_vault(source: str | Path, *, env: Mapping[str, str] | None = None) -> VaultSettings:
    """
    The section ``vault`` of the policy in the file *source*. No variable of another section need be set.

    Args:
        source, env: As `load_policy` has them.

    Raises:
        PolicyError: The file is none, a value in it has a wrong form, or this section is wrong.
    """
    environ = os.environ if env is None else env
    document = read(read_text(source), file=str(source))
    parsed, problems = _parse(document)
    problems = problems or list(vault_problems(parsed, environ))
    if problems:
        raise first_of(locate(problems, document, file=str(source)))
    return compile_vault(parsed.vault, environ)


def check_policy(
    text: str, *, file: str = "policy.yaml", env: Mapping[str, str] | None = None
) -> tuple[PolicyError, ...]:
    """
    Everything that is wrong with *text*, in the order of the file; empty if nothing is.

    Errors of one stage hide those of the next: a text that is no YAML has one, and references are looked at once all
    values have the right form.
    """
    try:
        document = read(text, file=file)
    except PolicyError as exc:
        return (exc,)
    return _examine(document, file, os.environ if env is None else env)[1]


def error_at(path: tuple[str | int, ...], problem: HybridGuardError, *, text: str, file: str) -> PolicyError:
    """*problem* as an error of the policy *text*, at the value of *path*, or else where it would stand."""
    line, column = read(text, file=file).value(path)
    return PolicyError(str(problem.args[0]), file=file, line=line, column=column, code=problem.code)


def read_text(source: str | Path) -> str:
    """
    The text of the file *source*.

    Raises:
        PolicyError: HG101 it is absent, no regular file, not UTF-8 or writable by everyone; HG105 it is too large.
    """
    file = str(source)
    try:
        # Asked before opening, for a pipe that nobody writes to would block.
        if not Path(source).is_file():
            _refuse(file, "there is no such file; check its path")
        with Path(source).open("rb") as opened:
            # Whoever may write the policy decides what leaves.
            if os.fstat(opened.fileno()).st_mode & stat.S_IWOTH:
                _refuse(file, "everyone may write the file; run `chmod o-w` on it")
            raw = opened.read(MAX_BYTES + 1)
    except OSError as exc:
        _refuse(file, f"the file cannot be read ({type(exc).__name__}); check its path and permissions")
    if len(raw) > MAX_BYTES:
        raise PolicyError(
            f"the file is too large; {MAX_BYTES // 1024} KiB are allowed", file=file, line=1, column=1, code="HG105"
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        lines = raw[: exc.start].decode("utf-8").split("\n")
        _refuse(file, "the file is not UTF-8; save it as UTF-8", len(lines), len(lines[-1]) + 1)


def _examine(document: Document, file: str, env: Mapping[str, str]) -> tuple[Policy | None, tuple[PolicyError, ...]]:
    parsed, problems = _parse(document)
    problems = problems or list(reference_problems(parsed, document.content, env))
    if problems:
        return None, locate(problems, document, file=file)
    policy = compile_policy(parsed, env)
    untreated = untreated_problems(policy, has_rules="rules" in parsed.model_fields_set)
    errors = locate(untreated, document, file=file)
    return (None if errors else policy), errors


def _parse(document: Document) -> tuple[PolicyFile, list[Problem]]:
    """The file, each part of which has the right form if there is no problem."""
    failure, parsed = None, PolicyFile.model_construct()
    try:
        parsed = PolicyFile.model_validate(document.content, context={"declared": declared_entities(document.content)})
    except ValidationError as exc:
        failure = exc
    return parsed, list(shape_problems(failure, document.content, PolicyFile))


def _refuse(file: str, problem: str, line: int = 1, column: int = 1) -> NoReturn:
    raise PolicyError(problem, file=file, line=line, column=column, code="HG101") from None
