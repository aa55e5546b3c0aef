"""The names and other plain values that a policy file may hold, and how each is checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from hybrid_guard.plugins import (
    INSTALLED_OPERATOR,
    KINDS,
    LOCALES,
    SHIPPED_NAMES,
    installed_operators,
    known_names,
    lacking,
    split_name,
)
from hybrid_guard.policies.patterns import find_flaw
from hybrid_guard.sensitivity import DEFAULT_WEIGHTS
from hybrid_guard.text import ENDPOINTS
from hybrid_guard.types import Operator

__all__ = [
    "KNOWN_ENTITIES",
    "PATTERN_WORDS",
    "ContextWord",
    "DeclaredName",
    "DetectorName",
    "EndpointName",
    "EntityName",
    "Language",
    "LevelName",
    "LocaleName",
    "Name",
    "OperatorName",
    "Regex",
    "Share",
    "Text",
    "Title",
    "TreatedName",
    "TrustedName",
    "Version",
    "WeighedName",
    "ZoneName",
]

KNOWN_ENTITIES = tuple(sorted(DEFAULT_WEIGHTS))
"""Entities that a policy may name: those that the shipped detectors give."""

ZoneName = Literal["local", "private", "external"]
_ENTITY = r"^[A-Z][A-Z0-9]{0,31}(?:_[A-Z0-9]{1,31}){0,7}$"
_WORD = "a word"


def _check_operator(name: str) -> str:
    if name in tuple(Operator):
        return name
    if name not in (installed := installed_operators()):
        raise PydanticCustomError("unknown_operator", "unknown name", {"known": (*Operator, *installed)})
    return name


# As with detectors, what is installed differs from machine to machine.
OperatorName = Annotated[
    str,
    AfterValidator(_check_operator),
    WithJsonSchema(
        {"type": "string", "anyOf": [{"enum": [one.value for one in Operator]}, {"pattern": INSTALLED_OPERATOR}]}
    ),
]


def _one_of(code: str, known: Iterable[str]) -> tuple[AfterValidator, WithJsonSchema]:
    names = tuple(known)

    def check(name: str) -> str:
        if name not in names:
            raise PydanticCustomError(code, "unknown name", {"known": names})
        return name

    return AfterValidator(check), WithJsonSchema({"type": "string", "enum": list(names)})


def _check_detector(name: str) -> str:
    # Looking for installed packages takes a while, and most policies need none.
    if name in SHIPPED_NAMES:
        return name
    problem = lacking(name)
    if problem is not None:
        raise PydanticCustomError("unusable_detector", "cannot be made", {"problem": problem})
    if split_name(name) is None and name not in (known := known_names()):
        raise PydanticCustomError("unknown_detector", "unknown name", {"known": known})
    return name


def _entity(known: Iterable[str]) -> tuple[AfterValidator, WithJsonSchema]:
    """As `_one_of`, with what the patterns of the policy declare, which the context of the validation holds."""
    names = tuple(known)

    def check(name: str, info: ValidationInfo) -> str:
        declared = sorted(info.context["declared"]) if info.context else []
        if name not in names and name not in declared:
            raise PydanticCustomError("unknown_entity", "unknown name", {"known": (*names, *declared)})
        return name

    schema = {"type": "string", "anyOf": [{"enum": list(names)}, {"pattern": _ENTITY}]}
    return AfterValidator(check), WithJsonSchema(schema)


def _check_regex(regex: str) -> str:
    flaw = find_flaw(regex)
    if flaw is not None:
        raise PydanticCustomError("unusable_pattern", "cannot run", {"problem": flaw})
    return regex


def _check_word(words: str) -> str:
    # No JSON Schema can say this of all scripts.
    if not words[:1].isalnum():
        raise PydanticCustomError("string_pattern_mismatch", "no word", {"pattern": _WORD})
    return words


# What is installed differs from machine to machine, so the published schema has examples and no closed list.
DetectorName = Annotated[
    str,
    AfterValidator(_check_detector),
    WithJsonSchema(
        {"type": "string", "examples": [*SHIPPED_NAMES, *(f"{name}:{kind.shown}" for name, kind in KINDS.items())]}
    ),
]


def _has_a_weight(name: str) -> str:
    if name == "DENIED_TEXT":
        raise PydanticCustomError("fixed_weight", "a weight that cannot be changed")
    return name


EntityName = Annotated[str, *_entity(KNOWN_ENTITIES)]
WeighedName = Annotated[
    str,
    AfterValidator(_has_a_weight),
    *_entity(name for name in KNOWN_ENTITIES if name != "DENIED_TEXT"),
]
TreatedName = Annotated[str, *_entity(("default", *KNOWN_ENTITIES))]
TrustedName = Annotated[str, *_entity(("all", *KNOWN_ENTITIES))]
DeclaredName = Annotated[str, StringConstraints(pattern=_ENTITY)]
Regex = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_check_regex)]
ContextWord = Annotated[str, AfterValidator(_check_word), WithJsonSchema({"type": "string", "pattern": r"\S"})]
LocaleName = Annotated[str, *_one_of("unknown_locale", LOCALES)]
EndpointName = Annotated[str, *_one_of("unknown_endpoint", sorted(ENDPOINTS))]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Title = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$")]
LevelName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]

# A whole number with bounds and no Literal: `True == 1` makes a Literal accept `true`.
Version = Annotated[int, Field(ge=1, le=1)]

PATTERN_WORDS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$": "1 to 64 letters, digits, `_`, `.` or `-`, the first a letter or digit",
    r"^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$": "1 to 64 letters, digits, spaces, `_`, `.` or `-`, no space first",
    r"^[a-z][a-z0-9_-]{0,31}$": "1 to 32 small letters, digits, `_` or `-`, the first a letter",
    r"^[a-z]{2}$": "an ISO 639-1 code of two small letters, such as `en`",
    r"\S": "a text that is not empty",
    _WORD: "a word or words, the first character a letter or digit",
    _ENTITY: "a name in capitals such as `BADGE_NUMBER`: parts of letters and digits, joined by `_`",
}
"""Each pattern in the words of an error message."""
