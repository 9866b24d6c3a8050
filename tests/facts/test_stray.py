"""Dates that stand apart: by hand, and never among dates that are honestly few or far ahead."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from crm_metrics.facts import build
from crm_metrics.facts.stray import usual_days
from tests.facts.made import made_mapping, made_table

START = date(2025, 1, 1)
YEAR = {START + timedelta(days=place): 10 for place in range(365)}


@pytest.mark.parametrize(
    "stray",
    [
        {date(2031, 5, 1): 1},
        {date(2031, 5, 1): 1, date(2045, 1, 1): 2},
        {date(2015, 3, 1): 3},
        {date(2015, 3, 1): 1, date(2031, 3, 1): 1, date(1970, 1, 1): 2000},
        {date(1900, 1, 1): 5000, date(9999, 12, 31): 5000},
        {date(1970, 1, 1): 1, date(1900, 1, 1): 1},
    ],
)
def test_a_wrong_year_and_a_placeholder_stand_apart(stray):
    assert usual_days(YEAR | stray) == (min(YEAR), max(YEAR))


def test_what_may_be_true_is_usual():
    assert usual_days({}) is None
    assert usual_days({date(1970, 1, 1): 3}) == (date(1970, 1, 1),) * 2, "the only date there is"
    # Too many rows, too near, or too few others to tell.
    for own in ({date(2031, 5, 1): 4}, {max(YEAR) + timedelta(days=300): 1}):
        assert usual_days(YEAR | own) == (min(YEAR), max(own))
    few = dict.fromkeys(list(YEAR)[:11], 1)
    assert usual_days(few | {date(2031, 5, 1): 1}) == (START, date(2031, 5, 1))
    imported = {START: 5000, date(2027, 9, 1): 1}
    assert usual_days(imported) == (START, date(2027, 9, 1))
    long_ago = {date(1970, 1, 1) + timedelta(days=place): 3 for place in range(100)}
    assert usual_days(long_ago) == (min(long_ago), max(long_ago))


def test_honest_dates_are_never_stray():
    rng = np.random.default_rng(5)
    found = Counter()
    for _ in range(60):
        size = int(rng.integers(100, 2500))
        families = {
            "contacts of ten years": rng.uniform(0, 3650, size),
            "a few events a year": np.cumsum(rng.exponential(365 / rng.uniform(1, 6), 60)),
            "growing": 3650 * rng.uniform(0, 1, size) ** 0.3,
            "closing ahead": rng.uniform(0, 365, size) + rng.exponential(180, size),
            "ahead by years": rng.exponential(365, size),
            "campaigns": np.repeat(np.cumsum(rng.exponential(20, 50)), 40),
        }
        for name, days in families.items():
            rows = Counter(START + timedelta(days=int(day)) for day in days)
            found[name] += usual_days(rows) != (min(rows), max(rows))
    assert sum(found.values()) == 0, found


def test_rows_in_any_order_and_doubled_tell_the_same():
    rows = YEAR | {date(2031, 5, 1): 1, date(2011, 5, 1): 2}
    assert usual_days(dict(reversed(rows.items()))) == usual_days(rows)
    # A whole file twice is still of the same days as long as its strays are a thousandth.
    assert usual_days({day: 2 * number for day, number in rows.items()}) == usual_days(rows)


def test_a_file_names_its_stray_rows(tmp_path):
    days = [START + timedelta(days=place % 200) for place in range(400)]
    days[40] = date(2031, 5, 1)
    cells = {"Date": [day.isoformat() for day in days], "Visits": ["7"] * 400}
    table = made_table(tmp_path, cells)
    facts = build(table, made_mapping(table, "traffic", {"Date": "date", "Visits": "sessions"}))
    (found,) = [one for one in facts.issues if one.code == "dates_stray"]
    assert (found.count, found.examples) == (1, ("42: 2031-05-01",))
    assert facts.period == (START, START + timedelta(days=199))
    assert facts.rows == 400, "it counts all the same"
