"""Chance that a test of given sizes tells a real difference; both tails are counted."""

from __future__ import annotations

import math

from crm_metrics.experiments.distributions import (
    noncentral_t_below,
    normal_below,
    normal_critical,
    student_critical,
)


def power_of_rates(rate0: float, rate: float, n0: float, n: float, *, alpha: float = 0.05) -> float:
    """Chance that the pooled z test of n0 and n recipients tells `rate` from `rate0`.

    Source: R's `power.prop.test(strict = TRUE)`; unequal sizes as in Fleiss, Levin and Paik,
    Statistical Methods for Rates and Proportions (2003), section 4.4.
    """
    pooled = (n0 * rate0 + n * rate) / (n0 + n)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n))
    error = math.sqrt(rate0 * (1 - rate0) / n0 + rate * (1 - rate) / n)
    if error == 0:
        return 0.0 if rate == rate0 else 1.0
    distance, critical = abs(rate - rate0) / error, normal_critical(alpha) * under_null / error
    return normal_below(distance - critical) + normal_below(-distance - critical)


def power_of_means(
    difference: float, deviation: float, n0: float, n: float, *, alpha: float = 0.05
) -> float:
    """Chance that Student's t test of n0 and n recipients sees a difference of two means.

    The deviation (standard, of a recipient) is the same in both arms. Source: R's
    `power.t.test(strict = TRUE)`; unequal sizes as in Chow, Shao and Wang, Sample Size
    Calculations in Clinical Research, section 3.2.
    """
    degrees = n0 + n - 2
    if degrees <= 0:
        return 0.0
    shift = abs(difference) / (deviation * math.sqrt(1 / n0 + 1 / n))
    critical = student_critical(alpha, degrees)
    above = 1 - noncentral_t_below(critical, degrees, shift)
    return above + noncentral_t_below(-critical, degrees, shift)
