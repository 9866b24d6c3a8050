"""Days that can't be: the end before the beginning, ahead of today, or what stands for none."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import within
from crm_metrics.audit.model import Check, Settings
from crm_metrics.metrics.expressions import any_true

# Programs write 1900-01-01, 1899-12-30 or 1970-01-01 where they have no day.
_EARLIEST = date(1990, 1, 1)
_PAST = {
    "deals": ("created_at", "updated_at", "last_activity_at", "date"),
    "contacts": (
        "created_at",
        "updated_at",
        "last_activity_at",
        "unsubscribed_at",
        "consent_at",
        "date",
    ),
    "activities": ("ts", "done_at"),
    "orders": ("created_at", "paid_at", "processed_at", "date"),
}
_AFTER = {
    "deals": (("closed_at", "created_at"), ("updated_at", "created_at")),
    "contacts": (("last_activity_at", "created_at"),),
    "activities": (),
    "orders": (("processed_at", "created_at"),),
}


def _early(table: ir.Table, grain: str) -> ir.BooleanValue:
    return any_true(table[name].cast("date") < _EARLIEST for name in _PAST[grain])


def _ahead(table: ir.Table, grain: str, settings: Settings) -> ir.BooleanValue:
    # Clocks and zones differ by a day.
    tomorrow = ibis.literal(settings.day + timedelta(days=1))
    return any_true(table[name].cast("date") > tomorrow for name in _PAST[grain])


def _backwards(table: ir.Table, grain: str) -> ir.BooleanValue:
    pairs = _AFTER[grain]
    return any_true(table[last].cast("date") < table[first].cast("date") for last, first in pairs)


def _impossible(table: ir.Table, settings: Settings, *, grain: str) -> ir.BooleanValue:
    dated = any_true(table[name].notnull() for name in _PAST[grain])
    broken = _early(table, grain) | _ahead(table, grain, settings)
    if _AFTER[grain]:
        broken |= _backwards(table, grain)
    return within(dated, broken)


def _why(table: ir.Table, settings: Settings, *, grain: str) -> ir.StringValue:
    return ibis.cases(
        (_early(table, grain), "date_of_nothing"),
        (_ahead(table, grain, settings), "date_ahead"),
        else_="date_backwards",
    )


CHECKS = tuple(
    Check(
        key="date_impossible",
        grain=grain,
        needs=("|".join(names),),
        severity=2,
        effort="S",
        broken=partial(_impossible, grain=grain),
        why=partial(_why, grain=grain),
        shows=(*(name for name in names if name != "date"), *(last for last, _ in _AFTER[grain])),
    )
    for grain, names in _PAST.items()
)
