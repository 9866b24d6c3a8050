"""Sheets of an OpenDocument: its cells say their type and value themselves.

The fast reader drops times, shares and currencies of this format, so it is read here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_metrics.intake.limits import MAX_CELLS
from crm_metrics.intake.workbook.formats import Format, formatted, money_sign
from crm_metrics.intake.workbook.gathering import Gathered
from crm_metrics.intake.workbook.prescan import TooManyCellsError
from crm_metrics.intake.workbook.scan import SheetScan
from crm_metrics.intake.workbook.xml import feed

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_MAX_CELL = 1024 * 1024
_PERCENT = Format("percent")


@dataclass(slots=True)
class OdsSheet:
    """A sheet as it was read: its rows gathered, and what is to be said of it."""

    name: str
    hidden: bool
    rows: Gathered = field(default_factory=Gathered)
    found: SheetScan = field(default_factory=SheetScan)


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether the document's parts are encrypted each by itself."""
    if _MANIFEST not in archive.namelist():
        return False
    with archive.open(_MANIFEST) as part:
        return b"encryption-data" in part.read(1024 * 1024)


def ods_sheets(archive: zipfile.ZipFile) -> Iterator[OdsSheet]:
    """The sheets of a document, one after another.

    Raises TooManyCellsError, HostileXmlError, expat.ExpatError, and what zipfile and zlib raise.
    """
    reader = _Reader()
    for _ in feed(archive, _CONTENT, start=reader.start, end=reader.end, text=reader.text):
        yield from reader.done
        reader.done.clear()


class _Reader:
    """The handlers of the tags of a document."""

    def __init__(self) -> None:
        self.done: list[OdsSheet] = []
        self._sheet: OdsSheet | None = None
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = 0  # tables within tables are no rows of the sheet
        self._cells = 0
        self._row = self._column = 0
        self._row_times = 1
        self._line: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._pieces: list[str] = []
        self._paragraphs = self._inside = self._skip = 0

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                named = {key.rpartition(":")[2]: value for key, value in found.items()}
                hidden = named.get("style-name", "") in self._hidden_styles
                self._sheet = OdsSheet(named.get("name", ""), hidden)
                self._row = 0
        elif name == "style":
            self._style = found.get("style:name", "")
        elif name == "table-properties" and found.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif self._sheet is not None and self._depth == 1:
            self._start_in_sheet(name, found)

    def _start_in_sheet(self, name: str, found: dict[str, str]) -> None:
        if name == "table-row":
            self._row_times = _times(found.get("table:number-rows-repeated"), _MOST_ROWS)
            self._line, self._column = {}, 0
            if found.get("table:visibility", "visible") != "visible" and self._sheet is not None:
                times = min(self._row_times, 1000)
                self._sheet.found.hidden_rows += range(self._row + 1, self._row + 1 + times)
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell, self._pieces = found, []
            self._paragraphs = self._inside = 0
        elif name in {"annotation", "shape", "shapes", "frame"}:
            self._skip += 1
        elif name == "p" and not self._skip:
            self._pieces += ["\n"] if self._paragraphs else []
            self._paragraphs += 1
            self._inside += 1
        elif self._inside and name == "s":
            self._pieces.append(" " * _times(found.get("text:c"), 1000))
        elif self._inside and name == "tab":
            self._pieces.append("\t")
        elif self._inside and name == "line-break":
            self._pieces.append("\n")

    def text(self, text: str) -> None:
        if self._inside and not self._skip:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
            if not self._depth and self._sheet is not None:
                self.done.append(self._sheet)
                self._sheet = None
        elif self._sheet is None or self._depth != 1:
            return
        elif name == "p" and not self._skip:
            self._inside -= 1
        elif name in {"annotation", "shape", "shapes", "frame"}:
            self._skip -= 1
        elif name in {"table-cell", "covered-table-cell"}:
            self._end_cell(self._sheet)
        elif name == "table-row":
            self._end_row(self._sheet)

    def _end_cell(self, sheet: OdsSheet) -> None:
        times = _times(self._cell.get("table:number-columns-repeated"), _MOST_COLUMNS)
        shown = "".join(self._pieces)[:_MAX_CELL]
        text = _cell_text(self._cell, shown)
        if text:
            self._cells += times * self._row_times
            if self._cells > MAX_CELLS or self._row + self._row_times > _MOST_ROWS:
                raise TooManyCellsError
            for column in range(self._column, min(self._column + times, _MOST_COLUMNS)):
                self._line[column] = text
            row = self._row + 1
            if self._cell.get("calcext:value-type") == "error":
                sheet.found.error(row, self._column, text)
            if self._cell.get("office:value-type") == "currency" and not money_sign(
                self._cell.get("office:currency", "")
            ):
                sheet.found.currencies.update({self._cell.get("office:currency", "")} - {""})
            tall = _times(self._cell.get("table:number-rows-spanned"), _MOST_ROWS)
            if tall > 1 and self._cell.get("table:number-columns-spanned", "1") == "1":
                sheet.found.merges.append((self._column, row, self._row + tall))
        self._column += times

    def _end_row(self, sheet: OdsSheet) -> None:
        if self._line:
            for row in range(self._row + 1, self._row + 1 + self._row_times):
                sheet.rows.add(row, self._line)
        self._row += self._row_times


def _cell_text(cell: dict[str, str], shown: str) -> str:
    """The text of a cell: what is shown for words, the exact value for all else."""
    kind = cell.get("office:value-type", "")
    if kind == "date":
        return cell.get("office:date-value", shown).replace("T", " ")
    if kind == "time":
        return _clock(cell.get("office:time-value", "")) or shown
    if kind == "boolean":
        return cell.get("office:boolean-value", shown)
    value = cell.get("office:value", "")
    if value and kind in {"float", "percentage", "currency"}:
        return _number(cell, kind, value, shown)
    return shown


def _number(cell: dict[str, str], kind: str, value: str, shown: str) -> str:
    # A code with leading zeros is a number under a format.
    padded = shown.startswith("0") and shown.isdecimal() and shown.lstrip("0") == value
    if padded or cell.get("calcext:value-type") == "error":
        return shown
    form = _PERCENT if kind == "percentage" else Format()
    if kind == "currency" and (sign := money_sign(cell.get("office:currency", ""))):
        form = Format("money", sign=sign)
    try:
        return formatted(value, form)
    except (ValueError, OverflowError):
        return value


def _clock(duration: str) -> str:
    """`PT30H05M00S` as 30:05:00; "" where it is written otherwise."""
    sign, body = ("-", duration[1:]) if duration.startswith("-") else ("", duration)
    parts = {"H": "0", "M": "0", "S": "0"}
    number = ""
    if not body.startswith("PT"):
        return ""
    for letter in body[2:].replace(",", "."):
        if letter in parts:
            parts[letter], number = number, ""
        else:
            number += letter
    seconds, _, rest = parts["S"].partition(".")
    if not all(part.isdecimal() for part in (parts["H"], parts["M"], seconds)):
        return ""
    fraction = rest.rstrip("0")[:3]
    clock = f"{sign}{parts['H'].zfill(2)}:{parts['M'].zfill(2)}:{seconds.zfill(2)}"
    return f"{clock}.{fraction}" if fraction else clock


def _times(text: str | None, most: int) -> int:
    if text is None or not text.isdecimal() or len(text) > 9:
        return 1
    return max(1, min(int(text), most))
