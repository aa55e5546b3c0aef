"""
The command line: one file a command. `main` is the console script ``hybrid-guard``.

Commands import what they need when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

from hybrid_guard.cli.app import main

__all__ = ["main"]
