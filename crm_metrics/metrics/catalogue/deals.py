"""Deals, one row each: what was won of what was decided, how long it took, what is open."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, not_negative, one, seconds_between
from crm_metrics.metrics.model import Limits, Metric

_STATE = "stage|status"
_DAY = 86400.0


def _word(table: ir.Table, word: str) -> ir.BooleanValue:
    stage = (folded(table.stage) == word).fill_null(NO)
    return stage | (folded(table.status) == word).fill_null(NO)


def _won(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return _word(table, "won")


def _decided(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return _word(table, "won") | _word(table, "lost")


def _open(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _word(table, "open") & ~_decided(table, limits)


def _unknown(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """A stage in words that nobody gave a meaning: it may be sold, lost or in work."""
    return (
        (table.stage.notnull() | table.status.notnull())
        & ~_word(table, "open")
        & ~_decided(table, limits)
    )


def _days_raw(table: ir.Table) -> ir.Value:
    created = ibis.coalesce(table.created_at, table.date.cast("timestamp"))
    return seconds_between(table.closed_at, created) / _DAY


def _days(table: ir.Table, _: Limits) -> ir.Value:
    return not_negative(_days_raw(table))


METRICS = (
    Metric(
        key="deals",
        grain="deals",
        kind="total",
        numerator=one,
        unit="count",
        direction="up",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    Metric(
        key="win_rate",
        grain="deals",
        kind="proportion",
        numerator=_won,
        denominator=one,
        unit="share",
        direction="up",
        needs=(_STATE,),
        variant="of_decided",
        formula="count(stage = won) / count(stage in (won, lost))",
        where=_decided,
        empty="none_decided",
    ),
    Metric(
        key="cycle_median",
        grain="deals",
        kind="quantile",
        quantile=0.5,
        numerator=_days,
        unit="days",
        direction="down",
        needs=(_STATE, "closed_at", "created_at|date"),
        variant="of_won",
        formula="median(closed_at - created_at: stage = won)",
        where=_won,
        left_out=(
            (
                "negative_left_out",
                lambda table, limits: _won(table, limits) & (_days_raw(table) < 0),
            ),
        ),
    ),
    Metric(
        key="avg_deal",
        grain="deals",
        kind="mean",
        numerator="amount",
        unit="money",
        direction="up",
        needs=("amount", _STATE),
        variant="of_won",
        formula="mean(amount: stage = won)",
        where=_won,
        money=True,
    ),
    Metric(
        key="pipeline",
        grain="deals",
        kind="total",
        numerator="amount",
        unit="money",
        direction="neutral",
        needs=("amount", _STATE),
        variant="sum",
        formula="sum(amount: stage = open)",
        where=_open,
        empty="none_open",
        left_out=(("stage_unknown", _unknown),),
        money=True,
    ),
)
