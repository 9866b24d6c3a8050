"""Intervals of differences and weighted sums, made from the intervals of their parts."""

from __future__ import annotations

import numpy as np

from crm_metrics.metrics.intervals.critical import Floats, Interval

Estimate = tuple[Floats, Floats, Floats]


def square_and_add(first: Estimate, second: Estimate) -> Interval:
    """The interval of a difference first - second, each given as (value, low, high).

    For Wilson intervals this is Newcombe's method 10 (1998), Statistics in Medicine 17, 873-890;
    for others Zou and Donner (2008), Statistics in Medicine 27, 1693-1702. The two are independent.
    """
    value, low, high = (np.stack(pair, axis=-1) for pair in zip(first, second, strict=True))
    _, below, above = weighted_sum(np.array([1.0, -1.0]), (value, low, high))
    return below, above


def weighted_sum(weights: Floats, parts: Estimate) -> Estimate:
    """The sum over the last axis of weights * independent parts, as (value, low, high).

    Zou, Huang and Zhang (2009), Computational Statistics and Data Analysis 53, 1080-1085: each
    end lies as far off as the root of the squared distances to the parts' own ends on that side.
    A part of weight 0 needs no interval; of another weight without one it leaves none.
    """
    value, low, high = (np.where(weights == 0, 0.0, part) for part in parts)
    total = (weights * value).sum(axis=-1)
    down = np.where(weights > 0, value - low, high - value)
    up = np.where(weights > 0, high - value, value - low)
    below = np.sqrt(((weights * down) ** 2).sum(axis=-1))
    above = np.sqrt(((weights * up) ** 2).sum(axis=-1))
    return total, total - below, total + above
