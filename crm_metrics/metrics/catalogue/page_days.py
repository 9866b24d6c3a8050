"""A social account, one row per day: levels, changes and sums, and no sum of people."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import (
    interactions,
    known_account,
    one,
    rate_without,
    summed_interactions,
)
from crm_metrics.metrics.model import Limits, Metric

_PARTS = ("likes", "comments", "shares")
_INTERACTIONS = "|".join(("engagements", *_PARTS))
_DAYS_OF_WEEK = 7

_interactions = interactions(*_PARTS)


def _net_followers(table: ir.Table, _: Limits) -> ir.Value:
    """Gained less lost; where only the level is known, the step from the account's level before.

    Levels of one day stand in their order of size, so that no order of lines or engine changes
    the step to another day; a day without a level is stepped over.
    """
    level = ibis.ifelse(table.date.notnull(), table.followers, ibis.null(table.followers.type()))
    known = ibis.window(
        group_by=[table.platform, known_account(table), level.isnull()],
        order_by=[table.date, level, table["__dataset"], table["__line"]],
    )
    step = (level - level.lag().over(known)).cast("float64")
    gained = table.followers_gained.cast("float64") - table.followers_lost.fill_null(0)
    return ibis.coalesce(gained, step)


def _last_day(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether it is the last day for which the account's followers are known."""
    account = ibis.window(group_by=[table.platform, table.account])
    known = ibis.ifelse(table.followers.notnull(), table.date, ibis.null(table.date.type()))
    return table.date == known.max().over(account)


def _from_level(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.followers_gained.isnull()


def _losses_unknown(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.followers_gained.notnull() & table.followers_lost.isnull()


_total = partial(
    Metric,
    grain="page_days",
    kind="total",
    unit="count",
    direction="neutral",
    variant="sum_of_days",
)


def _sum(field: str) -> Metric:
    return _total(key=field, numerator=field, needs=(field,), formula=f"sum({field})")


def _engagement(key: str, base: str, variant: str) -> Metric:
    return Metric(
        key=key,
        grain="page_days",
        kind="ratio",
        numerator=_interactions,
        denominator=base,
        unit="share",
        direction="up",
        needs=(_INTERACTIONS, base),
        variant=variant,
        formula=f"sum(engagements) / sum({base})",
        marks=(("derived", summed_interactions),),
        left_out=(("rate_only", rate_without("engagement_rate", _interactions, base)),),
    )


METRICS = (
    _total(
        key="followers",
        numerator="followers",
        needs=("followers",),
        variant="last_day",
        formula="sum(followers on the last day)",
        where=_last_day,
        empty="last_day_outside",
    ),
    _total(
        key="follower_growth",
        numerator=_net_followers,
        direction="up",
        needs=("followers_gained|followers",),
        variant="sum",
        formula="sum(followers_gained - followers_lost)",
        marks=(("derived", _from_level), ("gains_only", _losses_unknown)),
    ),
    _sum("followers_gained"),
    _sum("followers_lost"),
    _total(
        key="reach",
        numerator="reach",
        needs=("reach",),
        formula="sum(reach)",
        overlaps=True,
    ),
    _sum("impressions"),
    _sum("views"),
    _total(
        key="engagements",
        numerator=_interactions,
        needs=(_INTERACTIONS,),
        formula="sum(engagements)",
        marks=(("derived", summed_interactions),),
    ),
    _engagement("er_reach", "reach", "of_daily_reach"),
    _engagement("er_impressions", "impressions", "of_daily_impressions"),
    _engagement("er_followers", "followers", "of_daily_followers"),
    _sum("page_views"),
    Metric(
        key="posts_per_week",
        grain="page_days",
        kind="ratio",
        numerator=lambda table, _: table.posts * _DAYS_OF_WEEK,
        denominator=one,
        unit="times",
        direction="neutral",
        needs=("posts",),
        variant="by_days",
        formula="7 * sum(posts) / count(*)",
    ),
)
