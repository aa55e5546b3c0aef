"""How operators do their work: what the `operators` section of a policy says, compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["OperatorSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings:
    """
    Parameters of operators; one value for all rules, so that two rules never ask for different ones.

    Attributes:
        key: Secret of 32 bytes that ``encrypt`` and ``format_preserving`` need; None if no rule names them.
        locale: Of Faker: the language and country of surrogates.
        checksum: Whether ``format_preserving`` keeps check digits as right or wrong as they were.
        epsilon: What ``perturb`` spends on one value, greater than 0; None for bounded noise without a guarantee.
        group_share: Share of epsilon for the group of a category, between 0 and 1; None to draw without groups.
    """

    key: bytes | None = field(default=None, repr=False)
    locale: str = "en_US"
    checksum: Literal["keep", "ignore"] = "keep"
    epsilon: float | None = None
    group_share: float | None = None
