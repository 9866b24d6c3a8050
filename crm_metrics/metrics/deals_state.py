"""What became of a deal, and how long it took: the words and times that its metrics share."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import NO, folded, not_negative, seconds_between
from crm_metrics.metrics.model import Limits
from crm_metrics.metrics.watching import with_watched
from crm_metrics.metrics.worked_out import WATCHED_UNTIL

STATE = "stage|status"
DAY = 86400.0
# A closing day of an open deal is a plan; these only tell until when the file knows of deals.
_MOMENTS = ("created_at", "date", "updated_at", "last_activity_at")


def won(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the stage or the status says that the deal was won."""
    return _word(table, "won")


def decided(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether the deal was won or lost."""
    return _word(table, "won") | _word(table, "lost")


def still_open(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the deal is in work: never one of which that is not said."""
    return _word(table, "open") & ~decided(table, limits)


def known(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether it is said that the deal is won, lost or open."""
    return _word(table, "open") | decided(table, limits)


def unknown(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """A stage in words that nobody gave a meaning: it may be sold, lost or in work."""
    return (table.stage.notnull() | table.status.notnull()) & ~known(table, limits)


def unclosed(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the deal is decided and nobody knows when."""
    return decided(table, limits) & table.closed_at.isnull()


def days_raw(table: ir.Table) -> ir.Value:
    """Days from creation to closing, below zero where the export errs."""
    return seconds_between(table.closed_at, _created(table)) / DAY


def days(table: ir.Table, _: Limits) -> ir.Value:
    """Days from creation to closing; null where they are below zero."""
    return not_negative(days_raw(table))


def backwards(table: ir.Table, limits: Limits) -> ir.BooleanValue:
    """Whether the deal was decided before it was created."""
    return decided(table, limits) & (days_raw(table) < 0).fill_null(NO)


def days_so_far(table: ir.Table, limits: Limits) -> ir.Value:
    """Days to the decision; of an open deal those until the end of its data set."""
    running = not_negative(seconds_between(table[WATCHED_UNTIL], _created(table)) / DAY)
    return ibis.ifelse(still_open(table, limits), running, days(table, limits))


def watched(rows: ir.Table) -> ir.Table:
    """The deals with WATCHED_UNTIL: the last moment that each one's data set tells of."""
    none = ibis.null("timestamp")
    ended = ibis.ifelse(decided(rows, Limits()), rows.closed_at.cast("timestamp"), none)
    return with_watched(rows, {"ended": ended, **{name: rows[name] for name in _MOMENTS}})


def _created(table: ir.Table) -> ir.Value:
    return ibis.coalesce(table.created_at, table.date.cast("timestamp"))


def _word(table: ir.Table, word: str) -> ir.BooleanValue:
    stage = (folded(table.stage) == word).fill_null(NO)
    return stage | (folded(table.status) == word).fill_null(NO)
