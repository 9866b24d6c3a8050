"""Workbooks: checked, read by a child process, then taken as grids of text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import Grid, read_grid
from crm_metrics.intake.limits import CHILD_BYTES, CHILD_SECONDS, MAX_CELLS
from crm_metrics.intake.table import Issue, Table
from crm_metrics.intake.workbook import child
from crm_metrics.intake.workbook.prescan import SheetScan, prescan


def read_workbook(path: Path, kind: str, draft: Draft, scratch: Path) -> list[Table]:
    """Read every sheet of a workbook. Sheets without a table are passed over.

    Raises InputError `workbook_broken`, `workbook_timeout`, `password_protected`, or that of
    the first sheet where no sheet holds a table.
    """
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
    command = [
        *(sys.executable, "-P", "-X", "utf8", str(Path(child.__file__).resolve())),
        *(str(path), str(folder), str(CHILD_BYTES), ",".join(map(str, sorted(skip)))),
    ]
    # The pool of the system does not reserve address space, which the limit counts.
    environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    try:
        subprocess.run(  # noqa: S603 - our own script and paths, no shell
            command,
            env=environment,
            timeout=CHILD_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError("workbook_timeout", file=shown, seconds=CHILD_SECONDS) from error
    try:
        answer = json.loads((folder / "sheets.json").read_text(encoding="utf-8"))
    except OSError as error:  # the child died before it could answer
        raise InputError("workbook_broken", file=shown) from error
    if "error" in answer:
        code = "password_protected" if answer["error"] == "password" else "workbook_broken"
        raise InputError(code, file=shown)
    sheets: list[dict[str, Any]] = answer["sheets"]
    return sheets
