"""Workbooks: checked, read by a child process, then taken as grids of text."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import Grid, read_grid
from crm_metrics.intake.limits import MAX_CELLS
from crm_metrics.intake.table import Issue, Table
from crm_metrics.intake.workbook import process
from crm_metrics.intake.workbook.prescan import SheetScan, prescan
from crm_metrics.intake.workbook.unlocking import unlocked


def read_workbook(
    path: Path, kind: str, draft: Draft, scratch: Path, *, password: str | None = None
) -> list[Table]:
    """Read every sheet of a workbook. Sheets without a table are passed over.

    Raises InputError `workbook_broken`, `workbook_timeout`, `password_protected`,
    `wrong_password`, or that of the first sheet where no sheet holds a table.
    """
    path = unlocked(path, password, scratch, draft.shown)
    scans = prescan(path, kind, draft.shown)
    stray = {i for i, scan in enumerate(scans) if scan.stray}
    if scans and len(stray) == len(scans):
        raise LimitError("stray_cell", file=draft.shown, limit=MAX_CELLS)
    sheets = _sheets(_named_by_kind(path, kind, scratch), scratch, draft.shown, skip=stray)
    tables: list[Table] = []
    refused: list[InputError] = []
    passed: list[str] = []
    for sheet in sheets:
        if sheet["file"] is None:
            continue
        grid = Grid(scratch / sheet["file"], sheet["name"], kind)
        own = draft.within(sheet["name"])
        try:
            found = read_grid(grid, own)
        except InputError as error:
            refused.append(error)
            passed.append(sheet["name"])
            continue
        scan = scans[sheet["number"]] if sheet["number"] < len(scans) else SheetScan()
        found[0] = _with_issues(found[0], scan, hidden=sheet["hidden"], name=sheet["name"])
        tables += found
    if not tables:
        raise refused[0] if refused else InputError("empty_file", file=draft.shown)
    more = [Issue("sheet_skipped", len(stray))] if stray else []
    if passed:
        more.append(Issue("sheet_not_table", len(passed), tuple(passed[:3])))
    tables[0] = replace(tables[0], issues=(*tables[0].issues, *more))
    return tables


def _with_issues(table: Table, scan: SheetScan, *, hidden: bool, name: str) -> Table:
    issues = list(table.issues)
    if hidden:
        issues.append(Issue("hidden_sheet", 1, (name,)))
    if scan.errors:
        issues.append(Issue("error_cells", scan.errors, (name,)))
    if scan.uncalculated:
        issues.append(Issue("formulas_uncalculated", scan.uncalculated, (name,)))
    return replace(table, issues=tuple(issues))


def _named_by_kind(path: Path, kind: str, scratch: Path) -> Path:
    """The same content under its true ending: the reader trusts the name, and names lie."""
    named = scratch / f"book.{kind}"
    try:
        named.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, named)
    return named


def _sheets(path: Path, folder: Path, shown: str, *, skip: set[int]) -> list[dict[str, Any]]:
    """Run the child and take its answer."""
    arguments = (str(path), str(folder), ",".join(map(str, sorted(skip))))
    answer = process.run("child", arguments, folder, shown)
    if "error" in answer:
        # Only what `unlocked` does not know is still locked here: OpenDocument.
        code = "encryption_unknown" if answer["error"] == "password" else "workbook_broken"
        raise InputError(code, file=shown)
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets
