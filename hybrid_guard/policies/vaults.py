"""Whether the store of a policy's vaults has what it needs, and is as near as its address says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from urllib.parse import urlsplit

from hybrid_guard.policies.endpoints import VARIABLE, expand, is_loopback, variable_problems
from hybrid_guard.policies.models import PolicyFile, VaultSection
from hybrid_guard.policies.problems import Problem
from hybrid_guard.policies.yaml_strict import Path

__all__ = ["vault_problems"]

_NEEDS = {"sqlite": ("path", "vault.db"), "redis": ("url", "unix:///run/redis/redis.sock")}
_TAKES = {"memory": (), "sqlite": ("path", "key"), "redis": ("url", "key")}
_PASSWORD = re.compile(r"//[^/@]*:[^/@]+@")


def vault_problems(parsed: PolicyFile, env: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the section ``vault`` of *parsed*; its variables are looked up in *env*."""
    section = parsed.vault
    for name in ("path", "url", "key"):
        if getattr(section, name) is not None and name not in _TAKES[section.store]:
            message = f"`{name}` means nothing to `store: {section.store}`; remove it, or name another store"
            yield Problem(code="HG126", message=message, path=("vault", name), on_key=True)
    if section.store == "memory":
        return
    needed, example = _NEEDS[section.store]
    if getattr(section, needed) is None:
        message = f"`store: {section.store}` needs `{needed}`, such as `{example}`; add it"
        yield Problem(code="HG126", message=message, path=("vault",), on_key=True)
    elif section.store == "redis":
        yield from _url_problems(section, env, ("vault", "url"))
        if find_spec("redis") is None:
            message = '`store: redis` needs a package that is not installed; run `pip install "hybrid-guard[redis]"`'
            yield Problem(code="HG126", message=message, path=("vault", "store"))


def _url_problems(section: VaultSection, env: Mapping[str, str], at: Path) -> Iterator[Problem]:
    written = section.url or ""
    if _PASSWORD.search(VARIABLE.sub("", written)):
        message = "a secret in the file; write `${NAME}`, the environment variable that holds the password"
        yield Problem(code="HG117", message=message, path=at)
        return
    missing = list(variable_problems(written, env, at))
    if missing:
        yield from missing
        return
    # PRIVACY: no message quotes the address, for it may hold a password.
    problem = _misplaced(expand(written, env))
    if problem:
        yield Problem(code="HG120", message=f"`url` {problem}", path=at)


def _misplaced(url: str) -> str | None:
    """What keeps *url* from being the address of a server, such as ``should be ...``; None if nothing does."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and bool(parts.path if parts.scheme == "unix" else parts.hostname)
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("redis", "rediss", "unix") or "?" in url or "#" in url:
        return "should be `rediss://host:port/0`, `redis://127.0.0.1:6379/0` or `unix:///path/of/socket`"
    if parts.scheme == "redis" and not is_loopback(parts):
        return "should begin with `rediss://`; only loopback allows `redis://`"
    return None
