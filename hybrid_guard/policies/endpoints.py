"""
Whether a deployment is where its zone says: checks of ``model``, ``api_base`` and ``api_key``.

Nothing is resolved or connected to: the address is judged as it is written. No message quotes an address or a key.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from hybrid_guard.policies.models import DeploymentSection
from hybrid_guard.policies.problems import Problem
from hybrid_guard.policies.quoting import quote
from hybrid_guard.policies.yaml_strict import Path

__all__ = [
    "IN_PROCESS",
    "VARIABLE",
    "deployment_problems",
    "expand",
    "is_loopback",
    "malformed_url",
    "variable_problems",
]

IN_PROCESS = "hg_llamacpp/"
"""Prefix of models that run in this process."""

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
"""A reference to an environment variable."""

_MODEL = re.compile(r"hg_llamacpp/\S+|[A-Za-z0-9_.-]+/[^\s/]\S*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*", re.ASCII)
# Ollama's server forwards models with these tags to its vendor, so an address of this machine proves nothing.
_FORWARDED = (":cloud", "-cloud")


def expand(text: str, env: Mapping[str, str]) -> str:
    """*text* with each ``${NAME}`` replaced by the variable; values are not expanded again."""
    return VARIABLE.sub(lambda match: env[match[1]], text)


def deployment_problems(alias: str, section: DeploymentSection, env: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with one deployment; its variables are looked up in *env*."""
    path: Path = ("deployments", alias)
    yield from _model_problems(section, path)
    yield from _key_problems(section, env, path)
    yield from _address_problems(section, env, path)


def _model_problems(section: DeploymentSection, path: Path) -> Iterator[Problem]:
    at = (*path, "model")
    if not _MODEL.fullmatch(section.model):
        yield Problem(code="HG121", message="`model` should be `provider/name`, such as `openai/gpt-5-mini`", path=at)
    elif section.zone != "local":
        if section.model.startswith(IN_PROCESS):
            message = f"`{IN_PROCESS}` models run in this process; give the deployment zone `local`"
            yield Problem(code="HG119", message=message, path=at)
    elif section.model.lower().endswith(_FORWARDED):
        message = "a model tagged `cloud` is forwarded to its vendor; use another one, or give it zone `external`"
        yield Problem(code="HG119", message=message, path=at)


def _key_problems(section: DeploymentSection, env: Mapping[str, str], path: Path) -> Iterator[Problem]:
    at = (*path, "api_key")
    if section.api_key is None:
        return
    if not VARIABLE.fullmatch(section.api_key):
        message = "a secret in the file; write `${NAME}`, the environment variable that holds the key"
        yield Problem(code="HG117", message=message, path=at)
    else:
        yield from variable_problems(section.api_key, env, at)


def variable_problems(text: str, env: Mapping[str, str], at: Path) -> Iterator[Problem]:
    """What is wrong with the variables that *text* names."""
    for name in VARIABLE.findall(text):
        # PRIVACY: the value is never part of the message.
        if not env.get(name):
            message = f"environment variable `{name}` is not set; set it, or name another one"
            yield Problem(code="HG116", message=message, path=at)
        elif not env[name].isascii() or not env[name].isprintable() or " " in env[name]:
            message = f"environment variable `{name}` holds white space or no ASCII; correct its value"
            yield Problem(code="HG116", message=message, path=at)


def _address_problems(section: DeploymentSection, env: Mapping[str, str], path: Path) -> Iterator[Problem]:
    at = (*path, "api_base")
    in_process = section.zone == "local" and section.model.startswith(IN_PROCESS)
    if section.api_base is None:
        if section.zone == "local" and not in_process:
            message = "zone `local` needs an `api_base` on this machine, such as `http://127.0.0.1:8080/v1`"
            yield Problem(code="HG119", message=message, path=path, on_key=True)
        elif section.zone == "private":
            message = "zone `private` needs an `api_base`, such as `https://llm.example.internal/v1`"
            yield Problem(code="HG119", message=message, path=path, on_key=True)
        return
    if in_process:
        message = f"`{IN_PROCESS}` models run in this process; remove `api_base`"
        yield Problem(code="HG119", message=message, path=at, on_key=True)
        return
    missing = list(variable_problems(section.api_base, env, at))
    if missing:
        yield from missing
        return
    source = "`api_base`" if not VARIABLE.search(section.api_base) else "`api_base`, once its variables are put in,"
    url = expand(section.api_base, env)
    malformed = malformed_url(url)
    if malformed:
        yield Problem(code="HG120", message=f"{source} {malformed}", path=at)
        return
    loopback = is_loopback(urlsplit(url))
    if section.zone == "local" and not loopback:
        message = (
            f"{source} is not on this machine; zone `local` allows `localhost`, `127.0.0.0/8` and `[::1]`,"
            " so give the deployment zone `private` or `external`"
        )
        yield Problem(code="HG119", message=message, path=at)
    elif not loopback and urlsplit(url).scheme != "https":
        message = f"{source} should begin with `https://`; zone {quote(section.zone)} allows `http://` on loopback only"
        yield Problem(code="HG120", message=message, path=at)


def malformed_url(url: str) -> str | None:
    """What keeps *url* from being a base URL, such as ``should be ...``; None if nothing does."""
    try:
        parts = urlsplit(url)
        # Reading the port raises ValueError where it is no number up to 65535.
        usable = parts.scheme in ("http", "https") and parts.port != 0 and _is_host(parts)
    except ValueError:
        usable = False
    if "@" in url:
        return "should hold no user name or password; use `api_key`"
    if "?" in url or "#" in url:
        return "should end with its path; remove the query and the fragment"
    if not usable or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "should be `https://host/path` or `http://127.0.0.1:port/path`"
    return None


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        # A zone id such as `%eth0` would make one address mean different machines.
        return "%" not in host and ipaddress.ip_address(host).version == 6
    return _HOST.fullmatch(host) is not None


def is_loopback(parts: SplitResult) -> bool:
    """Whether the host is written as this machine. IPv4-mapped and shortened addresses do not count."""
    host = parts.hostname
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    return address.is_loopback if address.version == 4 else address == ipaddress.IPv6Address("::1")
