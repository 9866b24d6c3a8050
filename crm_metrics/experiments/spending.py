"""O'Brien and Fleming's bounds for planned looks, by Lan and DeMets' spending of the level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crm_metrics.experiments.distributions import (
    crossing,
    normal_critical,
    normal_tail,
    normal_two_sided,
)

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(120)
LEAST_ALPHA = 1e-14
_FARTHEST = 40.0


@lru_cache(maxsize=512)
def bounds(planned: int, alpha: float) -> tuple[float, ...]:
    """The two-sided z bound of every one of equally spaced looks.

    Each side spends 2 - 2 * Phi(z(alpha / 4) / sqrt(t)) by the share t of what was planned. Lan and
    DeMets, Biometrika 70 (1983); integrals as in Armitage, McPherson and Rowe, JRSS A 132 (1969).
    """
    shares = [look / planned for look in range(1, planned + 1)]
    spent = [normal_two_sided(normal_critical(alpha / 2) / math.sqrt(share)) for share in shares]
    step = 1 / planned
    found: list[float] = []
    places, density = np.zeros(1), np.ones(1)  # Brownian motion at the last look, not yet stopped
    before = 0.0
    for share, total in zip(shares, spent, strict=True):
        own = total - before

        def over(bound: float, own: float = own, at: Floats = places, g: Floats = density) -> float:
            return float(g @ normal_tail((bound - at) / math.sqrt(step))) - own

        bound = crossing(over, 0.0, _FARTHEST)
        found.append(bound / math.sqrt(share))
        at = bound * _NODES
        gaps = (at[:, None] - places[None, :]) / math.sqrt(step)
        spread = np.exp(-(gaps**2) / 2) / math.sqrt(2 * math.pi * step)
        places, density = at, (spread @ density) * bound * _WEIGHTS
        before = total
    return tuple(found)


def reached(ends: Sequence[float], drift: float) -> float:
    """Chance that a z which drifts to `drift` at the last look leaves its bounds by then.

    `ends` is the two-sided bound of every one of equally spaced looks. Source: Jennison and
    Turnbull, Group Sequential Methods (2000), chapter 19.
    """
    step = 1 / len(ends)
    spread = math.sqrt(step)
    places, density = np.zeros(1), np.ones(1)  # Brownian motion, not yet stopped
    found = 0.0
    for look, end in enumerate(ends, start=1):
        bound, moved = end * math.sqrt(look * step), places + drift * step
        outside = normal_tail((bound - moved) / spread) + normal_tail((bound + moved) / spread)
        found += float(density @ outside)
        at = bound * _NODES
        gaps = (at[:, None] - moved[None, :]) / spread
        kernel = np.exp(-(gaps**2) / 2) / math.sqrt(2 * math.pi) / spread
        places, density = at, (kernel @ density) * bound * _WEIGHTS
    return found


def level(look: int, planned: int, alpha: float) -> float:
    """The level of an ordinary interval at a look, so that all looks together hold `alpha`."""
    return normal_two_sided(bounds(planned, alpha)[look - 1])


@lru_cache(maxsize=512)
def adjusted(pvalue: float, look: int, planned: int) -> float:
    """The smallest level at which this p at this look would be called; 1 where none is."""
    if pvalue >= level(look, planned, 1.0):
        return 1.0
    sought = math.log(max(pvalue, 1e-300))

    def under(log: float) -> float:
        return sought - math.log(max(level(look, planned, math.exp(log)), 1e-300))

    return math.exp(crossing(under, math.log(LEAST_ALPHA), 0.0))
