"""The interval of one proportion, and what none of n says."""

from __future__ import annotations

import math

import numpy as np

from crm_metrics.metrics.intervals.critical import Floats, Interval, Z


def wilson(x: Floats, n: Floats, z: Floats | float = Z) -> Interval:
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


def n_to_show_below(limit: float, x: float = 0.0, z: float = Z) -> int:
    """The smallest n of which x events (none) put the whole Wilson interval below the limit.

    No complaint says "below 0.3 %" from n = 1,277, "below 0.1 %" from 3,838: with two sides of
    95 % the "rule of three" is one of 3.84. Wilson's upper end meets the limit where
    n * limit - x = z * sqrt(n * limit * (1 - limit)), a quadratic in the root of n.
    """
    half = z * math.sqrt(limit * (1 - limit))
    root = (half + math.sqrt(half**2 + 4 * limit * x)) / (2 * limit)
    return math.floor(root**2) + 1
