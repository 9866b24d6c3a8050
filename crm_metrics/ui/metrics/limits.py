"""The limits that pages count by, known before their inputs are drawn, and kept in the address."""

from __future__ import annotations

from crm_metrics.metrics.hours import Schedule, read_schedule
from crm_metrics.metrics.model import Limits
from crm_metrics.ui.filters import settled_chosen
from crm_metrics.ui.state import workspace
from crm_metrics.ui.typed import number_in_address

HOUR = 3600.0
REPLY, SOLVED, PICK_UP, CAP = "limit", "solved", "pick_up", "cap"
REPLY_HOURS = Limits().first_reply / HOUR
REPLY_BOUNDS = (0.1, 24.0 * 14)
SOLVED_HOURS = Limits().resolution / HOUR
PICK_UP_SECONDS = Limits().call_answer
PICK_UP_BOUNDS = (1.0, 600.0)
A_WEEK = Limits().contacts_per_week
CAP_BOUNDS = (1.0, 50.0)


def chosen_limits() -> Limits:
    """The limits that a whole page counts by."""
    return Limits(
        first_reply=number_in_address(REPLY, REPLY_HOURS, *REPLY_BOUNDS) * HOUR,
        resolution=number_in_address(SOLVED, SOLVED_HOURS, *REPLY_BOUNDS) * HOUR,
        call_answer=number_in_address(PICK_UP, PICK_UP_SECONDS, *PICK_UP_BOUNDS),
        hours=schedule(),
        contacts_per_week=number_in_address(CAP, A_WEEK, *CAP_BOUNDS),
        mature_only=settled_chosen(),
    )


def schedule() -> Schedule | None:
    """The business hours that are kept with the data, None where none are told."""
    return read_schedule(workspace().folder, written=workspace().together.zone())
