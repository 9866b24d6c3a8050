"""Dates that stand apart from all others of their file: a mistyped year, a placeholder.

One such date would stretch every period and move the end of the data by years.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

from crm_metrics.facts.connection import literal
from crm_metrics.intake.table import LINE, Issue

PLACEHOLDERS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("0001-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01"),
        *("1969-12-31", "1970-01-01", "9999-12-31"),
    )
)
"""What systems write for "no date": the first day that their clock can count, or the last."""

DATES_STRAY = "dates_stray"
APART = 366
"""Days that a gap must exceed for dates beyond it to stand apart."""
_TIMES_LONGER = 24
_OF_SPAN = 4
_MOST_ROWS = 3
_FEWEST_DAYS = 12
_SHOWN = 3

Days = tuple[date, date]


def usual_days(rows: Mapping[date, int]) -> Days | None:
    """The first and the last of the dates that do not stand apart; None where there are none.

    `rows` are how many rows each date has. A placeholder stands apart where every other date is
    more than a year away. Other dates stand apart where, at one end, they hold at most a thousandth
    of the rows (or three, where that is at most a fiftieth), and the gap to the rest is longer
    than a year, than a quarter of the rest's span, and than 24 times the longest gap within the
    rest, of twelve dates or more: rows that are honestly few have long gaps among themselves too.
    """
    days = sorted(rows)
    while len(days) > 1 and days[0] in PLACEHOLDERS and (days[1] - days[0]).days > APART:
        days.pop(0)
    while len(days) > 1 and days[-1] in PLACEHOLDERS and (days[-1] - days[-2]).days > APART:
        days.pop()
    if not days:
        return None
    every = sum(rows[day] for day in days)
    most = max(every // 1000, min(_MOST_ROWS, every // 50))
    # An end is looked at without the few rows of the other end, which may be stray as well.
    early, late = _few(days, rows, most), _few(days[::-1], rows, most)
    low = _cut(days[: len(days) - late][::-1], early)
    high = _cut(days[early:], late)
    return days[low], days[len(days) - 1 - high]


def strays(connection: duckdb.DuckDBPyConnection, facts: Path) -> tuple[Days | None, Issue | None]:
    """The usual days of a Parquet of facts, and its rows outside of them: how many, and three."""
    source = f"read_parquet({literal(str(facts))})"
    found = connection.execute(
        f"SELECT date, count(*) FROM {source} WHERE date IS NOT NULL GROUP BY date"
    ).fetchall()
    rows: dict[date, int] = dict(found)
    usual = usual_days(rows)
    if usual is None:
        return None, None
    count = sum(number for day, number in rows.items() if not usual[0] <= day <= usual[1])
    if not count:
        return usual, None
    lines = connection.execute(
        f"SELECT {LINE}, date FROM {source} WHERE date NOT BETWEEN ? AND ?"
        f" ORDER BY {LINE} LIMIT {_SHOWN}",
        list(usual),
    ).fetchall()
    shown = tuple(f"{line}: {day.isoformat()}" for line, day in lines)
    return usual, Issue(DATES_STRAY, count, shown)


def _few(days: list[date], rows: Mapping[date, int], most: int) -> int:
    """How many dates, from the first on, hold so many rows at most together."""
    seen = 0
    for place, day in enumerate(days):
        seen += rows[day]
        if seen > most:
            return place
    return len(days)


def _cut(days: list[date], few: int) -> int:
    """How many dates at the far end, of these few, stand apart from those before them."""
    gaps = [abs((later - former).days) for former, later in pairwise(days)]
    for count in range(few, 0, -1):
        rest = gaps[: len(days) - count - 1]
        if len(days) - count < _FEWEST_DAYS:
            continue
        gap = gaps[len(days) - count - 1]
        if gap > max(APART, _TIMES_LONGER * max(rest), sum(rest) / _OF_SPAN):
            return count
    return 0
