"""The days that facts tell of, without those that stand apart from the rest of their data set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import ibis
import ibis.expr.types as ir

from crm_metrics.facts.stray import Days, usual_days

Counted = dict[object, dict[date, int]]
"""The rows that each day has, by data set."""


def day_counts(rows: ir.Table) -> Counted:
    """The rows of each data set (`own`) and `day`; rows without a day are left out."""
    rows = rows.filter(rows.day.notnull())
    counted = rows.group_by("own", "day").aggregate(n=rows.count()).to_pyarrow()
    found: Counted = {}
    for line in counted.to_pylist():
        found.setdefault(line["own"], {})[line["day"]] = line["n"]
    return found


def usual_counts(counted: Counted) -> dict[date, int]:
    """The rows of each day over all data sets; strays of each are left out (`usual_days`)."""
    found: dict[date, int] = {}
    for own in counted.values():
        usual = usual_days(own)
        for day, number in own.items():
            if usual and usual[0] <= day <= usual[1]:
                found[day] = found.get(day, 0) + number
    return found


def usual_span(table: ir.Table, names: Iterable[str] = ("date",)) -> Days | None:
    """The first and the last usual day of some columns; each is held against itself alone."""
    days: list[date] = []
    for name in names:
        own = (
            table["__dataset"].cast("string") if "__dataset" in table.columns else ibis.literal("")
        )
        counted = day_counts(table.select(own=own, day=table[name].cast("date")))
        days += [day for one in map(usual_days, counted.values()) if one for day in one]
    return (min(days), max(days)) if days else None
