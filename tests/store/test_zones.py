"""Files of several time zones: nothing moves until a zone is chosen, then days follow too."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from crm_metrics.store import Workspace, Zones, differ

FILES = {
    "offset.csv": "Order ID,Created at,Amount\n1,2026-03-01T23:30:00+00:00,10\n",
    "header.csv": "Order No,Created at (America/New_York),Total\n2,2026-03-01 20:30,20\n",
    "plain.csv": "Order number,Order created,Order total\n3,2026-03-01 23:30,30\n",
    "days.csv": "Order,Order date,Sum\n4,2026-03-01,40\n",
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "space")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
        (item,) = made.add(tmp_path / name, name)
        assert item.mapping.grain == "orders"
        assert "created_at" in item.mapping.fields, name
    return made


def created(space: Workspace) -> list[tuple[datetime, date]]:
    with space.engine() as engine:
        rows = engine.table("orders").order_by("order_id").select("created_at", "date")
        return [(row["created_at"], row["date"]) for row in rows.to_pyarrow().to_pylist()]


def test_known_and_unknown_zones(space: Workspace):
    times = space.together.times()
    assert [one.written for one in times] == ["UTC", "America/New_York", None]
    assert [one.shown for one in times] == [None] * 3
    assert differ(times)


def test_times_move_to_the_zone_chosen_and_back(space: Workspace, tmp_path: Path):
    before = created(space)
    space.set_zones(Zones("Europe/Moscow"))
    assert created(space) == [
        (datetime(2026, 3, 2, 2, 30), date(2026, 3, 2)),
        (datetime(2026, 3, 2, 4, 30), date(2026, 3, 2)),
        (datetime(2026, 3, 1, 23, 30), date(2026, 3, 1)),
        (datetime(2026, 3, 1), date(2026, 3, 1)),
    ]
    assert [one.shown for one in space.together.times()] == ["Europe/Moscow"] * 2 + [None]
    plain = next(item for item in space.datasets() if item.table.file_name == "plain.csv")
    told = space.together.choices.zones.with_zone(plain.mapping.fingerprint, "Asia/Tokyo")
    space.set_zones(told)
    assert created(space)[2] == (datetime(2026, 3, 1, 17, 30), date(2026, 3, 1))
    (tmp_path / "april.csv").write_text(FILES["plain.csv"].replace("3,2026-03", "5,2026-04"))
    space.add(tmp_path / "april.csv", "april.csv")
    assert created(space)[4] == (datetime(2026, 4, 1, 17, 30), date(2026, 4, 1))
    space.remove(space.datasets()[-1].id)
    space.set_zones(Zones())
    assert created(space) == before
