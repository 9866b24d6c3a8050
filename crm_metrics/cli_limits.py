"""What counts as in time, and when people are at work: options of commands that compute."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from crm_metrics.cli_options import with_options
from crm_metrics.errors import UsageError
from crm_metrics.metrics.hours import Schedule, checked, days_in, hours_in
from crm_metrics.metrics.model import Limits
from crm_metrics.store import Workspace

_NAMES = {
    "first-reply": "first_reply",
    "resolution": "resolution",
    "call-answer": "call_answer",
    "short-abandon": "short_abandon",
}
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_LIMIT = re.compile(r"(?:([a-z_-]+)=)?(\d+(?:\.\d+)?)(s|min|m|h|d)")

_OPTIONS = (
    click.option(
        "--limit",
        "limits",
        multiple=True,
        metavar="[NAME=]TIME",
        help=f"In time is within: 2h, 30min, 20s. NAME is {', '.join(_NAMES)}; the first if none.",
    ),
    click.option(
        "--hours",
        metavar="SCHEDULE",
        help='Business hours: "Mon-Fri 09:00-18:00 lunch 13-14 Europe/Moscow".',
    ),
    click.option(
        "--holidays",
        multiple=True,
        metavar="DAYS",
        help="Days off: 2026-01-01..2026-01-08,2026-02-23.",
    ),
)


def limit_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it takes them as one argument, `limits`.

    Raises UsageError("limit_format"), UsageError("holidays_alone") for days off without a schedule,
    and what `hours_in` and `days_in` raise.
    """

    @with_options(_OPTIONS)
    @functools.wraps(command)
    def with_limits(**options: Any) -> Any:
        told, hours = options.pop("limits"), options.pop("hours")
        days = [day for text in options.pop("holidays") for day in days_in(text)]
        if days and hours is None:
            raise UsageError("holidays_alone")
        schedule = None if hours is None else replace(hours_in(hours), holidays=tuple(days))
        limits = replace(_limits(told), hours=schedule and checked(schedule))
        return command(limits=limits, **options)

    return with_limits


def in_zone_of(workspace: Workspace, limits: Limits) -> Limits:
    """The limits with the zone of the files' times, so that hours of another one are moved."""
    hours: Schedule | None = limits.hours
    return replace(limits, hours=hours and replace(hours, written=workspace.together.zone()))


def _limits(told: tuple[str, ...]) -> Limits:
    found: dict[str, Any] = {}
    for text in told:
        parts = _LIMIT.fullmatch(text.strip().lower())
        name = (parts[1] or "first-reply").replace("_", "-") if parts else ""
        if parts is None or name not in _NAMES or float(parts[2]) <= 0:
            raise UsageError("limit_format", limit=text, names=", ".join(_NAMES))
        found[_NAMES[name]] = float(parts[2]) * _SECONDS[parts[3]]
    return replace(Limits(), **found)
