"""Activities in a CRM, one row each: how many of which kind, and which tasks are late."""

from __future__ import annotations

from crm_metrics.metrics.activities_state import by_person, due, late, made_by_machine
from crm_metrics.metrics.expressions import one
from crm_metrics.metrics.model import Metric

_MACHINES = (("machines_left_out", made_by_machine),)

METRICS = (
    Metric(
        key="activity_volume",
        grain="activities",
        kind="total",
        numerator=one,
        unit="count",
        direction="neutral",
        needs=("activity_type",),
        variant="of_people",
        formula="count(origin is a person)",
        where=by_person,
        left_out=_MACHINES,
    ),
    Metric(
        key="overdue_task_share",
        grain="activities",
        kind="proportion",
        numerator=late,
        denominator=one,
        unit="share",
        direction="down",
        needs=("due_at", "done_at|status"),
        variant="of_due_tasks",
        formula="count(done_at > due_at or not done) / count(due_at <= end)",
        where=due,
        empty="none_due",
        left_out=_MACHINES,
    ),
)
