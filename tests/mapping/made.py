"""Tables made in a test, without reading a file."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.intake.table import LINE, Account, HowRead, Table

DATA = Path(__file__).parent / "data"
_number = count()


def made_table(
    folder: Path,
    headers: list[str],
    rows: list[list[str]],
    *,
    layout: str = "table",
    preamble: tuple[str, ...] = (),
    file_name: str = "export.csv",
) -> Table:
    path = folder / f"table{next(_number)}.parquet"
    columns = {
        f"c{at}": pa.array([row[at] for row in rows], pa.string()) for at in range(len(headers))
    }
    columns[LINE] = pa.array(range(2, 2 + len(rows)), pa.int64())
    pq.write_table(pa.table(columns), path)
    account = Account(len(rows) + 1, len(rows), {"header": 1})
    how = HowRead("text")
    sha256 = "0" * 64
    return Table(
        "t", path, tuple(headers), layout, how, account, file_name, sha256, tuple(preamble)
    )


def of_export(folder: Path, entry: dict, headers=None, rows=None) -> Table:
    return made_table(
        folder,
        headers or entry["headers"],
        rows or entry["rows"],
        layout=entry["layout"],
        preamble=tuple(entry["preamble"]),
    )


def known_exports() -> list[dict]:
    return json.loads((DATA / "known_exports.json").read_text(encoding="utf-8"))


def other_exports() -> list[dict]:
    return json.loads((DATA / "other_exports.json").read_text(encoding="utf-8"))
