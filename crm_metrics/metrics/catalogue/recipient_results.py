"""Outbound messages, one row per message and person: totals per message and what it brought."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.recipients import BASE_SENT, base
from crm_metrics.metrics.model import Column, Limits, Metric
from crm_metrics.metrics.people import PERSON

_CLICKS_OF_MACHINES = 3  # clicks per open beyond which they are the work of link scanners


def _none_without(count: str, flag: str) -> Column:
    """The count; 0 where the flag says that there was none."""

    def counted(table: ir.Table, _: Limits) -> ir.Value:
        none = ibis.ifelse(~table[flag], 0.0, ibis.null("float64"))
        return ibis.coalesce(table[count].cast("float64"), none)

    return counted


def _blank_revenue(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.revenue.isnull() & table.converted.isnull() & table.spent.notnull()


def _clicked_like_machines(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.clicks_total > _CLICKS_OF_MACHINES * table.opens_total


_total = partial(Metric, grain="recipients", kind="total", direction="up", variant="sum")
_per_message = partial(
    Metric,
    grain="recipients",
    kind="ratio",
    denominator=base,
    per=PERSON,
    variant="of_delivered",
)

METRICS = (
    _per_message(
        key="total_opens_per_recipient",
        numerator=_none_without("opens_total", "opened"),
        unit="times",
        direction="neutral",
        needs=("opens_total",),
        formula="sum(opens_total) / count(delivered)",
        marks=BASE_SENT,
    ),
    _per_message(
        key="total_clicks_per_recipient",
        numerator=_none_without("clicks_total", "clicked"),
        unit="times",
        direction="neutral",
        needs=("clicks_total",),
        formula="sum(clicks_total) / count(delivered)",
        marks=(*BASE_SENT, ("clicks_like_machines", _clicked_like_machines)),
    ),
    _total(
        key="conversions",
        numerator="converted",
        unit="count",
        needs=("converted|converted_at",),
        formula="count(converted)",
    ),
    _per_message(
        key="revenue_per_message",
        numerator="spent",
        unit="money",
        direction="up",
        needs=("revenue",),
        formula="sum(revenue) / count(delivered)",
        marks=(*BASE_SENT, ("blank_is_zero", _blank_revenue)),
        money=True,
    ),
    _total(
        key="revenue",
        numerator="revenue",
        unit="money",
        needs=("revenue",),
        formula="sum(revenue)",
        money=True,
    ),
)
