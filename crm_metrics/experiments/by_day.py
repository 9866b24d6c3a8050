"""The effect of a test by the day on which people got their version, and whether it fades."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

from crm_metrics.experiments import means, ratio
from crm_metrics.experiments.beside import DayArms
from crm_metrics.experiments.comparing import compared, own
from crm_metrics.experiments.distributions import normal_two_sided
from crm_metrics.experiments.looks import Looks
from crm_metrics.experiments.model import Arm, ArmResult, Comparison, Direction, MetricShape

WEEK = 7
LEVEL = 0.05
LEAST_DAYS = 4
"""With fewer days there is no early part and later part to speak of."""
_SUMS = tuple(item.name for item in fields(Arm) if item.name not in ("name", "adjusted"))


@dataclass(frozen=True, slots=True)
class DayEffect:
    """A day: its people by arm, the arm's difference on that day alone, and of all days so far."""

    day: date
    arms: tuple[ArmResult, ...]
    alone: Comparison
    so_far: Comparison


@dataclass(frozen=True, slots=True)
class ByDay:
    """Days of one arm against the control.

    `whole_weeks` says whether every weekday stands in them equally often. `fades` says that the
    effect of the first half of the days was better than that of the rest by more than chance
    (`fade_pvalue`, two-sided, under 0.05): the charm of the new, perhaps.
    """

    arm: str
    days: tuple[DayEffect, ...]
    whole_weeks: bool
    fades: bool
    fade_pvalue: float | None


def by_day(
    shape: MetricShape,
    days: Sequence[DayArms],
    arm: str,
    *,
    direction: Direction = "up",
    alpha: float = 0.05,
) -> ByDay | None:
    """The days of an arm against the first; None where there are fewer than two.

    Intervals are plain ones at `alpha`, of one look: they show the course and call nothing.
    """
    ordered = sorted(days, key=lambda item: item.day)
    if len(ordered) < 2:
        return None
    place = _place(ordered, arm)
    found, total = [], (_none(ordered[0].arms[0]), _none(ordered[0].arms[place]))
    for item in ordered:
        pair = (item.arms[0], item.arms[place])
        total = (added(total[0], pair[0]), added(total[1], pair[1]))
        found.append(
            DayEffect(
                item.day,
                tuple(own(shape, one, alpha=alpha) for one in item.arms),
                _difference(shape, pair, alpha),
                _difference(shape, total, alpha),
            )
        )
    pvalue, fades = fading(shape, ordered, arm, direction)
    return ByDay(
        arm=arm,
        days=tuple(found),
        whole_weeks=_whole_weeks([item.day for item in ordered]),
        fades=fades,
        fade_pvalue=pvalue,
    )


def added(first: Arm, second: Arm) -> Arm:
    """The sums of both; a sum that one of them lacks is lacking."""
    sums: dict[str, Any] = {}
    for name in _SUMS:
        one, other = getattr(first, name), getattr(second, name)
        sums[name] = None if one is None or other is None else one + other
    return replace(first, **sums)


def _none(like: Arm) -> Arm:
    sums: dict[str, Any] = {n: None if getattr(like, n) is None else 0 for n in _SUMS}
    return replace(like, **sums)


def _difference(shape: MetricShape, pair: tuple[Arm, Arm], alpha: float) -> Comparison:
    return compared(shape, pair, alpha=alpha, looks=Looks(1), corrected=False)[0]


def _whole_weeks(days: Sequence[date]) -> bool:
    """Whether the days, gaps and all, are a number of whole weeks."""
    return ((days[-1] - days[0]) + timedelta(days=1)).days % WEEK == 0


def fading(
    shape: MetricShape, days: Sequence[DayArms], arm: str, direction: Direction
) -> tuple[float | None, bool]:
    """P that the early and the later effect are one, and whether the early gain fades.

    The days, in order, are halved where half of the people had come; z of the difference of
    differences, by a level of 0.05. None and False where there are too few days to tell.
    """
    if len(days) < LEAST_DAYS:
        return None, False
    place = _place(days, arm)
    middle = _halved([item.arms[0].n + item.arms[place].n for item in days])
    early, late = (_moments(shape, part, place) for part in (days[:middle], days[middle:]))
    if early is None or late is None or early[1] + late[1] <= 0:
        return None, False
    gap = early[0] - late[0]
    sign = 1 if direction == "up" else -1
    pvalue = normal_two_sided(gap / math.sqrt(early[1] + late[1]))
    return pvalue, sign * early[0] > 0 and sign * gap > 0 and pvalue < LEVEL


def _place(days: Sequence[DayArms], arm: str) -> int:
    return next(i for i, own_arm in enumerate(days[0].arms) if own_arm.name == arm)


def _halved(sizes: Sequence[int]) -> int:
    """How many first days hold half of the people; not all days."""
    found = next(i for i in range(1, len(sizes) + 1) if 2 * sum(sizes[:i]) >= sum(sizes))
    return min(found, len(sizes) - 1)


def _moments(shape: MetricShape, days: Sequence[DayArms], place: int) -> tuple[float, float] | None:
    """The arm's difference from the control in these days, and its variance."""
    values = []
    for which in (place, 0):
        arm = _none(days[0].arms[which])
        for item in days:
            arm = added(arm, item.arms[which])
        values.append(_value(shape, arm))
    first, second = values
    if first is None or second is None:
        return None
    return first[0] - second[0], first[1] + second[1]


def _value(shape: MetricShape, arm: Arm) -> tuple[float, float] | None:
    if shape == "proportion":
        if not arm.n:
            return None
        rate = (arm.successes or 0) / arm.n
        return rate, rate * (1 - rate) / arm.n
    return means.mean_and_variance(arm) if shape == "mean" else ratio.ratio_and_variance(arm)
