"""The limits that pages count by, known before their inputs are drawn, and kept in the address."""

from __future__ import annotations

from crm_metrics.metrics.model import Limits
from crm_metrics.ui.filters import number_in_address, settled_chosen

HOUR = 3600.0
REPLY, CAP = "limit", "cap"
REPLY_HOURS = Limits().first_reply / HOUR
REPLY_BOUNDS = (0.1, 24.0 * 14)
A_WEEK = Limits().contacts_per_week
CAP_BOUNDS = (1.0, 50.0)


def chosen_limits() -> Limits:
    """The limits that a whole page counts by."""
    return Limits(
        first_reply=number_in_address(REPLY, REPLY_HOURS, *REPLY_BOUNDS) * HOUR,
        contacts_per_week=number_in_address(CAP, A_WEEK, *CAP_BOUNDS),
        mature_only=settled_chosen(),
    )
