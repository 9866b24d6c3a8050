"""Sheets of Excel's XML Spreadsheet 2003, which some systems write under the name .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import grid_of_rows, read_grid
from crm_metrics.intake.limits import MAX_CELLS, MAX_COLUMNS, MEGABYTE
from crm_metrics.intake.table import Issue, Table

_CHUNK = MEGABYTE
_MAX_ROWS = 1_048_576
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.0+)?$")
_MIDNIGHT = " 00:00:00"
_DAY_ZERO = ("1899-12-31 ", "1899-12-30 ")
_TRUTH = {"1": "true", "0": "false"}


@dataclass(slots=True)
class _Sheet:
    """A sheet's name, its rows of text, and what is to be said about it."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    errors: int = 0


def read_xml_spreadsheet(path: Path, draft: Draft, scratch: Path) -> list[Table]:
    """Read every sheet. Raises InputError `workbook_broken`, or why no sheet holds a table."""
    tables: list[Table] = []
    refused: list[InputError] = []
    passed: list[str] = []
    for number, sheet in enumerate(_sheets(path, draft)):
        if not any(sheet.rows):
            continue
        if len(sheet.rows) * max(map(len, sheet.rows)) > MAX_CELLS:
            raise LimitError("stray_cell", file=draft.shown, limit=MAX_CELLS)
        target = scratch / f"sheet-{number}.arrow"
        grid = grid_of_rows(_tidied(sheet.rows), target, name=sheet.name, container="xml")
        try:
            found = read_grid(grid, draft.within(sheet.name))
        except InputError as error:
            refused.append(error)
            passed.append(sheet.name)
            continue
        found[0] = _with_issues(found[0], sheet)
        tables += found
    if not tables:
        raise refused[0] if refused else InputError("empty_file", file=draft.shown)
    if passed:
        skipped = Issue("sheet_not_table", len(passed), tuple(passed[:3]))
        tables[0] = _noted(tables[0], skipped)
    return tables


def _sheets(path: Path, draft: Draft) -> list[_Sheet]:
    """The sheets of the file, read piece by piece; entities and schemas are refused."""
    handler = _Handler(draft.shown)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    size, done = max(path.stat().st_size, 1), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                done += len(piece)
                draft.progress(0.8 * done / size)
                parser.feed(piece)
            parser.close()
    except (SAXException, DefusedXmlException, UnicodeError) as error:
        raise InputError("workbook_broken", file=draft.shown) from error
    return handler.sheets


class _Handler(ContentHandler):
    """Puts the cells of every sheet in their places, which may jump by ss:Index."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.sheets: list[_Sheet] = []
        self._shown = shown
        self._column = 0
        self._across = 0
        self._type = ""
        self._text: list[str] | None = None
        self._value = ""
        self._comments = 0
        self._cells = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the interface's name
        """A sheet, a row, a cell or its data begins."""
        tag = _local(name)
        named = {_local(key): value for key, value in attrs.items()}
        if tag == "Worksheet":
            self.sheets.append(_Sheet(named.get("Name") or str(len(self.sheets) + 1)))
        elif not self.sheets:
            return
        elif tag == "Row":
            self._row(named)
        elif tag == "Cell":
            self._column = self._place(named, self._column)
            self._across = min(_number(named.get("MergeAcross")), MAX_COLUMNS)
            self._value = ""
        elif tag == "Comment":
            self._comments += 1
        elif tag == "Data" and not self._comments:
            self._type, self._text = named.get("Type", ""), []

    def endElement(self, name: str) -> None:  # noqa: N802 - the interface's name
        """A cell is put where it stands."""
        tag = _local(name)
        if tag == "Comment":
            self._comments -= 1
        elif tag == "Data" and self._text is not None:
            self._value = _cell("".join(self._text), self._type)
            self._text = None
            if self._type == "Error":
                self.sheets[-1].errors += 1
        elif tag == "Cell" and self.sheets and self.sheets[-1].rows:
            self._put()

    def characters(self, content: str) -> None:
        """Text of a cell, in one or several pieces."""
        if self._text is not None:
            self._text.append(content)

    def _row(self, named: dict[str, str]) -> None:
        rows = self.sheets[-1].rows
        place = self._place(named, len(rows))
        if place >= _MAX_ROWS:
            raise LimitError("stray_cell", file=self._shown, limit=MAX_CELLS)
        rows.extend([] for _ in range(place + 1 - len(rows)))
        self._column = 0

    def _put(self) -> None:
        row = self.sheets[-1].rows[-1]
        if self._column >= MAX_COLUMNS and not self._value:
            return
        width = self._column + 1 + self._across
        if self._column >= MAX_COLUMNS:
            raise LimitError("too_many_columns", file=self._shown, columns=width, limit=MAX_COLUMNS)
        before = len(row)
        row.extend([""] * (self._column - before))
        row.append(self._value)
        self._column = width
        self._count(len(row) - before)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise LimitError("too_many_cells", file=self._shown, limit=MAX_CELLS)

    def _place(self, named: dict[str, str], following: int) -> int:
        """Where a row or a cell stands: at its index, if that is not behind."""
        return max(_number(named.get("Index")) - 1, following)


def _cell(text: str, kind: str) -> str:
    """The text of a cell; an error is empty, as in the other workbooks."""
    if kind == "Boolean":
        return _TRUTH.get(text.strip(), text)
    if kind == "DateTime":
        stamp = _STAMP.match(text.strip())
        return f"{stamp[1]} {stamp[2]}" if stamp else text
    return "" if kind == "Error" else text


def _tidied(rows: list[list[str]]) -> list[list[str]]:
    """A date without a clock in all of its column stays a date, a clock without a date a clock."""
    width = max(map(len, rows))
    for i in range(width):
        held = [row for row in rows if i < len(row) and _is_stamp(row[i])]
        whole_days = all(row[i].endswith(_MIDNIGHT) for row in held)
        for row in held:
            if row[i].startswith(_DAY_ZERO):
                row[i] = row[i][-8:]
            elif whole_days:
                row[i] = row[i].removesuffix(_MIDNIGHT)
    return rows


def _is_stamp(cell: str) -> bool:
    return len(cell) == 19 and cell[4] == "-" and cell[10] == " "


def _with_issues(table: Table, sheet: _Sheet) -> Table:
    return (
        _noted(table, Issue("error_cells", sheet.errors, (sheet.name,))) if sheet.errors else table
    )


def _noted(table: Table, issue: Issue) -> Table:
    return replace(table, issues=(*table.issues, issue))


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
