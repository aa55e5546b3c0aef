"""How far something is trusted, and which of them come first."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

__all__ = ["Mode", "Zone"]

Mode = Literal["only_local", "prefer_local", "auto", "prefer_cloud", "only_cloud"]
"""Which deployments are tried first, inside the permitted zones."""


class Zone(StrEnum):
    """
    How far a deployment is trusted; ordered ``LOCAL`` < ``PRIVATE`` < ``EXTERNAL`` by distance.

    Attributes:
        distance: 0, 1 or 2; less is closer.
    """

    LOCAL = "local"
    PRIVATE = "private"
    EXTERNAL = "external"

    @property
    def distance(self) -> int:
        return ("local", "private", "external").index(self.value)
