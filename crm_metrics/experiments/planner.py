"""How many recipients a test needs, what a list of a given size can show, and how long it takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from crm_metrics.errors import InputError, UsageError
from crm_metrics.experiments.distributions import crossing
from crm_metrics.experiments.lengthening import lengthened
from crm_metrics.experiments.looks import looks_named
from crm_metrics.experiments.model import Direction
from crm_metrics.experiments.power import power_of_means, power_of_rates

LEAST_RECIPIENTS = 2
MOST_RECIPIENTS = 10**12
GREATEST_LIFT = 1e6
WORTHWHILE = 0.2
"""A list that can't show so much of a change is too short for most ideas of marketing."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned test.

    `lift` is relative (0.25 = +25 %), `target` the rate (or mean) to be told from `baseline`.
    `n` counts recipients of the smallest arm, `per_arm` of each arm (the control first), `total`
    of all. `lift`, `target` are None where even every recipient's success would not show it.
    `alpha_each` is the level of one comparison (Bonferroni over the arms but the control).
    `deviation` is that of a recipient's amount, None for rates. `looks` says how often the result
    is looked at, and `longer` how many times the recipients of a single look that takes.
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
    deviation: float | None = None
    looks: str = "once"
    longer: float = 1.0

    @property
    def too_short(self) -> bool:
        """Whether the list can't show even a change of 20 %: one bigger change, or more sends."""
        return self.lift is None or abs(self.lift) > WORTHWHILE


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a test takes at a volume; `weeks` are whole, so that every weekday counts alike."""

    days: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What a part of the list can show from a baseline: the smallest lift, None for none."""

    share: float
    people: int
    baseline: float
    lift: float | None


def plan(
    baseline: float,
    *,
    lift: float | None = None,
    n: int | None = None,
    arms: int = 2,
    split: tuple[float, ...] | None = None,
    power: float = 0.8,
    alpha: float = 0.05,
    direction: Direction = "up",
    looks: str = "once",
) -> Plan:
    """Size for a lift, or the smallest lift for a size, of a two-sided test of rates.

    `baseline` is the control's rate (a fraction), `n` the recipients an arm (with a split: in the
    smallest arm), whose lift is sought in the better `direction`. The variance is pooled under the
    null, as the test itself pools it (see `power_of_rates`); Evan Miller's calculator takes the
    control's there, and so gives 1,030 for 20 % -> 25 % where R and this give 1,094. `looks` is
    "once", "any" or their number, for which the test is `lengthened`. Raises InputError or
    UsageError: plan_baseline, plan_one_of, plan_lift, plan_n, plan_power, plan_split, bad_looks.
    """
    _between(baseline, "plan_baseline", baseline=baseline)
    ask = _asked(arms, split, lift, n, power=power, alpha=alpha, looks=looks)

    def reached(control: float, target: float) -> float:
        sizes = ask.of_one_look(control)
        return power_of_rates(baseline, target, *sizes, alpha=ask.each)

    if n is not None:
        size = ask.control(n)
        sign, greatest = (1, 1 / baseline - 1) if direction == "up" else (-1, 1.0)
        found = _smallest(ask, lambda value: reached(size, baseline * (1 + sign * value)), greatest)
        return _planned(ask, baseline, None if found is None else sign * found, size)
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
    direction: Direction = "up",
    looks: str = "once",
) -> Plan:
    """The same for means: `mean` and `deviation` (standard, of a recipient) of the control.

    The deviation is taken to be the same in all arms (see `power_of_means`).
    Raises InputError or UsageError as `plan` does.
    """
    if not (0 < mean < math.inf and 0 < deviation < math.inf):
        raise InputError("plan_mean", mean=mean, deviation=deviation)
    ask = _asked(arms, split, lift, n, power=power, alpha=alpha, looks=looks)

    def reached(control: float, value: float) -> float:
        sizes = ask.of_one_look(control)
        return power_of_means(value * mean, deviation, *sizes, alpha=ask.each)

    if n is not None:
        size = ask.control(n)
        sign, greatest = (1, GREATEST_LIFT) if direction == "up" else (-1, 1.0)
        found = _smallest(ask, lambda value: reached(size, value), greatest)
        planned = _planned(ask, mean, None if found is None else sign * found, size)
    else:
        assert lift is not None
        planned = _sized(ask, mean, lift, lambda size: reached(size, lift))
    return replace(planned, deviation=deviation)


def duration(total: int, per_day: float) -> Duration:
    """Days until `total` recipients have come at so many a day, and the whole weeks of it.

    Raises InputError("plan_volume").
    """
    if not 0 < per_day < math.inf:
        raise InputError("plan_volume", volume=per_day)
    days = math.ceil(total / per_day)
    return Duration(days, math.ceil(days / WEEK))


def reach(
    people: int,
    ask: Callable[[float, int], Plan],
    *,
    shares: Sequence[float],
    baselines: Sequence[float],
    weights: Sequence[float],
) -> tuple[Reach, ...]:
    """What parts of a list can show from several baselines, share after share.

    `ask` plans a baseline and the size of the smallest arm: `plan` or `plan_mean` with the rest
    of its options. `people` is the whole list, divided by `weights`.
    """
    smallest = min(weights) / sum(weights)
    found = []
    for share in shares:
        part = int(people * share)
        size = int(part * smallest)
        for baseline in baselines:
            lift = ask(baseline, size).lift if size >= LEAST_RECIPIENTS else None
            found.append(Reach(share, part, baseline, lift))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked of a plan beside the baseline and the lift or size; weights sum to 1."""

    weights: tuple[float, ...]
    power: float
    alpha: float
    looks: str

    @property
    def each(self) -> float:
        return self.alpha / (len(self.weights) - 1)

    @property
    def ratio(self) -> float:
        """The smallest other arm's size over the control's."""
        return min(self.weights[1:]) / self.weights[0]

    @property
    def longer(self) -> float:
        return lengthened(self.looks, self.each, self.power)

    def of_one_look(self, control: float) -> tuple[float, float]:
        """The control's size and the smallest other's with which one look has the same power."""
        size = control / self.longer
        return size, size * self.ratio

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
        baseline,
        lift,
        target,
        min(sizes),
        sizes,
        sum(sizes),
        ask.power,
        ask.alpha,
        ask.each,
        looks=ask.looks,
        longer=ask.longer,
    )


def _asked(
    arms: int,
    split: tuple[float, ...] | None,
    lift: float | None,
    n: int | None,
    *,
    power: float,
    alpha: float,
    looks: str,
) -> _Ask:
    weights = split or (1.0,) * arms
    if len(weights) < 2 or min(weights) <= 0 or (split and arms not in (2, len(split))):
        raise UsageError("plan_split", arms=arms)
    if (lift is None) == (n is None):
        raise UsageError("plan_one_of")
    if lift is not None and (lift == 0 or not math.isfinite(lift)):
        raise InputError("plan_lift", lift=lift)
    if n is not None and not LEAST_RECIPIENTS <= n <= MOST_RECIPIENTS:
        raise InputError("plan_n", n=n)
    _between(power, "plan_power", power=power)
    _between(alpha, "plan_power", power=alpha)
    looks_named(looks)
    return _Ask(tuple(weight / sum(weights) for weight in weights), power, alpha, looks)


def _between(value: float, code: str, **params: object) -> None:
    if not 0 < value < 1:
        raise InputError(code, **params)
