"""Contacts with whom nothing happens any more."""

from __future__ import annotations

from crm_metrics.audit.conditions import day_before, within
from crm_metrics.audit.model import Check, Threshold

STALE_DAYS = Threshold("stale_days", 365, 30, 1830, "days")

CHECKS = (
    Check(
        key="stale_contact",
        grain="contacts",
        needs=("last_activity_at",),
        severity=3,
        effort="M",
        ages=("contacts",),
        thresholds=(STALE_DAYS,),
        broken=lambda table, settings: within(
            table.last_activity_at.notnull(),
            table.last_activity_at.cast("date") < day_before(settings, STALE_DAYS),
        ),
    ),
)
