"""Deals that are past their day, closed without a word why, or closed without an amount."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from crm_metrics.audit.conditions import LIMITS, blank, within
from crm_metrics.audit.model import Check, Settings
from crm_metrics.metrics.deals_state import STATE, decided, still_open, won


def _overdue(table: ir.Table, settings: Settings) -> ir.BooleanValue:
    planned = table.expected_close_at.cast("date")
    base = still_open(table, LIMITS) & planned.notnull()
    return within(base, planned < ibis.literal(settings.day))


def _lost(table: ir.Table) -> ir.BooleanValue:
    return decided(table, LIMITS) & ~won(table, LIMITS)


CHECKS = (
    Check(
        key="deal_overdue",
        grain="deals",
        needs=(STATE, "expected_close_at"),
        severity=1,
        effort="S",
        broken=_overdue,
        money="amount",
    ),
    Check(
        key="lost_reason_missing",
        grain="deals",
        needs=(STATE, "lost_reason"),
        severity=2,
        effort="S",
        broken=lambda table, _: within(_lost(table), blank(table.lost_reason)),
    ),
)
