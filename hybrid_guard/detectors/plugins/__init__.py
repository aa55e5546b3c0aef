"""
Detectors that users bring: spaCy pipelines, GLiNER and transformers models, a Presidio server.

Everything is read from this machine. A model that is not on the disk is an error with a remedy, never a download.
"""

from __future__ import annotations

__all__: list[str] = []
