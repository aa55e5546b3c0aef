"""
Mechanisms of local differential privacy: any two values of a domain are told apart by a factor of e^epsilon at most.

The noise is that of OpenDP, whose samplers are exact: a float that is drawn carelessly gives a value away by its last
bits. Nothing here can be seeded.
"""

from __future__ import annotations

import math
import secrets
from functools import lru_cache
from typing import Any

__all__ = ["choose", "choose_in_groups", "move"]

# Keeps the bound when what OpenDP rounds up is compared to it.
_ROUNDING = 1 - 2.0**-30


def move(place: int, size: int, *, epsilon: float) -> int:
    """
    Another place of a ring of *size* places, by discrete Laplace noise; the near ones are the likelier ones.

    On a ring no two places are more than half of it apart, which halves the noise that a row would need, and no end
    catches what would lie beyond.

    Args:
        place: From 0 to *size* - 1.
        size: At least 2.
        epsilon: Greater than 0.
    """
    return int(_laplace(size // 2, epsilon)(place)) % size


def choose(place: int | None, size: int, *, epsilon: float) -> int:
    """
    One of *size* values: *place* with probability e^epsilon / (e^epsilon + size - 1), every other one equally often.

    This is k-ary randomised response, which is also the exponential mechanism where a value is either right or wrong.

    Args:
        place: From 0 to *size* - 1; None for a value that is none of them, for which all are equally likely.
        size: At least 1.
        epsilon: Greater than 0.
    """
    if place is None or size == 1:
        return secrets.randbelow(size)
    return int(_response(size, epsilon)(place))


def choose_in_groups(
    place: tuple[int, int] | None, sizes: tuple[int, ...], *, epsilon: float, group_share: float
) -> tuple[int, int]:
    """
    A value in two layers, as in PRISM (AAAI 2026): first a group, then a value of the group that came out.

    Args:
        place: Group and place in it; None for a value that is in no group.
        sizes: How many values each group has.
        epsilon: Of both layers together.
        group_share: How much of it the group gets, between 0 and 1; the value gets the rest.
    """
    group = choose(None if place is None else place[0], len(sizes), epsilon=epsilon * group_share)
    inside = place[1] if place is not None and place[0] == group else None
    return group, choose(inside, sizes[group], epsilon=epsilon * (1 - group_share))


@lru_cache(maxsize=256)
def _laplace(reach: int, epsilon: float) -> Any:
    from opendp import measurements, mod
    from opendp.domains import atom_domain
    from opendp.metrics import absolute_distance

    mod.enable_features("contrib")
    scale = reach / (epsilon * _ROUNDING)
    return measurements.make_laplace(atom_domain(T="i64"), absolute_distance(T="i64"), scale=scale)


@lru_cache(maxsize=256)
def _response(size: int, epsilon: float) -> Any:
    from opendp import measurements, mod

    mod.enable_features("contrib")
    kept = 1 / (1 + (size - 1) * math.exp(-epsilon * _ROUNDING))
    return measurements.make_randomized_response(list(range(size)), prob=kept)
