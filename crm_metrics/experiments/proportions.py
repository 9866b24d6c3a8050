"""Two proportions: the pooled score test and the intervals that can't contradict it.

The difference has Mee's interval and the ratio Koopman's: both are the score test turned round,
so at "no difference" they ask the same question as the test does.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from crm_metrics.experiments.distributions import (
    boschloo,
    crossing,
    fisher_midp,
    normal_critical,
    normal_two_sided,
)
from crm_metrics.experiments.model import Arm
from crm_metrics.metrics.intervals import wilson as wilson_of_metrics

FEW_EXPECTED = 5
"""Below this expected count the score test alone errs too often (0.081 on 4:1 splits)."""
BOSCHLOO_TOTAL = 400
"""Boschloo's test takes 1 s at 400 recipients and 10 s at 1,600."""

Interval = tuple[float, float]
_FAR = 1e9  # a score where the variance is 0: beyond any critical value, yet finite for the search


def wilson(successes: float, n: float, alpha: float = 0.05) -> Interval | None:
    """Wilson's score interval of one proportion (fractions); None where n is 0.

    The metrics' own (`metrics.intervals`), so that a channel and an arm show the same numbers.
    """
    if n <= 0:
        return None
    x, size = np.array(float(successes)), np.array(float(n))
    low, high = wilson_of_metrics(x, size, normal_critical(alpha))
    return float(low), float(high)


def score_z(x: int, n: int, x0: int, n0: int) -> float | None:
    """Signed pooled z of x/n against the control x0/n0, no continuity correction.

    None where the test is undefined: an empty arm, or all or none of the recipients succeed.
    Its square is Pearson's chi-square of the 2x2 table.
    """
    if min(n, n0) <= 0 or not 0 < x + x0 < n + n0:
        return None
    pooled = (x + x0) / (n + n0)
    return (x / n - x0 / n0) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))


def test(treatment: Arm, control: Arm) -> tuple[float | None, str]:
    """Two-sided p value and the method's code: score, score_boschloo or score_fisher_midp.

    With few events (smallest expected count under 5) the score and an exact test must both pass,
    so the larger p stands. None where the score test is undefined.
    """
    x, n, x0, n0 = _counts(treatment, control)
    z = score_z(x, n, x0, n0)
    if z is None:
        return None, "score"
    pvalue = normal_two_sided(z)
    if smallest_expected(x, n, x0, n0) >= FEW_EXPECTED:
        return pvalue, "score"
    if n + n0 <= BOSCHLOO_TOTAL:
        return max(pvalue, boschloo(x, n, x0, n0)), "score_boschloo"
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
    difference = difference_interval(x, n, x0, n0, alpha)
    ratio = ratio_interval(x, n, x0, n0, alpha)
    lift = (ratio[0] - 1, ratio[1] - 1) if ratio else None
    if pvalue is not None and pvalue >= alpha:
        difference = _stretched(difference)
        lift = _stretched(lift) if lift else None
    return difference, lift


def smallest_expected(x: int, n: int, x0: int, n0: int) -> float:
    """The smallest count that the 2x2 table would have if the arms were alike."""
    events = x + x0
    return min(n, n0) * min(events, n + n0 - events) / (n + n0)


def difference_interval(x: int, n: int, x0: int, n0: int, alpha: float = 0.05) -> Interval:
    """Mee's score interval of x/n - x0/n0.

    Source: Mee, Biometrics 40 (1984); it is Miettinen and Nurminen's (Stat. Med. 4, 1985) without
    the factor N/(N-1). Both arms must have recipients.
    """
    point = x / n - x0 / n0

    def signed(difference: float) -> float:
        rate, rate0 = _rates_given_difference(x, n, x0, n0, difference)
        variance = rate * (1 - rate) / n + rate0 * (1 - rate0) / n0
        return _over_root(point - difference, variance)

    return _inverted(signed, point, normal_critical(alpha), null=0.0, floor=-1.0, ceiling=1.0)


