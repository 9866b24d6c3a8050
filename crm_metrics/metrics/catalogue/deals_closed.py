"""Deals by the day they were closed: what a period brought, whenever its deals began."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.catalogue.deals import ZERO_AMOUNTS
from crm_metrics.metrics.deals_state import STATE, backwards, decided, unclosed, won
from crm_metrics.metrics.expressions import one
from crm_metrics.metrics.model import Limits, Metric


def _closed(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return decided(table, limits) & table.closed_at.notnull()


def _sold(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return won(table, limits) & table.closed_at.notnull()


_by_closing = partial(
    Metric,
    grain="deals",
    dated="closed_at",
    direction="up",
    where=_closed,
    empty="none_decided",
    left_out=(("unclosed_left_out", unclosed),),
    marks=(("closed_before_created", backwards),),
)

METRICS = (
    _by_closing(
        key="win_rate_closed",
        kind="proportion",
        numerator=won,
        denominator=one,
        unit="share",
        needs=(STATE, "closed_at"),
        variant="of_closed",
        formula="count(stage = won) / count(stage in (won, lost) by closed_at)",
    ),
    _by_closing(
        key="closed_deals",
        kind="total",
        numerator=one,
        unit="count",
        needs=(STATE, "closed_at"),
        variant="of_closed",
        formula="count(stage in (won, lost) by closed_at)",
    ),
    _by_closing(
        key="won_amount",
        kind="total",
        numerator="amount",
        unit="money",
        needs=(STATE, "closed_at", "amount"),
        variant="of_closed",
        formula="sum(amount: stage = won by closed_at)",
        where=_sold,
        empty="none_won",
        marks=ZERO_AMOUNTS,
        money=True,
    ),
)
