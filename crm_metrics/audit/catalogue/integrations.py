"""Days on which a source that usually writes every such day wrote nothing."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pyarrow as pa

from crm_metrics.audit.ground import Ground, table_of
from crm_metrics.audit.model import Check, Threshold, Violations

USUAL_RECORDS = Threshold("usual_records", 10, 3, 1000, "count")
_GRAINS = ("deals", "activities", "orders", "calls", "conversations", "traffic")
# So many of a weekday have to be there to say what is usual on it.
_LEAST_WEEKS = 4


def _gaps(ground: Ground, grain: str) -> Violations:
    """Days without records on a weekday of which the median is at least so many."""
    table = ground.table(grain)
    rows = table.filter(table.date.notnull())
    days = rows.group_by(day=rows.date.cast("date")).aggregate(n=rows.count())
    counts = {line["day"]: line["n"] for line in days.to_pyarrow().to_pylist()}
    found: list[dict[str, Any]] = []
    base = 0
    for weekday in range(7):
        own = _days(counts, weekday)
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


def _days(counts: dict[date, int], weekday: int) -> dict[date, int]:
    """The records of each such weekday between the first and the last day of all."""
    if not counts:
        return {}
    first, last = min(counts), max(counts)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    own = {}
    while day <= last:
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
