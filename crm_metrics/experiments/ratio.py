"""Two ratios of sums (clicks per open, average order): the delta method over recipients."""

from __future__ import annotations

import math

import numpy as np

from crm_metrics.experiments.distributions import normal_critical, normal_two_sided
from crm_metrics.experiments.means import Interval, fieller
from crm_metrics.experiments.model import Arm
from crm_metrics.metrics.intervals import ratio_variance


def ratio_and_variance(arm: Arm) -> tuple[float, float] | None:
    """An arm's Σy/Σx and its variance; None where Σx is not above 0 or n is below 2.

    The unit is the recipient, however many opens or orders each one has.
    """
    total, base = arm.total, arm.base
    if arm.n < 2 or total is None or base is None or base <= 0:
        return None
    if arm.squares is None or arm.base_squares is None or arm.products is None:
        return None
    sums = {
        "y": total,
        "x": base,
        "yy": arm.squares,
        "xx": arm.base_squares,
        "xy": arm.products,
        "m": arm.n,
    }
    variance = ratio_variance(**{name: np.array(float(part)) for name, part in sums.items()})
    return total / base, float(variance)


def test(treatment: Arm, control: Arm) -> tuple[float | None, str]:
    """Two-sided normal p of the difference of ratios; None where it is undefined."""
    own, own0 = ratio_and_variance(treatment), ratio_and_variance(control)
    if own is None or own0 is None or own[1] + own0[1] <= 0:
        return None, "delta"
    z = abs(own[0] - own0[0]) / math.sqrt(own[1] + own0[1])
    return normal_two_sided(z), "delta"


def intervals(
    treatment: Arm, control: Arm, *, alpha: float
) -> tuple[Interval | None, Interval | None]:
    """Normal interval of the difference (in the ratio's unit), Fieller's of the lift."""
    own, own0 = ratio_and_variance(treatment), ratio_and_variance(control)
    if own is None or own0 is None or own[1] + own0[1] <= 0:
        return None, None
    critical = normal_critical(alpha)
    half = critical * math.sqrt(own[1] + own0[1])
    point = own[0] - own0[0]
    return (point - half, point + half), fieller(*own, *own0, critical)


def own_interval(arm: Arm, *, alpha: float = 0.05) -> Interval | None:
    """Normal interval of one arm's ratio; None where the ratio is undefined."""
    own = ratio_and_variance(arm)
    if own is None:
        return None
    half = normal_critical(alpha) * math.sqrt(own[1])
    return own[0] - half, own[0] + half
