"""What is completed by statistics of the columns is what is completed by a look at the rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from crm_metrics.metrics import compute
from crm_metrics.store import Dataset, Engine
from crm_metrics.store.extents import Extent, extents_of
from tests.metrics.cube.made_datasets import dataset

_YES_OR_BLANK, _BOTH = [True, None] * 40, [True, False] * 40
_KEYS = ["click_rate", "unsub_rate", "revenue_per_message"]


def _made(
    folder: Path, name: str, clicked: list[bool | None], revenue: list[float | None]
) -> Dataset:
    rows = {"clicked": clicked, "unsubscribed": [None] * 80, "revenue": revenue * 40}
    dated = pd.DataFrame(rows | {"date": pd.Timestamp("2026-05-01"), "channel": name})
    return dataset(
        folder,
        "recipients",
        dated.astype({"clicked": "boolean", "unsubscribed": "boolean", "revenue": "float"}),
        name,
    )


def test_statistics_tell_what_rows_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        _made(tmp_path, "bought", _YES_OR_BLANK, [5.0, None]),
        _made(tmp_path, "noughts", _BOTH, [0.0, None]),
        _made(tmp_path, "refunds", _YES_OR_BLANK, [-5.0, 7.0]),
        _made(tmp_path, "refunds_and_noughts", _BOTH, [-5.0, 0.0]),
        _made(tmp_path, "nothing", [None] * 80, [None, None]),
    ]
    with Engine(made) as engine:
        found = compute(engine, _KEYS, by=("channel",))
    filled = frozenset({"clicked", "revenue", "date", "channel"})
    monkeypatch.setattr(Engine, "extents", lambda *_: None)
    monkeypatch.setattr(Engine, "filled", lambda *_: {one.id: filled for one in made})
    with Engine(made) as engine:
        assert compute(engine, _KEYS, by=("channel",)) == found
    shares = {one.group["channel"]: one.value for one in found.values if one.metric == "click_rate"}
    assert shares == dict.fromkeys(("bought", "noughts", "refunds", "refunds_and_noughts"), 0.5) | {
        "nothing": None
    }


def test_extents(tmp_path: Path) -> None:
    made = _made(tmp_path, "bought", _YES_OR_BLANK, [5.0, None])
    assert made.facts
    found = extents_of(made.facts)
    assert found["clicked"] == Extent(40, least=True, greatest=True)
    assert found["revenue"] == Extent(40, 5.0, 5.0)
    assert found["unsubscribed"].values == 0
    assert found["__line"] == Extent(80, 2, 81)
