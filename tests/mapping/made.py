"""Tables made in a test, without reading a file."""

from __future__ import annotations

import json
import tomllib
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crm_metrics.intake.table import LINE, Account, HowRead, Table
from crm_metrics.mapping import SYSTEMS

EXPORTS = json.loads(
    (Path(__file__).parent.parent / "data" / "exports.json").read_text(encoding="utf-8")
)
# Exports under other headers, and exports that the catalogue lacks: lines of a file and fields.
VARIANTS = tomllib.loads((Path(__file__).parent / "variants.toml").read_text(encoding="utf-8"))[
    "variant"
]
_LAYOUTS = {"multi_section": "stacked", "log_lines": "message_log", "json_lines": "table"}
_number = count()


def made_table(
    folder: Path,
    headers: list[str],
    rows: list[list[str]],
    *,
    layout: str = "table",
    preamble: tuple[str, ...] = (),
    file_name: str = "export.csv",
    name: str = "t",
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
        name, path, tuple(headers), layout, how, account, file_name, sha256, tuple(preamble)
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
    """The exports of the catalogue that a system's file describes."""
    return [entry for entry in map(_entry, EXPORTS) if _is_described(entry)]


def other_exports() -> list[dict]:
    """The exports of the catalogue that no file describes."""
    return [entry for entry in map(_entry, EXPORTS) if not _is_described(entry)]


def _is_described(entry: dict) -> bool:
    described = SYSTEMS.get(entry["system"], ())
    return any(export.name == entry["export"] for export in described)


def _entry(export: dict) -> dict:
    rows = [row for row in export["sample_rows"] if len(row) == len(export["headers"])]
    return {
        **{key: export[key] for key in ("system", "export", "headers", "mapping", "confidence")},
        "grain": export["facts_grain"],
        "layout": _LAYOUTS.get(export["layout"], export["layout"]),
        "preamble": export["preamble_lines"],
        "rows": rows,
    }
