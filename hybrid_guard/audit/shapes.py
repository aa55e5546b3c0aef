"""
The only shapes a value may have in an audit event: numbers, booleans, names from closed sets and short plain words.

Every check gives its value back or raises `AuditError`, which names the field and never the value.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, get_args

from hybrid_guard.errors import AuditError
from hybrid_guard.types import Capability, Failure, Mode, Operator, OutcomeCode, Stage, Zone

__all__ = [
    "capability",
    "code",
    "count",
    "failure",
    "flag",
    "kind",
    "label",
    "mode",
    "number",
    "operator",
    "optional",
    "outcome",
    "refusal",
    "several",
    "stage",
    "table",
    "word",
    "words",
    "zone",
]

T = TypeVar("T")

_WORD = re.compile(r"[A-Za-z0-9_.:/-]{1,128}")
_LABEL = re.compile(r"[A-Za-z0-9_.-]{1,64}|hidden:[0-9a-f]{12}")
_CODE = re.compile(r"HG[0-9]{3}")
_BEYOND = 1 << 63

# PRIVACY: lives and dies with the process and is written nowhere, so a digest of a label cannot be searched for.
_LABEL_KEY = secrets.token_bytes(32)


def refusal(place: str, expected: str) -> AuditError:
    """The error for the field *place*, which is not *expected*."""
    return AuditError(f"audit field `{place}` is not {expected}; the record was not written", code="HG503")


def word(value: object, place: str) -> str:
    """
    A plain identifier: an id, an alias, an entity, a level, a reason.

    It has no space, quote, bracket, control or non-ASCII character, so it can neither be a sentence nor break a line.
    """
    if isinstance(value, str) and _WORD.fullmatch(value):
        return value
    raise refusal(place, "a plain identifier (1 to 128 of `A-Z a-z 0-9 _ . : / -`)")


def words(values: Iterable[object], place: str) -> list[str]:
    """Each of *values*, as `word` gives it."""
    return [word(value, place) for value in values]


def label(value: object, place: str) -> str:
    """
    What a caller named something, such as a tag.

    A label of at most 64 of ``A-Z a-z 0-9 _ . -`` stands for itself. Any other could be a sentence, so a keyed digest
    (``hidden:`` and 12 hex digits) stands for it: the same label has the same digest while this process lives, and
    none that anyone could look up later. A decision that hangs on such a label cannot be replayed. A digest read from
    a trail stays as it is.
    """
    if not isinstance(value, str):
        raise refusal(place, "a string")
    if _LABEL.fullmatch(value):
        return value
    # A lone surrogate has no UTF-8 form; it is digested all the same.
    digest = hmac.new(_LABEL_KEY, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"hidden:{digest[:12]}"


def code(value: object, place: str) -> str:
    """The code of an error, such as ``HG601``."""
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise refusal(place, "an error code such as `HG601`")


def flag(value: object, place: str) -> bool:
    """True or False."""
    if isinstance(value, bool):
        return value
    raise refusal(place, "true or false")


def count(value: object, place: str) -> int:
    """A whole number from 0 that fits in 63 bits."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _BEYOND:
        return value
    raise refusal(place, "a whole number from 0")


def number(value: object, place: str) -> float:
    """A finite number of at most 63 bits before the point; JSON has no infinities."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and -_BEYOND < value < _BEYOND:
        return value
    raise refusal(place, "a finite number")


def optional(check: Callable[[object, str], T], value: object, place: str) -> T | None:
    """None, or what *check* gives."""
    return None if value is None else check(value, place)


def several(check: Callable[[object, str], str], values: Iterable[object], place: str) -> list[str]:
    """What *check* gives for each of *values*, sorted: a set has no order to keep."""
    return sorted(check(value, place) for value in values)


def table(check: Callable[[Any, str], T], values: Mapping[str, Any], place: str) -> dict[str, T]:
    """A mapping from words to what *check* gives."""
    return {word(key, place): check(value, place) for key, value in values.items()}


def _one_of(options: Iterable[str]) -> Callable[[object, str], str]:
    known = frozenset(options)

    def check(value: object, place: str) -> str:
        if isinstance(value, str) and value in known:
            # Members of string enums become what they stand for.
            return str.__str__(value)
        raise refusal(place, f"one of {', '.join(sorted(known))}")

    return check


capability = _one_of(get_args(Capability))
failure = _one_of(get_args(Failure))
kind = _one_of(("intent", "outcome"))
mode = _one_of(get_args(Mode))


def operator(value: object, place: str) -> str:
    """The name of an operator, shipped or installed."""
    try:
        return Operator(str(value)).value
    except ValueError:
        raise refusal(place, f"one of {', '.join(sorted(Operator))}, or a versioned name") from None


outcome = _one_of(get_args(OutcomeCode))
stage = _one_of(get_args(Stage))
zone = _one_of(one.value for one in Zone)
