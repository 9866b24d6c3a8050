"""Two proportions: the pooled score test and the intervals that can't contradict it."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from crm_metrics.experiments.distributions import boschloo, normal_critical, normal_two_sided
from crm_metrics.experiments.model import Arm
from crm_metrics.metrics.comparing.differences import FEW_EXPECTED
from crm_metrics.metrics.intervals import (
    fisher_midp,
    score_difference,
    score_ratio,
    score_z,
    smallest_expected,
)
from crm_metrics.metrics.intervals import wilson as wilson_of_metrics

BOSCHLOO_TOTAL = 400
"""Boschloo's test takes 1 s at 400 recipients and 10 s at 1,600."""

Interval = tuple[float, float]


def wilson(successes: float, n: float, alpha: float = 0.05) -> Interval | None:
    """Wilson's score interval of one proportion (fractions); None where n is 0.

    The metrics' own (`metrics.intervals`), so that a channel and an arm show the same numbers.
    """
    if n <= 0:
        return None
    x, size = np.array(float(successes)), np.array(float(n))
    low, high = wilson_of_metrics(x, size, normal_critical(alpha))
    return float(low), float(high)


def test(treatment: Arm, control: Arm, *, quickly: bool) -> tuple[float | None, str]:
    """Two-sided p value and the method's code: score, score_boschloo or score_fisher_midp.

    `quickly` never takes Boschloo's test, for one of many comparisons that only describe.

    With few events (smallest expected count under 5) the score and an exact test must both pass,
    so the larger p stands. None where the score test is undefined.
    """
    x, n, x0, n0 = _counts(treatment, control)
    counts = np.array([x, n, x0, n0], dtype=float)
    z = float(score_z(*counts))
    if math.isnan(z):
        return None, "score"
    pvalue = normal_two_sided(z)
    if smallest_expected(*counts) >= FEW_EXPECTED:
        return pvalue, "score"
    if n + n0 <= BOSCHLOO_TOTAL and not quickly:
        return max(pvalue, _boschloo_once(x, n, x0, n0)), "score_boschloo"
    return max(pvalue, fisher_midp(x, n, x0, n0)), "score_fisher_midp"


def intervals(
    treatment: Arm, control: Arm, *, alpha: float, pvalue: float | None
) -> tuple[Interval | None, Interval | None]:
    """Intervals of the difference and of the lift (both fractions) that agree with `pvalue`.

    Where the exact test keeps "no difference" that the score test alone would drop, both intervals
    are stretched to it. The lift is None where the control has no events.
    """
    x, n, x0, n0 = _counts(treatment, control)
    if min(n, n0) <= 0:
        return None, None
    first, size, second, base = np.array([[x], [n], [x0], [n0]], dtype=float)
    difference = _ends(score_difference(first, size, second, base, alpha))
    ratio = _ends(score_ratio(first, size, second, base, alpha)) if x0 > 0 else None
    lift = (ratio[0] - 1, ratio[1] - 1) if ratio else None
    if pvalue is not None and pvalue >= alpha:
        difference = _stretched(difference)
        lift = _stretched(lift) if lift else None
    return difference, lift


@lru_cache(maxsize=4096)
def _boschloo_once(x: int, n: int, x0: int, n0: int) -> float:
    """Boschloo's p, kept: a page draws the same days and segments again at every click."""
    return boschloo(x, n, x0, n0)


def _counts(treatment: Arm, control: Arm) -> tuple[int, int, int, int]:
    return treatment.successes or 0, treatment.n, control.successes or 0, control.n


def _ends(interval: tuple[np.ndarray, np.ndarray]) -> Interval:
    return float(interval[0][0]), float(interval[1][0])


def _stretched(interval: Interval) -> Interval:
    return min(interval[0], 0.0), max(interval[1], 0.0)
