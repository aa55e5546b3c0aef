"""Private or public? Mentions of what everybody knows are told from those of somebody's life."""

from __future__ import annotations

from hybrid_guard.detectors.public.mentions import judge_mentions

__all__ = ["judge_mentions"]
