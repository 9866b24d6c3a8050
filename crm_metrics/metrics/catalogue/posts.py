"""Social posts, one row per post with its lifetime totals: interactions, not people."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import lacks, one, sum_of
from crm_metrics.metrics.model import Limits, Metric

_PARTS = ("likes", "comments", "shares", "saves")
_INTERACTIONS = "|".join(("engagements", *_PARTS))


def _interactions(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.engagements.cast("float64"), sum_of(table, *_PARTS))


def _summed(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return table.engagements.isnull()


def _views(table: ir.Table, _: Limits) -> ir.Value:
    return ibis.coalesce(table.views, table.video_views)


_engagement = partial(
    Metric,
    grain="posts",
    kind="ratio",
    numerator=_interactions,
    unit="share",
    direction="up",
    marks=(("derived", _summed),),
)

METRICS = (
    Metric(
        key="posts",
        grain="posts",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    Metric(
        key="reach",
        grain="posts",
        kind="total",
        numerator="reach",
        unit="count",
        direction="up",
        needs=("reach",),
        variant="sum",
        formula="sum(reach)",
    ),
    _engagement(
        key="er_reach",
        denominator="reach",
        needs=(_INTERACTIONS, "reach"),
        variant="of_reach",
        formula="sum(engagements) / sum(reach)",
    ),
    _engagement(
        key="er_followers",
        denominator="followers",
        needs=(_INTERACTIONS, "followers"),
        variant="of_followers",
        formula="sum(engagements) / sum(followers)",
    ),
    _engagement(
        key="er_views",
        denominator=_views,
        needs=(_INTERACTIONS, "views|video_views"),
        variant="of_views",
        formula="sum(engagements) / sum(views)",
    ),
    Metric(
        key="post_ctr",
        grain="posts",
        kind="ratio",
        numerator=lambda table, _: ibis.coalesce(
            table.clicks.cast("float64"), (table.click_rate * table.reach).round().cast("float64")
        ),
        denominator="reach",
        unit="share",
        direction="up",
        needs=("clicks|click_rate", "reach"),
        variant="of_reach",
        formula="sum(clicks) / sum(reach)",
        marks=(("derived", lacks("clicks", "click_rate")),),
    ),
)
