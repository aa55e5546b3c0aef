"""
What it takes to prove that nothing leaks: recording servers, a taint oracle and an egress witness; and the detectors as
a plain function, for benchmarks.
"""

from __future__ import annotations

from hybrid_guard.detectors import bundled_pipeline_path, detector_for_benchmarks
from hybrid_guard.testing import faults
from hybrid_guard.testing.canaries import Canary, CanaryKind, make_canary
from hybrid_guard.testing.faults import Fault
from hybrid_guard.testing.oracle import Leak, TaintOracle
from hybrid_guard.testing.replies import (
    Answer,
    Reply,
    ToolCall,
    call_tool,
    echo,
    fail,
    in_turn,
    say,
    say_chunks,
    say_json,
    say_surely,
    say_unsurely,
)
from hybrid_guard.testing.servers import RecordingProxy, RecordingServer
from hybrid_guard.testing.sinks import Sinks
from hybrid_guard.testing.trails import blank_measures
from hybrid_guard.testing.wire import RecordedRequest
from hybrid_guard.testing.witness import Attempt, EgressWitness

__all__ = [
    "Answer",
    "Attempt",
    "Canary",
    "CanaryKind",
    "EgressWitness",
    "Fault",
    "Leak",
    "RecordedRequest",
    "RecordingProxy",
    "RecordingServer",
    "Reply",
    "Sinks",
    "TaintOracle",
    "ToolCall",
    "blank_measures",
    "bundled_pipeline_path",
    "call_tool",
    "detector_for_benchmarks",
    "echo",
    "fail",
    "faults",
    "in_turn",
    "make_canary",
    "say",
    "say_chunks",
    "say_json",
    "say_surely",
    "say_unsurely",
]
