"""Reads a workbook in a process of its own; writes each sheet as an Arrow file of text."""

from __future__ import annotations

import contextlib
import sys
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from crm_metrics.errors import LimitError
from crm_metrics.intake.containers.archives import check_members
from crm_metrics.intake.workbook import process
from crm_metrics.intake.workbook.biff import xls_scans
from crm_metrics.intake.workbook.biff12 import xlsb_scans
from crm_metrics.intake.workbook.fast import Book, RefusedError, has_long_numbers
from crm_metrics.intake.workbook.first_rows import BROKEN
from crm_metrics.intake.workbook.formats import Format
from crm_metrics.intake.workbook.gathering import Far, FarCellsError, Gathered
from crm_metrics.intake.workbook.ods import is_encrypted, ods_sheets
from crm_metrics.intake.workbook.package import Package, Sheet, package_of
from crm_metrics.intake.workbook.prescan import (
    NoSheetError,
    TooManyCellsError,
    measured,
    note,
    note_long_numbers,
)
from crm_metrics.intake.workbook.scan import SheetScan, laid_over
from crm_metrics.intake.workbook.stamps import tidied
from crm_metrics.intake.workbook.streaming import formats_of, sheet_rows

_ROWS = 65_536
_LONGEST_CELL = 32_767


def _read(arguments: Sequence[str]) -> dict[str, Any]:
    """Read the sheets of a workbook into a folder; what fails is told by its code."""
    source, kind, folder, mode = arguments
    try:
        if kind == "xls":
            return _as_it_is(source, Path(folder), xls_scans(Path(source)))
        with zipfile.ZipFile(source) as archive:
            check_members(archive.infolist(), "")
            if kind == "xlsx":
                return _package(archive, source, Path(folder), slowly=mode == "slowly")
            if kind == "ods":
                return _document(archive, Path(folder))
            return _as_it_is(source, Path(folder), xlsb_scans(archive))
    except RefusedError as error:
        code = error.reason
    except LimitError:
        code = "archive_bomb"
    except TooManyCellsError:
        code = "too_many_cells"
    except BROKEN:
        code = "workbook_broken"
    return {"error": code}


def _as_it_is(source: str, folder: Path, scans: Mapping[str, SheetScan]) -> dict[str, Any]:
    """Read a binary workbook as the fast reader gives it, with what its formats say."""
    book = Book(source)
    sheets = []
    for number, name in book.sheets:
        columns, hidden = book.columns(number)
        found = scans.get(name, SheetScan())
        sheets.append(_written(laid_over(columns, found), found, name, folder, hidden=hidden))
    return {"sheets": sheets}


@dataclass(frozen=True, slots=True)
class _Opened:
    """An xlsx under work, and the fast reader of it where it takes the file."""

    archive: zipfile.ZipFile
    package: Package
    formats: list[Format]
    book: Book | None


def _package(
    archive: zipfile.ZipFile, source: str, folder: Path, *, slowly: bool
) -> dict[str, Any]:
    """Read an xlsx: its sheets fast where the reader takes them, else as a stream."""
    package = package_of(archive)
    if not package.sheets and not package.other:
        raise NoSheetError
    formats = formats_of(archive, package.styles)
    # All limits are known before the fast reader opens the file.
    scans = [measured(archive, sheet.part) for sheet in package.sheets]
    book = None
    if not slowly and not all(found.stray for found in scans):
        with contextlib.suppress(RefusedError):
            book = Book(source)
    opened = _Opened(archive, package, formats, book)
    sheets = []
    skipped = 0
    # What that reader drops is looked for while it reads: it leaves the other core idle.
    with zipfile.ZipFile(source) as again, ThreadPoolExecutor(1) as hand:
        for sheet, found in zip(package.sheets, scans, strict=True):
            noted = hand.submit(note, again, package, sheet.part, formats, found)
            try:
                columns, far = _columns(opened, sheet, found, noted)
            except FarCellsError:
                skipped += 1
                continue
            about = (noted.result(), sheet.name, folder)
            sheets.append(_written(columns, *about, hidden=sheet.hidden, far=far))
    return {"sheets": sheets, "skipped": skipped}


def _document(archive: zipfile.ZipFile, folder: Path) -> dict[str, Any]:
    """Read an OpenDocument."""
    if is_encrypted(archive):
        return {"error": "encryption_unknown"}
    sheets = []
    skipped = 0
    for sheet in ods_sheets(archive):
        try:
            columns, far = sheet.rows.cropped()
        except FarCellsError:
            skipped += 1
            continue
        columns = laid_over(columns, sheet.found)
        about = (sheet.found, sheet.name, folder)
        sheets.append(_written(columns, *about, hidden=sheet.hidden, far=far))
    return {"sheets": sheets, "skipped": skipped}


def _columns(
    opened: _Opened, sheet: Sheet, found: SheetScan, noted: Future[SheetScan]
) -> tuple[Sequence[pa.Array], list[Far]]:
    book = opened.book
    number = book.numbered(sheet.name) if book is not None else None
    if book is not None and number is not None and not found.stray:
        with contextlib.suppress(RefusedError):
            columns, _ = book.columns(number)
            found = noted.result()
            if has_long_numbers(columns):
                note_long_numbers(opened.archive, sheet.part, opened.formats, found)
            return laid_over(columns, found), []
    rows = sheet_rows(opened.archive, opened.package, sheet.part)
    columns, far = Gathered(rows).cropped()
    # The stream has the texts itself.
    noted.result().texts.clear()
    return laid_over(columns, found), far


def _written(
    columns: Sequence[pa.Array],
    found: SheetScan,
    name: str,
    folder: Path,
    *,
    hidden: bool,
    far: Sequence[Far] = (),
) -> dict[str, Any]:
    """Write a sheet's columns and describe it."""
    file = None
    notes = found.notes()
    if columns and len(columns[0]):
        file = f"sheet-{len(list(folder.glob('sheet-*')))}.arrow"
        cells = [tidied(column) for column in _trimmed(columns)]
        cut = sum(map(_cut, cells))
        notes += [("text_truncated", cut, [])] if cut else []
        table = pa.table(cells, names=[f"c{i}" for i in range(len(cells))])
        packed = ipc.IpcWriteOptions(compression="lz4")
        with ipc.new_file(folder / file, table.schema, options=packed) as out:
            out.write_table(table, max_chunksize=_ROWS)
    if far:
        notes.append(("far_cells", len(far), [cell.text[:90] for cell in far[:3]]))
    rows = len(columns[0]) if columns else 0
    return {
        "name": name,
        "hidden": hidden,
        "file": file,
        "notes": notes,
        "far": [(cell.row, cell.text) for cell in far if cell.row > rows],
    }


def _trimmed(columns: Sequence[pa.Array]) -> Sequence[pa.Array]:
    """The columns from the first that holds anything to the last."""
    used = [i for i, column in enumerate(columns) if _holds(column)]
    return columns[used[0] : used[-1] + 1] if used else columns[:1]


def _holds(column: pa.Array) -> bool:
    return bool(pc.max(pc.binary_length(column)).as_py())


def _cut(column: pa.Array) -> int:
    """How many texts have the length at which Excel cuts them off."""
    sizes = pc.binary_length(column)
    if (pc.max(sizes).as_py() or 0) < _LONGEST_CELL:
        return 0
    return int(pc.sum(pc.equal(pc.utf8_length(column), _LONGEST_CELL)).as_py() or 0)


if __name__ == "__main__":
    process.answer(_read, sys.argv[1:])
