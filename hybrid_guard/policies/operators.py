"""Whether the operators that a policy names can do their work: their key and their packages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from importlib.util import find_spec

from hybrid_guard.plugins import LOCALES, OPERATOR_EXTRAS
from hybrid_guard.policies.endpoints import VARIABLE
from hybrid_guard.policies.models import PolicyFile
from hybrid_guard.policies.problems import Problem
from hybrid_guard.policies.quoting import quote
from hybrid_guard.policies.yaml_strict import Path
from hybrid_guard.types import OperatorSettings

__all__ = ["compile_operators", "operator_problems"]

_KEYED = ("encrypt", "format_preserving")
_KEY_BYTES = 32
_AT: Path = ("operators", "key")


def operator_problems(parsed: PolicyFile, env: Mapping[str, str]) -> Iterator[Problem]:
    """What keeps the operators of *parsed* from working; the variable of the key is looked up in *env*."""
    yield from _key_problems(parsed.operators.key, env)
    for path, name in _named(parsed):
        if name in _KEYED and parsed.operators.key is None:
            message = (
                f'operator {quote(name)} needs `operators: {{key: "${{NAME}}"}}`, the environment variable that holds'
                f" {_KEY_BYTES} bytes in base64"
            )
            yield Problem(code="HG107", message=message, path=path)
        elif name == "perturb" and parsed.operators.perturb is None:
            continue
        elif name in OPERATOR_EXTRAS and find_spec(OPERATOR_EXTRAS[name][0]) is None:
            package, extra = OPERATOR_EXTRAS[name]
            message = (
                f"operator {quote(name)} needs a package that is not installed ({package});"
                f' run `pip install "hybrid-guard[{extra}]"`'
            )
            yield Problem(code="HG125", message=message, path=path)


def compile_operators(parsed: PolicyFile, env: Mapping[str, str]) -> OperatorSettings:
    """The settings that *parsed*, a file without problems, describes."""
    section = parsed.operators
    language = parsed.detection.languages[0]
    default = next((one for one in ("en_US", *LOCALES) if one.startswith(language)), "en_US")
    default = f"{language}_{language.upper()}" if f"{language}_{language.upper()}" in LOCALES else default
    return OperatorSettings(
        key=None if section.key is None else _key(section.key, env),
        locale=section.surrogate.locale or default,
        checksum=section.format_preserving.checksum,
        epsilon=None if section.perturb is None else section.perturb.epsilon,
        group_share=None if section.perturb is None else section.perturb.group_share,
    )


def _named(parsed: PolicyFile) -> Iterator[tuple[Path, str]]:
    for position, rule in enumerate(parsed.rules):
        for zone, operators in (rule.treat or {}).items():
            for entity, name in operators.items():
                yield ("rules", position, "treat", zone, entity), name


def _key_problems(key: str | None, env: Mapping[str, str]) -> Iterator[Problem]:
    if key is None:
        return
    variable = VARIABLE.fullmatch(key)
    if variable is None:
        message = "a secret in the file; write `${NAME}`, the environment variable that holds the key"
        yield Problem(code="HG117", message=message, path=_AT)
    elif not env.get(variable[1]):
        message = f"environment variable `{variable[1]}` is not set; set it, or name another one"
        yield Problem(code="HG116", message=message, path=_AT)
    elif _key(key, env) is None:
        # PRIVACY: the value is never part of the message.
        message = f"environment variable `{variable[1]}` is no key; put {_KEY_BYTES} bytes in base64 into it"
        yield Problem(code="HG116", message=message, path=_AT)


def _key(key: str, env: Mapping[str, str]) -> bytes | None:
    variable = VARIABLE.fullmatch(key)
    try:
        found = base64.b64decode(env[variable[1]], validate=True) if variable is not None else b""
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == _KEY_BYTES else None
