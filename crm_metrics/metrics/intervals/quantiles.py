"""Which order statistics enclose a quantile."""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import ALPHA, Floats, Interval


def quantile_ranks(n: Floats, p: float, alpha: Floats | float = ALPHA) -> Interval:
    """Ranks from 1 of the order statistics that enclose the p-quantile of n values.

    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2: the lower rank is the
    smallest k with P(Bin(n, p) <= k) >= 0.025, the upper one more than the smallest with
    >= 0.975. Ranks outside 1..n are NaN: n is too small for that side. With another `alpha` the
    levels are alpha / 2 and 1 - alpha / 2. Endpoints equal those of
    `scipy.stats.quantile_test(...).confidence_interval()`.
    """
    low = _binomial_quantile(n, p, alpha / 2)
    high = _binomial_quantile(n, p, 1 - alpha / 2) + 1
    return np.where(low >= 1, low, np.nan), np.where(high <= n, high, np.nan)


def _binomial_quantile(n: Floats, p: float, level: Floats | float) -> Floats:
    """The smallest k with P(Bin(n, p) <= k) >= level, as a float; NaN for n < 1."""
    from scipy.special import bdtrik, betainc  # noqa: PLC0415 - half a second of the app's start

    size = np.where(n >= 1, n, np.nan)
    # Below P(0) the inverse has no answer: the smallest k is 0.
    k = np.where(np.isnan(size), np.nan, np.nan_to_num(np.ceil(bdtrik(level, size, p))))
    # Rounding may leave the inverse one too high: P(Bin(n, p) <= k) = I(n - k, k + 1; 1 - p).
    below = np.maximum(k - 1, 0)
    return np.where(betainc(size - below, below + 1, 1 - p) >= level, below, k)
