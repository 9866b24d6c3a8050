"""How fast clients are answered: by calendar and business hours, with those who still wait."""

from __future__ import annotations

from functools import partial

import ibis.expr.types as ir

from crm_metrics.metrics.expressions import one
from crm_metrics.metrics.model import Limits, Metric
from crm_metrics.metrics.waits import (
    BOT_LEFT_OUT,
    FROM_LOGS,
    NEGATIVE_REPLY,
    by_client,
    hours_of_file,
    of_clients,
    reply,
    reply_in_hours,
    reply_runs,
    reply_so_far,
    too_young,
    within,
)

_REPLY = "first_reply_time|first_reply_at"
_STARTED = "first_reply_time|created_at"


def _limit(limits: Limits) -> float:
    return limits.first_reply


def _replied(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.replied


_YOUNG = (("young_left_out", too_young(_limit)),)
_speed = partial(
    Metric,
    grain="conversations",
    kind="quantile",
    numerator=reply,
    unit="seconds",
    direction="down",
    needs=(_REPLY, _STARTED),
    variant="of_answered",
    where=by_client,
    marks=FROM_LOGS,
    left_out=(*NEGATIVE_REPLY, *BOT_LEFT_OUT),
)
_in_hours = partial(
    _speed,
    numerator=reply_in_hours,
    needs=("first_reply_business_time|first_reply_at|first_reply_time",),
    marks=(*FROM_LOGS, ("hours_of_file", hours_of_file)),
    empty="no_schedule",
)
_with_waiting = partial(
    _speed,
    numerator=reply_so_far,
    censored=reply_runs,
    needs=(_REPLY, "created_at"),
    variant="with_waiting",
)
_share = partial(
    Metric,
    grain="conversations",
    kind="proportion",
    denominator=one,
    unit="share",
    where=of_clients(_limit),
    variant="of_conversations",
    marks=FROM_LOGS,
)

METRICS = (
    _speed(
        key="frt_median",
        quantile=0.5,
        formula="median(first_reply_at - created_at)",
    ),
    _speed(
        key="frt_p90",
        quantile=0.9,
        formula="quantile(first_reply_at - created_at, 0.9)",
    ),
    _speed(key="frt_mean", kind="mean", formula="mean(first_reply_at - created_at)"),
    _with_waiting(
        key="frt_km_median",
        quantile=0.5,
        formula="kaplan_meier(first_reply_at - created_at, 0.5)",
    ),
    _with_waiting(
        key="frt_km_p90",
        quantile=0.9,
        formula="kaplan_meier(first_reply_at - created_at, 0.9)",
    ),
    _in_hours(
        key="frt_business",
        quantile=0.5,
        formula="median(open_time(created_at, first_reply_at))",
    ),
    _in_hours(
        key="frt_business_p90",
        quantile=0.9,
        formula="quantile(open_time(created_at, first_reply_at), 0.9)",
    ),
    _share(
        key="answered_within",
        numerator=within(reply, _replied, _limit),
        direction="up",
        needs=(_REPLY, _STARTED),
        formula="count(first_reply_time <= limit) / count(created_at <= end - limit)",
        limit="first_reply",
        left_out=(*NEGATIVE_REPLY, *_YOUNG, *BOT_LEFT_OUT),
    ),
    _share(
        key="unanswered_rate",
        numerator=lambda table, _: ~table.replied,
        direction="down",
        needs=(_REPLY,),
        formula="count(first_reply_at is null) / count(created_at <= end - limit)",
        limit="first_reply",
        left_out=(*_YOUNG, *BOT_LEFT_OUT),
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
