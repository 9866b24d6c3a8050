"""Weekdays and hours as groups, against pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from crm_metrics.errors import NotFoundError
from crm_metrics.metrics import Filters, compute
from crm_metrics.metrics.dimensions import segment_names
from crm_metrics.store import Workspace

TIMES = ("2026-03-02 00:10", "2026-03-02 09:59", "2026-03-07 09:00", "2026-03-08 23:59:59")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("clock")
    space = Workspace(folder / "home")
    rows = [
        f"c{place},{'AB'[place % 2]},{TIMES[place % 4]},email,yes,Sign {place % 5}"
        for place in range(40)
    ]
    timed = folder / "timed.csv"
    header = "Subscriber ID,Variant,Sent at,Channel,Clicked,Zodiac sign"
    timed.write_text("\n".join([header, *rows]) + "\n")
    space.add(timed, timed.name)
    days = folder / "days.csv"
    rows = [f"d{place},{'AB'[place % 2]},2026-03-03,sms,no,x" for place in range(20)]
    days.write_text("\n".join([header, *rows]) + "\n")
    space.add(days, days.name)
    return space


def test_hours_and_weekdays_are_those_of_pandas_and_days_have_no_hour(opened):
    with opened.engine() as engine:
        found = compute(engine, ["click_rate"], by=("weekday", "hour")).values
        counted = {(one.group["weekday"], one.group["hour"]): one.n for one in found}
        times = pd.to_datetime(pd.Series([TIMES[place % 4] for place in range(40)]), format="mixed")
        expected = times.groupby([times.dt.day_of_week, times.dt.hour]).size()
        assert counted == {
            **{(str(day), str(hour)): n for (day, hour), n in expected.items()},
            ("1", None): 20,
        }
        monday = Filters(equal=(("weekday", ("0",)),))
        assert sum(one.n for one in compute(engine, ["click_rate"], filters=monday).values) == 20


def test_a_grain_without_times_has_no_hours(opened, tmp_path):
    path = tmp_path / "mail.csv"
    path.write_text("Date,Channel,Sent,Delivered,Unique clicks\n2026-03-02,email,100,90,9\n")
    space = Workspace(tmp_path / "home")
    space.add(path, path.name)
    with space.engine() as engine, pytest.raises(NotFoundError):
        compute(engine, ["click_rate"], by=("hour",))


def test_segments_are_what_tells_a_few_groups_apart(opened):
    with opened.engine() as engine:
        # Not the person, not the outcome, not the channel, which has a level of its own.
        assert segment_names(engine, "recipients") == ("variant", "Zodiac sign")


def test_measured_numbers_are_no_groups_and_words_come_before_numbers(tmp_path):
    file = tmp_path / "extra.csv"
    rows = [
        f"c{place},2026-03-02,email,yes,{20 + place % 5},{place % 3 + 0.4},s{place % 3}"
        for place in range(30)
    ]
    file.write_text(
        "\n".join(["Subscriber ID,Sent at,Channel,Clicked,Aaa,Events per visit,Zodiac sign", *rows])
    )
    space = Workspace(tmp_path / "home")
    space.add(file, file.name)
    with space.engine() as engine:
        assert segment_names(engine, "recipients") == ("Zodiac sign", "Aaa")
