"""
Whether the servers that detectors ask are where their zone says, and can be asked at all.

A detection service that is not on this machine reads only what the rules let into its zone untreated. A policy that
lets nothing in would fail at every request, so it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from hybrid_guard.plugins import SERVICE, split_name
from hybrid_guard.policies.endpoints import is_loopback, malformed_url
from hybrid_guard.policies.models import PolicyFile, ServiceSection
from hybrid_guard.policies.problems import Problem, suggest
from hybrid_guard.policies.quoting import quote
from hybrid_guard.policies.yaml_strict import Path

__all__ = ["service_problems"]


def service_problems(parsed: PolicyFile) -> Iterator[Problem]:
    """What is wrong with the services of *parsed*, and with the detectors that name one."""
    services = parsed.detection.services
    for alias, section in services.items():
        yield from _address_problems(section, ("detection", "services", alias))
    for position, name in enumerate(parsed.detection.detectors):
        kind, target = split_name(name) or ("", "")
        if kind != SERVICE:
            continue
        path: Path = ("detection", "detectors", position)
        if "://" in target:
            yield from _direct_problems(target, path)
        elif target not in services:
            message = suggest(target, services, noun="service", where=" in `detection.services`")
            yield Problem(code="HG110", message=message, path=path)
        elif services[target].zone == "private":
            yield from _reach_problems(parsed, target, path)


def _address_problems(section: ServiceSection, path: Path) -> Iterator[Problem]:
    at = (*path, "url")
    problem = malformed_url(section.url)
    if problem:
        yield Problem(code="HG120", message=f"`url` {problem}", path=at)
    elif is_loopback(urlsplit(section.url)):
        return
    elif section.zone == "local":
        message = (
            "`url` is not on this machine; zone `local` allows `localhost`, `127.0.0.0/8` and `[::1]`,"
            " so give the service zone `private`"
        )
        yield Problem(code="HG119", message=message, path=at)
    elif urlsplit(section.url).scheme != "https":
        yield Problem(
            code="HG120", message="`url` should begin with `https://`; only loopback allows `http://`", path=at
        )


def _direct_problems(url: str, path: Path) -> Iterator[Problem]:
    problem = malformed_url(url)
    if problem:
        yield Problem(code="HG120", message=f"the address behind `{SERVICE}:` {problem}", path=path)
    elif not is_loopback(urlsplit(url)):
        message = (
            f"the address behind `{SERVICE}:` is not on this machine; name the server under `detection.services`"
            " with zone `private`, and write the name here"
        )
        yield Problem(code="HG119", message=message, path=path)


def _reach_problems(parsed: PolicyFile, alias: str, path: Path) -> Iterator[Problem]:
    """A service of zone private is useless to a policy that keeps every text from that zone."""
    keeper = next(
        (
            rule.id
            for rule in parsed.rules
            if rule.when is None and ((rule.zones is not None and "private" not in rule.zones) or rule.consent)
        ),
        None,
    )
    if keeper is not None:
        reason = f"rule {quote(keeper)} keeps every text from that zone"
    elif parsed.routing.mode == "only_local":
        reason = "`routing.mode` keeps every text on this machine"
    else:
        return
    message = (
        f"service {quote(alias)} of zone `private` could never be asked, so detection would always fail: {reason};"
        " run the service on this machine, or give that rule a condition"
    )
    yield Problem(code="HG124", message=message, path=path)
