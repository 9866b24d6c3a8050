"""Social posts, one row per post with its lifetime totals: interactions, not people."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import (
    at,
    count_or_rate,
    divided,
    interactions,
    known_account,
    lacks,
    one,
    rate_without,
    seconds_between,
    summed_interactions,
)
from crm_metrics.metrics.model import Limits, Metric

_PARTS = ("likes", "comments", "shares", "saves")
_INTERACTIONS = "|".join(("engagements", *_PARTS))
_VIEWS = "views|video_views"
_WEEK = 7 * 86400

_interactions = interactions(*_PARTS)
_views = at("views", "video_views")


def _weeks_since_the_last(table: ir.Table, _: Limits) -> ir.Value:
    """Weeks since the account's post before, whichever posts are kept; null for its first."""
    posts = ibis.window(
        group_by=[table.platform, known_account(table)],
        order_by=[table.date, table["__dataset"], table["__line"]],
    )
    day = table.date.cast("date")
    return seconds_between(day, table.date.lag().over(posts).cast("date")) / _WEEK


def _follows_another(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether it is not the account's first post, of which no pace is known."""
    return _weeks_since_the_last(table, limits).notnull()


_total = partial(
    Metric,
    grain="posts",
    kind="total",
    unit="count",
    direction="neutral",
    variant="sum_of_posts",
)
_share = partial(Metric, grain="posts", kind="ratio", unit="share", direction="up")
_engagement = partial(_share, numerator=_interactions, marks=(("derived", summed_interactions),))
_typical = partial(
    Metric,
    grain="posts",
    kind="quantile",
    quantile=0.5,
    unit="share",
    direction="up",
    variant="typical_post",
    marks=(("derived", summed_interactions),),
)

METRICS = (
    _total(key="posts", numerator=one, needs=(), variant="sum", formula="count(*)"),
    Metric(
        key="posts_per_week",
        grain="posts",
        kind="ratio",
        numerator=one,
        denominator=_weeks_since_the_last,
        unit="times",
        direction="neutral",
        needs=("date|published_at",),
        variant="between_posts",
        formula="count(*) / sum(weeks since the post before)",
        where=_follows_another,
    ),
    _total(
        key="reach",
        numerator="reach",
        needs=("reach",),
        formula="sum(reach)",
        overlaps=True,
    ),
    _total(
        key="impressions",
        numerator="impressions",
        needs=("impressions",),
        formula="sum(impressions)",
    ),
    _total(key="views", numerator=_views, needs=(_VIEWS,), formula="sum(views)"),
    _total(
        key="engagements",
        numerator=_interactions,
        needs=(_INTERACTIONS,),
        formula="sum(engagements)",
        marks=(("derived", summed_interactions),),
    ),
    _engagement(
        key="er_reach",
        denominator="reach",
        needs=(_INTERACTIONS, "reach"),
        variant="of_reach",
        formula="sum(engagements) / sum(reach)",
        left_out=(("rate_only", rate_without("engagement_rate", _interactions, "reach")),),
    ),
    _typical(
        key="er_reach_median",
        numerator=divided(_interactions, at("reach")),
        needs=(_INTERACTIONS, "reach"),
        formula="median(engagements / reach)",
    ),
    _engagement(
        key="er_impressions",
        denominator="impressions",
        needs=(_INTERACTIONS, "impressions"),
        variant="of_impressions",
        formula="sum(engagements) / sum(impressions)",
        left_out=(("rate_only", rate_without("engagement_rate", _interactions, "impressions")),),
    ),
    _engagement(
        key="er_followers",
        denominator="followers",
        needs=(_INTERACTIONS, "followers"),
        variant="of_followers",
        formula="sum(engagements) / sum(followers)",
    ),
    _typical(
        key="er_followers_median",
        numerator=divided(_interactions, at("followers")),
        needs=(_INTERACTIONS, "followers"),
        formula="median(engagements / followers)",
    ),
    _engagement(
        key="er_views",
        denominator=_views,
        needs=(_INTERACTIONS, _VIEWS),
        variant="of_views",
        formula="sum(engagements) / sum(views)",
    ),
    _typical(
        key="er_views_median",
        numerator=divided(_interactions, _views),
        needs=(_INTERACTIONS, _VIEWS),
        formula="median(engagements / views)",
    ),
    _share(
        key="view_rate",
        numerator=_views,
        denominator="followers",
        needs=(_VIEWS, "followers"),
        variant="of_followers",
        formula="sum(views) / sum(followers)",
    ),
    _share(
        key="reach_rate",
        numerator="reach",
        denominator="followers",
        needs=("reach", "followers"),
        variant="of_followers",
        formula="sum(reach) / sum(followers)",
    ),
    _share(
        key="post_ctr",
        numerator="clicks",
        denominator="reach",
        needs=("clicks", "reach"),
        variant="of_reach",
        formula="sum(clicks) / sum(reach)",
    ),
    _share(
        key="post_ctr_impressions",
        numerator=count_or_rate("clicks", "click_rate", "impressions"),
        denominator="impressions",
        needs=("clicks|click_rate", "impressions"),
        variant="of_impressions",
        formula="sum(clicks) / sum(impressions)",
        marks=(("derived", lacks("clicks", "click_rate")),),
        left_out=(("rate_only", rate_without("click_rate", "impressions")),),
        stated="click_rate",
    ),
    _share(
        key="amplification",
        numerator="shares",
        denominator="reach",
        needs=("shares", "reach"),
        variant="of_reach",
        formula="sum(shares) / sum(reach)",
    ),
    _share(
        key="talk_rate",
        numerator="comments",
        denominator="reach",
        needs=("comments", "reach"),
        variant="of_reach",
        formula="sum(comments) / sum(reach)",
    ),
    _share(
        key="save_rate",
        numerator="saves",
        denominator="reach",
        needs=("saves", "reach"),
        variant="of_reach",
        formula="sum(saves) / sum(reach)",
    ),
    _share(
        key="negative_share",
        numerator="negative",
        denominator=lambda table, limits: _interactions(table, limits) + table.negative,
        direction="down",
        needs=("negative", _INTERACTIONS),
        variant="of_responses",
        formula="sum(negative) / sum(engagements + negative)",
        marks=(("derived", summed_interactions),),
    ),
    _total(key="follows", numerator="follows", needs=("follows",), formula="sum(follows)"),
)
