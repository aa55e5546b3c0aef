"""What `doctor` looks at. A checkup reads, and connects to nothing unless it is told to."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hybrid_guard.cli.sources import DEFAULT_POLICY, stand_ins
from hybrid_guard.errors import EgressError, HybridGuardError, PolicyError

if TYPE_CHECKING:
    from hybrid_guard.types import Deployment, Policy

__all__ = ["Checkup", "examine"]

_PYTHONS = ((3, 11), (3, 14))
_SAMPLE = "Anna Keller lives in Hamburg; write to anna.keller@example.org."
_OLLAMA_PORT = 11434
_CONNECT_SECONDS = 2.0
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)")
_BOUND = re.compile(r"(>=|<|==)\s*([0-9.]+)")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """
    One thing that was looked at.

    Attributes:
        name: What.
        status: ``fail`` keeps something from working.
        message: What was found.
        remedy: What to do; empty if all is well.
    """

    name: str
    status: Literal["ok", "warn", "fail"]
    message: str
    remedy: str = ""


def examine(policy: Path | None, *, connect: bool) -> Iterator[Checkup]:
    """
    Look at everything, one thing after the other.

    Args:
        policy: File; None for ``policy.yaml`` in this directory, if there is one.
        connect: Whether to see if servers on this machine, and the store of the vaults, answer.
    """
    yield from safely("python", python_version)
    yield from safely("packages", packages)
    yield from safely("detectors", detectors)
    yield from safely("llama.cpp", llama_cpp)
    compiled: list[Policy] = []
    found = list(safely("policy", partial(policy_file, policy, compiled)))
    yield from found
    sound = all(one.status == "ok" for one in found)
    for one in compiled:
        for detector in one.detection.detectors:
            yield from safely(f"detector {detector}", partial(chosen_detector, one, detector, connect))
        yield from safely("vault", partial(vault_store, one, connect=connect and sound))
        yield from safely("audit trail", partial(audit_path, one))
        for deployment in one.deployments:
            name = f"deployment {deployment.alias}"
            yield from safely(name, partial(endpoint, deployment, name, connect))
    yield from safely("proxies", proxies)
    yield from safely("litellm", litellm_settings)


def safely(name: str, look: Callable[[], Iterator[Checkup]]) -> Iterator[Checkup]:
    """What *look* finds; an error that it did not expect is a failure, too."""
    try:
        yield from look()
    except HybridGuardError as error:
        yield Checkup(name=name, status="fail", message=f"{error.args[0]} [{error.code}]")
    except Exception as error:
        remedy = "install the package anew"
        yield Checkup(name=name, status="fail", message=f"unexpected {type(error).__name__}", remedy=remedy)


def python_version() -> Iterator[Checkup]:
    """The interpreter."""
    found = sys.version_info[:2]
    text = ".".join(map(str, sys.version_info[:3]))
    if _PYTHONS[0] <= found < _PYTHONS[1]:
        yield Checkup(name="python", status="ok", message=text)
    else:
        yield Checkup(name="python", status="fail", message=f"{text} is not supported", remedy="use 3.11, 3.12 or 3.13")


def packages() -> Iterator[Checkup]:
    """The packages that this one requires, each in the range that it was tested with."""
    try:
        required = metadata.requires("hybrid-guard") or []
    except metadata.PackageNotFoundError:
        message = f"run from its sources, so versions are not compared; litellm is {metadata.version('litellm')}"
        yield Checkup(name="packages", status="warn", message=message, remedy="install it with `pip install -e .`")
        return
    wrong = 0
    for requirement in required:
        if "extra ==" in requirement:
            continue
        match = _REQUIREMENT.match(requirement)
        assert match is not None
        name, wanted = match[1], match[2].strip()
        found = installed(name)
        if found is None or not fits(found, wanted):
            wrong += 1
            message = f"{name} {found or 'is not installed'}, tested with {wanted or 'any version'}"
            yield Checkup(name="packages", status="fail", message=message, remedy=f'pip install "{name}{wanted}"')
    if not wrong:
        message = f"all in their tested ranges; litellm is {metadata.version('litellm')}"
        yield Checkup(name="packages", status="ok", message=message)


def installed(name: str) -> str | None:
    """The version of a package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def fits(found: str, wanted: str) -> bool:
    """Whether version *found* lies in the range *wanted*, such as ``>=1.2,<2``."""
    version = numbers(found)
    for operator, bound in _BOUND.findall(wanted):
        limit = numbers(bound)
        if (operator == ">=" and version < limit) or (operator == "<" and version >= limit):
            return False
        if operator == "==" and version != limit:
            return False
    return True


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, without zeros at the end."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    parts = [int(part) for part in match[0].split(".")] if match else []
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def detectors() -> Iterator[Checkup]:
    """The shipped detectors: each is built and reads a sentence."""
    from hybrid_guard.detectors import build_detector
    from hybrid_guard.types import DetectionSettings, Segment

    for name in DetectionSettings().detectors:
        detector = build_detector(DetectionSettings(detectors=(name,)))
        detector.detect([Segment(path="", text=_SAMPLE)], language="en")
        yield Checkup(name=f"detector {name}", status="ok", message="loads and answers")


