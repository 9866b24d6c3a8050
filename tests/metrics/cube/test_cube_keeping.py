"""A cube is never stale, may go at any time, and stays within its bounds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_metrics.metrics import compute, kept_files
from crm_metrics.metrics.cube import files, keeping, settled
from crm_metrics.metrics.cube.dimensions import chosen
from crm_metrics.metrics.ground import ground
from crm_metrics.metrics.model import Limits, Result
from crm_metrics.store import Dataset, Engine, Workspace
from crm_metrics.store.together.money import Money, Rate
from crm_metrics.store.together.overlap import Overlap
from tests.metrics.cube.made_datasets import dataset, frame

_HEADER = "Date,Channel,Campaign,Sent,Delivered,Clicked,Opened\n"


def _sent(engine: Engine) -> float | None:
    (value,) = compute(engine, ["messages_sent"]).values
    return value.value


def _attended(engine: Engine) -> Result:
    return compute(engine, ["event_attendance_rate"], by=("channel",))


def _cubes(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "cache").glob("*"))


def _file(folder: Path, name: str, rows: Sequence[str]) -> Path:
    path = folder / name
    path.write_text(_HEADER + "\n".join(rows) + "\n")
    return path


def test_a_new_file_and_a_changed_mapping_make_a_new_cube(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "space")
    first = _file(tmp_path, "a.csv", ["2026-05-01,email,Spring,100,90,9,30"] * 3)
    (added,) = space.add(first, "a.csv")
    with space.engine() as engine:
        assert _sent(engine) == 300
    before = _cubes(space.folder)
    assert len(before) == 1

    space.add(_file(tmp_path, "b.csv", ["2026-06-02,email,Summer,50,40,9,30"]), "b.csv")
    with space.engine() as engine:
        assert _sent(engine) == 350
    both = _cubes(space.folder)
    assert len(both) == 1
    assert both != before

    columns = tuple(
        replace(
            one, field={"sent": "delivered", "delivered": "sent"}.get(str(one.field), one.field)
        )
        for one in space.dataset(added.id).mapping.columns
    )
    space.set_mapping(added.id, replace(space.dataset(added.id).mapping, columns=columns))
    with space.engine() as engine:
        assert _sent(engine) == 320
    assert _cubes(space.folder) != both

    space.remove(added.id)
    with space.engine() as engine:
        assert _sent(engine) == 50
    assert len(_cubes(space.folder)) == 1


def test_other_choices_have_cubes_of_their_own(tmp_path: Path) -> None:
    made = [dataset(tmp_path, "spend", frame("spend"), name) for name in ("one", "two")]
    shared = Overlap("spend", "one", "two", "records", answer="without_first")
    rates = Money("EUR", (Rate("USD", 0.5, date(2026, 3, 1)),))
    names = set()
    for options in ({}, {"overlaps": [shared]}, {"money": rates}):
        with (
            Engine(made, cache=tmp_path / "cache", **options) as engine,
            Engine(made, **options) as plain,
        ):
            found = compute(engine, ["spend"], by=("channel",)).values
            slow = compute(plain, ["spend"], by=("channel",)).values
            assert [one.value for one in found] == pytest.approx([one.value for one in slow])
            assert [one.currency for one in found] == [one.currency for one in slow]
        names.update(_cubes(tmp_path))
    assert len(names) == 3


def test_limits_matter_where_a_metric_reads_them(tmp_path: Path) -> None:
    talks = [dataset(tmp_path, grain, frame(grain)) for grain in ("conversations", "spend")]
    with Engine(talks, cache=tmp_path / "cache") as engine:
        shares = []
        for limits in (Limits(), Limits(first_reply=60.0), Limits(first_reply=1e6)):
            compute(engine, ["spend"], limits=limits)
            (value,) = compute(engine, ["answered_within"], limits=limits).values
            shares.append(value.value)
        assert shares[1] < shares[0] < shares[2]
    # Three of conversations, one of spend, which no limit concerns.
    assert len(_cubes(tmp_path)) == 4


def test_the_folder_may_go_at_any_time(tmp_path: Path) -> None:
    made = [dataset(tmp_path, "attendance", frame("attendance"))]
    with Engine(made, cache=tmp_path / "cache") as engine:
        before = _attended(engine)
        shutil.rmtree(tmp_path / "cache")
        assert _attended(engine) == before
    (tmp_path / "cache").write_text("no folder")
    with Engine(made, cache=tmp_path / "cache") as engine:
        assert _attended(engine) == before
    (tmp_path / "cache").unlink()
    with Engine(made, cache=tmp_path / "cache") as engine:
        assert _attended(engine) == before
    (kept,) = (tmp_path / "cache").glob("*")
    kept.write_bytes(kept.read_bytes()[:500])
    with Engine(made, cache=tmp_path / "cache") as engine:
        assert _attended(engine) == before
        assert files.read(kept)


def test_a_disk_that_can_only_be_read_gives_its_cubes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Engine(
        [dataset(tmp_path, "attendance", frame("attendance"))], cache=tmp_path / "cache"
    ) as engine:
        _attended(engine)
    (kept,) = (tmp_path / "cache").glob("*")

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refused)
    assert files.read(kept)


def test_sessions_at_the_same_time(tmp_path: Path) -> None:
    made = [dataset(tmp_path, "attendance", frame("attendance"))]

    def ask(_: int) -> Result:
        with Engine(made, cache=tmp_path / "cache") as engine:
            return _attended(engine)

    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(ask, range(3))
    assert all(other == first for other in others)
    assert len(_cubes(tmp_path)) == 1


def test_nobody_waits_for_a_large_cube(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    made = [dataset(tmp_path, "attendance", frame("attendance"))]
    with Engine(made, cache=tmp_path / "cache") as engine:
        first = _attended(engine)
        assert _cubes(tmp_path) == []
        assert _attended(engine) == first
        settled()
        assert len(_cubes(tmp_path)) == 1
        assert made[0].facts
        made[0].facts.path.unlink()
        assert _attended(engine) == first


def test_a_process_may_end_while_a_cube_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 10)
    monkeypatch.setattr(keeping, "_tried", set())
    made = [dataset(tmp_path, "attendance", frame("attendance"))]
    with Engine(made, cache=tmp_path / "cache") as engine:
        first = _attended(engine)
        _attended(engine)
        keeping.broken_off()
        assert not keeping._running
        assert _attended(engine) == first


def test_dimensions_of_many_values_stay_out(tmp_path: Path) -> None:
    rows = 40_000
    random = np.random.default_rng(3)
    made: list[Dataset] = [
        dataset(
            tmp_path,
            "recipients",
            pd.DataFrame(
                {
                    "date": pd.Timestamp("2026-05-01")
                    + pd.to_timedelta(random.integers(0, 30, rows), unit="D"),
                    "channel": random.choice(["email", "sms"], rows),
                    "campaign_id": random.integers(0, rows, rows).astype(str),
                    "segment": random.choice(["a", "b", "c"], rows),
                    "clicked": random.random(rows) < 0.1,
                }
            ),
        )
    ]
    with Engine(made) as engine:
        table, _ = ground(engine, "recipients")
        mapped = engine.mapped("recipients")

        def names(metrics: int) -> tuple[str, ...] | None:
            return chosen(table, "recipients", mapped, rows=rows, metrics=metrics)

        assert names(10) == ("channel", "platform", "segment")
        assert names(20_000) == ("channel", "platform")
        assert names(10**6) is None


def test_the_longest_unused_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [dataset(tmp_path, "conversations", frame("conversations"))]
    with Engine(made, cache=tmp_path / "cache") as engine:
        for place, seconds in enumerate((60.0, 120.0, 180.0)):
            compute(engine, ["answered_within"], limits=Limits(first_reply=seconds))
            for path in (tmp_path / "cache").glob("*"):
                os.utime(path, (path.stat().st_mtime - 10 * place,) * 2)
        size = max(path.stat().st_size for path in (tmp_path / "cache").glob("*"))
        monkeypatch.setattr(kept_files, "MOST_BYTES", int(2.5 * size))
        before = _cubes(tmp_path)
        compute(engine, ["answered_within"], limits=Limits(first_reply=240.0))
        after = _cubes(tmp_path)
    assert len(before) == 3
    assert len(after) == 2
    assert len(set(after) - set(before)) == 1
