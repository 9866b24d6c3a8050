"""The period that a page shows, the one it is compared with, and values over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import ibis
from ibis import _

from crm_metrics.errors import UsageError
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.compute import CATALOGUE, compute, metric_named
from crm_metrics.metrics.dated import days_with_facts
from crm_metrics.metrics.ground import Engine, parts_of
from crm_metrics.metrics.model import Filters, Limits, Value

# Nothing is sent on some days: a month whose first or last days lack is complete all the same.
_SLACK = timedelta(days=3)
_DAY = timedelta(days=1)

Previous = Literal["just_before", "weekdays"]

_Months = dict[date, tuple[date, date]]


def span(engine: Engine) -> tuple[date, date] | None:
    """The first and the last date of all facts but strays (`dated`); None where none has a date."""
    return _ends(_months(engine))


def periods(
    engine: Engine, filters: Filters | None = None, *, previous: Previous = "just_before"
) -> tuple[Filters, Filters | None]:
    """The filters for the current period and for the one before, None where there is none.

    With a period in `filters`: that one (an open end is the end of the facts), and as many days
    just before it; where it is whole calendar months, as many calendar months. Without: the latest
    calendar month complete in the facts and the month before; where the facts do not hold two
    whole months, their later and earlier half. With `previous="weekdays"` the one before is as
    long as the current one and has the same weekdays (`same_weekdays`); there is none where the
    facts begin after its first days.
    """
    current, before = _just_before(engine, filters or Filters())
    if before is not None and previous == "weekdays":
        before = same_weekdays(current)
        facts = span(engine)
        if facts is None or before.start is None or facts[0] > before.start + _SLACK:
            before = None
    return current, before


def same_weekdays(current: Filters) -> Filters:
    """The latest earlier period as long as this one that begins on the same weekday.

    It lies whole weeks back, as few as keep the two apart, so that each day meets its own weekday.
    Raises UsageError("open_period") where an end is open.
    """
    if current.start is None or current.end is None:
        raise UsageError("open_period")
    weeks = -(-((current.end - current.start).days + 1) // 7)
    back = timedelta(weeks=weeks)
    return replace(current, start=current.start - back, end=current.end - back)


def _just_before(engine: Engine, filters: Filters) -> tuple[Filters, Filters | None]:
    months = _months(engine)
    facts = _ends(months)
    if facts is None:
        return filters, None
    if filters.start is None and filters.end is None:
        return _latest_months(filters, months) or _halves(filters, *facts)
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
    computed; grains together only where they make one value. Raises
    NotFoundError("unknown_metric").
    """
    metric_named(key, grain)
    values = [
        value
        for value in compute(engine, [key], by=(by,), filters=filters, limits=limits).values
        if (grain is None or grain in value.grains) and value.group[by] is not None
    ]
    order = [metric.grain for metric in CATALOGUE if metric.key == key]
    first = min(values, key=lambda value: order.index(value.grain), default=None)
    return sorted(
        (
            (date.fromisoformat(str(one.group[by])), one)
            for one in values
            if first and one.variant == first.variant and comparable(one.grain, first.grain)
        ),
        key=lambda pair: pair[0],
    )


def _months(engine: Engine) -> _Months:
    """The first and the last day with facts of each month, by the month's first day."""
    return engine.once("months", lambda: _found_months(engine))


def _found_months(engine: Engine) -> _Months:
    found: _Months = {}
    for part in parts_of(engine):
        days = [
            part.table(grain).select(own=_["__dataset"].cast("string"), day=_.date.cast("date"))
            for grain in part.grains
        ]
        for day in days_with_facts(ibis.union(*days)) if days else ():
            first, last = found.get(day.replace(day=1), (day, day))
            found[day.replace(day=1)] = min(first, day), max(last, day)
    return found


def _ends(months: _Months) -> tuple[date, date] | None:
    days = [day for ends in months.values() for day in ends]
    return (min(days), max(days)) if days else None


def _latest_months(filters: Filters, months: _Months) -> tuple[Filters, Filters] | None:
    """The latest month with facts to its end, and the one before with facts from its beginning.

    A mistyped year stands alone, without a month before it, and so is never the latest.
    """
    for month in sorted(months, reverse=True):
        before, end = _next_month(month, -1), _next_month(month) - _DAY
        whole = _next_month(month) in months or months[month][1] + _SLACK >= end
        if not whole or before not in months:
            continue
        if _next_month(before, -1) in months or months[before][0] <= before + _SLACK:
            current = replace(filters, start=month, end=end)
            return current, replace(filters, start=before, end=month - _DAY)
    return None


def _halves(filters: Filters, first: date, last: date) -> tuple[Filters, Filters | None]:
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
    return _next_month(start, -months)


def _next_month(month: date, count: int = 1) -> date:
    """The first day of the month that is so many later."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def _shifted(current: Filters, start: date) -> Filters:
    assert current.start is not None
    return replace(current, start=start, end=current.start - _DAY)
