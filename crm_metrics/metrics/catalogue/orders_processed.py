"""Orders and the day in which they should be processed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.orders import returned
from crm_metrics.metrics.expressions import NO, any_of, seconds_between
from crm_metrics.metrics.model import Limits, Metric

_A_DAY = 86400.0


def _in_a_day(table: ir.Table, _: Limits) -> ir.Value:
    """Whether it was processed within 24 hours; not, where it has not been to this day."""
    return (_processing(table) <= _A_DAY).fill_null(NO) & (_processing(table) >= 0).fill_null(NO)


def _processing(table: ir.Table) -> ir.Value:
    return seconds_between(table.processed_at, table.created_at)


def _back_in_time(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return _processing(table) < 0


def _age(table: ir.Table) -> ir.Value:
    """Seconds to the last moment that the order's data set tells of."""
    first, last = (table[name].cast("timestamp") for name in ("created_at", "processed_at"))
    seen = ibis.greatest(ibis.coalesce(first, last), ibis.coalesce(last, first))
    end = seen.max().over(ibis.window(group_by=table["__dataset"]))
    return seconds_between(end, table.created_at)


def _young(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return _age(table) < _A_DAY


def _cancelled_first(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Called off before anybody could process it."""
    return returned(table, limits) & table.processed_at.isnull()


def _to_process(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    out = any_of(_young, _cancelled_first, _back_in_time)(table, limits)
    return table.created_at.notnull() & ~out


METRICS = (
    Metric(
        key="orders_within_24h",
        grain="orders",
        kind="proportion",
        numerator=_in_a_day,
        at_least=1,
        per="order_id",
        unit="share",
        direction="up",
        needs=("created_at", "processed_at"),
        variant="of_orders",
        formula="count(processed_at - created_at <= 24 h) / count(created_at <= end - 24 h)",
        where=_to_process,
        left_out=(
            ("negative_left_out", _back_in_time),
            ("cancelled_left_out", _cancelled_first),
            ("young_orders_left_out", _young),
        ),
    ),
)
