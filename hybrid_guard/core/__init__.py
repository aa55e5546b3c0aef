"""The chain: the spine (`flow`), the layers around it (`layers`), and the two drivers that run it (`drivers`)."""

from __future__ import annotations

from hybrid_guard.core.chain import Chain
from hybrid_guard.core.drivers import Ports, arun, astream, run, stream
from hybrid_guard.core.layers import StreamCancelled, build, own_error
from hybrid_guard.core.preview import Preview, preview

__all__ = [
    "Chain",
    "Ports",
    "Preview",
    "StreamCancelled",
    "arun",
    "astream",
    "build",
    "own_error",
    "preview",
    "run",
    "stream",
]
