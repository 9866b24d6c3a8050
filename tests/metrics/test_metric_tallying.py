"""Facts that are alike, counted once, give what each of them gives."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from crm_metrics.metrics import compute, compute_each, metrics_of, tallying
from crm_metrics.metrics.cube import making
from crm_metrics.metrics.model import Filters, Limits
from crm_metrics.metrics.tallying import tally_of
from crm_metrics.store import Engine
from tests.metrics.cube.made_datasets import dataset, frame
from tests.metrics.cube.test_cube_answers import same

_GRAINS = ("recipients", "attendance")
_KEYS = [one.key for grain in _GRAINS for one in metrics_of(grain) if not one.per]
_FEW = ("open_rate", "click_rate", "revenue")


def test_every_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [dataset(tmp_path, grain, frame(grain)) for grain in _GRAINS]
    each = [Filters(channels=(name,)) for name in ("email", "sms")]
    limits = Limits(mature_only=True)
    with (
        Engine(made) as plain,
        Engine(made) as tallied,
        Engine(made, cache=tmp_path / "cache") as cached,
    ):
        every = compute(plain, _KEYS, by=("channel",))
        mature = compute_each(plain, _FEW, each=each, limits=limits)
        monkeypatch.setattr(tallying, "MANY", 0)
        monkeypatch.setattr(making, "_MANY", 0)
        same(compute(tallied, _KEYS, by=("channel",)), every)
        for engine in (tallied, cached):
            found = compute_each(engine, _FEW, each=each, limits=limits)
            for one, other in zip(found, mature, strict=True):
                same(one, other)
                assert one.values


def test_what_rows_are_grouped_by() -> None:
    table = ibis.table(
        {"opened": "boolean", "clicked": "boolean", "time": "timestamp", "y": "float"}
    )
    late = table.time.hour() > 12
    columns = {
        "flag": (table.opened & ~table.clicked).cast("float64"),
        "one": ibis.literal(1.0),
        "late": ibis.ifelse(late & table.opened, 1.0, 0.0),
        "amount": ibis.ifelse(table.opened, table.y, 0.0),
        "share": table.opened.cast("float64").mean().over(),
    }
    tally = tally_of(columns)
    assert set(tally.columns) == {"flag", "one", "late"}
    parts = {part.op() for part in tally.parts.values()}
    assert parts == {table.opened.op(), table.clicked.op(), late.op()}
