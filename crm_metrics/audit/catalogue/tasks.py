"""Tasks and other activities: past their day, or done without a word of what came of it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, blank, within
from crm_metrics.audit.model import Check, Settings
from crm_metrics.metrics.activities_state import by_person, communication, not_done


def _overdue(table: ir.Table, settings: Settings) -> ir.BooleanValue:
    due = table.due_at.cast("date")
    base = due.notnull() & by_person(table, LIMITS)
    return within(base, (due < ibis.literal(settings.day)) & not_done(table, LIMITS))


def _without_result(table: ir.Table, _: Settings) -> ir.BooleanValue:
    """A call, a meeting or a task that is done says what came of it."""
    done = ~not_done(table, LIMITS) & by_person(table, LIMITS)
    tells = communication(table, LIMITS) | table.due_at.notnull()
    return within(done & tells, blank(table.result) & blank(table.comment))


CHECKS = (
    Check(
        key="task_overdue",
        grain="activities",
        needs=("due_at", "done_at|status"),
        severity=2,
        effort="S",
        ages=("activities",),
        broken=_overdue,
    ),
    Check(
        key="task_no_result",
        grain="activities",
        needs=("result|comment", "done_at|status"),
        severity=2,
        effort="S",
        broken=_without_result,
    ),
)
