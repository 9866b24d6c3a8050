"""A social account, one row per day."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import sum_of
from crm_metrics.metrics.model import Limits, Metric

_PARTS = ("likes", "comments", "shares")


def _interactions(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.engagements.cast("float64"), sum_of(table, *_PARTS))


def _net_followers(table: ir.Table, _: Limits) -> ir.Value:
    """Gained less lost; where only the level is known, the step from the account's day before."""
    account = ibis.window(
        group_by=[table["__dataset"], table.platform, table.account], order_by=table.date
    )
    step = (table.followers - table.followers.lag().over(account)).cast("float64")
    gained = table.followers_gained.cast("float64") - table.followers_lost.fill_null(0)
    return ibis.coalesce(gained, step)


def _from_level(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.followers_gained.isnull()


def _losses_unknown(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.followers_gained.notnull() & table.followers_lost.isnull()


METRICS = (
    Metric(
        key="follower_growth",
        grain="page_days",
        kind="total",
        numerator=_net_followers,
        unit="count",
        direction="up",
        needs=("followers_gained|followers",),
        variant="sum",
        formula="sum(followers_gained - followers_lost)",
        marks=(("derived", _from_level), ("gains_only", _losses_unknown)),
    ),
    Metric(
        key="er_reach",
        grain="page_days",
        kind="ratio",
        numerator=_interactions,
        denominator="reach",
        unit="share",
        direction="up",
        needs=("engagements|likes|comments|shares", "reach"),
        variant="of_reach",
        formula="sum(engagements) / sum(reach)",
        marks=(("derived", lambda table, _: table.engagements.isnull()),),
    ),
)
