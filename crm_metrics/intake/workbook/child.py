"""Reads a workbook in a process of its own; writes each sheet as an Arrow file of text."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from crm_metrics.intake.workbook import process

_MIDNIGHT = " 00:00:00"
_DATETIME = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
_DAY_ZERO = r"^(1899-12-3[01]|1900-01-\d\d) (\d{2}:\d{2}:\d{2})"
_ROWS = 65_536


def _read(arguments: Sequence[str]) -> dict[str, Any]:
    """Read the sheets of a workbook into a folder."""
    source, folder = arguments[0], Path(arguments[1])
    skip = {int(number) for number in arguments[2].split(",") if number}
    try:
        book = fastexcel.read_excel(source)
        sheets = [_sheet(book, i, folder) for i in range(len(book.sheet_names)) if i not in skip]
    except fastexcel.FastExcelError as error:
        return {"error": "password" if "assword" in str(error) else "broken"}
    return {"sheets": sheets}


def _sheet(book: fastexcel.ExcelReader, number: int, folder: Path) -> dict[str, object]:
    """Write one sheet and describe it."""
    sheet = book.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
    target = folder / f"sheet-{number}.arrow"
    batch = sheet.to_arrow() if sheet.width and sheet.height else None
    if batch is not None and batch.num_rows:
        names = [f"c{i}" for i in range(batch.num_columns)]
        columns = [_tidied(column) for column in batch.columns]
        table = pa.table(columns, names=names)
        packed = ipc.IpcWriteOptions(compression="lz4")
        with ipc.new_file(target, table.schema, options=packed) as file:
            file.write_table(table, max_chunksize=_ROWS)
    return {
        "number": number,
        "name": sheet.name,
        "hidden": sheet.visible != "visible",
        "file": target.name if target.exists() else None,
    }


def _tidied(column: pa.Array) -> pa.Array:
    """Text of a column: a date without a clock stays a date, a clock without a date a clock."""
    column = pc.fill_null(column.cast(pa.string()), "")
    if not pc.any(pc.match_substring(column, ":")).as_py():
        return column
    stamps = column.filter(pc.match_substring_regex(column, _DATETIME))
    if not len(stamps):
        return column
    if pc.any(pc.match_substring_regex(stamps, _DAY_ZERO)).as_py():
        column = pa.array([_elapsed(text) for text in column.to_pylist()], pa.string())
    if pc.all(pc.ends_with(stamps, _MIDNIGHT)).as_py():
        column = pc.replace_substring_regex(
            column, r"^(\d{4}-\d{2}-\d{2}) 00:00:00(?:\.0+)?$", r"\1"
        )
    return column


def _elapsed(text: str) -> str:
    """Excel counts clocks and durations in days from the end of 1899."""
    match = re.match(_DAY_ZERO, text)
    if match is None:
        return text
    day, clock = match[1], match[2]
    days = int(day[8:]) if day.startswith("1900") else int(day[8:]) - 31
    if days <= 0:
        return clock
    hours, rest = clock.split(":", 1)
    return f"{int(hours) + 24 * days}:{rest}"


if __name__ == "__main__":
    process.answer(_read, sys.argv[1:])
