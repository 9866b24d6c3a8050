"""The same declarations on DuckDB and on a SQLite file."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

import ibis
import pytest

from crm_metrics.metrics import CATALOGUE
from crm_metrics.store.remote.sqlite import over_file
from tests.metrics.alike import GRAINS, compare, counted, lacks_of
from tests.metrics.made_rows import write_rows
from tests.metrics.stand_in import TableEngine

pytestmark = [
    pytest.mark.slow,
    # Ibis brings SQLite's rows through pandas, with an option that pandas 3 no longer needs.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]
_TYPES = {"int64": "INTEGER", "float64": "REAL", "string": "TEXT", "boolean": "BOOLEAN"}


def sqlite_file(path: Path, rows: ibis.Table) -> Path:
    """The rows as a table `rows`, with dates as text."""
    columns = {name: _TYPES.get(str(kind), "TIMESTAMP") for name, kind in rows.schema().items()}
    columns |= {name: "DATE" for name, kind in rows.schema().items() if kind.is_date()}
    named = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    lines = [tuple(map(_cell, line.values())) for line in rows.to_pyarrow().to_pylist()]
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE rows ({named})")
    connection.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", lines)
    connection.commit()
    connection.close()
    return path


def _cell(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else cell


def test_every_metric_is_the_same_on_sqlite(tmp_path: Path):
    local = ibis.duckdb.connect()
    compared: set[str] = set()
    lacking: dict[str, str] = {}
    lacks = lacks_of("sqlite")
    for grain in GRAINS:
        rows = local.read_parquet(write_rows(tmp_path / f"{grain}.parquet", grain, 300))
        there = over_file(sqlite_file(tmp_path / f"{grain}.sqlite", rows))
        found = compare(
            grain,
            counted(TableEngine({grain: rows}), grain),
            counted(TableEngine({grain: there.table("rows")}), grain, lacks=lacks),
        )
        there.disconnect()
        compared |= found[0]
        lacking |= found[1]
    local.disconnect()
    assert set(lacking) == set(lacks), lacking
    assert compared | set(lacking) == {f"{metric.grain}.{metric.key}" for metric in CATALOGUE}
