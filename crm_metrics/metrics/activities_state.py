"""What activities in a CRM are: made by whom, said to a client or not, late or not."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded
from crm_metrics.metrics.model import Limits
from crm_metrics.metrics.watching import with_watched
from crm_metrics.metrics.worked_out import WATCHED_UNTIL

COMMUNICATIONS = ("call", "email", "meeting", "quote", "sms")
_DONE = (
    *("done", "completed", "closed", "finished", "yes", "true"),
    *("выполнено", "выполнена", "выполнен", "завершено", "завершена", "завершен", "завершён"),
    *("сделано", "закрыто", "закрыта", "да"),
)
_MOMENTS = ("ts", "date", "done_at")


def made_by_machine(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether an import, an integration or a robot made the row, not a person."""
    return folded(table.origin).isin(("import", "bot")).fill_null(NO)


def by_person(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether a person made the row, as far as its origin says."""
    return ~made_by_machine(table, limits)


def communication(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the row is a call, a letter, a meeting, a quote or an SMS."""
    return table.activity_type.isin(COMMUNICATIONS).fill_null(NO)


def due(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether a person's task was to be done before the end of its data set."""
    past = table.due_at.cast("date") <= table[WATCHED_UNTIL].cast("date")
    return past.fill_null(NO) & by_person(table, limits)


def not_done(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether neither a day nor the status says that the task was done."""
    done = folded(table.status).isin(_DONE).fill_null(NO)
    return table.done_at.isnull() & ~done


def late(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the task was done after its day, or not at all."""
    after = table.done_at.cast("date") > table.due_at.cast("date")
    return ibis.ifelse(table.done_at.notnull(), after, not_done(table, limits))


def watched(rows: ir.Table) -> ir.Table:
    """The activities with WATCHED_UNTIL: the last moment that each one's data set tells of."""
    return with_watched(rows, {name: rows[name] for name in _MOMENTS})
