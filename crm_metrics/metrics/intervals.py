"""Two-sided 95 % confidence intervals from components, vectorised over groups.

Arguments and results are float arrays of one shape; where an interval is not defined, it is NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]

Z = 1.959963984540054
TAIL = 0.025
_ROUNDING = 1e-12  # of the terms: what their rounding leaves where there is no spread


def wilson(x: Floats, n: Floats, z: float = Z) -> Interval:
    """The score interval of a proportion x/n, at the level of z (95 %).

    Wilson (1927), JASA 22, 209-212; assumes n independent trials. Equal to
    `scipy.stats.binomtest(x, n).proportion_ci(method="wilson")`.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x / n
        scale = 1 + z**2 / n
        centre = (share + z**2 / (2 * n)) / scale
        half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / scale
    low = np.where(x == 0, 0.0, centre - half)
    high = np.where(x == n, 1.0, centre + half)
    valid = (n > 0) & (x >= 0) & (x <= n)
    return np.where(valid, low, np.nan), np.where(valid, high, np.nan)


def square_and_add(
    first: tuple[Floats, Floats, Floats], second: tuple[Floats, Floats, Floats]
) -> Interval:
    """The interval of a difference first - second, each given as (value, low, high).

    For Wilson intervals this is Newcombe's method 10 (1998), Statistics in Medicine 17, 873-890;
    for others Zou and Donner (2008), Statistics in Medicine 27, 1693-1702. The two are independent.
    """
    value, low, high = first
    other, other_low, other_high = second
    difference = value - other
    below = np.sqrt((value - low) ** 2 + (other_high - other) ** 2)
    above = np.sqrt((high - value) ** 2 + (other - other_low) ** 2)
    return difference - below, difference + above


def ratio_variance(
    *, y: Floats, x: Floats, yy: Floats, xx: Floats, xy: Floats, m: Floats
) -> Floats:
    """The variance of y/x, sums over m independent units, by the delta method.

    Deng, Knoblich and Lu (2018), KDD, "Applying the delta method in metric analytics", section 3.
    yy, xx and xy are the sums of squares and products of the units' y and x. NaN under two units.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = y / x
        terms = yy + ratio**2 * xx
        variance = _spread(terms - 2 * ratio * xy, terms) / (m - 1) * m / x**2
    return np.where((m > 1) & (x != 0), variance, np.nan)


def mean_variance(total: Floats, squares: Floats, n: Floats) -> Floats:
    """The variance of a mean of n independent values with this sum and sum of squares."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = _spread(squares - total**2 / n, squares) / (n - 1) / n
    return np.where(n > 1, variance, np.nan)


def _spread(sum_of_squares: Floats, terms: Floats) -> Floats:
    return np.where(sum_of_squares <= _ROUNDING * terms, 0.0, sum_of_squares)


def student(value: Floats, variance: Floats, freedom: Floats) -> Interval:
    """The value +- t * sqrt(variance) with Student's t of these degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second of the app's start

    half = stdtrit(np.where(freedom > 0, freedom, np.nan), 1 - TAIL) * np.sqrt(variance)
    return value - half, value + half


def welch_freedom(variance: Floats, n: Floats, other: Floats, other_n: Floats) -> Floats:
    """Degrees of freedom for a difference of means: Welch (1947), Biometrika 34, 28-35."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (variance + other) ** 2 / (variance**2 / (n - 1) + other**2 / (other_n - 1))


def quantile_ranks(n: Floats, p: float) -> Interval:
    """Ranks from 1 of the order statistics that enclose the p-quantile of n values.

    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2: the lower rank is the
    smallest k with P(Bin(n, p) <= k) >= 0.025, the upper one more than the smallest with
    >= 0.975. Ranks outside 1..n are NaN: n is too small for that side. Endpoints equal those of
    `scipy.stats.quantile_test(...).confidence_interval()`.
    """
    low = _binomial_quantile(n, p, TAIL)
    high = _binomial_quantile(n, p, 1 - TAIL) + 1
    return np.where(low >= 1, low, np.nan), np.where(high <= n, high, np.nan)


def nps_adjusted(promoters: Floats, detractors: Floats, n: Floats) -> tuple[Floats, Floats]:
    """The adjusted net promoter score (-100..100) and its standard error.

    Adjusted Wald: 3 is added to the answers, 3/4 to the promoters and 3/4 to the detractors; Lewis
    and Sauro (2021), measuringu.com, "Confidence intervals for Net Promoter Scores".
    """
    size = n + 3
    plus, minus = (promoters + 0.75) / size, (detractors + 0.75) / size
    net = plus - minus
    error = np.sqrt((plus + minus - net**2) / size)
    return 100 * net, 100 * error


def _binomial_quantile(n: Floats, p: float, level: float) -> Floats:
    """The smallest k with P(Bin(n, p) <= k) >= level, as a float; NaN for n < 1."""
    from scipy.special import bdtrik, betainc  # noqa: PLC0415 - half a second of the app's start

    size = np.where(n >= 1, n, np.nan)
    # Below P(0) the inverse has no answer: the smallest k is 0.
    k = np.where(np.isnan(size), np.nan, np.nan_to_num(np.ceil(bdtrik(level, size, p))))
    # Rounding may leave the inverse one too high: P(Bin(n, p) <= k) = I(n - k, k + 1; 1 - p).
    below = np.maximum(k - 1, 0)
    return np.where(betainc(size - below, below + 1, 1 - p) >= level, below, k)
