"""Chats, tickets and conversations, one row each; and an agent's own averages of them."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, not_negative, one, seconds_between
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.scales import assumed_scale, in_top_box, scale_top

_REPLY = "first_reply_time|first_reply_at"
_STARTED = "first_reply_time|created_at"


def _reply_raw(table: ir.Table) -> ir.Value:
    between = seconds_between(table.first_reply_at, table.created_at)
    return ibis.coalesce(table.first_reply_time, between)


def _reply(table: ir.Table, _: Limits) -> ir.Value:
    return not_negative(_reply_raw(table))


def _before_it_began(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return _reply_raw(table) < 0


def _resolution_raw(table: ir.Table) -> ir.Value:
    return ibis.coalesce(
        table.resolution_time,
        seconds_between(table.resolved_at, table.created_at),
        seconds_between(table.closed_at, table.created_at),
    )


def _resolution(table: ir.Table, _: Limits) -> ir.Value:
    return not_negative(_resolution_raw(table))


def _by_client(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """A conversation that the agent began has no first reply to wait for."""
    return ~folded(table.initiator).isin(("agent", "out", "outbound")).fill_null(NO)


def _answered_within(table: ir.Table, limits: Limits) -> ir.Value:
    """Unanswered conversations stay in the base; only where replies are unknown, none counts."""
    in_time = (_reply(table, limits) <= limits.first_reply).fill_null(NO)
    unknown = table.replied.isnull() | _before_it_began(table, limits).fill_null(NO)
    return ibis.ifelse(unknown, ibis.null("boolean"), table.replied & in_time)


_NEGATIVE = (("negative_left_out", _before_it_began),)
_speed = partial(
    Metric,
    grain="conversations",
    numerator=_reply,
    unit="seconds",
    direction="down",
    needs=(_REPLY, _STARTED),
    variant="of_answered",
    where=_by_client,
    left_out=_NEGATIVE,
)

METRICS = (
    Metric(
        key="conversations",
        grain="conversations",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    _speed(
        key="frt_median",
        kind="quantile",
        quantile=0.5,
        formula="median(first_reply_at - created_at)",
    ),
    _speed(
        key="frt_p90",
        kind="quantile",
        quantile=0.9,
        formula="quantile(first_reply_at - created_at, 0.9)",
    ),
    _speed(key="frt_mean", kind="mean", formula="mean(first_reply_at - created_at)"),
    Metric(
        key="answered_within",
        grain="conversations",
        kind="proportion",
        numerator=_answered_within,
        denominator=one,
        unit="share",
        direction="up",
        needs=(_REPLY, _STARTED),
        variant="of_conversations",
        formula="count(first_reply_time <= limit) / count(*)",
        where=_by_client,
        left_out=_NEGATIVE,
    ),
    Metric(
        key="unanswered_rate",
        grain="conversations",
        kind="proportion",
        numerator=lambda table, _: ~table.replied,
        denominator=one,
        unit="share",
        direction="down",
        needs=(_REPLY,),
        variant="of_conversations",
        formula="count(first_reply_at is null) / count(*)",
        where=_by_client,
    ),
    Metric(
        key="resolution_median",
        grain="conversations",
        kind="quantile",
        quantile=0.5,
        numerator=_resolution,
        unit="seconds",
        direction="down",
        needs=("resolution_time|resolved_at|closed_at", "resolution_time|created_at"),
        variant="of_resolved",
        formula="median(resolved_at - created_at)",
        left_out=(("negative_left_out", lambda table, _: _resolution_raw(table) < 0),),
    ),
    Metric(
        key="csat",
        grain="conversations",
        kind="proportion",
        numerator=lambda table, _: in_top_box(table.score, scale_top(table)),
        denominator=one,
        unit="share",
        direction="up",
        needs=("score",),
        variant="top_box",
        formula="count(score in top_box) / count(score)",
        marks=(("scale_assumed", assumed_scale),),
    ),
    Metric(
        key="frt_mean",
        grain="support_stats",
        kind="ratio",
        numerator=lambda table, _: table.first_reply_time * table.conversations,
        denominator="conversations",
        unit="seconds",
        direction="down",
        needs=("first_reply_time", "conversations"),
        variant="of_averages",
        formula="sum(first_reply_time * conversations) / sum(conversations)",
        interval=False,
    ),
)
