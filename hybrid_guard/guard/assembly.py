"""Puts a guard together from its policy: which object stands behind each port."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import Lock
from uuid import uuid4

from hybrid_guard.anonymizer import MemoryVault, build_operators, build_stand_ins, load_operator, vault_key
from hybrid_guard.anonymizer.stores import open_store
from hybrid_guard.audit import JsonlSink, quiet_loggers
from hybrid_guard.backends import LitellmDoor
from hybrid_guard.core import Chain, Ports
from hybrid_guard.detectors import build_detector
from hybrid_guard.guard.services import ServiceDoor
from hybrid_guard.guard.workers import Workers
from hybrid_guard.plugins import SERVICE, split_name
from hybrid_guard.ports import AuditSink, Clock, ConsentAsker, Detector, SpanOperator, StandInMaker, VaultStore
from hybrid_guard.types import DetectionSettings, Findings, Operator, Policy, Segment, VaultKey

__all__ = ["SystemClock", "assemble"]


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> tuple[float, float]:
        """(monotonic seconds, seconds since the epoch)."""
        return time.monotonic(), time.time()


class LazyDetector:
    """
    Builds the detectors of this process when they are first needed, for that takes a second.

    Those that ask a service are not among them: `ServiceDoor` is the way to these.
    """

    name = "detectors"

    def __init__(self, settings: DetectionSettings) -> None:
        own = tuple(name for name in settings.detectors if (split_name(name) or ("",))[0] != SERVICE)
        self.settings = replace(settings, detectors=own)
        self.lock = Lock()
        self.detector: Detector | None = None

    def detect(self, segments: Sequence[Segment], *, language: str) -> Findings:
        """See `Detector`."""
        with self.lock:
            if self.detector is None:
                self.detector = build_detector(self.settings)
        return self.detector.detect(segments, language=language)


class Operators:
    """
    The operators of a policy; those whose results can be linked by a secret link nothing beyond one conversation.

    Args:
        policy: Compiled. Installed operators that it names are loaded at once.
    """

    def __init__(self, policy: Policy) -> None:
        self.settings = policy.operators
        treatments = [treatment for rule in policy.rules for treatment in rule.treat.values()]
        self.wanted = frozenset(one for each in treatments for one in (each.default, *each.entities.values()))
        self.installed = {one: load_operator(one) for one in sorted(self.wanted - frozenset(Operator))}

    def spans(self, key: VaultKey) -> Mapping[Operator, SpanOperator]:
        """What replaces spans and keeps no copy."""
        return {
            **build_operators(key.encode(), self.settings),
            **{one: make(key.encode()) for one, make in self.installed.items()},
        }

    def stand_ins(self, key: VaultKey) -> Mapping[Operator, StandInMaker]:
        """What proposes texts that stand for values."""
        return build_stand_ins(key.encode(), self.settings, self.wanted)


def assemble(policy: Policy, *, consent: ConsentAsker | None, audit: AuditSink | None = None) -> tuple[Chain, Ports]:
    """
    Everything a guard needs.

    Raises:
        AuditError: The audit trail cannot be opened.
        VaultError: A shared store has no key.
    """
    quiet_loggers()
    clock: Clock = SystemClock()
    vault, name_of = vault_for(policy, clock)
    operators = Operators(policy)
    chain = Chain(
        policy=policy,
        operators=operators.spans,
        stand_ins=operators.stand_ins,
        vault_key=name_of,
        new_id=lambda: uuid4().hex,
    )
    ports = Ports(
        workers=Workers(),
        detector=LazyDetector(policy.detection),
        services=ServiceDoor(policy.detection),
        backend=LitellmDoor(policy),
        vault=vault,
        audit=audit or JsonlSink(policy.audit.path, clock=clock),
        clock=clock,
        consent=consent,
        language=policy.detection.languages[0],
        levels=tuple(name for name, _ in policy.sensitivity.levels),
        vault_waits=policy.vault.store != "memory",
    )
    return chain, ports


def vault_for(policy: Policy, clock: Clock) -> tuple[VaultStore, Callable[[str | None, str], VaultKey]]:
    """
    The store of *policy*, and what names its vaults.

    Raises:
        VaultError: A shared store has no key.
    """
    settings = policy.vault
    if settings.store != "memory":
        shared = open_store(settings, clock=clock, environ=os.environ)
        return shared, shared.key_of
    # PRIVACY: made anew by every process, so that the name of a vault cannot be computed from ids.
    secret = secrets.token_bytes(32)
    store = MemoryVault(ttl=settings.ttl, clock=clock, max_vaults=settings.max_vaults, max_entries=settings.max_entries)
    return store, partial(vault_key, secret=secret)
