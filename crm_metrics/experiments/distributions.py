"""Tails, critical values and roots: the one place of this room that loads scipy.

scipy is loaded when a test is computed, not when the app starts (half a second to 1.6 s).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NORMAL = NormalDist()
MOST_DEGREES = 4_000
"""Above it the noncentral t is taken from the normal: off by 7e-9 at most, measured."""


def normal_critical(alpha: float) -> float:
    """The z that a standard normal exceeds, either way, with chance alpha."""
    return -_NORMAL.inv_cdf(alpha / 2)


def normal_two_sided(z: float) -> float:
    """Chance that a standard normal lies beyond z, either way."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_below(z: float) -> float:
    """Chance that a standard normal lies below z."""
    return math.erfc(-z / math.sqrt(2)) / 2


def normal_tail(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that a standard normal lies above each z."""
    from scipy.special import ndtr

    return np.asarray(ndtr(-z))


def student_critical(alpha: float, degrees: float) -> float:
    """The t that Student's t exceeds, either way, with chance alpha."""
    from scipy.special import stdtrit

    return -float(stdtrit(degrees, alpha / 2))


def student_two_sided(t: float, degrees: float) -> float:
    """Chance that Student's t lies beyond t, either way."""
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -abs(t)))


def noncentral_t_below(t: float, degrees: float, shift: float) -> float:
    """Chance that a noncentral t (noncentrality `shift`) lies below t.

    With many degrees, and where scipy gives NaN (a great noncentrality: scipy #25106, #25470), by
    the normal approximation of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.10.
    """
    if degrees <= MOST_DEGREES:
        from scipy.special import nctdtr

        chance = float(nctdtr(degrees, shift, t))
        if math.isfinite(chance):
            return chance
    return normal_below((t * (1 - 1 / (4 * degrees)) - shift) / math.sqrt(1 + t * t / 2 / degrees))


def chi_square_above(statistic: float, degrees: int) -> float:
    """Chance that chi-square exceeds the statistic."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees, statistic))


def f_above(statistic: float, degrees: tuple[float, float]) -> float:
    """Chance that F exceeds the statistic."""
    from scipy.special import fdtrc

    return float(fdtrc(*degrees, statistic))


def binomial_two_sided(successes: int, n: int, rate: float) -> float:
    """Exact two-sided p of successes in n trials, given the rate."""
    from scipy.stats import binomtest

    return float(binomtest(successes, n, rate).pvalue)


def boschloo(x: int, n: int, x0: int, n0: int) -> float:
    """Two-sided p of Boschloo's exact test of x/n against x0/n0.

    Source: Boschloo, Statistica Neerlandica 24 (1970), as scipy computes it.
    """
    from scipy.stats import boschloo_exact

    return min(1.0, float(boschloo_exact([[x, x0], [n - x, n0 - x0]]).pvalue))


def crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """The root of a falling function on [low, high]; an end where it has none inside."""
    from scipy.optimize import brentq

    if falling(low) <= 0:
        return low
    if falling(high) >= 0:
        return high
    return float(brentq(falling, low, high, xtol=1e-15, rtol=1e-14, maxiter=300))
