"""The first rows of a remote table as text, so that its columns can be understood."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow.parquet as pq

from crm_metrics.intake.parquet import new_path, rows_table
from crm_metrics.intake.table import Account, HowRead, Table

SAMPLE: Final = 400
"""How many rows travel, and no more."""
_LONGEST = 500


def sampled(there: ir.Table, name: str, rows: int, folder: Path) -> Table:
    """A table of text in `folder` with the first rows of `there`, which has so many in all.

    `name` stands where a file has its own.
    """
    headers = tuple(there.columns)
    cells = [
        [_text(line[header]) for header in headers]
        for line in _plain(there).limit(SAMPLE).to_pyarrow().to_pylist()
    ]
    path = new_path(folder)
    pq.write_table(rows_table(cells, range(1, len(cells) + 1), len(headers)), path)
    return Table(
        name=name,
        path=path,
        headers=headers,
        layout="table",
        how=HowRead("remote"),
        account=Account(rows, rows, {}),
        file_name=name,
        partial=True,
    )


def _plain(there: ir.Table) -> ir.Table:
    """The table with text where drivers have values of their own kinds (a UUID, JSON, a list)."""
    odd = [name for name, kind in there.schema().items() if not _is_plain(kind)]
    return there.mutate(**{name: there[name].cast("string") for name in odd}) if odd else there


def _is_plain(kind: dt.DataType) -> bool:
    known = kind.is_boolean() or kind.is_numeric() or kind.is_string()
    return known or kind.is_date() or kind.is_timestamp()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[:_LONGEST]
