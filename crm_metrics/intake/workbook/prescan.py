"""A look at a workbook's XML before any reader gets it: bounded, streaming, no XML parser."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.containers.archives import check_members
from crm_metrics.intake.limits import MAX_CELLS, MAX_UNPACKED_BYTES, MEGABYTE
from crm_metrics.intake.workbook.places import furthest

_CHUNK = 1024 * 1024
_NO_MARKUP = 256 * 1024
"""A stretch without a tag longer than this is no sheet: Excel ends a cell at 32,767 letters."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# Every repetition below is bounded or ends at a tag: a hostile part must not cost a square of its
# size, for this look has no time limit.
_CELL = re.compile(rb"<\w+:c[\s>/]")
_ROW = re.compile(rb'row [^<>]{0,120}?\br="(\d{1,7})"')
_NO_VALUE = re.compile(
    rb"</(?:\w+:)?f>\s{0,9}(?:<(?:\w+:)?v\s{0,9}/>|<(?:\w+:)?v>\s{0,9}</(?:\w+:)?v>)?"
    rb"\s{0,9}</(?:\w+:)?c>"
    rb"|<(?:\w+:)?f[^<>]*/>\s{0,9}(?:<(?:\w+:)?v\s{0,9}/>)?\s{0,9}</(?:\w+:)?c>"
)
_REL = re.compile(r"<Relationship\b[^<>]*>")
_ATTRIBUTE = re.compile(r'(\w{1,40}:)?(\w{1,40})="([^"]*)"')
_SHEET_TAG = re.compile(r"<(?:\w+:)?sheet\b[^<>]*>")


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What the XML of a sheet shows: its cells, extent, error cells, formulas without a value."""

    cells: int = 0
    rows: int = 0
    columns: int = 0
    errors: int = 0
    uncalculated: int = 0

    @property
    def stray(self) -> bool:
        """Few cells over a huge extent: one stands far from the table."""
        return self.rows * self.columns > MAX_CELLS


def prescan(path: Path, kind: str, shown: str) -> list[SheetScan]:
    """Check the limits of a workbook; for xlsx also look at each sheet, in the workbook's order.

    Raises LimitError for a bomb or too many cells, InputError for a broken archive.
    """
    if kind == "xls":
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive.infolist(), shown)
            if kind != "xlsx":
                return []
            return [_scan(archive, name, shown) for name in _sheet_parts(archive)]
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("workbook_broken", file=shown) from error
    except (RuntimeError, NotImplementedError) as error:
        raise InputError("password_protected", file=shown) from error


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """The sheets' parts in the order of the workbook, else by name."""
    names = {name.lower(): name for name in archive.namelist()}
    plain = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
    try:
        book = _small(archive, names["xl/workbook.xml"])
        links = _small(archive, names["xl/_rels/workbook.xml.rels"])
    except KeyError:
        return plain
    targets = {}
    for tag in _REL.findall(links):
        found = {name: value for _, name, value in _ATTRIBUTE.findall(tag)}
        targets[found.get("Id", "")] = found.get("Target", "")
    ordered = []
    for tag in _SHEET_TAG.findall(book):
        ids = [value for prefix, name, value in _ATTRIBUTE.findall(tag) if prefix and name == "id"]
        target = targets.get(ids[0] if ids else "", "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        part = names.get(posixpath.normpath(full).lower())
        if part is not None:
            ordered.append(part)
    return ordered or plain


def _small(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        return part.read(8 * MEGABYTE).decode("utf-8", "replace")


def _scan(archive: zipfile.ZipFile, name: str, shown: str) -> SheetScan:
    cells = rows = columns = errors = empty = done = 0
    rest = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            done += len(chunk)
            if done > MAX_UNPACKED_BYTES:
                raise LimitError("archive_bomb", file=shown, limit=MAX_UNPACKED_BYTES // MEGABYTE)
            data = rest + chunk
            # Tags are counted up to the last whole one; the cut one waits for its other half.
            cut = data.rfind(b"</row>") + 6
            if cut < 6:
                cut = data.rfind(b"</c>") + 4
            if cut < 4:
                cut = max(0, data.rfind(b"<"))
            rest, data = data[cut:], data[:cut]
            if len(rest) > _NO_MARKUP + _CHUNK:
                raise InputError("workbook_broken", file=shown)
            prefixed = b":" in data
            cells += sum(map(data.count, (b"<c ", b"<c>", b"<c/")))
            cells += len(_CELL.findall(data)) if prefixed and b":c" in data else 0
            row, column = furthest(data)
            rows, columns = max(rows, row), max(columns, column)
            errors += data.count(b't="e"')
            if b"<f" in data or (prefixed and b":f" in data):
                empty += len(_NO_VALUE.findall(data))
            if cells > MAX_CELLS:
                raise LimitError("too_many_cells", file=shown, limit=MAX_CELLS)
    return SheetScan(cells, rows, columns, errors, empty)
