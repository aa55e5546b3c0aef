"""
The names by which a policy calls its detectors: shipped ones, those of installed packages, and models that users have.

A name is ``ner.v2``, or a kind and what it is to load: ``spacy:en_core_web_lg``, ``gliner:models/small``,
``transformers:models/deid``, ``presidio-service:http://127.0.0.1:5002``. Reading a name loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from types import MappingProxyType

from hybrid_guard.errors import DetectionError
from hybrid_guard.types import DetectionService, DetectionSettings, Zone

__all__ = [
    "ENTRY_POINTS",
    "INSTALLED_OPERATOR",
    "KINDS",
    "LOCALES",
    "OPERATOR_ENTRY_POINTS",
    "OPERATOR_EXTRAS",
    "SERVICE",
    "SHIPPED_NAMES",
    "Kind",
    "find_service",
    "installed_operators",
    "known_names",
    "lacking",
    "named_services",
    "split_name",
]

ENTRY_POINTS = "hybrid_guard.detectors"
"""Group of entry points by which an installed package adds detectors under names of its own."""

OPERATOR_ENTRY_POINTS = "hybrid_guard.operators"
"""Group of entry points by which an installed package adds operators under names of its own."""

INSTALLED_OPERATOR = r"^[a-z][a-z0-9_]{0,30}\.v[0-9]{1,4}$"
"""The form of their names: a word and a version that keeps its meaning, such as ``scramble.v1``."""

OPERATOR_EXTRAS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"perturb": ("opendp", "dp"), "surrogate": ("faker", "surrogate")}
)
"""Operator to the module that it needs, and the extra that installs it; ``perturb`` needs it for an epsilon alone."""

LOCALES = (
    *("de_AT", "de_CH", "de_DE", "en_AU", "en_CA", "en_GB", "en_IE", "en_NZ", "en_US", "es_ES", "es_MX", "fr_CA"),
    *("fr_FR", "it_IT", "nl_BE", "nl_NL", "pl_PL", "pt_BR", "pt_PT", "sv_SE"),
)
"""Where surrogates can be invented for, as Faker names languages and countries."""

SERVICE = "presidio-service"
"""The kind whose detectors ask a server."""

SHIPPED_NAMES = DetectionSettings().detectors
"""Detectors that come with the package; all of them run unless a policy says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    A kind of detector that loads what its user names.

    Attributes:
        shown: What stands behind the colon, for people.
        packages: Top-level modules that it needs.
        extra: Extra of this package that installs them; None if they come with it.
    """

    shown: str
    packages: tuple[str, ...] = ()
    extra: str | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "gliner": Kind(shown="MODEL", packages=("gliner", "torch"), extra="gliner"),
        SERVICE: Kind(shown="SERVICE"),
        "spacy": Kind(shown="PIPELINE"),
        "transformers": Kind(shown="MODEL", packages=("transformers", "torch"), extra="transformers"),
    }
)
"""What may stand before the colon of a name."""


def split_name(name: str) -> tuple[str, str] | None:
    """The kind in front of the colon and what is behind it; None for a name without a kind of `KINDS`."""
    kind, colon, rest = name.partition(":")
    return (kind, rest) if colon and kind in KINDS else None


def known_names() -> tuple[str, ...]:
    """Every name that a policy may give, sorted; kinds with a word for what stands behind their colon."""
    installed = (entry.name for entry in entry_points(group=ENTRY_POINTS))
    return tuple(sorted({*SHIPPED_NAMES, *installed})) + tuple(f"{name}:{kind.shown}" for name, kind in KINDS.items())


def installed_operators() -> tuple[str, ...]:
    """Operators that installed packages add, sorted; a name that has not the form of `INSTALLED_OPERATOR` is none."""
    names = {entry.name for entry in entry_points(group=OPERATOR_ENTRY_POINTS)}
    return tuple(sorted(name for name in names if re.fullmatch(INSTALLED_OPERATOR, name)))


def lacking(name: str) -> str | None:
    """What keeps a detector with a kind from being made here, and the remedy; None if nothing is known to."""
    found = split_name(name)
    if found is None:
        return None
    kind = KINDS[found[0]]
    if not found[1].strip():
        return f"detector `{found[0]}:` lacks what to load; write `{found[0]}:{kind.shown}`"
    missing = [package for package in kind.packages if find_spec(package) is None]
    if missing:
        return (
            f"detectors of kind `{found[0]}` need a package that is not installed ({', '.join(missing)});"
            f' run `pip install "hybrid-guard[{kind.extra}]"`'
        )
    return None


def find_service(target: str, services: Sequence[DetectionService]) -> DetectionService:
    """
    The service that *target* names: one of *services*, or an address of this machine.

    Raises:
        DetectionError: HG301 there is none of that name.
    """
    for one in services:
        if one.alias == target:
            return one
    if "://" not in target:
        raise DetectionError(f"unknown service `{target}`; declare it under `detection.services`", code="HG301")
    return DetectionService(alias=target, url=target, zone=Zone.LOCAL)


def named_services(settings: DetectionSettings) -> tuple[DetectionService, ...]:
    """
    The services that the detectors of *settings* ask, in the order of the detectors.

    Raises:
        DetectionError: HG301 one of them is not declared.
    """
    kinds = (split_name(name) for name in settings.detectors)
    return tuple(find_service(kind[1], settings.services) for kind in kinds if kind is not None and kind[0] == SERVICE)
