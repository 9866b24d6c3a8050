"""The period of a report that its lines above the header state, where no row has a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from crm_metrics.mapping.cells.date_text import date_order, day_of

_DAY = re.compile(
    r"(?<![0-9])(?:20[0-9]{6}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}([./])[0-9]{1,2}\1[0-9]{4}"
    r"|[0-9]{1,2} [^\W\d_]{3,9}\.? [0-9]{4})(?![0-9])"
    r"|\b[^\W\d_]{3,9}\.? [0-9]{1,2},? [0-9]{4}(?![0-9])"
)
_FIRST = re.compile(r"\b(?:start|from|begin|начал|с\b)", re.IGNORECASE)
_LAST = re.compile(r"\b(?:end|to\b|until|оконч|конец|по\b)", re.IGNORECASE)


def stated_period(lines: Iterable[str]) -> tuple[date, date] | None:
    """The first and last day that the lines name: two in one line, or a start and an end line.

    None where they name no period or several, or where day and month can be read either way.
    """
    found: set[tuple[date, date]] = set()
    start: date | None = None
    for line in lines:
        days = _days(line)
        if len(days) == 2 and days[0] <= days[1]:
            found.add((days[0], days[1]))
        elif len(days) == 1 and _FIRST.search(line):
            start = days[0]
        elif len(days) == 1 and start and start <= days[0] and _LAST.search(line):
            found.add((start, days[0]))
            start = None
    return found.pop() if len(found) == 1 else None


def _days(line: str) -> list[date]:
    texts = [match[0] for match in _DAY.finditer(line)]
    order = _order(texts)
    days = [day_of(text, order) for text in texts] if order else []
    return [day for day in days if day is not None]


def _order(texts: Sequence[str]) -> str | None:
    """The order of day and month in one line; None where it is open."""
    seen = date_order(texts)
    if seen.open_ is None or seen.open_ == ".":
        return seen.order or "dmy"
    return None if seen.conflict else seen.order
