"""What a vault holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from hybrid_guard.types.findings import SegmentRole

__all__ = ["Restoration", "VaultEntry", "VaultItem", "VaultKey"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """
    What became of the placeholders of one call, and of the surrogates, other digits and encrypted values that stand in
    the place of some. Counts only.

    Attributes:
        sent: Different ones in the body that was sent.
        returned: Different ones among those of the conversation that came back.
        restored: Occurrences replaced by their originals.
        repaired: Those of them that the model had written in another way; only a placeholder can be.
        withheld: Occurrences that stay as they are: in a link, or for a secret of the system prompt or a tool.
        invented: Texts that begin like a placeholder of this conversation, but were never issued.
        unfinished: Placeholders in which a text of the answer broke off; they were dropped.
    """

    sent: int = 0
    returned: int = 0
    restored: int = 0
    repaired: int = 0
    withheld: int = 0
    invented: int = 0
    unfinished: int = 0

    @property
    def lost(self) -> int:
        """Places of the answer that needed an original and did not get it."""
        return self.invented + self.unfinished
