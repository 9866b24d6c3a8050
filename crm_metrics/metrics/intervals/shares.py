"""Shares that sum to 1, with intervals that hold together: of counts, and of amounts.

Each stands at Bonferroni's level, so that the chance that any of the k misses its share is at most
5 %: Goodman (1965), Technometrics 7, 247-254. Arrays have one entry a part.
"""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import (
    ALPHA,
    Floats,
    Interval,
    normal_critical,
    student,
)
from crm_metrics.metrics.intervals.proportions import wilson
from crm_metrics.metrics.intervals.sums import ratio_variance


def shares_of_count(counts: Floats) -> Interval:
    """Wilson's intervals of the parts of one count (answers by kind, orders by channel)."""
    total = np.full(counts.shape, counts.sum())
    return wilson(counts, total, float(normal_critical(ALPHA / max(len(counts), 1))))


def shares_of_sum(totals: Floats, squares: Floats, m: float) -> Interval:
    """The delta method's intervals of the parts of one sum (revenue by channel), within 0..1.

    totals and squares are the sums and sums of squares of the m units of all parts; each unit (an
    order) belongs to one part, so that its product with the whole is its own square.
    """
    return shares_of_units(totals, squares, squares, float(squares.sum()), m)


def shares_of_units(
    totals: Floats, squares: Floats, products: Floats, whole_squares: float, m: float
) -> Interval:
    """The same where a unit (a customer) may have something in several parts.

    products are the sums over the m units of what they have in the part times what they have in
    all, whole_squares the sum of squares of the latter.
    """
    whole = np.full(totals.shape, totals.sum())
    units = np.full(totals.shape, float(m))
    variance = ratio_variance(
        y=totals,
        x=whole,
        yy=squares,
        xx=np.full(totals.shape, whole_squares),
        xy=products,
        m=units,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = totals / whole
    low, high = student(share, variance, units - 1, ALPHA / max(len(totals), 1))
    return np.maximum(low, 0.0), np.minimum(high, 1.0)
