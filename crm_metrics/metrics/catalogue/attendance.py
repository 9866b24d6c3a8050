"""People at events and webinars, one row per registration."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import at, not_negative, one, seconds_between
from crm_metrics.metrics.model import Limits, Metric

_CAME = "attended|joined_at|minutes_attended"
_STAYED = "minutes_attended|joined_at"


def _attended(table: ir.Table, _: Limits) -> ir.BooleanValue:
    return ibis.coalesce(table.attended, table.minutes_attended > 0)


def _stayed(table: ir.Table, _: Limits) -> ir.Value:
    """Seconds at the event: as counted by the system, or from coming to leaving."""
    measured = not_negative(seconds_between(table.left_at, table.joined_at))
    return ibis.coalesce(table.minutes_attended, measured)


def _was_there(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    return _stayed(table, limits) > 0


_share_of_attended = partial(
    Metric,
    grain="attendance",
    kind="proportion",
    denominator=one,
    unit="share",
    direction="up",
    variant="of_attendees",
    where=_attended,
)
_time = partial(
    Metric,
    grain="attendance",
    kind="quantile",
    numerator=_stayed,
    unit="seconds",
    direction="up",
    needs=(_STAYED, "minutes_attended|left_at"),
    variant="of_attendees",
    where=_was_there,
)
_cost_of = partial(
    Metric,
    grain="attendance",
    kind="ratio",
    numerator="cost",
    unit="money",
    direction="down",
    money=True,
)

METRICS = (
    Metric(
        key="registrations",
        grain="attendance",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=(),
        variant="sum",
        formula="count(*)",
    ),
    Metric(
        key="attendees",
        grain="attendance",
        kind="total",
        numerator=_attended,
        unit="count",
        direction="neutral",
        needs=(_CAME,),
        variant="sum",
        formula="count(attended)",
    ),
    Metric(
        key="event_attendance_rate",
        grain="attendance",
        kind="proportion",
        numerator=_attended,
        denominator=one,
        unit="share",
        direction="up",
        needs=(_CAME,),
        variant="of_registered",
        formula="count(attended) / count(*)",
    ),
    Metric(
        key="no_show_rate",
        grain="attendance",
        kind="proportion",
        numerator=lambda table, limits: ~_attended(table, limits),
        denominator=one,
        unit="share",
        direction="down",
        needs=(_CAME,),
        variant="of_registered",
        formula="count(not attended) / count(*)",
    ),
    _time(
        key="attendance_time_median",
        quantile=0.5,
        formula="median(minutes_attended)",
    ),
    _time(
        key="attendance_time_p90",
        quantile=0.9,
        formula="quantile(minutes_attended, 0.9)",
    ),
    _share_of_attended(
        key="event_lead_rate",
        numerator="lead",
        needs=("lead", _CAME),
        formula="count(lead and attended) / count(attended)",
    ),
    _share_of_attended(
        key="event_conversion",
        numerator="converted",
        needs=("converted|converted_at|order_id", _CAME),
        formula="count(converted and attended) / count(attended)",
    ),
    _cost_of(
        key="cost_per_attendee",
        denominator=_attended,
        needs=("cost", _CAME),
        variant="of_attended",
        formula="sum(cost) / count(attended)",
    ),
    _cost_of(
        key="cost_per_event_lead",
        denominator="lead",
        needs=("cost", "lead"),
        variant="of_leads",
        formula="sum(cost) / count(lead)",
    ),
    Metric(
        key="revenue",
        grain="attendance",
        kind="total",
        numerator=at("revenue", "amount"),
        unit="money",
        direction="up",
        needs=("revenue|amount",),
        variant="sum_of_events",
        formula="sum(revenue)",
        money=True,
    ),
)
