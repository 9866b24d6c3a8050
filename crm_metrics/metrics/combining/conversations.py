"""Conversations as they are counted: a ticket once, and how long each has been watched."""

from __future__ import annotations

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.worked_out import MERGED, WATCHED_UNTIL
from crm_metrics.store.aligning import aligned

_MOMENTS = ("created_at", "first_reply_at", "resolved_at", "closed_at", "date")
_EARLIEST = frozenset(
    {"created_at", "first_reply_at", "first_reply_time", "first_reply_business_time", "date"}
)
_LINE, _SET, _ID = "__line", "__dataset", "conversation_id"


def prepared(rows: ir.Table) -> ir.Table:
    """The rows, one a ticket, with WATCHED_UNTIL and MERGED."""
    known = _known(rows)
    repeated = [name for name, _, again in known if again]
    ends = [(rows[_SET] == name, ibis.literal(end)) for name, end, _ in known if end is not None]
    none = ibis.null("timestamp")
    until = ibis.cases(*ends, else_=none) if ends else none
    rows = rows.mutate(**{WATCHED_UNTIL: until.cast("timestamp")})
    if not repeated:
        return rows.mutate(**{MERGED: ibis.literal(value=False)})
    several = rows[_SET].isin(repeated) & rows[_ID].notnull()
    rest = rows.filter(~several).mutate(**{MERGED: ibis.literal(value=False)})
    return aligned([rest, _once_each(rows.filter(several))])


def _known(rows: ir.Table) -> list[tuple[str, datetime | None, bool]]:
    """Each data set: the last moment that it tells of, and whether a ticket stands twice in it."""
    have = [name for name in _MOMENTS if name in rows.columns]
    counts: dict[str, ir.Value] = {name: rows[name].cast("timestamp").max() for name in have}
    if _ID in rows.columns:
        counts |= {"named": rows[_ID].count(), "different": rows[_ID].nunique()}
    found = rows.group_by(own=rows[_SET].cast("string")).aggregate(rows=rows.count(), **counts)
    lines = found.to_pyarrow().to_pylist()
    return [
        (
            line["own"],
            max((line[name] for name in have if isinstance(line[name], date)), default=None),
            line.get("different", 0) < line.get("named", 0),
        )
        for line in lines
    ]


def _once_each(rows: ir.Table) -> ir.Table:
    """A line a ticket: its first times, its last outcomes, and else what its first line says."""
    keys = (_SET, _ID)
    others = [name for name in rows.columns if name not in (*keys, _LINE)]
    found = rows.group_by(keys).aggregate(
        **{_LINE: rows[_LINE].min(), "lines": rows.count()},
        **{name: _joined(rows, name) for name in others},
    )
    return found.mutate(**{MERGED: found.lines > 1}).drop("lines")


def _joined(rows: ir.Table, name: str) -> ir.Value:
    column = rows[name]
    if name in _EARLIEST:
        return column.min()
    if column.type().is_boolean():
        return column.any()
    if column.type().is_numeric() or column.type().is_temporal():
        return column.max()
    return column.argmin(rows[_LINE]) if rows[_LINE].type().is_integer() else column.max()
