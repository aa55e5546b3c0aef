"""
Audit trails as the strictest look at them needs them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from hybrid_guard.audit import record_from_event
from hybrid_guard.errors import AuditError

__all__ = ["blank_measures"]

_DIGITS = {"audit_id": 32, "writer": 12, "policy": 16}
"""How many hexadecimal digits the ids and the digest of a trail have."""

_EPOCH = (1_500_000_000, 4_000_000_000)
_ONE_REQUEST = (0, 100_000)
"""Between which bounds seconds since the epoch lie, and seconds or dollars of one request."""


def blank_measures(data: bytes) -> bytes:
    """
    *data* in which the lines of an audit trail are without what was measured or drawn: times, prices, ids, digests.

    Any of those holds six digits of a value by chance, sooner or later ten. They are taken out by their place in the
    parsed event, and only if the event is one that a sink of ours writes and is all that the line holds, and if what
    stands there has the type and the size of a measure or the form of an id; all else stays as it is.
    """
    return b"\n".join(map(_blank, data.split(b"\n")))


def _blank(line: bytes) -> bytes:
    if not line.startswith(b'{"v":'):
        return line
    try:
        event: dict[str, Any] = json.loads(line)
        # INVARIANT: a line that is not what its event is written as holds more than its event, such as a key twice.
        if _written(event) != line:
            return line
        record_from_event(event)
    except (AuditError, RecursionError, ValueError):
        return line
    facts, decision = event["facts"] or {}, event["decision"] or {}
    measures = [(event["timings"], name) for name in event["timings"]]
    for part, name in (*measures, (event, "time"), (event, "cost"), (facts, "confidence")):
        least, most = _EPOCH if name == "time" else _ONE_REQUEST
        # The event has been read, so what is not None is a number.
        if part.get(name) is not None and least <= part[name] < most:
            part[name] = 0
    for part, name in ((event, "audit_id"), (event, "writer"), (decision, "policy")):
        if re.fullmatch(f"[0-9a-f]{{{_DIGITS[name]}}}", str(part.get(name))):
            part[name] = ""
    return _written(event)


def _written(event: dict[str, Any]) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode("ascii")
