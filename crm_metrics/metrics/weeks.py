"""How many weeks the period of each row's group has, for what is counted per person and week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ibis
import ibis.expr.types as ir

from crm_metrics.facts.stray import Days
from crm_metrics.metrics.expressions import seconds_between
from crm_metrics.metrics.ground import PERIODS, Engine, days_of
from crm_metrics.metrics.model import Filters, Metric, Weeks

_DAY = 86400
_WEEK = 7
_NONE = ibis.null("float64")


def weeks(
    engine: Engine,
    table: ir.Table,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str],
    each: Iterable[tuple[Filters, ir.BooleanValue]],
) -> ir.Value | None:
    """Weeks in the period of each row (FLOAT64), at least 1: days over 7; null where no date is.

    None where no metric (all of one grain) is per week.
    The period is that of the filters that keep the row (an open end is the end of the grain's
    facts), and within it the row's own day, week or month where values are grouped by it.
    """
    if not any(isinstance(metric.denominator, Weeks) for metric in metrics):
        return None
    known = days_of(engine, metrics[0].grain)
    if known is None:
        return _NONE
    by_period = [PERIODS[name] for name in by if name in PERIODS]
    found = []
    for filters, keep in each:
        period = (filters.start or known[0], filters.end or known[1])
        found.append((keep, _weeks_of(table, period, by_period)))
    return found[0][1] if len(found) == 1 else ibis.cases(*found)


def _weeks_of(table: ir.Table, period: Days, by: Sequence[str]) -> ir.Value:
    start, end = period
    if not by:
        return ibis.literal(max(((end - start).days + 1) / _WEEK, 1.0))
    day = table.date.cast("date")
    if set(by) != {"M"}:
        return ibis.ifelse(day.isnull(), _NONE, 1.0)
    first = day.truncate("M")
    last = first + ibis.interval(months=1) - ibis.interval(days=1)
    low = ibis.greatest(first, ibis.literal(start))
    high = ibis.least(last.cast("date"), ibis.literal(end))
    days = seconds_between(high, low) / _DAY + 1
    return ibis.greatest(days / _WEEK, 1.0)
