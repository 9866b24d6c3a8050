"""Cells of an old workbook (xls, BIFF8) whose meaning is in their format: [MS-XLS] section 2.4.

The fast reader gives their bare values, and no error; the rest it reads right.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import olefile

from crm_metrics.intake.workbook.formats import Format, built_in, format_of, formatted
from crm_metrics.intake.workbook.scan import SheetScan

_BIFF8 = 0x0600
_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF, _DATE_MODE = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x22
_NUMBER, _RK, _MULTIPLE_RK, _FORMULA, _ERROR = 0x203, 0x27E, 0xBD, 0x06, 0x205
_MERGED, _ROW, _COLUMNS = 0xE5, 0x208, 0x7D
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_ROW_HIDDEN = 0x20
_NONE = Format()


def xls_scans(path: Path) -> dict[str, SheetScan]:
    """What is to be laid over each sheet, by its name; none where the file is of another kind."""
    try:
        with olefile.OleFileIO(path) as ole:
            if not ole.exists("Workbook"):
                return {}
            data = ole.openstream("Workbook").read()
        return dict(_scans(data))
    except (OSError, ValueError, IndexError, struct.error, TypeError):
        return {}


def _scans(data: bytes) -> Iterator[tuple[str, SheetScan]]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    date_1904 = False
    for kind, body in _records(data, 0):
        if kind == _BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
            return
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _string(body[2:], wide_count=True)
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _DATE_MODE:
            date_1904 = body[:1] == b"\1"
        elif kind == _BOUND_SHEET and body[5] == 0:
            sheets.append((_string(body[6:]), struct.unpack_from("<I", body)[0]))
    known = {number: format_of(codes.get(number, built_in(number))) for number in set(styles)}
    formats = [known[number] for number in styles]
    for name, place in sheets:
        sheet = _Sheet(formats, date_1904=date_1904)
        for kind, body in _records(data, place):
            if handle := sheet.handlers.get(kind):
                handle(body)
        yield name, sheet.found


class FormattedCells:
    """The numbers of a sheet whose format says more than their value."""

    def __init__(self, formats: list[Format], *, date_1904: bool) -> None:
        self.found = SheetScan()
        self._formats = formats
        self._date_1904 = date_1904

    def put(self, row: int, column: int, style: int, value: float) -> None:
        """Take a number: its row from 1, its column from 0."""
        form = self._formats[style] if style < len(self._formats) else _NONE
        if form.changes:
            self.found.put(row, column, formatted(repr(value), form, date_1904=self._date_1904))
        elif form.unknown:
            self.found.currencies.add(form.unknown)


class _Sheet(FormattedCells):
    """The records of a sheet that matter here."""

    def __init__(self, formats: list[Format], *, date_1904: bool) -> None:
        super().__init__(formats, date_1904=date_1904)
        self.handlers: dict[int, Callable[[bytes], None]] = {
            _NUMBER: self._number,
            _RK: self._rk,
            _MULTIPLE_RK: self._multiple_rk,
            _FORMULA: self._formula,
            _ERROR: self._error,
            _MERGED: self._merged,
            _ROW: self._row,
            _COLUMNS: self._columns,
        }

    def _number(self, body: bytes) -> None:
        row, column, style, value = struct.unpack_from("<HHHd", body)
        self.put(row + 1, column, style, value)

    def _rk(self, body: bytes) -> None:
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        self.put(row + 1, column, style, unpacked(packed))

    def _multiple_rk(self, body: bytes) -> None:
        row, first = struct.unpack_from("<HH", body)
        pairs = struct.iter_unpack("<HI", body[4 : 4 + (len(body) - 6) // 6 * 6])
        for column, (style, packed) in enumerate(pairs, first):
            self.put(row + 1, column, style, unpacked(packed))

    def _formula(self, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        if body[12:14] != b"\xff\xff":
            self.put(row + 1, column, style, struct.unpack_from("<d", body, 6)[0])
        elif body[6] == 2:
            self.found.error(row + 1, column, ERRORS.get(body[8], "#ERROR!"))

    def _error(self, body: bytes) -> None:
        row, column, _, code, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            self.found.error(row + 1, column, ERRORS.get(code, "#ERROR!"))

    def _merged(self, body: bytes) -> None:
        for top, bottom, left, right in struct.iter_unpack(
            "<HHHH", body[2 : 2 + len(body) // 8 * 8]
        ):
            if left == right and top < bottom:
                self.found.merges.append((left, top + 1, bottom + 1))

    def _row(self, body: bytes) -> None:
        if body[12] & _ROW_HIDDEN:
            self.found.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)

    def _columns(self, body: bytes) -> None:
        first, last, _, _, flags = struct.unpack_from("<HHHHH", body)
        if flags & 1:
            self.found.hidden_columns += range(first, min(last, 255) + 1)


def _records(data: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of their part of the stream."""
    depth = 0
    while place + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, place)
        yield kind, data[place + 4 : place + 4 + size]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        place += 4 + size


def _string(body: bytes, *, wide_count: bool = False) -> str:
    """A text with its count of characters before it, of one or two bytes each."""
    head = 3 if wide_count else 2
    count = struct.unpack_from("<H", body)[0] if wide_count else body[0]
    if body[head - 1] & 1:
        return body[head : head + 2 * count].decode("utf-16-le", "replace")
    return body[head : head + count].decode("latin-1")


def unpacked(packed: int) -> float:
    """An RK number: 30 bits of an integer or of a double, perhaps a hundred times too large."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole >= 1 << 29 else whole)
    else:
        value = float(struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0])
    return value / 100 if packed & 1 else value
