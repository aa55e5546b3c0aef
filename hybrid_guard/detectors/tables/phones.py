"""Telephone numbers: shapes in RE2, checked against the numbering plans of phonenumbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hybrid_guard.detectors.context import ALONE, near_words
from hybrid_guard.detectors.matching import Pattern

__all__ = ["build_phone_patterns"]

_CONTEXT = (
    *near_words("phone, telephone, tel, mobile, cell, call, fax, text, sms, dial, ring, whatsapp, contact"),
    *("reach", "hotline", "number is", "my number", "your number", "his number", "her number"),
    *("telefon", "handy", "mobil", "rufnummer", "teléfono", "móvil", "llama", "téléphone", "portable", "appelez"),
    *near_words("telefono, cellulare, chiama, telefone, celular, telefoon, komórka, puhelin, 전화, 電話, 电话"),
    ALONE,
)

# Where a number without a country code is likely to be from, by the language of the text; then the others.
_REGIONS = {
    "de": ("DE", "AT", "CH"),
    "en": ("US", "GB", "AU", "IN", "IE", "ZA"),
    "es": ("ES", "MX", "AR", "CO"),
    "fi": ("FI",),
    "fr": ("FR", "BE", "CH"),
    "he": ("IL",),
    "it": ("IT",),
    "ja": ("JP",),
    "ko": ("KR",),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
    "pt": ("PT", "BR"),
    "sv": ("SE",),
    "tr": ("TR",),
}
_EVERYWHERE = tuple(dict.fromkeys(region for regions in _REGIONS.values() for region in regions))

_FEWEST_DIGITS = 7
_MOST_DIGITS = 15


def build_phone_patterns(languages: Sequence[str]) -> tuple[Pattern, ...]:
    """Shapes of telephone numbers; one without a country code is tried first where *languages* are spoken."""
    first = [region for language in languages for region in _REGIONS.get(language, ())]
    national = _national_check(tuple(dict.fromkeys((*first, *_EVERYWHERE))))
    return (
        Pattern(
            name="international number",
            entity="PHONE_NUMBER",
            regex=r"(?:^|[^\w+])(?P<span>\+\(?\d(?:[ ().\-/\xa0]{0,3}\d){6,16})",
            score=0.5,
            context=_CONTEXT,
            fit=_fit_international,
            check=_check_international,
            evidence=1.0,
        ),
        Pattern(
            name="North American number",
            entity="PHONE_NUMBER",
            regex=(
                r"(?:^|[^\d+])(?P<span>(?:1[ .-])?(?:\(\d{3}\)[ .-]?|\d{3}-|\d{3}\.)\d{3}[.-]\d{4}"
                r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?)(?:$|[^\w-])"
            ),
            score=0.6,
            context=_CONTEXT,
            evidence=0.85,
        ),
        Pattern(
            name="North American number in groups",
            entity="PHONE_NUMBER",
            regex=(r"(?:^|[^\w+.-])(?P<span>(?:1[ -])?(?:\([2-9]\d{2}\)|[2-9]\d{2}) ?[2-9]\d{2}[ -]\d{4})(?:$|[^\w-])"),
            score=0.5,
            context=_CONTEXT,
        ),
        Pattern(
            name="North American number without area code",
            entity="PHONE_NUMBER",
            regex=r"(?:^|[^\w+.-])(?P<span>[2-9]\d{2}-\d{4})(?:$|[^\w-])",
            score=0.3,
            context=_CONTEXT,
        ),
        Pattern(
            name="national number",
            entity="PHONE_NUMBER",
            regex=r"(?:^|[^\w+./-])(?P<span>\(?0(?:[ ()./-]{0,3}\d){8,12})(?:$|[^\w-])",
            score=0.45,
            context=_CONTEXT,
            check=national,
        ),
        Pattern(
            name="national number in groups",
            entity="PHONE_NUMBER",
            regex=r"(?:^|[^\w+./-])(?P<span>[1-9]\d{1,3}[ .-]\d{2,4}(?:[ .-]?\d{2,4}){1,3})(?:$|[^\w-])",
            score=0.3,
            context=_CONTEXT,
            check=_refute_shape,
        ),
        Pattern(
            name="run of digits",
            entity="PHONE_NUMBER",
            regex=r"(?:^|[^\w+./-])(?P<span>(?:00)?[1-9]\d{6,13})(?:$|[^\w-])",
            score=0.2,
            context=_CONTEXT,
            check=_refute_shape,
            evidence=0.0,
        ),
    )


_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_OTHER_SHAPE = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}|\d{{3}}-\d{{2}}-\d{{4}}|\d{{4}}\D\d{{6}}\D\d{{5}}")
# An IPv4 address, an American social-security number, a card of fifteen digits.


def _refute_shape(value: str) -> bool | None:
    """Fewer or more digits than any number has, and shapes of other things."""
    fits = _FEWEST_DIGITS <= sum(map(str.isdigit, value)) <= _MOST_DIGITS
    return None if fits and not _OTHER_SHAPE.fullmatch(value) else False


def _fit_international(value: str) -> int:
    """The longest part in whole groups that is a valid number; all of it, up to fifteen digits, if none is."""
    ends = [match.end() for match in re.finditer(r"\d+", value)]
    for end in reversed(ends):
        if _is_valid(value[:end], None):
            return end
    digits = 0
    for index, character in enumerate(value):
        digits += character.isdigit()
        if digits == _MOST_DIGITS:
            return index + 1
    return len(value)


def _check_international(value: str) -> bool | None:
    return True if _is_valid(value, None) else None


def _national_check(regions: Sequence[str]) -> Callable[[str], bool | None]:
    def check(value: str) -> bool | None:
        if _OTHER_SHAPE.fullmatch(value):
            return False
        return None if any(_is_valid(value, region) for region in regions) else False

    return check


def _is_valid(value: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, region))
    except phonenumbers.NumberParseException:
        return False
