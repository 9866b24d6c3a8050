"""Which rows of a grain's table filters keep."""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, YES
from crm_metrics.metrics.ground import Engine, column_of
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.people import PEOPLE
from crm_metrics.metrics.segments.membership import can_keep, is_of


def kept(engine: Engine, grain: str, table: ir.Table, filters: Filters) -> ir.BooleanValue | None:
    """The filters as one condition, true where there is none; None where a column lacks.

    Where a cell is null, so may be the condition.
    """
    conditions: list[ir.BooleanValue] = []
    if filters.start is not None:
        conditions.append(table.date.cast("date") >= ibis.literal(filters.start))
    if filters.end is not None:
        conditions.append(table.date.cast("date") <= ibis.literal(filters.end))
    if filters.channels:
        conditions.append(table.channel.isin(filters.channels))
    if filters.campaigns:
        name = table.campaign_name.isin(filters.campaigns)
        conditions.append(name.fill_null(NO) | table.campaign_id.isin(filters.campaigns))
    for field, values in filters.equal:
        column = column_of(engine, grain, table, field)
        if column is None:
            return None
        conditions.append(column.cast("string").isin(values))
    if filters.segment is not None:
        theirs = is_of(engine, grain, table, filters.segment)
        if theirs is None:
            return None
        conditions.append(theirs)
    # Null is as good as false to a filter, and to fill it would keep a filter from the files.
    return reduce(lambda one, other: one & other, conditions, YES)


def unfilterable(engine: Engine, grain: str, table: ir.Table, filters: Filters) -> tuple[str, ...]:
    """The filtered names that this grain has no column for; of a segment what names people."""
    names = (name for name, _ in filters.equal)
    absent = tuple(name for name in names if column_of(engine, grain, table, name) is None)
    lacks_people = filters.segment is not None and not can_keep(engine, grain)
    return (*absent, PEOPLE[0]) if lacks_people else absent
