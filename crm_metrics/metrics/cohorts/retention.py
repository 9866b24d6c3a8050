"""Who orders again: the share of each cohort by months after the month of the first order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.cohorts.history import History
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.model import Value

KEY = "retention_rate"
LEAST = 30
FUTURE = "future"
_SLACK = timedelta(days=3)  # nothing is bought on some days: such a month is complete all the same


@dataclass(frozen=True, slots=True)
class Cohort:
    """People whose first order was in one month (its first day), and how many they are.

    `cells` hold the share with an order 1, 2, ... months later (ages to the table's last); where
    that month is not over within the data, the value is None ("future"), never 0. `revenue` is
    what the cohort paid in each month from age 0, None in the same months, and in all where the
    history's amounts are not known or must not be added.
    """

    month: date
    size: int
    cells: tuple[Value, ...]
    revenue: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """Cohorts, the oldest first, and the curve over them.

    The curve's value at an age pools the cohorts that have seen it (sum over sum). `spent` is the
    mean amount a customer paid up to and in each month of age, 0 the first, from the same cohorts;
    it rises as cohorts leave the pool only if the older ones paid more. `amounts` is False where
    amounts are not known or must not be added.
    """

    cohorts: tuple[Cohort, ...]
    curve: tuple[Value, ...]
    spent: tuple[float, ...]
    currency: str | None = None
    amounts: bool = True


def retention(history: History, most: int = 36) -> Retention:
    """Retention by first order month, for ages up to `most` months.

    A customer is active at age k with an order in the k-th calendar month after that of the first.
    Shares with Wilson's intervals: customers are the trials.
    """
    ages = history.ages.filter(history.ages.age <= most)
    found = ages.group_by("cohort", "age").aggregate(
        active=ages.active.sum(), amount=ages.amount.sum()
    )
    cells: dict[tuple[date, int], tuple[int, float]] = {
        (line["cohort"], int(line["age"])): (int(line["active"]), float(line["amount"] or 0))
        for line in found.to_pyarrow().to_pylist()
    }
    sizes = {cohort: active for (cohort, age), (active, _) in cells.items() if age == 0}
    ordered = sorted(sizes)
    seen = {cohort: _ages_seen(cohort, history.end) for cohort in ordered}
    shown = range(1, min(max(seen.values(), default=0), most) + 1)
    cohorts = tuple(
        Cohort(
            month=cohort,
            size=sizes[cohort],
            cells=_cells(cohort, sizes[cohort], shown, seen[cohort], cells),
            revenue=tuple(
                cells.get((cohort, age), (0, 0.0))[1]
                if history.amounts and age <= seen[cohort]
                else None
                for age in (0, *shown)
            ),
        )
        for cohort in ordered
    )
    return Retention(
        cohorts, _curve(cohorts, shown), _spent(cohorts), history.currency, history.amounts
    )


def _ages_seen(cohort: date, end: date) -> int:
    """How many months after the cohort's are over by the end of the data; -1: not even its own."""
    last = _next(end.replace(day=1))
    whole = last - timedelta(days=1) <= end + _SLACK
    months = (end.year - cohort.year) * 12 + end.month - cohort.month
    # A stray date lies after the end.
    return max(months if whole else months - 1, -1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _cells(
    cohort: date,
    size: int,
    ages: Iterable[int],
    seen: int,
    cells: dict[tuple[date, int], tuple[int, float]],
) -> tuple[Value, ...]:
    active = [float(cells.get((cohort, age), (0, 0.0))[0]) for age in ages]
    lows, highs = intervals.wilson(np.array(active), np.full(len(active), float(size)))
    found = []
    for age, count, low, high in zip(ages, active, lows, highs, strict=True):
        group = {"cohort": cohort.isoformat(), "age": str(age)}
        if age > seen:
            found.append(worked_out(KEY, {"n": float(size)}, group=group, flags=(FUTURE,)))
        else:
            sums = {"x": count, "n": float(size)}
            found.append(_share(sums, low, high, group))
    return tuple(found)


def _curve(cohorts: Iterable[Cohort], ages: Iterable[int]) -> tuple[Value, ...]:
    pooled = []
    for age in ages:
        own = [
            one.cells[age - 1].components for one in cohorts if one.cells[age - 1].value is not None
        ]
        x, n = (sum(parts[name] for parts in own) for name in ("x", "n"))
        low, high = intervals.wilson(np.array(x), np.array(n))
        pooled.append(_share({"x": x, "n": n}, float(low), float(high), {"age": str(age)}))
    return tuple(pooled)


def _spent(cohorts: Iterable[Cohort]) -> tuple[float, ...]:
    """The mean amount per customer up to each age: each month's over the cohorts that saw it."""
    found: list[float] = []
    every = list(cohorts)
    for age in range(len(every[0].revenue) if every else 0):
        own = [(one.revenue[age] or 0.0, one.size) for one in every if one.revenue[age] is not None]
        if not own:
            break
        found.append(sum(amount for amount, _ in own) / sum(size for _, size in own))
    return tuple(np.cumsum(found).tolist())


def _share(sums: dict[str, float], low: float, high: float, group: dict[str, str]) -> Value:
    flags = ("small_n",) if sums["n"] < LEAST else ()
    numbers = numbers_of(sums["x"] / sums["n"], low, high)
    return worked_out(KEY, sums, numbers, group=group, flags=flags)
