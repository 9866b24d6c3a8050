"""Data sets over made-up frames, for engines that read real files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Account, HowRead, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import Dataset
from tests.metrics.made_facts import N, facts


def dataset(folder: Path, grain: str, frame: pd.DataFrame, name: str = "") -> Dataset:
    """A data set whose facts are the frame; columns that are no field are headers without one."""
    name = name or grain
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    headers = {f"c{place}": one for place, one in enumerate(frame.columns) if one[0].isupper()}
    rows = frame.rename(columns={header: column for column, header in headers.items()})
    for column in ("channel", "platform", "currency"):
        if column not in rows:
            rows[column] = pd.Series([None] * len(rows), dtype="str")
    rows["date"] = rows["date"].dt.date
    rows["__line"] = range(2, len(rows) + 2)
    path = home / "facts.parquet"
    pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), path)
    count = len(rows)
    return Dataset(
        id=name,
        table=Table(name, path, (), "table", HowRead("made"), Account(count, count, {}), name),
        mapping=Mapping(name, grain, ()),
        facts=Facts(path, grain, count, (), headers, None),
        added_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def frame(grain: str) -> pd.DataFrame:
    """Made-up facts with dimensions, undated rows, several currencies and unknown words."""
    random = np.random.default_rng(5)

    def words(*names: str | None) -> list[str | None]:
        return list(random.choice(np.array(names, dtype=object), N))

    made = facts()[grain].copy()
    made["date"] = made["date"].mask(random.random(N) < 0.05)
    made["channel"] = words("email", "sms", "push", None)
    made["campaign_name"] = words("Spring", "Весна", "autumn", None)
    made["segment"] = words("new", "loyal", None)
    made["currency"] = np.where(made["channel"] == "sms", "USD", "EUR")
    made["currency"] = made["currency"].mask(random.random(N) < 0.02)
    made["Shop floor"] = words("one", "two", None)
    return made
