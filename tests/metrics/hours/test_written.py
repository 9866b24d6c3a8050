"""Business hours as people write them, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from crm_metrics.errors import InputError
from crm_metrics.metrics.hours import Shift, day_hours_in, day_hours_text, days_in, hours_in

H = 3600


def week(days: range | tuple[int, ...], *stretches: tuple[float, float]) -> tuple[Shift, ...]:
    return tuple(Shift(day, int(a * H), int(b * H)) for day in days for a, b in stretches)


def test_lines_are_schedules():
    lunch = week(range(5), (9, 13), (14, 18))
    for text, shifts, zone in (
        ("Mon-Fri 09:00-18:00 lunch 13-14 Europe/Moscow", lunch, "Europe/Moscow"),
        ("Пн–Пт 9:00 – 18:00 обед 13:00–14:00 МСК", lunch, "Europe/Moscow"),
        ("mon-fri 9-13, 14-18", lunch, None),
        ("понедельник-пятница 9-18 перерыв 13-14 UTC", lunch, "UTC"),
        ("Mon-Thu 9-18; Fri 9-16:30", (*week(range(4), (9, 18)), *week((4,), (9, 16.5))), None),
        ("Sat,Sun 10-24", week((5, 6), (10, 24)), None),
        ("Sat-Mon 10-20", week((0, 5, 6), (10, 20)), None),
        ("24/7", week(range(7), (0, 24)), None),
        # Over midnight, the last one into Monday, with a break in the night.
        (
            "daily 22-06 break 2-3",
            week(range(7), (0, 2), (3, 6), (22, 24)),
            None,
        ),
    ):
        found = hours_in(text)
        assert (found.shifts, found.zone) == (shifts, zone), text


def test_words_that_are_no_hours_are_refused_by_name():
    for text, code in (
        ("09:00-18:00", "hours_format"),
        ("Mon-Fri nine to six", "hours_format"),
        ("Mon 9-25", "hours_format"),
        ("Mon 9:75-18", "hours_format"),
        ("Mon 9-18 UTC Europe/Moscow", "hours_format"),
        ("Mon 9-18 10-12", "hours_overlap"),
        ("Mon", "hours_none"),
        ("", "hours_none"),
    ):
        with pytest.raises(InputError) as raised:
            hours_in(text)
        assert raised.value.code == code, text


def test_a_day_is_written_as_it_is_read():
    shifts = day_hours_in(2, "9-18 обед 13:00-13:30")
    assert shifts == [Shift(2, 9 * H, 13 * H), Shift(2, 13 * H + 1800, 18 * H)]
    assert day_hours_text(shifts) == "09:00–13:00, 13:30–18:00"
    assert day_hours_in(2, day_hours_text(shifts)) == shifts
    assert day_hours_in(2, "") == []
    with pytest.raises(InputError):
        day_hours_in(2, "Mon 9-18")


def test_days_off_are_dates_and_ranges():
    assert days_in("2026-02-23\n2026-01-01..2026-01-03, 2026-03-08") == (
        date(2026, 2, 23),
        *(date(2026, 1, day) for day in (1, 2, 3)),
        date(2026, 3, 8),
    )
    assert days_in("") == ()
    for wrong in ("January 1", "2026-01-03..2026-01-01", "2026-01-01..2036-01-01"):
        with pytest.raises(InputError) as raised:
            days_in(wrong)
        assert raised.value.code == "hours_holiday"
