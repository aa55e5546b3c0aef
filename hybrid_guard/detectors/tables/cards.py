"""Payment cards: numbers in any groups, security codes, expiry dates and the tracks of the magnetic stripe."""

from __future__ import annotations

import re

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import WORD_START, any_of

__all__ = ["CARDS"]

_SHORTEST_CARD = 13
_LONGEST_CARD = 19
_FEWEST_DIFFERENT = 2


def _check_card(value: str) -> bool | None:
    """By the check digit; times in milliseconds and runs of one digit are no cards."""
    from stdnum import luhn

    digits = re.sub(r"\D", "", value)
    if not _SHORTEST_CARD <= len(digits) <= _LONGEST_CARD or len(set(digits)) < _FEWEST_DIFFERENT:
        return False
    return bool(luhn.is_valid(digits))


CARDS: tuple[Pattern, ...] = (
    Pattern(
        name="card number in groups",
        entity="CREDIT_CARD",
        regex=(
            r"(?:^|[^\w.+-])(?P<span>(?:3[47]\d{2}[\s./_|\x1a-]{1,3}\d{6}[\s./_|\x1a-]{1,3}\d{5}"
            r"|[2-6]\d{3}[\s./_|\x1a-]{1,3}\d{4}[\s./_|\x1a-]{1,3}\d{4}[\s./_|\x1a-]{1,3}\d{3,4}(?:[\s./_|\x1a-]{1"
            r",3}\d{3})?))(?:$|[^\w-])"
        ),
        score=0.45,
        check=_check_card,
        evidence=2.5,
    ),
    Pattern(
        name="card number in a cell of a table in HTML",
        entity="CREDIT_CARD",
        regex=r">\s{0,3}(?P<span>\d{13,19})\s{0,3}</",
        score=0.45,
        check=_check_card,
        evidence=2.5,
    ),
    Pattern(
        name="track of a magnetic stripe",
        entity="CREDIT_CARD",
        regex=r"%?B\d{12,19}\^[^^\n]*\^\d{4}[^?\n]*\??|;\d{12,19}=\d{4}[\d=]*\??",
        score=0.9,
    ),
    Pattern(
        name="security code of a card",
        entity="CVV",
        regex=(
            WORD_START
            + any_of(
                (
                    (
                        "cvv, cvv2, cvc, cvc2, cvn, cid code, csc, card security code, card verification value, card "
                        "verification code"
                        ", security code, verification code, prüfziffer, kartenprüfnummer, prüfnummer, sicherheitscode"
                        ", "
                        "cryptogramme"
                        ", code de sécurité, código de seguridad, codice di sicurezza, código de segurança, "
                        "beveiligingscode, kod cvv"
                        ", kod cvc, kod bezpieczeństwa"
                    ),
                )
            )
            + r"(?:\s(?:number|code|nr|no)\.?)?(?:\s(?:der|meiner|of\s(?:the|my)|on\s(?:the|my)|de\sla|della|do)"
            r"\s(?:karte|card|carte|tarjeta|carta|cart\xe3o))?["
            r"\"'*]{0,2}\s?(?:[:=|#-]|is|was|ist|est|es|\xe8|\xe9|to|of)?"
            r"[\s\"'(:]{0,3}(?P<span>\d{3,4})(?:$|[^\w-])"
        ),
        score=0.8,
        evidence=2.3,
    ),
    Pattern(
        name="expiry of a card",
        entity="DATE_TIME",
        regex=(
            WORD_START
            + any_of(
                (
                    (
                        "exp, exp., expiry, expires, expiration, exp date, expiry date, expiration date, valid thru, "
                        "valid "
                        "through"
                        ", valid until, good thru, gültig bis, ablaufdatum, date d'expiration, expire fin, fecha de "
                        "caducidad, caduca"
                        ", vencimiento, scadenza, validade, vervaldatum, data ważności, ważna do"
                    ),
                )
            )
            + r"[\"'*]{0,2}\s?(?:[:=|]|is|on|in)?\s{0,2}(?P<span>(?:0[1-9]|1[0-2])\s?[/.-]\s?(?:20)?\d\d)(?:$|[^\w/])"
        ),
        score=0.7,
        evidence=2.3,
    ),
)
"""``CREDIT_CARD`` and ``CVV``, beside Presidio's pattern."""
