"""The tables of a workbook by its first rows, before the whole of it is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crm_metrics.errors import InputError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import grid_of_rows, read_grid
from crm_metrics.intake.limits import PREVIEW_ROWS
from crm_metrics.intake.table import Table
from crm_metrics.intake.workbook.first_rows import first_rows


def preview_workbook(path: Path, kind: str, draft: Draft, scratch: Path) -> list[Table]:
    """The tables at the head of each sheet of an xlsx or xlsm; none for the binary kinds.

    Raises what `first_rows` raises.
    """
    if kind != "xlsx":
        return []
    tables: list[Table] = []
    for number, sheet in enumerate(first_rows(path, rows=PREVIEW_ROWS, shown=draft.shown)):
        if not sheet.rows:
            continue
        target = scratch / f"preview-{number}.arrow"
        grid = grid_of_rows(sheet.rows, target, name=sheet.name, container=kind)
        try:
            found = read_grid(grid, draft.within(sheet.name), partial=not sheet.whole)
        except InputError:  # a sheet without a table is passed over, as in the whole
            continue
        tables += [replace(table, partial=table.partial or not sheet.whole) for table in found]
    return tables
