"""Days on which a source that usually writes every such day wrote nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import ibis
import pyarrow as pa

from crm_metrics.audit.ground import FILE, Ground, table_of
from crm_metrics.audit.model import Check, Threshold, Violations
from crm_metrics.facts.stray import usual_days
from crm_metrics.metrics.expressions import folded

USUAL_RECORDS = Threshold("usual_records", 10, 3, 1000, "count")
_GRAINS = ("deals", "activities", "orders", "calls", "conversations", "traffic")
# What several integrations write into one log, each told by this field.
_BY_SOURCE = {"activities": "activity_type", "conversations": "channel"}
# The rest of a log of activities is written by people.
_SOURCES = {"activities": ("call", "email", "sms")}
# Holidays of one date in Russia and in English-speaking countries: nobody has to work on them.
_HOLIDAYS = frozenset(
    (
        *((1, day) for day in range(1, 9)),
        *((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (7, 4), (11, 4), (12, 25), (12, 26)),
    )
)
# So many of a weekday have to be there to say what is usual on it.
_LEAST_WEEKS = 4
_WEEKS = 9


def _gaps(ground: Ground, grain: str) -> Iterator[Violations]:
    """Days without records where the same weekdays before them usually had at least so many.

    Days up to today that some file covers, from its first usual day to its last: a mistyped date is
    no beginning of a log, and years between two files are no gap. Where several integrations write
    one log, each is also held against its own days: telephony falls silent, and letters go on.
    """
    table = ground.table(grain)
    field = _BY_SOURCE.get(grain)
    by_source = field is not None and ground.has(grain, field)
    source = folded(table[field]) if field and by_source else ibis.literal("")
    rows = table.filter(table.date.cast("date") <= ibis.literal(ground.settings.day))
    days = rows.group_by(file=rows[FILE], day=rows.date.cast("date"), source=source)
    lines = days.aggregate(n=rows.count()).to_pyarrow().to_pylist()
    covered = _covered(lines)
    asked, lost = _lost(ground, lines, covered)
    found: list[dict[str, object]] = [{"day": day, "usual": usual} for day, usual in lost.items()]
    yield Violations(rows=table_of(found, day=pa.date32(), usual=pa.int64()), base=asked)
    if field and by_source:
        yield _of_sources(ground, grain, lines, covered.difference(lost))


def _of_sources(
    ground: Ground, grain: str, lines: Sequence[Mapping[str, Any]], covered: set[date]
) -> Violations:
    """The same of each source alone, on days on which not all of them are silent."""
    field = _BY_SOURCE[grain]
    sources = sorted({line["source"] for line in lines if line["source"]})
    known = _SOURCES.get(grain, sources)
    found: list[dict[str, object]] = []
    base = 0
    for source in (one for one in sources if one in known):
        own = [line for line in lines if line["source"] == source]
        asked, lost = _lost(ground, own, covered)
        base += asked
        found += [{field: source, "day": day, "usual": usual} for day, usual in lost.items()]
    rows = table_of(found, **{field: pa.string()}, day=pa.date32(), usual=pa.int64())
    return Violations(rows=rows, base=base, scope=field)


def _lost(
    ground: Ground, lines: Iterable[Mapping[str, Any]], covered: set[date]
) -> tuple[int, dict[date, int]]:
    """How many days usually have enough records, and those without any, each with what is usual."""
    counts: Counter[date] = Counter()
    for line in lines:
        counts[line["day"]] += line["n"]
    usual: dict[date, int] = {}
    for weekday in range(7):
        own = sorted(day for day in covered if day.weekday() == weekday)
        if len(own) >= _LEAST_WEEKS:
            usual |= dict(zip(own, _usual([counts[day] for day in own]), strict=True))
    least = ground.settings.of(USUAL_RECORDS)
    asked = sorted(day for day, number in usual.items() if number >= least)
    # A few trial records before the work begins are no log yet.
    begun = next((day for day in asked if 2 * counts[day] >= usual[day]), date.max)
    asked = [day for day in asked if day >= begun]
    return len(asked), {day: usual[day] for day in asked if not counts[day]}


def _covered(lines: Iterable[Mapping[str, Any]]) -> set[date]:
    """The days that files cover, without holidays."""
    by_file: dict[str, Counter[date]] = {}
    for line in lines:
        by_file.setdefault(line["file"], Counter())[line["day"]] += line["n"]
    covered: set[date] = set()
    for own in by_file.values():
        span = usual_days(own)
        assert span, "a file of no day has no lines"
        first, last = span
        every = (first + timedelta(days=one) for one in range((last - first).days + 1))
        covered.update(day for day in every if (day.month, day.day) not in _HOLIDAYS)
    return covered


def _usual(counts: Sequence[int]) -> list[int]:
    """What is usual for each of these weeks: the median of the last before it, gaps left out.

    The first weeks are held against one another. A shop that grows has not lost the days of its
    beginning, and what a long gap lacks does not make it usual.
    """
    at_first = counts[:_WEEKS]
    past: deque[int] = deque(maxlen=_WEEKS)
    found = []
    for count in counts:
        known = past if len(past) >= _LEAST_WEEKS else at_first
        usual = sorted(known)[len(known) // 2]
        found.append(usual)
        if count or not usual:
            past.append(count)
    return found


CHECKS = tuple(
    Check(
        key="integration_gap",
        grain=grain,
        needs=(),
        severity=1,
        effort="M",
        rule=partial(_gaps, grain=grain),
        counted="days",
        thresholds=(USUAL_RECORDS,),
    )
    for grain in _GRAINS
)
