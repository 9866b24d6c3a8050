"""Variances of means and of ratios of sums, from sums over independent units."""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import Floats, Interval

_ROUNDING = 1e-12  # of the terms: what their rounding leaves where there is no spread


def mean_variance(total: Floats, squares: Floats, n: Floats) -> Floats:
    """The variance of a mean of n independent values with this sum and sum of squares."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = _spread(squares - total**2 / n, squares) / (n - 1) / n
    return np.where(n > 1, variance, np.nan)


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


def welch_freedom(variance: Floats, n: Floats, other: Floats, other_n: Floats) -> Floats:
    """Degrees of freedom for a difference of means: Welch (1947), Biometrika 34, 28-35."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (variance + other) ** 2 / (variance**2 / (n - 1) + other**2 / (other_n - 1))


def fieller(
    value: Floats, variance: Floats, base: Floats, base_variance: Floats, critical: Floats
) -> Interval:
    """Fieller's interval of value / base - 1, the two independent.

    NaN where it can't be bounded: the base is not surely above 0. With the critical value of the
    difference's test it excludes 0 exactly when that does. Fieller (1954), JRSS B 16, 175-185.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        square = critical**2
        a = base**2 - square * base_variance
        product = value * base
        root = np.sqrt(np.maximum(product**2 - a * (value**2 - square * variance), 0.0))
        ends = (product - root) / a - 1, (product + root) / a - 1
    bounded = (base > 0) & (a > 0)
    return np.where(bounded, ends[0], np.nan), np.where(bounded, ends[1], np.nan)


def _spread(sum_of_squares: Floats, terms: Floats) -> Floats:
    return np.where(sum_of_squares <= _ROUNDING * terms, 0.0, sum_of_squares)
