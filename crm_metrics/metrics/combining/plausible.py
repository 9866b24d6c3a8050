"""Sums of campaigns that contradict themselves: a stated rate, clicks far above the usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.model import Condition, Limits, Metric

# By metric: the count, the rate that a file states of it, and the bases that vendors divide by.
_STATED: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "open_rate": ("opens_unique", "open_rate", ("delivered", "sent")),
    "click_rate": ("clicks_unique", "click_rate", ("delivered", "sent", "opens_unique")),
    "ctor": ("clicks_unique", "ctor", ("opens_unique",)),
    "bounce_rate": ("bounces", "bounce_rate", ("sent", "delivered")),
    "unsub_rate": ("unsubscribes", "unsubscribe_rate", ("delivered", "sent", "opens_unique")),
    "complaint_rate": ("complaints", "complaint_rate", ("delivered", "sent")),
    "conversion_rate": ("conversions", "conversion_rate", ("delivered", "sent", "clicks_unique")),
}
_FAR = 3
_LEAST = 100  # messages: a click rate of fewer jumps by itself
_LEAST_CAMPAIGNS = 8


def with_doubts(metric: Metric, usual: Mapping[str | None, float]) -> Metric:
    """A metric of campaigns with marks where its rows are in doubt.

    Where a file states a rate and the counts too, the counts win; rates of none of the usual bases
    are marked. `usual` is the median click rate of campaigns by channel.
    """
    doubts: list[tuple[str, Condition]] = []
    if metric.key in _STATED:
        doubts.append(("rate_differs", _differs(*_STATED[metric.key])))
    if metric.key == "click_rate" and usual:
        doubts.append(("clicks_far_above", _far_above(usual)))
    return replace(metric, marks=(*metric.marks, *doubts)) if doubts else metric


def usual_click_rates(table: ir.Table) -> dict[str | None, float]:
    """The median click rate of campaigns by channel, where there are at least eight of a size."""
    rows = table.filter((table.delivered >= _LEAST) & table.clicks_unique.notnull())
    rate = rows.clicks_unique.cast("float64") / rows.delivered.cast("float64")
    found = rows.group_by(channel=rows.channel.cast("string")).aggregate(
        campaigns=rows.count(), median=rate.median()
    )
    return {
        line["channel"]: line["median"]
        for line in found.to_pyarrow().to_pylist()
        if line["campaigns"] >= _LEAST_CAMPAIGNS and line["median"]
    }


def _differs(count: str, rate: str, bases: tuple[str, ...]) -> Condition:
    """Whether the stated rate is that of no base, but for its rounding."""

    def condition(table: ir.Table, _: Limits) -> ir.BooleanValue:
        stated = table[rate].cast("float64")
        tolerance = ibis.cases(
            (_is_whole(stated * 100), 0.0051), (_is_whole(stated * 1000), 0.00051), else_=0.000051
        )
        agrees = NO
        known = NO
        for base in bases:
            own = table[count].cast("float64") / table[base].cast("float64").nullif(0)
            known |= own.notnull()
            agrees |= ((stated - own).abs() <= tolerance).fill_null(NO)
        return stated.notnull() & known & ~agrees

    return condition


def _is_whole(value: ir.Value) -> ir.BooleanValue:
    return (value - value.round()).abs() < 1e-6


def _far_above(usual: Mapping[str | None, float]) -> Condition:
    def condition(table: ir.Table, _: Limits) -> ir.BooleanValue:
        median = ibis.cases(
            *(
                (
                    table.channel.isnull() if channel is None else table.channel == channel,
                    float(number),
                )
                for channel, number in usual.items()
            ),
            else_=ibis.null("float64"),
        )
        rate = table.clicks_unique.cast("float64") / table.delivered.cast("float64").nullif(0)
        return ((rate > _FAR * median) & (table.delivered >= _LEAST)).fill_null(NO)

    return condition
