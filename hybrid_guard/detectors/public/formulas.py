"""Formulas between dollar signs, which look like amounts of money."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hybrid_guard.types import Finding

__all__ = ["find_formulas"]

_LONGEST = 30
# No blank inside, and no figure behind: "$50/$60" is money.
_FORMULA = re.compile(rf"\$[^$\s]{{1,{_LONGEST}}}\$(?!\d)")


def find_formulas(text: str, findings: Sequence[Finding]) -> frozenset[Finding]:
    """Those of *findings* that are amounts inside of a formula as TeX writes it: ``$x$``, ``$AB=100$``."""
    return frozenset(one for one in findings if one.entity == "MONEY" and _is_formula(text, one))


def _is_formula(text: str, finding: Finding) -> bool:
    start = max(0, finding.start - _LONGEST)
    # An odd sign before the window would pair with the wrong one, so every sign in it may begin a formula.
    for position in range(start, min(finding.end, finding.start + _LONGEST)):
        formula = _FORMULA.match(text, position) if text[position] == "$" else None
        if formula and formula.start() <= finding.start and finding.end <= formula.end():
            return True
    return False
