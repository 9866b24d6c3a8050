"""Metrics of selling that no sum of rows gives, declared: of open deals, and of the CRM's users."""

from __future__ import annotations

from functools import partial

from crm_metrics.metrics.derived_model import Derived

_STAGED = ("stage",)
_of_deals = partial(Derived, grain="deals", moves="today")
_of_use = partial(
    Derived,
    grain="activities",
    unit="times",
    direction="neutral",
    interval="users",
    moves="same_users",
)

SELLING = (
    _of_deals(
        key="stage_conversion",
        unit="share",
        direction="up",
        interval="proportion",
        needs=_STAGED,
        variant="of_left_stage",
        formula="count(reached a later stage or won) / count(reached the stage and left it)",
    ),
    _of_deals(
        key="forecast_weighted",
        unit="money",
        direction="neutral",
        interval="forecast",
        needs=(*_STAGED, "amount"),
        variant="of_stage_history",
        formula="sum(amount * p(stage): stage = open)",
    ),
    _of_deals(
        key="forecast_deals",
        unit="count",
        direction="neutral",
        interval="forecast",
        needs=_STAGED,
        variant="of_stage_history",
        formula="sum(p(stage): stage = open)",
    ),
    _of_deals(
        key="forecast_wape",
        unit="share",
        direction="down",
        interval="not_given",
        needs=(*_STAGED, "created_at", "closed_at"),
        variant="of_amounts",
        formula="sum(|forecast - won later|) / sum(won later), at past ends of months",
    ),
    _of_deals(
        key="pipeline_coverage",
        unit="times",
        direction="up",
        interval="not_given",
        needs=(*_STAGED, "amount", "closed_at"),
        variant="of_rest_of_target",
        formula="pipeline / (target - won_amount)",
    ),
    _of_use(
        key="records_per_user_day",
        needs=("activity_type", "ts", "owner"),
        variant="of_users_seen",
        formula="count(activities) / users / workdays",
    ),
    _of_use(
        key="comms_per_user_week",
        needs=("activity_type", "ts", "owner"),
        variant="of_users_seen",
        formula="count(activity_type in (call, email, meeting, quote, sms)) / users / weeks",
    ),
    _of_use(
        key="logins_per_user_week",
        needs=("activity_type", "ts", "owner"),
        variant="of_users_seen",
        formula="count(activity_type = login) / users / weeks",
    ),
    _of_use(
        key="active_user_share",
        unit="share",
        direction="up",
        needs=("activity_type", "ts", "owner"),
        variant="of_users_seen",
        formula="mean over users of (weeks with an activity / whole weeks)",
    ),
    _of_use(
        key="tx_per_user",
        grain="orders",
        needs=("order_id", "date", "owner"),
        variant="of_users_seen",
        formula="count(distinct order_id) / users",
    ),
    _of_use(
        key="closed_per_user",
        grain="deals",
        needs=(*_STAGED, "closed_at", "owner"),
        variant="of_users_seen",
        formula="count(stage in (won, lost) by closed_at) / users",
    ),
    Derived(
        key="registered_sales_share",
        grain="orders",
        unit="share",
        direction="up",
        interval="proportion",
        needs=("order_id",),
        variant="of_books",
        moves="whole_history",
        formula="count(order_id in both files) / count(order_id in the books)",
    ),
)
