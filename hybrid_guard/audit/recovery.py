"""Closing the intents that a crash left open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hybrid_guard.audit.event import record_from_event
from hybrid_guard.errors import AuditError
from hybrid_guard.types import AuditRecord

__all__ = ["SCAN_LIMIT", "Recovery", "Scan", "orphans", "scan"]

SCAN_LIMIT = 64 * 1024 * 1024
"""Bytes at the end of the trail that opening it looks at: some 40 000 records. An intent before them stays as it is."""

# The sink writes the id first and its own name last, so a line that has both is whole, newline or not.
_LINE = re.compile(
    rb'\{"v":1,"kind":"(intent|outcome)","audit_id":"([A-Za-z0-9_.:/-]{1,128})",.*'
    rb',"seq":[0-9]{1,19},"writer":"([0-9a-f]{12})"\}\n?'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """
    What opening a trail found and did.

    Attributes:
        closed: Number of requests that a crash left open and that now have the outcome ``unknown``.
        torn: Whether the last line was cut off by a crash.
        broken: Number of other lines that are not whole records; they were left as they are.
    """

    closed: int = 0
    torn: bool = False
    broken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """
    What a trail holds.

    Attributes:
        open: Per request without an outcome: the writer and the line of its last intent.
        torn, broken: As in `Recovery`.
    """

    open: dict[str, tuple[str, bytes]]
    torn: bool
    broken: int


def scan(lines: Iterable[bytes]) -> Scan:
    """Pair intents with outcomes; one pass, with as much memory as there are requests."""
    opened: dict[str, tuple[str, bytes]] = {}
    ended: set[str] = set()
    torn, broken = False, 0
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None:
            torn = not line.endswith(b"\n")
            broken += not torn
            continue
        kind, audit_id, writer = (group.decode("ascii") for group in match.groups())
        if kind == "outcome":
            ended.add(audit_id)
            opened.pop(audit_id, None)
        elif audit_id not in ended:
            opened[audit_id] = (writer, line)
    return Scan(open=opened, torn=torn, broken=broken)


def orphans(found: Scan, *, present: Callable[[str], bool], now: float) -> list[AuditRecord]:
    """
    The outcomes that are missing: ``unknown`` for each open request whose writer is gone.

    Each repeats its intent, for what it announced may have happened.
    """
    alive: dict[str, bool] = {}
    missing = []
    for audit_id, (writer, line) in found.open.items():
        if writer not in alive:
            alive[writer] = present(writer)
        if alive[writer]:
            continue
        try:
            intent = record_from_event(json.loads(line))
        except (AuditError, ValueError, RecursionError):
            # Damaged inside: the id is all that can be trusted.
            intent = AuditRecord(kind="intent", audit_id=audit_id, time=now)
        missing.append(replace(intent, kind="outcome", time=now, outcome="unknown"))
    return missing
