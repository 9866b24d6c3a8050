"""The first rows of a workbook, before the whole of it is read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import pyarrow as pa

from crm_metrics.errors import InputError
from crm_metrics.intake.containers.archives import check_members
from crm_metrics.intake.limits import MAX_COLUMNS, MEGABYTE
from crm_metrics.intake.workbook.package import package_of
from crm_metrics.intake.workbook.stamps import tidied
from crm_metrics.intake.workbook.streaming import SheetRow, sheet_rows

_MAX_SHEETS = 20
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, IndexError),
    *(RuntimeError, NotImplementedError, expat.ExpatError, RecursionError, OverflowError),
)
"""What a damaged or hostile package raises in zipfile, zlib, expat and in the code over them."""


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The rows of a sheet from its first row on, without gaps; `whole` where there are no more."""

    name: str
    hidden: bool
    rows: tuple[tuple[str, ...], ...]
    whole: bool


def first_rows(
    path: Path, *, rows: int, shown: str, most: int = 8 * MEGABYTE
) -> tuple[FirstRows, ...]:
    """Up to so many rows of each sheet of an xlsx or xlsm, from at most `most` bytes of its XML.

    At most 20 sheets. Texts are those of the full reading but for columns whose later rows would
    change how dates are written. Raises InputError `workbook_broken`, LimitError `archive_bomb`.
    """
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive.infolist(), shown)
            package = package_of(archive)
            for sheet in package.sheets[:_MAX_SHEETS]:
                taken: list[SheetRow] = []
                whole = True
                with closing(sheet_rows(archive, package, sheet.part, most=most)) as found_rows:
                    for row in found_rows:
                        whole = row[0] <= rows
                        if not whole:
                            break
                        taken.append(row)
                whole = whole and archive.getinfo(sheet.part).file_size <= most
                found.append(FirstRows(sheet.name, sheet.hidden, _filled(taken), whole))
    except InputError:
        raise
    except BROKEN as error:
        raise InputError("workbook_broken", file=shown) from error
    return tuple(found)


def _filled(rows: Sequence[SheetRow]) -> tuple[tuple[str, ...], ...]:
    """Rows of one width, from the first of the sheet."""
    by_number = {number: cells for number, cells in rows if cells}
    used = [column for cells in by_number.values() for column in cells if column < MAX_COLUMNS]
    if not used:
        return ()
    numbers = range(1, max(by_number) + 1)
    columns = [
        pa.array([by_number.get(number, {}).get(column, "") for number in numbers], pa.string())
        for column in range(max(used) + 1)
    ]
    return tuple(zip(*(tidied(column).to_pylist() for column in columns), strict=True))
