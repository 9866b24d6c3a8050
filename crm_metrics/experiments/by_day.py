"""The effect of a test by the day on which people got their version, and whether it fades."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import reduce
from itertools import accumulate
from typing import Any

from crm_metrics.experiments.beside import DayArms
from crm_metrics.experiments.comparing import compared, moments, own
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
    """A day: what each arm had on it alone, and the arm's difference over all days so far."""

    day: date
    arms: tuple[ArmResult, ...]
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
    controls = accumulate((item.arms[0] for item in ordered), added)
    treated = accumulate((item.arms[place] for item in ordered), added)
    found = tuple(
        DayEffect(
            item.day,
            tuple(own(shape, one, alpha=alpha) for one in item.arms),
            # The last day is the verdict's own comparison, the others lead to it.
            _difference(shape, so_far, alpha, quickly=item is not ordered[-1]),
        )
        for item, *so_far in zip(ordered, controls, treated, strict=True)
    )
    pvalue, fades = fading(shape, ordered, arm, direction)
    return ByDay(
        arm=arm,
        days=found,
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


def _difference(
    shape: MetricShape, pair: Sequence[Arm], alpha: float, *, quickly: bool
) -> Comparison:
    return compared(shape, pair, alpha=alpha, looks=Looks(1), corrected=False, quickly=quickly)[0]


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
    first, second = (
        moments(shape, reduce(added, (item.arms[i] for item in days))) for i in (place, 0)
    )
    if first is None or second is None:
        return None
    return first[0] - second[0], first[1] + second[1]