def llama_cpp() -> Iterator[Checkup]:
    """llama.cpp and the model that ships with the package."""
    from hybrid_guard.backends import llamacpp

    if llamacpp.is_available():
        yield Checkup(name="llama.cpp", status="ok", message="installed")
    else:
        message = "not installed; models cannot run in this process"
        remedy = 'pip install "hybrid-guard[llama-cpp]"'
        yield Checkup(name="llama.cpp", status="warn", message=message, remedy=remedy)
    if llamacpp.bundled_model_path().is_file():
        yield Checkup(name="model tiny", status="ok", message="present")
    else:
        yield Checkup(name="model tiny", status="fail", message="missing", remedy="install the package anew")


def policy_file(given: Path | None, compiled: list[Policy]) -> Iterator[Checkup]:
    """The policy; *compiled* gets it if it can be compiled, if only with stand-ins for variables."""
    from hybrid_guard.policies import check_policy, parse_policy, read_text

    file = given or DEFAULT_POLICY
    if given is None and not file.exists():
        remedy = "name one with `--policy FILE`, or copy a folder of `policy_examples`"
        message = f"no `{file}` in this directory"
        yield Checkup(name="policy", status="warn", message=message, remedy=remedy)
        return
    text = read_text(file)
    errors = check_policy(text, file=str(file))
    for error in errors:
        yield Checkup(name="policy", status="fail", message=str(error))
    try:
        policy = parse_policy(text, file=str(file), env=stand_ins(text))
    except PolicyError:
        return
    compiled.append(policy)
    if not errors:
        yield Checkup(name="policy", status="ok", message=f"{file}: {policy.name}, digest {policy.digest}")


def chosen_detector(policy: Policy, name: str, connect: bool) -> Iterator[Checkup]:
    """A detector that the policy names beside the shipped ones: it is built, and reads a sentence if it may."""
    from hybrid_guard.backends.services import connect as reach
    from hybrid_guard.detectors import build_detector
    from hybrid_guard.plugins import SHIPPED_NAMES, named_services
    from hybrid_guard.types import Segment, Zone

    if name in SHIPPED_NAMES:
        return
    settings = replace(policy.detection, detectors=(name,))
    detector = build_detector(settings, connect=reach)
    services = named_services(settings)
    if services and (not connect or any(service.zone is not Zone.LOCAL for service in services)):
        # A service is a server like any other; one of another machine is asked by nobody but a guard.
        yield Checkup(name=f"detector {name}", status="ok", message="can be asked; it was not")
        return
    detector.detect([Segment(path="", text=_SAMPLE)], language=settings.languages[0])
    yield Checkup(name=f"detector {name}", status="ok", message="loads and answers")


