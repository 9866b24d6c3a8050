"""Days on which a source that usually writes every such day wrote nothing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import ibis
import pyarrow as pa

from crm_metrics.audit.ground import Ground, table_of
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.facts.stray import Days, usual_days

USUAL_RECORDS = Threshold("usual_records", 10, 3, 1000, "count")
_GRAINS = ("deals", "activities", "orders", "calls", "conversations", "traffic")
# Holidays of one date in Russia and in English-speaking countries: nobody has to work on them.
_HOLIDAYS = frozenset(
    (
        *((1, day) for day in range(1, 9)),
        *((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (7, 4), (11, 4), (12, 25), (12, 26)),
    )
)
# So many of a weekday have to be there to say what is usual on it.
_LEAST_WEEKS = 4


def _gaps(ground: Ground, grain: str) -> Violations:
    """Days without records on a weekday of which the median is at least so many.

    Between the first and the last usual day up to today: a mistyped date is no beginning of a log.
    """
    table = ground.table(grain)
    rows = table.filter(table.date.cast("date") <= ibis.literal(ground.settings.day))
    days = rows.group_by(day=rows.date.cast("date")).aggregate(n=rows.count())
    counts = {line["day"]: line["n"] for line in days.to_pyarrow().to_pylist()}
    span = usual_days(counts)
    found: list[dict[str, Any]] = []
    base = 0
    for weekday in range(7):
        own = _days(counts, span, weekday)
        numbers = sorted(own.values())
        if len(numbers) < _LEAST_WEEKS:
            continue
        usual = numbers[len(numbers) // 2]
        if usual >= ground.settings.of(USUAL_RECORDS):
            base += len(own)
            found += [{"day": day, "usual": usual} for day, n in own.items() if not n]
    found.sort(key=lambda one: one["day"])
    rows = table_of(found, day=pa.date32(), usual=pa.int64())
    return Violations(rows=rows, base=base)


def _days(counts: dict[date, int], span: Days | None, weekday: int) -> dict[date, int]:
    """The records of each such weekday within the span, without holidays."""
    if span is None:
        return {}
    first, last = span
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    own = {}
    while day <= last:
        if (day.month, day.day) not in _HOLIDAYS:
            own[day] = counts.get(day, 0)
        day += timedelta(days=7)
    return own


CHECKS = tuple(
    Check(
        key="integration_gap",
        grain=grain,
        needs=(),
        severity=1,
        effort="M",
        rule=partial(_gaps, grain=grain),
        counted="days",
        thresholds=(USUAL_RECORDS,),
    )
    for grain in _GRAINS
)
