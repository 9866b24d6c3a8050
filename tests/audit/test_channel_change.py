"""Channels before and after an audit: the rates' part and the mix's part of each change."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from crm_metrics.audit.channel_change import Window, channel_changes, window_of
from crm_metrics.audit.snapshot import Snapshot, snapshot_file, snapshot_in
from tests.metrics.stand_in import FrameEngine

MARCH, TODAY = date(2026, 3, 31), date(2026, 6, 30)
# Delivered and clicked: each channel's rate rises, and the better one loses its weight.
BEFORE = {"email": (1000, 100), "sms": (9000, 2700)}
AFTER = {"email": (9000, 990), "sms": (1000, 320)}


def engine() -> FrameEngine:
    rows = [
        {"channel": channel, "sent_at": pd.Timestamp(day), "delivered": n, "clicks_unique": x}
        for day, counts in ((MARCH, BEFORE), (TODAY, AFTER))
        for channel, (n, x) in counts.items()
    ]
    rows.append({**rows[0], "channel": "Иван Петров +79001234567"})
    frame = pd.DataFrame(rows)
    return FrameEngine(campaigns=frame.assign(date=frame.sent_at))


def test_within_and_mix_add_up_as_kitagawa_has_them():
    before, now = window_of(engine(), MARCH), window_of(engine(), TODAY, MARCH)
    assert before is not None
    assert now is not None
    assert (now.end - now.start).days + 1 == 91
    assert now.start > MARCH
    (change,) = (one for one in channel_changes(now, before) if one.metric == "click_rate")
    rates = {name: (x / n, AFTER[name][1] / AFTER[name][0]) for name, (n, x) in BEFORE.items()}
    weights = {name: (n / 10_000, AFTER[name][0] / 10_000) for name, (n, _) in BEFORE.items()}
    within = sum(sum(weights[name]) / 2 * (rates[name][1] - rates[name][0]) for name in rates)
    total = 1310 / 10_000 - 2800 / 10_000
    assert change.split.total.difference == pytest.approx(total)
    assert change.split.within.value == pytest.approx(within)
    assert change.split.mix.value == pytest.approx(total - within)
    assert change.simpson is not None
    assert change.simpson.code == "total_falls_groups_rise"


def test_a_week_has_to_pass_and_weekdays_stand_in_each_as_often():
    known = engine()
    assert window_of(known, TODAY, TODAY - timedelta(days=6)) is None
    (first, *_) = (window_of(known, TODAY, TODAY - timedelta(days=days)) for days in (13, 400))
    assert first is not None
    assert (first.end - first.start).days + 1 == 7
    longest = window_of(known, TODAY, TODAY - timedelta(days=400))
    assert longest is not None
    assert (longest.end - longest.start).days + 1 == 182


def test_a_window_survives_a_file_and_names_no_channel_of_a_file():
    window = window_of(engine(), MARCH)
    data = snapshot_file(Snapshot(MARCH, window=window))
    assert "Иван" not in data.decode()
    assert "79001234567" not in data.decode()
    back = snapshot_in(data, file="a.json").window
    assert back == window
    assert channel_changes(Window(MARCH, MARCH), Window(MARCH, MARCH)) == ()
