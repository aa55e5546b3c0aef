"""``python -m hybrid_guard`` is ``hybrid-guard``."""

from __future__ import annotations

from hybrid_guard.cli import main

__all__: list[str] = []

main()
