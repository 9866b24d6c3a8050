"""Times from the zone in which a file writes them to the zone of the report, as SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_metrics.facts.connection import literal
from crm_metrics.facts.plan import Plan
from crm_metrics.mapping.zones import UTC


@dataclass(frozen=True, slots=True)
class Shift:
    """From the zone in which a table's times stand (None: not known) to the zone `target`.

    Both are IANA names. Cells that carry their own offset are in UTC by then, whatever the table's
    zone is.
    """

    source: str | None
    target: str


def shifted(plan: Plan, shift: Shift | None) -> Plan:
    """The plan with its times of day in the target zone; days without a time never move."""
    if shift is None or plan.stamp is None:
        return plan
    source = UTC if plan.zoned else shift.source
    if source is None:
        return plan
    moved = moved_sql(plan.stamp, source, shift.target)
    return replace(plan, expression=f"CAST({moved} AS DATE)" if plan.parser == "date" else moved)


def moved_sql(stamp: str, source: str, target: str) -> str:
    """SQL for a TIMESTAMP of the source zone as the clocks of the target zone show it."""
    if source == target:
        return stamp
    return f"timezone({literal(target)}, timezone({literal(source)}, {stamp}))"
