"""Made-up facts, as a data set of an engine: written by DuckDB, once a folder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Account, HowRead, Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.store import Dataset


def made(
    folder: Path,
    grain: str,
    rows: int,
    select: str,
    *,
    first: date,
    days: int,
    options: str = "ROW_GROUP_SIZE 122880",
) -> Dataset:
    """A data set of the rows that `select` gives, made in `folder` unless it is there.

    They stand on the `days` from the `first`; `options` are those of the Parquet file.
    """
    home = folder / f"{grain}_{rows}"
    path = home / "facts.parquet"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        part = home / "part.parquet"
        with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(
                f"COPY ({select}) TO '{part}' (FORMAT parquet, COMPRESSION zstd, {options})"
            )
        part.rename(path)
    return Dataset(
        id=f"{grain}{rows}",
        table=Table(grain, path, (), "table", HowRead("made"), Account(rows, rows, {}), "made.csv"),
        mapping=Mapping(grain, grain, ()),
        facts=Facts(path, grain, rows, (), {}, (first, first + timedelta(days=days - 1))),
        added_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
