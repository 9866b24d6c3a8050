"""Web visits, one row per day, source or page: shares of sessions, never means of rates."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import lacks
from crm_metrics.metrics.model import Column, Limits, Metric


def _count_or_rate(count: str, rate: str) -> Column:
    """The count of sessions; where it lacks, the rate times the sessions."""

    def sessions(table: ir.Table, _: Limits) -> ir.Value:
        from_rate = (table[rate] * table.sessions).round().cast("float64")
        return ibis.coalesce(table[count].cast("float64"), from_rate)

    return sessions


def _conversions(table: ir.Table, _: Limits) -> ir.Value:
    from_rate = (table.conversion_rate * table.sessions).round().cast("float64")
    counted = ibis.coalesce(table.conversions, table.orders).cast("float64")
    return ibis.coalesce(counted, from_rate)


METRICS = (
    Metric(
        key="sessions",
        grain="traffic",
        kind="total",
        numerator="sessions",
        unit="count",
        direction="up",
        needs=("sessions",),
        variant="sum",
        formula="sum(sessions)",
    ),
    Metric(
        key="web_bounce_rate",
        grain="traffic",
        kind="proportion",
        numerator=_count_or_rate("bounces", "bounce_rate"),
        denominator="sessions",
        unit="share",
        direction="down",
        needs=("bounces|bounce_rate", "sessions"),
        variant="of_sessions",
        formula="sum(bounces) / sum(sessions)",
        marks=(("derived", lacks("bounces", "bounce_rate")),),
    ),
    Metric(
        key="engagement_rate",
        grain="traffic",
        kind="proportion",
        numerator=_count_or_rate("engaged_sessions", "engagement_rate"),
        denominator="sessions",
        unit="share",
        direction="up",
        needs=("engaged_sessions|engagement_rate", "sessions"),
        variant="of_sessions",
        formula="sum(engaged_sessions) / sum(sessions)",
        marks=(("derived", lacks("engaged_sessions", "engagement_rate")),),
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
    ),
)
