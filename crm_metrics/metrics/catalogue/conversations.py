"""Chats, tickets and conversations, one row each: how many, by whom, and how they end."""

from __future__ import annotations

from functools import partial

from crm_metrics.metrics.expressions import NO, folded, one
from crm_metrics.metrics.model import Distinct, Metric
from crm_metrics.metrics.scores import scored
from crm_metrics.metrics.waits import (
    BOT_LEFT_OUT,
    FROM_LOGS,
    NEGATIVE_RESOLUTION,
    by_bot,
    by_client,
    of_clients,
    resolution,
    resolution_runs,
    resolution_so_far,
    solved,
    too_young,
    within,
)

_SOLVED_AT = "resolution_time|resolved_at|closed_at"
_BEGUN = "resolution_time|created_at"
_total = partial(
    Metric,
    grain="conversations",
    kind="total",
    unit="count",
    direction="neutral",
    variant="sum",
    marks=FROM_LOGS,
)
_resolved = partial(
    Metric,
    grain="conversations",
    kind="proportion",
    denominator=one,
    unit="share",
    where=solved,
    variant="of_resolved",
    empty="none_resolved",
)

METRICS = (
    _total(key="conversations", numerator=one, needs=(), formula="count(*)"),
    _total(
        key="agent_started",
        numerator=one,
        where=lambda table, limits: ~by_client(table, limits) & ~by_bot(table, limits),
        needs=("initiator",),
        formula="count(initiator = agent)",
    ),
    _total(
        key="bot_conversations",
        numerator=one,
        where=by_bot,
        needs=("initiator|agent",),
        formula="count(initiator = bot or agent = bot)",
    ),
    Metric(
        key="resolution_median",
        grain="conversations",
        kind="quantile",
        quantile=0.5,
        numerator=resolution,
        unit="seconds",
        direction="down",
        needs=(_SOLVED_AT, _BEGUN),
        variant="of_resolved",
        formula="median(resolved_at - created_at)",
        left_out=NEGATIVE_RESOLUTION,
    ),
    Metric(
        key="resolution_km_median",
        grain="conversations",
        kind="quantile",
        quantile=0.5,
        numerator=resolution_so_far,
        censored=resolution_runs,
        unit="seconds",
        direction="down",
        needs=("resolved_at|closed_at|resolution_time", "created_at"),
        variant="with_open",
        formula="kaplan_meier(resolved_at - created_at, 0.5)",
        left_out=NEGATIVE_RESOLUTION,
    ),
    Metric(
        key="resolved_within_sla",
        grain="conversations",
        kind="proportion",
        numerator=within(resolution, solved, lambda limits: limits.resolution),
        denominator=one,
        unit="share",
        direction="up",
        needs=(_SOLVED_AT, _BEGUN),
        variant="of_conversations",
        formula="count(resolution_time <= limit) / count(created_at <= end - limit)",
        limit="resolution",
        where=of_clients(lambda limits: limits.resolution),
        left_out=(
            *NEGATIVE_RESOLUTION,
            ("young_left_out", too_young(lambda limits: limits.resolution)),
            *BOT_LEFT_OUT,
        ),
    ),
    _resolved(
        key="reopen_rate",
        numerator=lambda table, _: table.reopens > 0,
        direction="down",
        needs=("reopens", _SOLVED_AT),
        formula="count(reopens > 0) / count(resolved_at)",
    ),
    _resolved(
        key="fcr",
        numerator=lambda table, _: (table.replies <= 1) & (table.reopens.fill_null(0) == 0),
        direction="up",
        needs=("replies", _SOLVED_AT),
        formula="count(replies <= 1 and reopens = 0) / count(resolved_at)",
    ),
    _total(
        key="backlog",
        numerator=one,
        where=lambda table, _: (
            (~table.solved).fill_null(NO)
            & ~folded(table.status).isin(("solved", "closed", "resolved")).fill_null(NO)
        ),
        needs=(_SOLVED_AT,),
        formula="count(resolved_at is null)",
    ),
    Metric(
        key="load_per_agent",
        grain="conversations",
        kind="ratio",
        numerator=one,
        denominator=Distinct("date"),
        per="agent",
        where=lambda table, _: table.agent.notnull(),
        unit="times",
        direction="neutral",
        needs=("agent", "date|created_at"),
        variant="of_agent_days",
        formula="count(*) / count(distinct agent, date)",
        interval=False,
        marks=FROM_LOGS,
    ),
    *scored("conversations"),
    Metric(
        key="survey_response_rate",
        grain="conversations",
        kind="proportion",
        numerator=lambda table, _: table.rated,
        denominator=one,
        unit="share",
        direction="up",
        needs=("score",),
        variant="of_conversations",
        formula="count(score) / count(*)",
    ),
)
