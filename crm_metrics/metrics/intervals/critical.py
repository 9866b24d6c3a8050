"""Levels, critical values and tails, and the types that intervals share."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]

ALPHA = 0.05
Z = 1.959963984540054
_NORMAL = NormalDist()


def normal_critical(alpha: Floats | float) -> Floats:
    """The z that a standard normal exceeds, either way, with chance alpha."""
    return np.vectorize(lambda one: -_NORMAL.inv_cdf(one / 2), otypes=[float])(alpha)


def normal_two_sided(z: Floats) -> Floats:
    """Chance that a standard normal lies beyond z, either way; NaN stays NaN."""
    from scipy.special import erfc  # noqa: PLC0415 - half a second of the app's start

    return erfc(np.abs(z) / np.sqrt(2))


def student(
    value: Floats, variance: Floats, freedom: Floats, alpha: Floats | float = ALPHA
) -> Interval:
    """The value +- t * sqrt(variance) with Student's t of these degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - half a second of the app's start

    half = stdtrit(np.where(freedom > 0, freedom, np.nan), 1 - np.asarray(alpha) / 2)
    half = half * np.sqrt(variance)
    return value - half, value + half


def student_two_sided(t: Floats, freedom: Floats) -> Floats:
    """Chance that Student's t lies beyond t, either way; NaN stays NaN."""
    from scipy.special import stdtr  # noqa: PLC0415 - half a second of the app's start

    return 2 * stdtr(freedom, -np.abs(t))
