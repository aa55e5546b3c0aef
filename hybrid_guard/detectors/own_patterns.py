"""The patterns of a policy's own, in the form in which the shipped ones run."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.views import build_views
from hybrid_guard.types import CheckDigit, DetectionPattern

__all__ = ["build_own_patterns"]

_LATIN = 0xFF


def build_own_patterns(patterns: Sequence[DetectionPattern]) -> tuple[Pattern, ...]:
    """
    *patterns* of a policy, each called by its place in the file.

    A view has one byte for all letters beyond Latin-1, so one of them in a pattern stands for any.
    """
    return tuple(
        Pattern(
            name=f"detection.patterns[{position}]",
            entity=pattern.entity,
            regex="".join(_spell(unicodedata.normalize("NFC", pattern.regex))),
            score=pattern.score,
            context=pattern.context,
            check=None if pattern.check is None else _CHECKS[pattern.check],
            own=True,
        )
        for position, pattern in enumerate(patterns)
    )


def _spell(regex: str) -> Iterator[str]:
    for character in regex:
        if ord(character) <= _LATIN:
            yield character
            continue
        for byte in build_views(character)[-1].data:
            # Wide punctuation reads as that of ASCII, and is no syntax.
            yield chr(byte) if chr(byte).isalnum() else f"\\x{byte:02x}"


def _luhn(value: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(_digits(value)))


def _mod_11_10(value: str) -> bool:
    from stdnum.iso7064 import mod_11_10

    return bool(mod_11_10.is_valid(_digits(value)))


def _mod_97_10(value: str) -> bool:
    from stdnum.iso7064 import mod_97_10

    return bool(mod_97_10.is_valid("".join(filter(str.isalnum, value)).upper()))


def _verhoeff(value: str) -> bool:
    from stdnum import verhoeff

    return bool(verhoeff.is_valid(_digits(value)))


def _digits(value: str) -> str:
    return "".join(filter(str.isdecimal, value))


_CHECKS: dict[CheckDigit, Callable[[str], bool]] = {
    "luhn": _luhn,
    "mod_11_10": _mod_11_10,
    "mod_97_10": _mod_97_10,
    "verhoeff": _verhoeff,
}
