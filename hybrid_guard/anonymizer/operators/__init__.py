"""
What replaces one span, one operator a file; each says what it keeps and what it leaks.

Placeholders are no operator of this room: they come from the vault. A kept span is not touched at all. What stands for
a value and is restored (surrogates, other digits, encrypted values) is proposed here and remembered by the vault.

Third parties join through the entry-point group `hybrid_guard.plugins.OPERATOR_ENTRY_POINTS`: the name of the entry
point, such as ``scramble.v1``, is the one that a policy gives, its object a factory ``bytes -> SpanOperator`` that is
given a secret of the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType

from hybrid_guard.anonymizer.operators.encrypt import Encrypt
from hybrid_guard.anonymizer.operators.format_preserving import FormatPreserving
from hybrid_guard.anonymizer.operators.generalize import Generalize
from hybrid_guard.anonymizer.operators.hash import Hash
from hybrid_guard.anonymizer.operators.mask import Mask
from hybrid_guard.anonymizer.operators.noise import Noise
from hybrid_guard.anonymizer.operators.perturb import Perturb
from hybrid_guard.anonymizer.operators.redact import Redact, label
from hybrid_guard.anonymizer.operators.surrogate import Surrogate
from hybrid_guard.errors import HybridGuardError
from hybrid_guard.plugins import OPERATOR_ENTRY_POINTS
from hybrid_guard.ports import SpanOperator, StandInMaker
from hybrid_guard.types import Operator, OperatorSettings

__all__ = [
    "Encrypt",
    "FormatPreserving",
    "Generalize",
    "Hash",
    "Mask",
    "Noise",
    "Perturb",
    "Redact",
    "Surrogate",
    "build_operators",
    "build_stand_ins",
    "label",
    "load_operator",
]

_DEFAULTS = OperatorSettings()


def build_operators(key: bytes, settings: OperatorSettings = _DEFAULTS) -> Mapping[Operator, SpanOperator]:
    """
    Every shipped operator that keeps nothing: all but ``keep`` and those that are reversible.

    With an epsilon in *settings* ``perturb`` is none of them: what cannot be drawn with it becomes a label.

    Args:
        key: Secret of at least 16 bytes that fingerprints and noise depend on. With one key per conversation nothing
            can be linked from one conversation to another.
        settings: Of the policy.
    """
    operators: dict[Operator, SpanOperator] = {
        Operator.REDACT: Redact(),
        Operator.MASK: Mask(),
        Operator.HASH: Hash(key),
        Operator.GENERALIZE: Generalize(),
    }
    if settings.epsilon is None:
        operators[Operator.PERTURB] = Perturb(key)
    return MappingProxyType(operators)


def build_stand_ins(
    key: bytes, settings: OperatorSettings, wanted: Collection[Operator]
) -> Mapping[Operator, StandInMaker]:
    """
    What proposes stand-ins, for those of *wanted* that have any.

    Args:
        key: Secret of at least 16 bytes, of one conversation.
        settings: Of the policy.
        wanted: Operators that the policy names.
    """
    makers: dict[Operator, StandInMaker] = {}
    if Operator.SURROGATE in wanted:
        makers[Operator.SURROGATE] = Surrogate(key, locale=settings.locale)
    if settings.epsilon is not None and Operator.PERTURB in wanted:
        makers[Operator.PERTURB] = Noise(key, epsilon=settings.epsilon, group_share=settings.group_share)
    if settings.key is not None and Operator.ENCRYPT in wanted:
        makers[Operator.ENCRYPT] = Encrypt(settings.key)
    if settings.key is not None and Operator.FORMAT_PRESERVING in wanted:
        makers[Operator.FORMAT_PRESERVING] = FormatPreserving(settings.key, checksum=settings.checksum)
    return MappingProxyType(makers)


def load_operator(operator: Operator) -> Callable[[bytes], SpanOperator]:
    """
    The factory of an operator that an installed package adds.

    Raises:
        HybridGuardError: It cannot be loaded.
    """
    found = tuple(entry_points(group=OPERATOR_ENTRY_POINTS, name=operator.value))
    try:
        factory: Callable[[bytes], SpanOperator] = found[0].load()
    except Exception as error:
        raise HybridGuardError(
            f"operator `{operator.value}` could not be loaded: {type(error).__name__}; reinstall its package",
            code="HG302",
        ) from None
    return factory
