"""Two means of amounts per recipient (zeros included): Welch's test and Fieller's lift."""

from __future__ import annotations

import math

import numpy as np

from crm_metrics.experiments.distributions import student_critical, student_two_sided
from crm_metrics.experiments.model import Arm
from crm_metrics.metrics.intervals import fieller as fieller_of_metrics
from crm_metrics.metrics.intervals import mean_variance, welch_freedom

Interval = tuple[float, float]


def mean_and_variance(arm: Arm) -> tuple[float, float] | None:
    """An arm's mean and the variance of that mean, from its sums; None below two recipients."""
    if arm.n < 2 or arm.total is None or arm.squares is None:
        return None
    total, squares, n = (np.array(float(part)) for part in (arm.total, arm.squares, arm.n))
    return arm.total / arm.n, float(mean_variance(total, squares, n))


def arm_of_mean(name: str, n: int, mean: float, deviation: float) -> Arm:
    """An arm's sums from its mean and the standard deviation of a recipient's amount."""
    return Arm(name, n, total=n * mean, squares=(n - 1) * deviation**2 + n * mean**2)


def test(treatment: Arm, control: Arm) -> tuple[float | None, str]:
    """Two-sided p of Welch's t test; None where neither arm varies or an arm is too short.

    Source: Welch, Biometrika 34 (1947). Assumes independent recipients and means near normal.
    """
    pair = _pair(treatment, control)
    if pair is None:
        return None, "welch"
    (mean, variance), (mean0, variance0), degrees = pair
    t = abs(mean - mean0) / math.sqrt(variance + variance0)
    return student_two_sided(t, degrees), "welch"


def intervals(
    treatment: Arm, control: Arm, *, alpha: float
) -> tuple[Interval | None, Interval | None]:
    """Welch's interval of the difference (in the value's unit) and Fieller's of the lift.

    Both use Welch's degrees of freedom, so they exclude 0 exactly when the test's p < alpha.
    """
    pair = _pair(treatment, control)
    if pair is None:
        return None, None
    (mean, variance), (mean0, variance0), degrees = pair
    critical = student_critical(alpha, degrees)
    half = critical * math.sqrt(variance + variance0)
    difference = (mean - mean0 - half, mean - mean0 + half)
    return difference, fieller(mean, variance, mean0, variance0, critical)


def own_interval(arm: Arm, *, alpha: float = 0.05) -> Interval | None:
    """Student's interval of one arm's mean; None below two recipients."""
    own = mean_and_variance(arm)
    if own is None:
        return None
    half = student_critical(alpha, arm.n - 1) * math.sqrt(own[1])
    return own[0] - half, own[0] + half


def fieller(
    mean: float, variance: float, mean0: float, variance0: float, critical: float
) -> Interval | None:
    """Fieller's interval of mean / mean0 - 1; None where it can't be bounded."""
    parts = (np.array(float(part)) for part in (mean, variance, mean0, variance0, critical))
    low, high = (float(end) for end in fieller_of_metrics(*parts))
    return None if math.isnan(low) else (low, high)


def _pair(
    treatment: Arm, control: Arm
) -> tuple[tuple[float, float], tuple[float, float], float] | None:
    own, own0 = mean_and_variance(treatment), mean_and_variance(control)
    if own is None or own0 is None or own[1] + own0[1] <= 0:
        return None
    parts = (own[1], treatment.n, own0[1], control.n)
    degrees = welch_freedom(*(np.array(float(part)) for part in parts))
    return own, own0, float(degrees)
