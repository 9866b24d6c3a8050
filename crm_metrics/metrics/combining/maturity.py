"""Sends that are too young for their outcome: opens and purchases still come in (R10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.combining.adding import MESSAGE_GRAINS
from crm_metrics.metrics.dated import usual_span
from crm_metrics.metrics.expressions import NO
from crm_metrics.metrics.model import Condition, Limits, Metric
from crm_metrics.metrics.sums import IMMATURE

Window = Literal["response_days", "conversion_days"]
"""The limit of days for which outcomes of a send are waited for."""

_SOLD = ("converted", "conversions", "conversion_rate", "orders", "revenue")
_DONE = (
    *("opened", "opens_unique", "opens_total", "open_rate", "open_is_machine"),
    *("clicked", "clicks_unique", "clicks_total", "click_rate", "replied", "replies", "reads"),
    *("forwards", "unsubscribed", "unsubscribes", "unsubscribe_rate"),
    *("complained", "complaints", "complaint_rate"),
)
_TIMES = ("sent_at", "opened_at", "clicked_at", "converted_at")


def window_of(metric: Metric) -> Window | None:
    """The window of a metric by what it needs, that of purchases or of responses."""
    if metric.grain not in MESSAGE_GRAINS:
        return None
    needs = {name for need in metric.needs for name in need.split("|")}
    if needs.intersection(_SOLD):
        return "conversion_days"
    return "response_days" if needs.intersection(_DONE) else None


def last_day(table: ir.Table) -> date | None:
    """The last day that the messages of a table tell of, sends and outcomes; None without dates.

    Days that stand apart from the rest of their column are left out.
    """
    known = [name for name in _TIMES if name in table.columns]
    found = usual_span(table, ("date", *known))
    return found and found[1]


def young(window: Window, end: date) -> Condition:
    """Whether a send is younger at the end of the facts than outcomes are waited for."""

    def is_young(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        mature = ibis.literal(end - timedelta(days=getattr(limits, window)))
        return (table.date.cast("date") > mature).fill_null(NO)

    return is_young


def with_maturity(
    metric: Metric, end: date | None, without: Callable[[Metric, str, Condition], Metric]
) -> Metric:
    """The metric with its young sends marked, or left out where the limits say so."""
    window = window_of(metric)
    if window is None or end is None:
        return metric
    is_young = young(window, end)

    def out(table: ir.Table, limits: Limits) -> ir.BooleanValue:
        return is_young(table, limits) if limits.mature_only else NO

    rest = without(metric, "immature_left_out", out)
    return replace(rest, marks=(*rest.marks, (IMMATURE, is_young)))
