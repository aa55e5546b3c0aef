"""Whether a date says a day, or only a year or a length of time."""

from __future__ import annotations

import re

from hybrid_guard.detectors.public import wording
from hybrid_guard.detectors.public.evidence import split_words
from hybrid_guard.types import Finding

__all__ = ["is_day"]

_LONGEST = 100  # characters of a date that are read
_FIGURES = re.compile(r"\d[./:-]\d")
# Beginnings of the names of months and days in eight languages; too many words begin so rather than too few.
_MONTHS = tuple(
    sorted(
        wording.words(
            "jan gen ene sty feb fév fev lut mar mär maa mrt apr abr avr kwi may mai mag mei maj jun jui giu cze",
            "jul lug lip aug ago aoû sie sep set wrz oct okt ott out paź nov lis dec dez déc dic gru",
            "mon die tue wed thu fri sat sun mitt don fre sam son lun mer jeu ven dim mié jue vie sáb dom gio seg",
            "ter qua qui sex woe vri zat zon pon wto śro czw pią sob nie",
            "yest tod tom ges heu hier dem ayer hoy ier ogg ont hoj",
        )
    )
)


def is_day(text: str, finding: Finding) -> bool:
    """Whether *finding* is a date that says more than a year or a length of time."""
    if finding.entity != "DATE_TIME":
        return False
    mention = text[finding.start : min(finding.end, finding.start + _LONGEST)]
    return _FIGURES.search(mention) is not None or any(word.startswith(_MONTHS) for word in split_words(mention))
