"""
What replaces one span, one operator a file; each says what it keeps and what it leaks.

Placeholders are no operator of this room: they come from the vault. A kept span is not touched at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hybrid_guard.anonymizer.operators.generalize import Generalize
from hybrid_guard.anonymizer.operators.hash import Hash
from hybrid_guard.anonymizer.operators.mask import Mask
from hybrid_guard.anonymizer.operators.perturb import Perturb
from hybrid_guard.anonymizer.operators.redact import Redact, label
from hybrid_guard.ports import SpanOperator
from hybrid_guard.types import Operator

__all__ = ["Generalize", "Hash", "Mask", "Perturb", "Redact", "build_operators", "label"]


def build_operators(key: bytes) -> Mapping[Operator, SpanOperator]:
    """
    Every operator but ``keep`` and ``placeholder``.

    Args:
        key: Secret of at least 16 bytes that fingerprints and noise depend on. With one key per conversation nothing
            can be linked from one conversation to another.
    """
    return MappingProxyType(
        {
            Operator.REDACT: Redact(),
            Operator.MASK: Mask(),
            Operator.HASH: Hash(key),
            Operator.GENERALIZE: Generalize(),
            Operator.PERTURB: Perturb(key),
        }
    )
