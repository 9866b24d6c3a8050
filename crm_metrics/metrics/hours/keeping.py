"""The schedule on disk, kept with the workspace as goals are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from crm_metrics.errors import CrmMetricsError
from crm_metrics.metrics.hours.schedule import Schedule, checked
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain

HOURS = "hours.json"


def read_schedule(folder: Path, *, written: str | None = None) -> Schedule | None:
    """The schedule kept in a workspace's folder; None where there is none or it is damaged.

    `written` is the zone in which the facts' times stand now.
    """
    try:
        plain = json.loads((folder / HOURS).read_text(encoding="utf-8"))
        return replace(checked(from_plain(Schedule, plain)), written=written)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CrmMetricsError):
        return None


def write_schedule(folder: Path, schedule: Schedule | None) -> None:
    """Keep the schedule in a workspace's folder; None: forget it."""
    if schedule is None:
        (folder / HOURS).unlink(missing_ok=True)
    else:
        write_json(folder / HOURS, to_plain(replace(checked(schedule), written=None)))
