"""What a vault holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybrid_guard.types.findings import SegmentRole

__all__ = ["VaultEntry", "VaultItem", "VaultKey"]

VaultKey = str
"""Opaque name of one conversation's vault: a keyed hash, so that it cannot be guessed from ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultItem:
    """
    One original that needs a placeholder.

    Attributes:
        entity: Its type.
        original: The exact text to be restored.
        role: Who supplied it.
    """

    entity: str
    original: str = field(repr=False)
    role: SegmentRole = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultEntry:
    """
    One placeholder and what it stands for.

    Attributes:
        placeholder: Letters and digits only.
        item: What it stands for.
    """

    placeholder: str
    item: VaultItem
