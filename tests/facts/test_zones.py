"""Times are moved from zone to zone as Python's own zoneinfo moves them; days are not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_metrics.facts import build
from crm_metrics.facts.zones import Shift
from tests.facts.made import made_mapping, made_table, values_of

WRITTEN = ["2026-03-28 23:30", "2026-03-29 02:30", "2026-10-25 02:30", "2026-07-01 12:00", ""]


def moved(text: str, source: str, target: str) -> datetime | None:
    if not text:
        return None
    stamp = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(source))
    return stamp.astimezone(UTC).astimezone(ZoneInfo(target)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("source", "target"),
    [("UTC", "Europe/Moscow"), ("America/New_York", "Europe/Berlin"), ("Asia/Kolkata", "UTC")],
)
def test_times_move_as_zoneinfo_says_and_days_stay(tmp_path: Path, source: str, target: str):
    table = made_table(
        tmp_path,
        {"Id": ["1", "2", "3", "4", "5"], "Created": WRITTEN, "Paid": ["2026-03-05"] * 5},
    )
    mapping = made_mapping(
        table, "orders", {"Id": "order_id", "Created": "created_at", "Paid": "paid_at"}
    )
    facts = build(table, mapping, shift=Shift(source, target))
    expected = [moved(text, source, target) for text in WRITTEN]
    assert values_of(facts, "created_at") == expected
    assert values_of(facts, "paid_at") == [datetime(2026, 3, 5)] * 5
    assert values_of(facts, "date")[:4] == [stamp.date() for stamp in expected if stamp]
    assert (facts.zone, [item.name for item in facts.timed]) == (target, ["Created"])


def test_cells_with_an_offset_are_in_utc_whatever_the_table_says(tmp_path: Path):
    cells = ["2026-03-01T23:30:00+00:00", "2026-03-02T02:30:00+05:00"]
    table = made_table(tmp_path, {"When": cells, "What": ["open", "click"]})
    mapping = made_mapping(table, "events", {"When": "ts", "What": "event_type"})
    facts = build(table, mapping, shift=Shift(None, "Europe/Moscow"))
    assert values_of(facts, "ts") == [datetime(2026, 3, 2, 2, 30), datetime(2026, 3, 2, 0, 30)]
    assert values_of(facts, "date") == [date(2026, 3, 2)] * 2
    assert [(item.timed, item.zoned) for item in facts.recipes] == [(True, True), (False, False)]


def test_an_unknown_zone_moves_nothing(tmp_path: Path):
    table = made_table(tmp_path, {"When": ["2026-03-01 23:30"], "What": ["open"]})
    mapping = made_mapping(table, "events", {"When": "ts", "What": "event_type"})
    facts = build(table, mapping, shift=Shift(None, "Europe/Moscow"))
    assert values_of(facts, "ts") == [datetime(2026, 3, 1, 23, 30)]
    assert facts.zone is None


def test_a_day_and_a_time_in_two_columns_move_together(tmp_path: Path):
    table = made_table(tmp_path, {"Day": ["01.03.2026"], "Time": ["23:30"], "Id": ["7"]})
    mapping = made_mapping(table, "calls", {"Day": "date", "Time": "time", "Id": "call_id"})
    facts = build(table, mapping, shift=Shift("UTC", "Europe/Moscow"))
    assert values_of(facts, "time") == [datetime(2026, 3, 2, 2, 30)]
    assert values_of(facts, "date") == [date(2026, 3, 2)]


def test_a_day_written_with_its_time_moves_too(tmp_path: Path):
    table = made_table(tmp_path, {"Day": ["2026-03-01 23:30"], "Reach": ["7"]})
    mapping = made_mapping(table, "posts", {"Day": "date", "Reach": "reach"})
    facts = build(table, mapping, shift=Shift("UTC", "Europe/Moscow"))
    assert values_of(facts, "date") == [date(2026, 3, 2)]