def vault_store(policy: Policy, *, connect: bool) -> Iterator[Checkup]:
    """Whether the store of the vaults has its key and can be used with it; nothing is written to it."""
    from hybrid_guard.anonymizer.keys import see_key
    from hybrid_guard.anonymizer.stores import open_store
    from hybrid_guard.guard import SystemClock

    settings = policy.vault
    if settings.store == "memory":
        yield Checkup(name="vault", status="ok", message="kept in the memory of the guard")
        return
    see_key(settings.key, os.environ)
    place = "the Redis server" if settings.store == "redis" else f"`{settings.path}`"
    if not connect and (settings.store == "redis" or settings.key is not None):
        message = f"there is a key; whether it fits, and whether {place} can be used, was not asked"
        yield Checkup(name="vault", status="warn", message=message, remedy="ask with `hybrid-guard doctor --connect`")
        return
    store = open_store(settings, clock=SystemClock(), environ=os.environ)
    try:
        store.look()
    finally:
        store.close()
    yield Checkup(name="vault", status="ok", message=f"{place} can be used with this key")


def audit_path(policy: Policy) -> Iterator[Checkup]:
    """Whether the trail could be written; nothing is."""
    path = Path(policy.audit.path)
    usable = path.is_file() and not path.is_symlink() if path.exists() else path.parent.is_dir()
    if usable and os.access(path if path.exists() else path.parent, os.W_OK):
        yield Checkup(name="audit trail", status="ok", message=f"`{path}` can be written")
    else:
        remedy = "name a file in a folder that you may write as `audit.path`"
        yield Checkup(name="audit trail", status="fail", message=f"`{path}` cannot be written", remedy=remedy)


def endpoint(deployment: Deployment, name: str, connect: bool) -> Iterator[Checkup]:
    """Whether a deployment could be called."""
    from hybrid_guard.backends.door import IN_PROCESS, present
    from hybrid_guard.backends.endpoints import endpoint_of, is_loopback

    if deployment.model.startswith(IN_PROCESS):
        if present(deployment):
            yield Checkup(name=name, status="ok", message="runs in this process; its model file is there")
        else:
            remedy = "put the GGUF file there, or change `model`; `llama.cpp` above must be ok"
            message = "llama.cpp or the model file is missing"
            yield Checkup(name=name, status="fail", message=message, remedy=remedy)
        return
    try:
        scheme, host, port = endpoint_of(deployment).origin
    except EgressError as error:
        yield Checkup(name=name, status="fail", message=str(error.args[0]))
        return
    address = f"{scheme}://{host}:{port}, zone {deployment.zone.value}"
    loopback = is_loopback(host)
    if connect and loopback and not answers(host, port):
        message = f"{address}: nobody answers"
        yield Checkup(name=name, status="fail", message=message, remedy="start the server, or change `api_base`")
    else:
        yield Checkup(name=name, status="ok", message=address + (", answers" if connect and loopback else ""))
    if port == _OLLAMA_PORT and not os.environ.get("OLLAMA_NO_CLOUD"):
        message = "an Ollama server forwards models tagged `cloud` to its vendor"
        yield Checkup(name=name, status="warn", message=message, remedy="start it with OLLAMA_NO_CLOUD=1")


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_SECONDS):
            return True
    except OSError:
        return False


def proxies(environ: Mapping[str, str] = os.environ) -> Iterator[Checkup]:
    """Variables that other programs obey."""
    found = sorted(name for name in environ if name.lower() in _PROXIES and environ[name])
    if found:
        message = f"{', '.join(found)} set; ignored, for calls go straight to the addresses in the policy"
        remedy = "name a server that can be reached without a proxy"
        yield Checkup(name="proxies", status="warn", message=message, remedy=remedy)
    else:
        yield Checkup(name="proxies", status="ok", message="none set")


def litellm_settings() -> Iterator[Checkup]:
    """Settings of litellm that would copy or divert calls."""
    from hybrid_guard.backends.offline import OFFLINE_SWITCHES, load_litellm, refuse_diversions

    foreign = sorted(name for name in os.environ if name.startswith("LITELLM_") and name not in OFFLINE_SWITCHES)
    try:
        refuse_diversions(load_litellm())
    except EgressError as error:
        yield Checkup(name="litellm", status="fail", message=str(error.args[0]))
        return
    if foreign:
        message = f"{', '.join(foreign)} set; they may change what litellm does"
        yield Checkup(name="litellm", status="warn", message=message, remedy="unset them where a guard runs")
    else:
        yield Checkup(name="litellm", status="ok", message="no settings that copy or divert calls")
