"""How many recipients a test needs, and what a list of a given size can show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from crm_metrics.errors import InputError, UsageError

MOST_RECIPIENTS = 10**12


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned test.

    `lift` is relative (0.25 = +25 %), `target` the rate (or mean) to be told from `baseline`.
    `n` counts recipients of the smallest arm, `per_arm` of each arm (the control first), `total`
    of all. `lift`, `target` are None where even every recipient's success would not show it.
    `alpha_each` is the level of one comparison (Bonferroni over the arms but the control).
    """

    baseline: float
    lift: float | None
    target: float | None
    n: int
    per_arm: tuple[int, ...]
    total: int
    power: float
    alpha: float
    alpha_each: float


def plan(
    baseline: float,
    *,
    lift: float | None = None,
    n: int | None = None,
    arms: int = 2,
    split: tuple[float, ...] | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Plan:
    """Size for a lift, or the smallest lift for a size, of a two-sided test of rates.

    `baseline` is the control's rate (a fraction), `n` the recipients an arm (with a split: in the
    smallest arm). Source: R's `power.prop.test` (Fleiss, Statistical Methods for Rates and
    Proportions, ch. 4; variance pooled under the null), both tails counted, unequal arms as in
    Fleiss. Raises InputError or UsageError: plan_baseline, plan_one_of, plan_lift, plan_n,
    plan_power, plan_split.
    """
    _between(baseline, "plan_baseline", baseline=baseline)
    weights = _weights(arms, split)
    _check(lift, n, power, alpha)
    worst, each = weights[1:], alpha / (len(weights) - 1)
    smallest = min(worst)

    def reached(control: float, target: float) -> float:
        return power_of_rates(
            baseline, target, control, control * smallest / weights[0], alpha=each
        )

    if lift is not None:
        target = baseline * (1 + lift)
        if not 0 <= target <= 1:
            raise InputError("plan_lift", lift=lift)
        return _sized(baseline, lift, weights, power, alpha, lambda size: reached(size, target))
    assert n is not None
    found = _smallest_lift(
        lambda value: reached(n * weights[0] / min(weights), baseline * (1 + value)),
        power,
        1 / baseline - 1,
    )
    return _planned(baseline, found, n / min(weights), weights, power, alpha)


def plan_mean(
    mean: float,
    deviation: float,
    *,
    lift: float | None = None,
    n: int | None = None,
    arms: int = 2,
    split: tuple[float, ...] | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Plan:
    """The same for means: `mean` and `deviation` (standard, of a recipient) of the control.

    Normal approximation; the deviation is taken to be the same in all arms.
    Source: Chow, Shao and Wang, Sample Size Calculations in Clinical Research, section 3.2.
    Raises InputError or UsageError as `plan` does.
    """
    if mean <= 0 or deviation <= 0:
        raise InputError("plan_mean", mean=mean, deviation=deviation)
    weights = _weights(arms, split)
    _check(lift, n, power, alpha)
    each, smallest = alpha / (len(weights) - 1), min(weights[1:])

    def reached(control: float, value: float) -> float:
        error = deviation * math.sqrt(1 / control + weights[0] / (control * smallest))
        return _two_tails(abs(value) * mean / error, _critical(each))

    if lift is not None:
        return _sized(mean, lift, weights, power, alpha, lambda size: reached(size, lift))
    assert n is not None
    found = _smallest_lift(lambda v: reached(n * weights[0] / min(weights), v), power, 1e6)
    return _planned(mean, found, n / min(weights), weights, power, alpha)


def power_of_rates(rate0: float, rate: float, n0: float, n: float, *, alpha: float = 0.05) -> float:
    """Chance that the pooled z test of n0 and n recipients tells `rate` from `rate0`."""
    pooled = (n0 * rate0 + n * rate) / (n0 + n)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n))
    error = math.sqrt(rate0 * (1 - rate0) / n0 + rate * (1 - rate) / n)
    if error == 0:
        return 0.0 if rate == rate0 else 1.0
    return _two_tails(abs(rate - rate0) / error, _critical(alpha) * under_null / error)


def _two_tails(distance: float, critical: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(distance - critical) + ndtr(-distance - critical))


def _critical(alpha: float) -> float:
    from scipy.special import ndtri

    return -float(ndtri(alpha / 2))


def _sized(
    baseline: float,
    lift: float,
    weights: tuple[float, ...],
    power: float,
    alpha: float,
    reached: Callable[[float], float],
) -> Plan:
    if reached(float(MOST_RECIPIENTS)) < power:
        raise InputError("plan_lift", lift=lift)
    control = _rising(lambda size: reached(size) - power, 1.0, float(MOST_RECIPIENTS))
    return _planned(baseline, lift, control / weights[0], weights, power, alpha)


def _smallest_lift(
    reached: Callable[[float], float], power: float, greatest: float
) -> float | None:
    if reached(greatest) < power:
        return None
    return _rising(lambda value: reached(value) - power, 1e-9, greatest)


def _planned(
    baseline: float,
    lift: float | None,
    scale: float,
    weights: tuple[float, ...],
    power: float,
    alpha: float,
) -> Plan:
    sizes = tuple(math.ceil(round(scale * weight, 6)) for weight in weights)
    target = None if lift is None else baseline * (1 + lift)
    each = alpha / (len(weights) - 1)
    return Plan(baseline, lift, target, min(sizes), sizes, sum(sizes), power, alpha, each)


def _rising(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return low if function(low) >= 0 else float(brentq(function, low, high, xtol=1e-12))


def _weights(arms: int, split: tuple[float, ...] | None) -> tuple[float, ...]:
    weights = split or (1.0,) * arms
    if len(weights) < 2 or min(weights) <= 0 or (split and arms not in (2, len(split))):
        raise UsageError("plan_split", arms=arms)
    return tuple(weight / sum(weights) for weight in weights)


def _check(lift: float | None, n: int | None, power: float, alpha: float) -> None:
    if (lift is None) == (n is None):
        raise UsageError("plan_one_of")
    if lift is not None and (lift == 0 or not math.isfinite(lift)):
        raise InputError("plan_lift", lift=lift)
    if n is not None and not 2 <= n <= MOST_RECIPIENTS:
        raise InputError("plan_n", n=n)
    _between(power, "plan_power", power=power)
    _between(alpha, "plan_power", power=alpha)


def _between(value: float, code: str, **params: object) -> None:
    if not 0 < value < 1:
        raise InputError(code, **params)
