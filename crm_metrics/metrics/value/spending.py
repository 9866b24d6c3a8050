"""What advertising cost by day, and how ratios to it are taken over weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.derived import Numbers, numbers_of
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.intervals import Floats
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.values import FEW_UNITS, LEAST_UNITS, ratio_parts

_GRAIN = "spend"
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Spending:
    """Cost by day, and its currency where one is known; `unnamed` where some of it names none."""

    by_day: Mapping[date, float]
    currency: str | None
    unnamed: bool = False


def spending(engine: Engine) -> Spending | None:
    """All spend by day; None where no dated cost is known, or it is in several currencies."""
    return engine.once("spend_by_day", lambda: _found(engine))


def covered_days(spent: Spending, orders: Days, filters: Filters) -> Days | None:
    """The days of the period that both spend and orders cover; None where there are none."""
    starts = [orders[0], min(spent.by_day), *([filters.start] if filters.start else [])]
    ends = [orders[1], max(spent.by_day), *([filters.end] if filters.end else [])]
    start, end = max(starts), min(ends)
    return (start, end) if start <= end else None


def by_week(days: Days, *each: Mapping[date, float]) -> Floats:
    """Sums of each mapping by ISO week of the days, a row a mapping and a column a week."""
    weeks: dict[tuple[int, int], list[float]] = {}
    for place, amounts in enumerate(each):
        for day, amount in amounts.items():
            if days[0] <= day <= days[1]:
                own = weeks.setdefault(day.isocalendar()[:2], [0.0] * len(each))
                own[place] += amount
    return np.array([weeks[week] for week in sorted(weeks)], dtype=float).reshape(-1, len(each)).T


def ratio_over_weeks(
    y: Floats, x: Floats, *, floor: float = 0.0
) -> tuple[Numbers, tuple[str, ...]]:
    """sum(y) / sum(x) with the delta method's interval, weeks as units, and what to keep in mind.

    The method knows no floor; what can't be negative has one.
    """
    sums = {"y": y.sum(), "x": x.sum(), "yy": (y**2).sum(), "xx": (x**2).sum(), "xy": (y * x).sum()}
    parts = {name: np.array(float(one)) for name, one in sums.items()}
    value, variance, m = ratio_parts(parts | {"m": np.array(float(len(y)))})
    low, high = intervals.student(value, variance, m - 1)
    if m < LEAST_UNITS:
        low = high = np.array(np.nan)
    flags = ("no_interval",) if np.isnan(low) else ()
    flags = (*flags, "few_weeks") if m < FEW_UNITS else flags
    return numbers_of(value, np.maximum(low, floor), high), flags


def _found(engine: Engine) -> Spending | None:
    days: dict[date, float] = {}
    currencies: set[str | None] = set()
    for part in parts_of(engine):
        if _GRAIN not in grains_of(part) or "cost" not in mapped_of(part, _GRAIN):
            continue
        table, _ = ground(part, _GRAIN)
        rows = table.filter(table.cost.notnull() & table.date.notnull())
        by_day = rows.group_by(day=rows.date.cast("date"), currency=rows.currency)
        for line in by_day.aggregate(cost=rows.cost.sum()).to_pyarrow().to_pylist():
            days[line["day"]] = days.get(line["day"], 0.0) + float(line["cost"])
            currencies.add(line["currency"])
    if not days or len(currencies - {None}) > 1:
        return None
    currency = next(iter(currencies - {None}), None)
    return Spending(days, currency, unnamed=currency is not None and None in currencies)
