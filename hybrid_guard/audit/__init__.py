"""
The audit trail: text-free records made durable before anything leaves the local zone, and quiet loggers around them.

structlog is loaded when the first sink is made, not by importing this room.
"""

from __future__ import annotations

from hybrid_guard.audit.event import decision_from_event, facts_from_event, record_from_event
from hybrid_guard.audit.quiet import quiet_loggers
from hybrid_guard.audit.record import to_event
from hybrid_guard.audit.recovery import Recovery
from hybrid_guard.audit.sinks import JsonlSink, StructlogSink

__all__ = [
    "JsonlSink",
    "Recovery",
    "StructlogSink",
    "decision_from_event",
    "facts_from_event",
    "quiet_loggers",
    "record_from_event",
    "to_event",
]
