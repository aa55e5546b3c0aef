"""Other numbers that are as valid as one that was given."""

from __future__ import annotations

import random
import re
import string

from hybrid_guard.anonymizer.operators.checks import is_valid

__all__ = ["renumber"]

_ATTEMPTS = 400
_PHONE_TAIL = 6
_CARD_HEAD, _COUNTRY_HEAD = 1, 2
_CHECK_DIGITS = slice(2, 4)
_SIGN = re.compile("[0-9A-Za-z]")


def renumber(text: str, entity: str, seed: int, *, region: str) -> str | None:
    """
    A number in the form of *text* that is valid for *entity*.

    Args:
        text: The original. Only its form, and of a card, an account and a phone number the beginning, is kept.
        entity: Its type, one of `checks.CHECKED` or ``PHONE_NUMBER``.
        seed: The same one gives the same number.
        region: ISO 3166 code of the country that a phone number without a country code belongs to.

    Returns:
        None if *text* itself is not valid, or none was found.
    """
    chance = random.Random(seed)  # noqa: S311 - seeded by a key; what is drawn is no key itself
    valid = _is_phone if entity == "PHONE_NUMBER" else _is_number
    if not text.isascii() or not valid(text, entity, region):
        return None
    signs = _SIGN.findall(text)
    kept = {"CREDIT_CARD": _CARD_HEAD, "IBAN_CODE": _COUNTRY_HEAD, "PHONE_NUMBER": max(0, len(signs) - _PHONE_TAIL)}
    head = "".join(signs[: kept.get(entity, 0)])
    for _ in range(_ATTEMPTS):
        drawn = head + "".join(_draw(sign, chance) for sign in signs[len(head) :])
        if entity == "IBAN_CODE":
            drawn = _with_check_digits(drawn)
        rest = iter(drawn)
        new = _SIGN.sub(lambda _, rest=rest: next(rest), text)  # type: ignore[misc]
        if new != text and valid(new, entity, region):
            return new
    return None


def _draw(like: str, chance: random.Random) -> str:
    if like.isdigit():
        return chance.choice(string.digits)
    return chance.choice(string.ascii_uppercase if like.isupper() else string.ascii_lowercase)


def _with_check_digits(account: str) -> str:
    from stdnum.iban import calc_check_digits

    return account[: _CHECK_DIGITS.start] + str(calc_check_digits(account)) + account[_CHECK_DIGITS.stop :]


def _is_number(text: str, entity: str, region: str) -> bool:  # noqa: ARG001 - one signature for both
    return is_valid(text, entity=entity)


def _is_phone(text: str, entity: str, region: str) -> bool:  # noqa: ARG001 - one signature for both
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False
