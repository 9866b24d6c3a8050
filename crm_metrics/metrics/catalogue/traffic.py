"""Web visits, one row per day, source or page: shares of sessions, never means of rates."""

from __future__ import annotations

from functools import partial

import ibis

from crm_metrics.metrics.expressions import at, count_or_rate, lacks, rate_without
from crm_metrics.metrics.model import Column, Direction, Metric, Unit

_conversions = count_or_rate(at("conversions", "orders"), "conversion_rate", "sessions")


def _weighted(mean: str) -> Column:
    """What a mean per session adds up to."""
    return lambda table, _: table[mean] * table.sessions


_total = partial(
    Metric, grain="traffic", kind="total", unit="count", direction="neutral", variant="sum"
)


def _sum(field: str, *, overlaps: bool = False) -> Metric:
    return _total(
        key=field, numerator=field, needs=(field,), formula=f"sum({field})", overlaps=overlaps
    )


def _share_of_sessions(key: str, count: str, rate: str, direction: Direction) -> Metric:
    return Metric(
        key=key,
        grain="traffic",
        kind="proportion",
        numerator=count_or_rate(count, rate, "sessions"),
        denominator="sessions",
        unit="share",
        direction=direction,
        needs=(f"{rate}|{count}", "sessions"),
        variant="of_sessions",
        formula=f"sum({count}) / sum(sessions)",
        marks=(("derived", lacks(count, rate)),),
        left_out=(("rate_only", rate_without(rate, "sessions")),),
        stated=rate,
    )


def _per_session(key: str, numerator: Column, needs: str, formula: str, unit: Unit) -> Metric:
    """What visits bring or are like on average; `needs` ends with the mean that some files give."""
    mean = None if unit == "money" else needs.rsplit("|", maxsplit=1)[-1]
    return Metric(
        key=key,
        grain="traffic",
        kind="ratio",
        numerator=numerator,
        denominator="sessions",
        unit=unit,
        direction="up" if unit == "money" else "neutral",
        needs=(needs, "sessions"),
        variant="of_sessions",
        formula=formula,
        left_out=(("rate_only", rate_without(mean, "sessions")),) if mean else (),
        stated=mean,
        money=unit == "money",
    )


METRICS = (
    _sum("sessions"),
    _sum("users", overlaps=True),
    _sum("new_users"),
    Metric(
        key="new_user_share",
        grain="traffic",
        kind="ratio",
        numerator="new_users",
        denominator="users",
        unit="share",
        direction="neutral",
        needs=("new_users", "users"),
        variant="of_visitors",
        formula="sum(new_users) / sum(users)",
        overlaps=True,
    ),
    _sum("page_views"),
    _share_of_sessions("web_bounce_rate", "bounces", "bounce_rate", "down"),
    _share_of_sessions("engagement_rate", "engaged_sessions", "engagement_rate", "up"),
    _per_session(
        "pages_per_session",
        lambda table, limits: ibis.coalesce(
            table.page_views.cast("float64"), _weighted("pages_per_session")(table, limits)
        ),
        "page_views|pages_per_session",
        "sum(page_views) / sum(sessions)",
        "times",
    ),
    _per_session(
        "session_duration",
        _weighted("session_duration"),
        "session_duration",
        "sum(session_duration * sessions) / sum(sessions)",
        "seconds",
    ),
    Metric(
        key="conversion_rate",
        grain="traffic",
        kind="ratio",
        numerator=_conversions,
        denominator="sessions",
        unit="share",
        direction="up",
        needs=("conversions|orders|conversion_rate", "sessions"),
        variant="of_sessions",
        formula="sum(conversions) / sum(sessions)",
        marks=(("derived", lambda table, _: table.conversions.isnull() & table.orders.isnull()),),
        left_out=(("rate_only", rate_without("conversion_rate", "sessions")),),
        stated="conversion_rate",
    ),
    Metric(
        key="visitor_conversion_rate",
        grain="traffic",
        kind="ratio",
        numerator=at("orders", "conversions"),
        denominator="users",
        unit="share",
        direction="up",
        needs=("orders|conversions", "users"),
        variant="of_visitors",
        formula="sum(orders) / sum(users)",
        marks=(
            ("orders_as_people", lambda table, _: table.orders.notnull()),
            ("goals_as_people", lambda table, _: table.orders.isnull()),
        ),
        overlaps=True,
    ),
    Metric(
        key="aov",
        grain="traffic",
        kind="ratio",
        numerator="revenue",
        denominator="orders",
        unit="money",
        direction="up",
        needs=("revenue", "orders"),
        variant="of_tracked_orders",
        formula="sum(revenue) / sum(orders)",
        money=True,
    ),
    _per_session(
        "revenue_per_session", at("revenue"), "revenue", "sum(revenue) / sum(sessions)", "money"
    ),
    _total(
        key="revenue",
        numerator="revenue",
        unit="money",
        direction="up",
        needs=("revenue",),
        variant="sum_tracked",
        formula="sum(revenue)",
        money=True,
    ),
    _total(
        key="search_impressions",
        numerator="impressions",
        needs=("impressions",),
        formula="sum(impressions)",
    ),
    _total(key="search_clicks", numerator="clicks", needs=("clicks",), formula="sum(clicks)"),
    Metric(
        key="search_ctr",
        grain="traffic",
        kind="ratio",
        numerator=count_or_rate("clicks", "click_rate", "impressions"),
        denominator="impressions",
        unit="share",
        direction="up",
        needs=("clicks|click_rate", "impressions"),
        variant="of_impressions",
        formula="sum(clicks) / sum(impressions)",
        marks=(("derived", lacks("clicks", "click_rate")),),
        left_out=(("rate_only", rate_without("click_rate", "impressions")),),
        stated="click_rate",
    ),
)
