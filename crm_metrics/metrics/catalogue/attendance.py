"""People at events and webinars, one row per registration."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import one
from crm_metrics.metrics.model import Limits, Metric


def _attended(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ibis.coalesce(table.attended, table.minutes_attended > 0)


METRICS = (
    Metric(
        key="registrations",
        grain="attendance",
        kind="total",
        numerator=one,
        unit="count",
        direction="up",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    Metric(
        key="event_attendance_rate",
        grain="attendance",
        kind="proportion",
        numerator=_attended,
        denominator=one,
        unit="share",
        direction="up",
        needs=("attended|joined_at|minutes_attended",),
        variant="of_registered",
        formula="count(attended) / count(*)",
    ),
    Metric(
        key="cost_per_attendee",
        grain="attendance",
        kind="ratio",
        numerator="cost",
        denominator=_attended,
        unit="money",
        direction="down",
        needs=("cost", "attended|joined_at|minutes_attended"),
        variant="of_attended",
        formula="sum(cost) / count(attended)",
        money=True,
    ),
)
