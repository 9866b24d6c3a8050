"""Conversations as they are counted: a ticket once, and how long each has been watched."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.watching import with_watched
from crm_metrics.metrics.worked_out import MERGED
from crm_metrics.store.aligning import aligned

_MOMENTS = ("created_at", "first_reply_at", "resolved_at", "closed_at", "date")
_EARLIEST = frozenset(
    {"created_at", "first_reply_at", "first_reply_time", "first_reply_business_time", "date"}
)
_LINE, _SET, _ID = "__line", "__dataset", "conversation_id"


def prepared(rows: ir.Table) -> ir.Table:
    """The rows, one a ticket, with WATCHED_UNTIL and MERGED."""
    moments = {name: rows[name] for name in _MOMENTS if name in rows.columns}
    repeated = _repeating(rows)
    rows = with_watched(rows, moments)
    if not repeated:
        return rows.mutate(**{MERGED: ibis.literal(value=False)})
    several = rows[_SET].isin(repeated) & rows[_ID].notnull()
    rest = rows.filter(~several).mutate(**{MERGED: ibis.literal(value=False)})
    return aligned([rest, _once_each(rows.filter(several))])


def _repeating(rows: ir.Table) -> list[str]:
    """The data sets in which a ticket stands twice."""
    if _ID not in rows.columns:
        return []
    found = rows.group_by(own=rows[_SET].cast("string")).aggregate(
        named=rows[_ID].count(), different=rows[_ID].nunique()
    )
    lines = found.to_pyarrow().to_pylist()
    return [line["own"] for line in lines if line["different"] < line["named"]]


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
