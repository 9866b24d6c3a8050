"""Calls by hour and day, and what agents have a day, against counting them in pandas."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import compute
from crm_metrics.metrics.workload import Load, capacity, loads, served
from tests.metrics.stand_in import FrameEngine


def test_calls_are_answered_or_lost_and_an_hour_without_any_is_there():
    random = np.random.default_rng(2)
    days = pd.Timestamp("2026-03-02") + pd.to_timedelta(random.integers(0, 20, 300), unit="D")
    times = days + pd.to_timedelta(random.integers(9, 18, 300), unit="h")
    calls = pd.DataFrame(
        {
            "date": times.normalize(),
            "started_at": times,
            "direction": random.choice(["in", "out"], 300, p=[0.8, 0.2]),
            "status": random.choice(["answered", "missed"], 300, p=[0.7, 0.3]),
        }
    )
    calls = calls[calls.date != pd.Timestamp("2026-03-10")]
    inbound = calls[calls.direction == "in"]
    took = inbound.status.eq("answered")
    engine = FrameEngine(calls=calls)
    by_day = {
        one.when: one
        for one in served(compute(engine, ["call_answer_rate"], by=("date",)).values, "date")
    }
    assert list(by_day) == [day.date() for day in pd.date_range("2026-03-02", "2026-03-21")]
    for day, expected in took.groupby(inbound.date.dt.date):
        assert (by_day[day].answered, by_day[day].lost) == (expected.sum(), (~expected).sum())
    assert by_day[date(2026, 3, 10)].answered == by_day[date(2026, 3, 10)].lost == 0
    values = compute(engine, ["call_answer_rate"], by=("week",)).values
    assert [one.when for one in served(values, "week")] == [
        date(2026, 3, 2 + 7 * n) for n in (0, 1, 2)
    ]
    assert served([], "hour") == ()


def test_the_usual_load_is_the_median_day_and_tells_what_the_busiest_takes():
    counts = {"2026-03-02": (4, 4), "2026-03-03": (5, 5), "2026-03-04": (12, 9), "2026-03-05": (3,)}
    rows = [
        {"date": pd.Timestamp(day), "agent": f"Agent {agent}"}
        for day, each in counts.items()
        for agent, count in enumerate(each)
        for _ in range(count)
    ]
    engine = FrameEngine(conversations=pd.DataFrame(rows))
    found = loads(compute(engine, ["load_per_agent"], by=("date",)).values)
    assert [(one.conversations, one.agents) for one in found] == [(8, 2), (10, 2), (21, 2), (3, 1)]
    told = capacity(found)
    assert told is not None
    assert told.usual == pytest.approx(np.median([4, 5, 10.5, 3])) == 4.5
    assert (told.busiest, told.needed) == (Load(date(2026, 3, 4), 21, 2), 5)
    assert capacity(found[:1]) is None
