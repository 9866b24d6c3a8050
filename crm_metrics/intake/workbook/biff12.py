"""Cells of a binary workbook (xlsb) whose meaning is in their format: [MS-XLSB] section 2.4."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator

from crm_metrics.intake.limits import MAX_UNPACKED_BYTES
from crm_metrics.intake.workbook.biff import ERRORS, FormattedCells, unpacked
from crm_metrics.intake.workbook.formats import Format, built_in, format_of
from crm_metrics.intake.workbook.package import links_of, part_named
from crm_metrics.intake.workbook.scan import SheetScan

_BOOK = "xl/workbook.bin"
_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_FORMAT, _XF, _STYLES, _STYLES_END = 44, 47, 617, 618
_SHEET, _PROPERTIES, _MERGED, _COLUMNS = 156, 153, 176, 60
_ROW_HIDDEN = 0x10
_DATE_1904 = 1


def xlsb_scans(archive: zipfile.ZipFile) -> dict[str, SheetScan]:
    """What is to be laid over each sheet, by its name; none where a part is damaged."""
    try:
        return dict(_scans(archive))
    except (ValueError, IndexError, KeyError, struct.error):
        return {}


def _scans(archive: zipfile.ZipFile) -> Iterator[tuple[str, SheetScan]]:
    links = links_of(archive, _BOOK)
    styles = next((part for kind, part in links.values() if kind.endswith("/styles")), None)
    formats = _formats(archive, styles)
    date_1904 = False
    for kind, body in _records(archive, _BOOK):
        if kind == _PROPERTIES:
            date_1904 = bool(body[0] & _DATE_1904)
        elif kind == _SHEET:
            link, after = _string(body, 8)
            name, _ = _string(body, after)
            part = links.get(link, ("", ""))[1]
            yield name, _sheet(archive, part, FormattedCells(formats, date_1904=date_1904))


def _sheet(archive: zipfile.ZipFile, part: str, cells: FormattedCells) -> SheetScan:
    row, found = 0, cells.found
    for kind, body in _records(archive, part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            if body[11] & _ROW_HIDDEN:
                found.hidden_rows.append(row)
        elif kind in {_RK, _REAL, _FORMULA_NUMBER, _ERROR, _FORMULA_ERROR}:
            column, style = struct.unpack_from("<II", body)
            if kind in {_ERROR, _FORMULA_ERROR}:
                found.error(row, column, ERRORS.get(body[8], "#ERROR!"))
            elif kind == _RK:
                cells.put(
                    row, column, style & 0xFFFFFF, unpacked(*struct.unpack_from("<I", body, 8))
                )
            else:
                cells.put(row, column, style & 0xFFFFFF, *struct.unpack_from("<d", body, 8))
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            if left == right and top < bottom:
                found.merges.append((left, top + 1, bottom + 1))
        elif kind == _COLUMNS:
            first, last, _, _, flags = struct.unpack_from("<IIIIH", body)
            if flags & 1:
                found.hidden_columns += range(first, min(last, 16_383) + 1)
    return found


def _formats(archive: zipfile.ZipFile, part: str | None) -> list[Format]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False
    for kind, body in _records(archive, part) if part else ():
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _string(body, 2)[0]
        elif kind in {_STYLES, _STYLES_END}:
            inside = kind == _STYLES
        elif kind == _XF and inside:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    known = {number: format_of(codes.get(number, built_in(number))) for number in set(styles)}
    return [known[number] for number in styles]


def _records(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and size have seven bits to a byte, the least first."""
    with archive.open(part_named(archive, part)) as source:
        done = 0
        while done < MAX_UNPACKED_BYTES and (first := source.read(1)):
            kind = first[0]
            if kind & 0x80:
                kind = (kind & 0x7F) | source.read(1)[0] << 7
            size = shift = 0
            while shift < 28:
                byte = source.read(1)[0]
                size |= (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
            done += size
            yield kind, source.read(size)


def _string(body: bytes, place: int) -> tuple[str, int]:
    """A text with its count of characters before it, and where it ends."""
    count = struct.unpack_from("<I", body, place)[0]
    if count == 0xFFFFFFFF:
        return "", place + 4
    end = place + 4 + 2 * count
    return body[place + 4 : end].decode("utf-16-le", "replace"), end
