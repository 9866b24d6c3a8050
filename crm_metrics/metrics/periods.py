"""The period that a page shows, the one it is compared with, and values over time."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from crm_metrics.errors import UsageError
from crm_metrics.metrics.compute import CATALOGUE, compute, metric_named
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Limits, Value

# Nothing is sent on some days: a month whose first or last days lack is complete all the same.
_SLACK = timedelta(days=3)
_DAY = timedelta(days=1)


def span(engine: Engine) -> tuple[date, date] | None:
    """The first and the last date of all facts; None where none has a date."""
    ends = []
    for grain in engine.grains:
        day = engine.table(grain).date.cast("date")
        found = day.as_table().aggregate(first=day.min(), last=day.max()).to_pyarrow().to_pylist()
        ends += [end for end in found[0].values() if end is not None]
    return (min(ends), max(ends)) if ends else None


def periods(engine: Engine, filters: Filters | None = None) -> tuple[Filters, Filters | None]:
    """The filters for the current period and for the one before, None where there is none.

    With a period in `filters`: that one (an open end is the end of the facts), and as many days
    just before it; where it is whole calendar months, as many calendar months. Without: the latest
    calendar month complete in the facts and the month before; where the facts do not hold two
    whole months, their later and earlier half.
    """
    filters = filters or Filters()
    facts = span(engine)
    if facts is None:
        return filters, None
    if filters.start is None and filters.end is None:
        return _by_facts(filters, *facts)
    start, end = filters.start or facts[0], filters.end or facts[1]
    if start > end:
        raise UsageError("period_backwards", start=start.isoformat(), end=end.isoformat())
    current = replace(filters, start=start, end=end)
    return current, _shifted(current, _start_before(start, end))


def trend(
    engine: Engine,
    key: str,
    grain: str | None = None,
    *,
    by: Literal["day", "week", "month"] = "week",
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> list[tuple[date, Value]]:
    """The metric per day, week (from Monday) or month, as (first day, value), oldest first.

    Facts without a date are left out. Without a `grain`: the first of the catalogue that can be
    computed; never two grains together. Raises NotFoundError("unknown_metric").
    """
    metric_named(key, grain)
    values = [
        value
        for value in compute(engine, [key], by=(by,), filters=filters, limits=limits).values
        if grain in (None, value.grain) and value.group[by] is not None
    ]
    order = [metric.grain for metric in CATALOGUE if metric.key == key]
    first = min((value.grain for value in values), key=order.index, default=None)
    return sorted(
        ((date.fromisoformat(str(one.group[by])), one) for one in values if one.grain == first),
        key=lambda pair: pair[0],
    )


def _by_facts(filters: Filters, first: date, last: date) -> tuple[Filters, Filters | None]:
    month_end = last.replace(day=monthrange(last.year, last.month)[1])
    if last + _SLACK < month_end:
        month_end = last.replace(day=1) - _DAY
    start = month_end.replace(day=1)
    before = (start - _DAY).replace(day=1)
    if first <= before + _SLACK:
        current = replace(filters, start=start, end=month_end)
        return current, replace(filters, start=before, end=start - _DAY)
    if first == last:
        return replace(filters, start=first, end=last), None
    half = timedelta(days=((last - first).days + 1) // 2)
    current = replace(filters, start=last - half + _DAY, end=last)
    return current, _shifted(current, last - 2 * half + _DAY)


def _start_before(start: date, end: date) -> date:
    """The first day of the period of equal length just before this one."""
    whole_months = start.day == 1 and (end + _DAY).day == 1
    if not whole_months:
        return start - (end - start) - _DAY
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    place = start.year * 12 + start.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _shifted(current: Filters, start: date) -> Filters:
    assert current.start is not None
    return replace(current, start=start, end=current.start - _DAY)
