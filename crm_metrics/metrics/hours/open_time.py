"""Seconds of open time between two moments, as an expression over their columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache, reduce
from operator import add
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.hours.schedule import DAY, Schedule

_WEEK = 7 * DAY
_EPOCH = date(1970, 1, 1)
_MONDAY = 4 * DAY  # the first one after the epoch, a Thursday
_YEARS = (2000, 2040)  # in which changes of clocks are known here
_STEP = timedelta(days=1)


def open_seconds(start: ir.Value, end: ir.Value, schedule: Schedule) -> ir.Value:
    """How long it was open from one timestamp to a later one, in seconds (FLOAT64).

    The open time up to a moment is that of the whole weeks before it and of the part of its own
    week, less that of holidays; what lies between two moments is the difference. Below zero where
    the end is before the start, null where either is.
    """
    return (_opened(end, schedule) - _opened(start, schedule)).cast("float64")


def _opened(moment: ir.Value, schedule: Schedule) -> ir.Value:
    """Open seconds from the first Monday of 1970 to a moment."""
    seconds = _on_the_wall(moment, schedule) - _MONDAY
    # Never below zero for a moment after 1970, so that a plain remainder will do.
    place = seconds % _WEEK
    whole = (seconds - place) // _WEEK
    week = sum(one.end - one.start for one in schedule.shifts)
    within = [
        _overlap(place - (one.weekday * DAY + one.start), one.end - one.start)
        for one in schedule.shifts
    ]
    closed = [
        _overlap(seconds - (_day(day) - _MONDAY + one.start), one.end - one.start)
        for day in schedule.holidays
        for one in schedule.shifts
        if one.weekday == day.weekday()
    ]
    found = reduce(add, within, whole * week)
    return found - reduce(add, closed) if closed else found


def _overlap(passed: ir.Value, length: int) -> ir.Value:
    """How much of a stretch has gone by, that many seconds after it began."""
    return ibis.least(ibis.greatest(passed, 0), length)


def _on_the_wall(moment: ir.Value, schedule: Schedule) -> ir.Value:
    """Seconds since 1970 as the schedule's clocks show a moment (INT64)."""
    seconds = moment.cast("timestamp").epoch_seconds().cast("int64")
    if not schedule.zone or not schedule.written or schedule.zone == schedule.written:
        return seconds
    steps = _shifts(schedule.written, schedule.zone)
    first, *later = steps
    if not later:
        return seconds + first[1]
    branches = [(seconds >= at, shift) for at, shift in reversed(later)]
    return seconds + ibis.cases(*branches, else_=first[1])


def _day(day: date) -> int:
    return (day - _EPOCH).days * DAY


@cache
def _shifts(source: str, target: str) -> tuple[tuple[int, int], ...]:
    """By how many seconds clocks of `target` are ahead, from which time of `source` on.

    The first pair holds before all others too.
    """
    here, there = ZoneInfo(source), ZoneInfo(target)

    def ahead(moment: datetime) -> timedelta:
        own, other = moment.astimezone(here), moment.astimezone(there)
        return (other.utcoffset() or timedelta()) - (own.utcoffset() or timedelta())

    def state(moment: datetime) -> tuple[timedelta, timedelta]:
        return ahead(moment), moment.astimezone(here).utcoffset() or timedelta()

    moment, last = (datetime(year, 1, 1, tzinfo=UTC) for year in _YEARS)
    found = [(0, int(ahead(moment).total_seconds()))]
    while moment < last:
        following = moment + _STEP
        if state(following) != state(moment):
            at = _change(moment, following, state)
            local = at.astimezone(here).replace(tzinfo=UTC)
            found.append((int(local.timestamp()), int(ahead(at).total_seconds())))
        moment = following
    return tuple(found)


def _change(low: datetime, high: datetime, state: Callable[[datetime], object]) -> datetime:
    """The first minute of the new state between two moments."""
    before = state(low)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if state(middle) == before else (low, middle)
    return high.replace(second=0, microsecond=0)
