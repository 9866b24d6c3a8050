"""Until when each data set knows of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from crm_metrics.facts.stray import APART, usual_days
from crm_metrics.metrics.worked_out import WATCHED_UNTIL

_OWN = "own"


def with_watched(rows: ir.Table, moments: Mapping[str, ir.Value]) -> ir.Table:
    """The rows with WATCHED_UNTIL, the latest of these moments in each row's data set."""
    ends = [
        (rows["__dataset"] == own, ibis.literal(end))
        for own, end in watched_until(rows, moments).items()
    ]
    none = ibis.null("timestamp")
    until = ibis.cases(*ends, else_=none) if ends else none
    return rows.mutate(**{WATCHED_UNTIL: until.cast("timestamp")})


def watched_until(rows: ir.Table, moments: Mapping[str, ir.Value]) -> dict[str, datetime]:
    """The latest of some moments in each data set, strays apart (`stray.usual_days`).

    A data set without any of them is left out.
    """
    if not moments:
        return {}
    times = {name: moment.cast("timestamp") for name, moment in moments.items()}
    found = rows.group_by(rows["__dataset"].cast("string").name(_OWN)).aggregate(
        **{f"low_{name}": moment.min() for name, moment in times.items()},
        **{f"high_{name}": moment.max() for name, moment in times.items()},
    )
    ends: dict[str, datetime] = {}
    long: set[str] = set()
    for line in found.to_pyarrow().to_pylist():
        for name in times:
            low, high = line[f"low_{name}"], line[f"high_{name}"]
            if high is None:
                continue
            if high - low > timedelta(days=APART):
                long.add(name)
            else:
                ends[line[_OWN]] = max(high, ends.get(line[_OWN], high))
    for name in sorted(long):
        for own, end in _usual_ends(rows, times[name]).items():
            ends[own] = max(end, ends.get(own, end))
    return ends


def _usual_ends(rows: ir.Table, moment: ir.Value) -> dict[str, datetime]:
    """The last moment of each data set on a day that does not stand apart."""
    days = rows.select(own=rows["__dataset"].cast("string"), moment=moment)
    days = days.filter(days.moment.notnull())
    found = days.group_by(_OWN, day=days.moment.cast("date")).aggregate(
        n=days.count(), last=days.moment.max()
    )
    counted: dict[str, list[dict]] = {}
    for line in found.to_pyarrow().to_pylist():
        counted.setdefault(line[_OWN], []).append(line)
    ends = {}
    for own, lines in counted.items():
        usual = usual_days({line["day"]: line["n"] for line in lines})
        if usual:
            ends[own] = max(line["last"] for line in lines if line["day"] <= usual[1])
    return ends
