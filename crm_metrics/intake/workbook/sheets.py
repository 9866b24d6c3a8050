"""Workbooks: read by a child process, then taken as grids of text."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import Grid, read_grid
from crm_metrics.intake.limits import MAX_CELLS, MAX_EXAMPLES, MAX_UNPACKED_BYTES, MEGABYTE
from crm_metrics.intake.table import Issue, SetAside, Table
from crm_metrics.intake.workbook import process
from crm_metrics.intake.workbook.unlocking import unlocked

_LIMITS = {
    "archive_bomb": MAX_UNPACKED_BYTES // MEGABYTE,
    "too_many_cells": MAX_CELLS,
    "stray_cell": MAX_CELLS,
}


def read_workbook(
    path: Path, kind: str, draft: Draft, scratch: Path, *, password: str | None = None
) -> list[Table]:
    """Read every sheet of a workbook. Sheets without a table are passed over.

    Raises InputError `workbook_broken`, `workbook_timeout`, `password_protected`,
    `wrong_password`, or that of the first sheet where no sheet holds a table; LimitError
    `archive_bomb`, `too_many_cells`, `stray_cell`.
    """
    path = unlocked(path, password, scratch, draft.shown)
    answer = _answer(_named_by_kind(path, kind, scratch), kind, scratch, draft)
    tables: list[Table] = []
    refused: list[InputError] = []
    passed: list[str] = []
    for sheet in answer["sheets"]:
        if sheet["file"] is None:
            continue
        grid = Grid(scratch / sheet["file"], sheet["name"], kind)
        try:
            found = read_grid(grid, draft.within(sheet["name"]))
        except InputError as error:
            refused.append(error)
            passed.append(sheet["name"])
            continue
        found[0] = _with_notes(found[0], sheet)
        found[-1] = _with_far(found[-1], sheet["far"])
        tables += found
    skipped = answer.get("skipped", 0)
    if not tables:
        if skipped and not refused:
            raise _limit("stray_cell", draft.shown)
        raise refused[0] if refused else InputError("empty_file", file=draft.shown)
    more = [Issue("sheet_skipped", skipped)] if skipped else []
    if passed:
        more.append(Issue("sheet_not_table", len(passed), tuple(passed[:3])))
    tables[0] = replace(tables[0], issues=(*tables[0].issues, *more))
    return tables


def _answer(path: Path, kind: str, scratch: Path, draft: Draft) -> dict[str, Any]:
    """What the child says of the sheets it wrote."""
    shown, progress = draft.shown, draft.progress
    arguments = (str(path), kind, str(scratch))
    try:
        answer = process.run("child", (*arguments, "fast"), scratch, shown, progress=progress)
    except InputError as error:
        if kind != "xlsx" or error.code != "workbook_broken":
            raise
        # The fast reader took the process with it. Without it the file may still be readable.
        answer = process.run("child", (*arguments, "slowly"), scratch, shown, progress=progress)
    if answer.get("error") == "stray_found":
        # Which sheets the fast reader may have is to be known before it begins.
        answer = process.run("child", (*arguments, "measured"), scratch, shown, progress=progress)
    code = answer.get("error")
    if code in _LIMITS:
        raise _limit(code, shown)
    if code:
        raise InputError(code, file=shown)
    return answer


def _limit(code: str, shown: str) -> LimitError:
    return LimitError(code, file=shown, limit=_LIMITS[code])


def _with_notes(table: Table, sheet: dict[str, Any]) -> Table:
    """The table with what is to be said of its sheet."""
    issues = [Issue("hidden_sheet", 1, (sheet["name"],))] if sheet["hidden"] else []
    issues += [Issue(code, count, tuple(examples)) for code, count, examples in sheet["notes"]]
    return replace(table, issues=(*table.issues, *issues))


def _with_far(table: Table, far: Sequence[tuple[int, str]]) -> Table:
    """The table's account with the rows far below it that hold a cell."""
    rows: dict[int, list[str]] = {}
    for row, text in far:
        rows.setdefault(row, []).append(text)
    if not rows:
        return table
    account = table.account
    counts = account.set_aside | {"other": account.set_aside.get("other", 0) + len(rows)}
    lines = [SetAside(row, "other", " | ".join(texts)) for row, texts in sorted(rows.items())]
    examples = (*account.examples, *lines[: max(0, MAX_EXAMPLES - len(account.examples))])
    return replace(
        table,
        account=replace(
            account, lines=account.lines + len(rows), set_aside=counts, examples=examples
        ),
    )


def _named_by_kind(path: Path, kind: str, scratch: Path) -> Path:
    """The same content under its true ending: the reader trusts the name, and names lie."""
    named = scratch / f"book.{kind}"
    try:
        named.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, named)
    return named
