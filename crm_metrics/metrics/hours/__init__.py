"""Business hours: a week's schedule, the open time between two moments, and where it is kept."""

from __future__ import annotations

from crm_metrics.metrics.hours.keeping import read_schedule, write_schedule
from crm_metrics.metrics.hours.open_time import open_seconds
from crm_metrics.metrics.hours.schedule import Schedule, Shift, checked, usual_week
from crm_metrics.metrics.hours.written import (
    day_hours_in,
    day_hours_text,
    days_in,
    hours_in,
)

__all__ = [
    "Schedule",
    "Shift",
    "checked",
    "day_hours_in",
    "day_hours_text",
    "days_in",
    "hours_in",
    "open_seconds",
    "read_schedule",
    "usual_week",
    "write_schedule",
]
