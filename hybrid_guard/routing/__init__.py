"""
Stage two: which of the permitted deployments can answer, and how good its answer is.

Nothing here enlarges a permit.
"""

from __future__ import annotations

from hybrid_guard.routing.confidence import judge
from hybrid_guard.routing.gates import lacking, needs_of

__all__ = ["judge", "lacking", "needs_of"]
