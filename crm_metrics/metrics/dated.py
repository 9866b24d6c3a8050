"""The days that facts tell of, without those that stand apart from the rest of their data set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from crm_metrics.facts.stray import APART, Days, usual_days

_Lines = Mapping[date, Mapping[str, Any]]
_Ends = dict[str, tuple[Any, Any]]


def days_with_facts(rows: ir.Table) -> set[date]:
    """Each `day` of the rows that does not stand apart in its data set (`own`)."""
    found: set[date] = set()
    for lines in _by_day(rows).values():
        first, last = _usual(lines)
        found.update(day for day in lines if first <= day <= last)
    return found


def usual_span(table: ir.Table, names: Iterable[str] = ("date",)) -> Days | None:
    """The first and the last usual day of some columns; each is held against itself alone."""
    found = usual_ends(table, {name: table[name].cast("date") for name in names}).values()
    return (min(one[0] for one in found), max(one[1] for one in found)) if found else None


def usual_ends(table: ir.Table, moments: Mapping[str, ir.Value]) -> _Ends:
    """The first and the last of some moments (days or times) in each data set, strays apart.

    Each column is held against itself alone. A data set without any moment is left out.
    """
    if not moments:
        return {}
    own = table["__dataset"].cast("string") if "__dataset" in table.columns else ibis.literal("")
    rows = table.select(own=own, **moments)
    found = rows.group_by("own").aggregate(
        **{f"low_{name}": rows[name].min() for name in moments},
        **{f"high_{name}": rows[name].max() for name in moments},
    )
    ends: _Ends = {}
    long: set[str] = set()
    for line in found.to_pyarrow().to_pylist():
        for name in moments:
            low, high = line[f"low_{name}"], line[f"high_{name}"]
            if high is not None and high - low > timedelta(days=APART):
                long.add(name)
            elif high is not None:
                _widen(ends, line["own"], low, high)
    for name in sorted(long):
        dated = rows.select("own", day=rows[name].cast("date"), moment=rows[name])
        counted = _by_day(dated, low=_.moment.min(), high=_.moment.max())
        for dataset, lines in counted.items():
            first, last = _usual(lines)
            _widen(ends, dataset, lines[first]["low"], lines[last]["high"])
    return ends


def _by_day(rows: ir.Table, **also: ir.Deferred) -> dict[str, dict[date, dict[str, Any]]]:
    """How many rows (`n`) each data set (`own`) has on each `day`, and what else is asked."""
    counted = rows.filter(_.day.notnull()).group_by("own", "day").aggregate(n=_.count(), **also)
    found: dict[str, dict[date, dict[str, Any]]] = {}
    for line in counted.to_pyarrow().to_pylist():
        found.setdefault(line["own"], {})[line["day"]] = line
    return found


def _usual(lines: _Lines) -> Days:
    found = usual_days({day: line["n"] for day, line in lines.items()})
    assert found, "a data set of no day has no lines"
    return found


def _widen(ends: _Ends, dataset: str, low: Any, high: Any) -> None:
    first, last = ends.get(dataset, (low, high))
    ends[dataset] = min(first, low), max(last, high)
