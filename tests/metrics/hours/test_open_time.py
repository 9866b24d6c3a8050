"""Business hours against a loop that looks at every minute, and the schedule on disk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crm_metrics.errors import InputError
from crm_metrics.metrics.hours import (
    Schedule,
    Shift,
    checked,
    open_seconds,
    read_schedule,
    usual_week,
    write_schedule,
)

LUNCH = Schedule(
    (
        *(Shift(day, 9 * 3600, 13 * 3600) for day in range(5)),
        *(Shift(day, 14 * 3600, 18 * 3600 + 1800) for day in range(5)),
        Shift(5, 0, 86400),
    ),
    holidays=(date(2026, 3, 9), date(2026, 3, 14), date(2026, 3, 15)),
)


def minutes_open(start: datetime, end: datetime, schedule: Schedule) -> int:
    """Minutes of open time, one after the other."""
    found = 0
    while start < end:
        seen = start
        if schedule.zone and schedule.written:
            own = start.replace(tzinfo=ZoneInfo(schedule.written))
            seen = own.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None)
        second = seen.hour * 3600 + seen.minute * 60
        if seen.date() not in schedule.holidays:
            found += any(
                one.weekday == seen.weekday() and one.start <= second < one.end
                for one in schedule.shifts
            )
        start += timedelta(minutes=1)
    return found


@pytest.mark.parametrize(
    ("schedule", "begins"),
    [
        (usual_week(), datetime(2026, 3, 2)),
        (LUNCH, datetime(2026, 3, 2)),
        # Clocks go forward in Berlin on March 29 and stay in Moscow.
        (Schedule(LUNCH.shifts, (), "Europe/Moscow", "Europe/Berlin"), datetime(2026, 3, 25)),
        (Schedule(LUNCH.shifts, (), "Europe/Berlin", "UTC"), datetime(2026, 10, 22)),
    ],
)
def test_open_time_is_that_of_a_loop_over_minutes(schedule, begins):
    random = np.random.default_rng(5)
    starts = [begins + timedelta(minutes=int(one)) for one in random.integers(0, 9000, 25)]
    ends = [
        one + timedelta(minutes=int(more))
        for one, more in zip(starts, random.integers(0, 9000, 25), strict=True)
    ]
    table = ibis.memtable(pa.table({"start": starts, "end": ends}))
    found = table.select(open=open_seconds(table.start, table.end, schedule)).to_pyarrow()
    expected = [minutes_open(*pair, schedule) * 60 for pair in zip(starts, ends, strict=True)]
    if schedule.written == "Europe/Berlin":
        # The hour that Berlin's clocks leave out has no minutes there.
        pairs = zip(expected, starts, ends, strict=True)
        gap = datetime(2026, 3, 29, 2)
        expected = [
            own - 60 * minutes_open(max(start, gap), min(end, gap + timedelta(hours=1)), schedule)
            for own, start, end in pairs
        ]
    assert found["open"].to_pylist() == expected


def test_seconds_count_and_unknown_moments_are_null():
    moments = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-03-02 17:59:30", None, "2026-03-02 10:00:00"]),
            "end": pd.to_datetime(
                ["2026-03-03 09:00:15", "2026-03-03", "2026-03-02 09:59:00"], format="mixed"
            ),
        }
    )
    table = ibis.memtable(pa.Table.from_pandas(moments))
    found = table.select(open=open_seconds(table.start, table.end, usual_week())).to_pyarrow()
    assert found["open"].to_pylist() == [45.0, None, -60.0]


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        (Schedule(()), "hours_none"),
        (Schedule((Shift(0, 3600, 3600),)), "hours_backwards"),
        (Schedule((Shift(0, 0, 7200), Shift(0, 3600, 9000))), "hours_overlap"),
        (Schedule((Shift(0, 0, 7200),), zone="Mars/Olympus"), "hours_zone"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(schedule, code):
    with pytest.raises(InputError) as raised:
        checked(schedule)
    assert raised.value.code == code


def test_the_schedule_is_kept_with_the_workspace(tmp_path):
    assert read_schedule(tmp_path) is None
    write_schedule(tmp_path, LUNCH)
    kept = read_schedule(tmp_path, written="UTC")
    assert kept == Schedule(tuple(sorted(LUNCH.shifts)), LUNCH.holidays, None, "UTC")
    (tmp_path / "hours.json").write_text("{}", encoding="utf-8")
    assert read_schedule(tmp_path) is None
    write_schedule(tmp_path, None)
    assert not (tmp_path / "hours.json").exists()
