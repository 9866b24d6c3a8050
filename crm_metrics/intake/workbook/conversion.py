"""The sheets of a workbook become Arrow files of text."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc

from crm_metrics.errors import LimitError
from crm_metrics.intake.containers.archives import check_members
from crm_metrics.intake.workbook.biff import xls_scans
from crm_metrics.intake.workbook.biff12 import xlsb_scans
from crm_metrics.intake.workbook.fast import Book, RefusedError, Start
from crm_metrics.intake.workbook.first_rows import BROKEN
from crm_metrics.intake.workbook.formats import Format
from crm_metrics.intake.workbook.gathering import Far, FarCellsError, Gathered
from crm_metrics.intake.workbook.ods import is_encrypted, ods_sheets
from crm_metrics.intake.workbook.package import Package, Sheet, package_of, to_measure
from crm_metrics.intake.workbook.prescan import (
    NoSheetError,
    StrayCellError,
    TooManyCellsError,
    measured,
    note_long_numbers,
    noted,
)
from crm_metrics.intake.workbook.scan import SheetScan, laid_over
from crm_metrics.intake.workbook.stamps import tidied
from crm_metrics.intake.workbook.streaming import formats_of, sheet_rows

_ROWS = 65_536
_LONGEST_CELL = 32_767
_EXACT_DIGITS = 15
_LONG_NUMBER = r"^-?[1-9][0-9]{15,}$"
_T = TypeVar("_T")
Mode = Literal["fast", "measured", "slowly"]
"""How an xlsx is read: its limits looked at beside the fast reader, or before it, or without it."""


def converted(
    source: str,
    kind: str,
    folder: Path,
    mode: Mode,
    start: Start,
) -> dict[str, Any]:
    """Read the sheets of a workbook into a folder; what fails is told by its code.

    An xlsx is read and looked through at once; its reading may have a start.
    """
    try:
        if kind == "xls":
            return _as_it_is(source, folder, xls_scans(Path(source)))
        with zipfile.ZipFile(source) as archive:
            check_members(archive.infolist(), "")
            if kind == "xlsx":
                return _package(archive, source, folder, mode, start)
            if kind == "ods":
                return _document(archive, folder)
            return _as_it_is(source, folder, xlsb_scans(archive))
    except RefusedError as error:
        code = error.reason
    except LimitError:
        code = "archive_bomb"
    except StrayCellError:
        code = "stray_found"
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
    """An xlsx under work; `measured` are the parts whose extent is known, `hands` two threads."""

    archive: zipfile.ZipFile
    package: Package
    formats: list[Format]
    measured: Mapping[str, SheetScan]
    book: Future[Book] | None
    hands: ThreadPoolExecutor


def _package(
    archive: zipfile.ZipFile, source: str, folder: Path, mode: Mode, start: Start
) -> dict[str, Any]:
    """Read an xlsx: its sheets fast where the reader takes them, else as a stream.

    Raises StrayCellError where it comes out beside the fast reader that it should not have begun.
    """
    package = package_of(archive)
    if not package.sheets and not package.other:
        raise NoSheetError
    parts = dict.fromkeys(sheet.part for sheet in package.sheets)
    first = [part for part in parts if mode != "fast" or to_measure(archive, part)]
    known = {part: measured(archive, part) for part in first}
    fast = mode != "slowly" and not all(part in known and known[part].stray for part in parts)
    hands = start.hands
    book = (start.book or hands.submit(Book, source)) if fast else None
    formats = formats_of(archive, package.styles)
    opened = _Opened(archive, package, formats, known, book, hands)
    sheets = []
    skipped = 0
    with zipfile.ZipFile(source) as again:
        for sheet in package.sheets:
            stray = sheet.part in known
            look = hands.submit(noted, again, package, sheet.part, formats, stray=stray)
            try:
                columns, far = _columns(opened, sheet, look)
            except FarCellsError:
                skipped += 1
                continue
            about = (look.result(), sheet.name, folder)
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
    opened: _Opened, sheet: Sheet, look: Future[SheetScan]
) -> tuple[Sequence[pa.Array], list[Far]]:
    """The texts of a sheet while it is looked through, and the cells far from its table."""
    known = opened.measured.get(sheet.part)
    if opened.book is not None and (known is None or not known.stray):
        with contextlib.suppress(RefusedError):
            book = _beside(look, opened.book)
            number = book.numbered(sheet.name)
            if number is not None:
                columns, _ = _beside(look, opened.hands.submit(book.columns, number))
                found = look.result()
                if _has_long_numbers(columns):
                    note_long_numbers(opened.archive, sheet.part, opened.formats, found)
                return laid_over(columns, found), []
    found = look.result()
    rows = sheet_rows(opened.archive, opened.package, sheet.part)
    columns, far = Gathered(rows).cropped()
    # The stream has the texts itself.
    found.texts.clear()
    return laid_over(columns, found), far


def _beside(look: Future[SheetScan], work: Future[_T]) -> _T:
    """What comes of the work; an error of the look as soon as there is one."""
    both: tuple[Future[Any], ...] = (look, work)
    wait(both, return_when=FIRST_COMPLETED)
    if not work.done():
        look.result()
    return work.result()


def _has_long_numbers(columns: Sequence[pa.Array]) -> bool:
    """Whether a cell may be a number that a double does not hold: its last digits are made up."""
    return any(
        (pc.max(pc.binary_length(column)).as_py() or 0) > _EXACT_DIGITS
        and pc.any(pc.match_substring_regex(column, _LONG_NUMBER)).as_py()
        for column in columns
    )


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
