"""The roles of texts as they come back from a disk or a server."""

from __future__ import annotations

from typing import get_args

from hybrid_guard.types import SegmentRole

__all__ = ["role_of"]


def role_of(stored: object) -> SegmentRole:
    """The role that *stored* names; ``other`` for what a later version may have written."""
    for known in get_args(SegmentRole):
        if stored == known:
            return known  # type: ignore[no-any-return]  # get_args cannot tell mypy that these are the literals
    return "other"