def ratio_interval(x: int, n: int, x0: int, n0: int, alpha: float = 0.05) -> Interval | None:
    """Koopman's score interval of (x/n) / (x0/n0); None where the control has no events.

    Source: Koopman, Biometrics 40 (1984), as the score of Miettinen and Nurminen (1985).
    """
    if x0 <= 0:
        return None
    point = (x / n) / (x0 / n0)

    def signed(ratio: float) -> float:
        rate, rate0 = _rates_given_ratio(x, n, x0, n0, ratio)
        variance = rate * (1 - rate) / n + ratio * ratio * rate0 * (1 - rate0) / n0
        return _over_root(x / n - ratio * x0 / n0, variance)

    critical = normal_critical(alpha)
    ceiling = max(2.0, 2 * point)
    while signed(ceiling) > -critical:
        ceiling *= 2
    return _inverted(signed, point, critical, null=1.0, floor=0.0, ceiling=ceiling)


def _counts(treatment: Arm, control: Arm) -> tuple[int, int, int, int]:
    return treatment.successes or 0, treatment.n, control.successes or 0, control.n


def _over_root(distance: float, variance: float) -> float:
    if variance > 0:
        return distance / math.sqrt(variance)
    return 0.0 if distance == 0 else math.copysign(_FAR, distance)


def _stretched(interval: Interval) -> Interval:
    return min(interval[0], 0.0), max(interval[1], 0.0)


def _inverted(
    signed: Callable[[float], float],
    point: float,
    critical: float,
    *,
    null: float,
    floor: float,
    ceiling: float,
) -> Interval:
    """Where a falling signed score crosses ±critical.

    The search is split at the null value, so that rounding can't put a bound on its wrong side.
    """
    at_null = signed(null)

    def bound(level: float, inner: float, outer: float) -> float:
        low, high = min(inner, outer), max(inner, outer)
        if low < null < high:
            low, high = (null, high) if at_null > level else (low, null)
        return crossing(lambda value: signed(value) - level, low, high)

    return bound(critical, point, floor), bound(-critical, point, ceiling)


def _rates_given_ratio(x: int, n: int, x0: int, n0: int, ratio: float) -> tuple[float, float]:
    """The likeliest rates among those with rate = ratio * rate0 (a quadratic, in stable form)."""
    a = (n + n0) * ratio
    b = n * ratio + x + n0 + x0 * ratio
    rate0 = 2 * (x + x0) / (b + math.sqrt(max(b * b - 4 * a * (x + x0), 0.0)))
    rate0 = min(rate0, 1.0, 1 / ratio if ratio > 1 else 1.0)
    return min(ratio * rate0, 1.0), rate0


def _rates_given_difference(
    x: int, n: int, x0: int, n0: int, difference: float
) -> tuple[float, float]:
    """The likeliest rates among those with rate - rate0 = difference.

    The score equation is a cubic; Newton's steps, kept between the ends where its sign is known,
    are exact where the closed form loses half of the digits (rates near 0 and 1). The unknown is
    the height of both rates above their lowest values, so that nothing cancels near those ends.
    """
    up, down, span = max(difference, 0.0), max(-difference, 0.0), 1 - abs(difference)

    def slope_and_curve(height: float) -> tuple[float, float]:
        left = span - height
        slope = curve = 0.0
        for events, others, share, rest in (
            (x, n - x, up + height, down + left),
            (x0, n0 - x0, down + height, up + left),
        ):
            if events:
                slope += events / share
                curve -= events / share / share
            if others:
                slope -= others / rest
                curve -= others / rest / rest
        return slope, curve

    tiny = span * 1e-15
    if tiny < 1e-300 or slope_and_curve(tiny)[0] <= 0:
        height = 0.0
    elif slope_and_curve(span - tiny)[0] >= 0:
        height = span
    else:
        start = (x + x0 - difference * n) / (n + n0) - down
        height = _newton(slope_and_curve, 0.0, span, start)
    return up + height, down + height


def _newton(
    slope_and_curve: Callable[[float], tuple[float, float]], low: float, high: float, start: float
) -> float:
    value = start if low < start < high else (low + high) / 2
    for _ in range(200):
        slope, curve = slope_and_curve(value)
        low, high = (value, high) if slope > 0 else (low, value)
        following = value - slope / curve
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - value) <= 1e-14 * abs(value):
            return following
        value = following
    return value
