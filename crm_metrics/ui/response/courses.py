"""What the courses of calls and of load share: values by group, and names on the axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics.model import Value
from crm_metrics.ui import cached
from crm_metrics.ui.metrics.data import Seen


def by_group(seen: Seen, metric: str, by: str) -> Sequence[Value]:
    """The values of a metric in each group that has one; none where nothing tells the groups."""
    try:
        found = cached.compute((metric,), by=(by,), filters=seen.filters, limits=seen.limits)
    except NotFoundError:
        return []
    return [one for one in found.values if one.value is not None]


def when_text(when: int | date, language: str) -> str:
    """An hour, or a day without its year, as it stands on an axis."""
    if isinstance(when, date):
        return str(format_date(when, "d MMM" if language == "ru" else "MMM d", locale=language))
    return f"{when}:00"
