"""How many recipients a test needs, and what a list of a given size can show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments.distributions import crossing, normal_below, normal_critical

MOST_RECIPIENTS = 10**12
GREATEST_LIFT = 1e6


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
    ask = _asked(arms, split, lift, n, power=power, alpha=alpha)

    def reached(control: float, target: float) -> float:
        return power_of_rates(baseline, target, control, control * ask.ratio, alpha=ask.each)

    if n is not None:
        size = ask.control(n)
        greatest = 1 / baseline - 1
        found = _smallest(ask, lambda value: reached(size, baseline * (1 + value)), greatest)
        return _planned(ask, baseline, found, size)
    assert lift is not None
    target = baseline * (1 + lift)
    if not 0 <= target <= 1:
        raise InputError("plan_lift", lift=lift)
    return _sized(ask, baseline, lift, lambda size: reached(size, target))


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
    ask = _asked(arms, split, lift, n, power=power, alpha=alpha)

    def reached(control: float, value: float) -> float:
        error = deviation * math.sqrt((1 + 1 / ask.ratio) / control)
        return _two_tails(abs(value) * mean / error, normal_critical(ask.each))

    if n is not None:
        size = ask.control(n)
        found = _smallest(ask, lambda value: reached(size, value), GREATEST_LIFT)
        return _planned(ask, mean, found, size)
    assert lift is not None
    return _sized(ask, mean, lift, lambda size: reached(size, lift))


def power_of_rates(rate0: float, rate: float, n0: float, n: float, *, alpha: float = 0.05) -> float:
    """Chance that the pooled z test of n0 and n recipients tells `rate` from `rate0`."""
    pooled = (n0 * rate0 + n * rate) / (n0 + n)
    under_null = math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n))
    error = math.sqrt(rate0 * (1 - rate0) / n0 + rate * (1 - rate) / n)
    if error == 0:
        return 0.0 if rate == rate0 else 1.0
    return _two_tails(abs(rate - rate0) / error, normal_critical(alpha) * under_null / error)


def _two_tails(distance: float, critical: float) -> float:
    return normal_below(distance - critical) + normal_below(-distance - critical)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of a plan beside the baseline and the lift or size; weights sum to 1."""

    weights: tuple[float, ...]
    power: float
    alpha: float

    @property
    def each(self) -> float:
        return self.alpha / (len(self.weights) - 1)

    @property
    def ratio(self) -> float:
        """The smallest other arm's size over the control's."""
        return min(self.weights[1:]) / self.weights[0]

    def control(self, n: int) -> float:
        """The control's size where the smallest arm has n."""
        return n * self.weights[0] / min(self.weights)


def _sized(ask: _Ask, baseline: float, lift: float, reached: Callable[[float], float]) -> Plan:
    most = float(MOST_RECIPIENTS)
    if reached(most) < ask.power:
        raise InputError("plan_lift", lift=lift)
    control = crossing(lambda size: ask.power - reached(size), 1.0, most)
    return _planned(ask, baseline, lift, control)


def _smallest(ask: _Ask, reached: Callable[[float], float], greatest: float) -> float | None:
    if reached(greatest) < ask.power:
        return None
    return crossing(lambda lift: ask.power - reached(lift), 1e-9, greatest)


def _planned(ask: _Ask, baseline: float, lift: float | None, control: float) -> Plan:
    scale = control / ask.weights[0]
    sizes = tuple(math.ceil(round(scale * weight, 6)) for weight in ask.weights)
    target = None if lift is None else baseline * (1 + lift)
    return Plan(
        baseline, lift, target, min(sizes), sizes, sum(sizes), ask.power, ask.alpha, ask.each
    )


def _asked(
    arms: int,
    split: tuple[float, ...] | None,
    lift: float | None,
    n: int | None,
    *,
    power: float,
    alpha: float,
) -> _Ask:
    weights = split or (1.0,) * arms
    if len(weights) < 2 or min(weights) <= 0 or (split and arms not in (2, len(split))):
        raise UsageError("plan_split", arms=arms)
    if (lift is None) == (n is None):
        raise UsageError("plan_one_of")
    if lift is not None and (lift == 0 or not math.isfinite(lift)):
        raise InputError("plan_lift", lift=lift)
    if n is not None and not 2 <= n <= MOST_RECIPIENTS:
        raise InputError("plan_n", n=n)
    _between(power, "plan_power", power=power)
    _between(alpha, "plan_power", power=alpha)
    return _Ask(tuple(weight / sum(weights) for weight in weights), power, alpha)


def _between(value: float, code: str, **params: object) -> None:
    if not 0 < value < 1:
        raise InputError(code, **params)
