"""Cells of an xlsx sheet one row after another: slow, in little memory, and stopped at any row.

Rows come as `(number from 1, {column from 0: text})`. A full sheet is read by fastexcel, which is
ten times as fast; this is for first rows, for sheets with a far cell, and for books it refuses.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Generator
from dataclasses import dataclass, field

from crm_metrics.intake.limits import MAX_UNPACKED_BYTES
from crm_metrics.intake.workbook.formats import Format, built_in, format_of, formatted
from crm_metrics.intake.workbook.package import Package
from crm_metrics.intake.workbook.xml import feed

SheetRow = tuple[int, dict[int, str]]
_GENERAL = Format()
_ENDED = object()
_MAX_FORMATS = 100_000
_MAX_CELL = 1024 * 1024
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384


def formats_of(archive: zipfile.ZipFile, styles: str | None) -> list[Format]:
    """The number format of each style that a cell can name."""
    codes: dict[str, str] = {}
    numbers: list[str] = []
    inside = False

    def start(name: str, found: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt" and len(codes) < _MAX_FORMATS:
            codes[found.get("numFmtId", "")] = found.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside and len(numbers) < _MAX_FORMATS:
            numbers.append(found.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if styles is not None:
        for _ in feed(archive, styles, start=start, end=end, text=lambda _: None):
            pass
    known: dict[str, Format] = {}
    for number in set(numbers):
        plain = built_in(int(number)) if number.isdecimal() and len(number) < 9 else "General"
        known[number] = format_of(codes.get(number, plain)[:1000])
    return [known[number] for number in numbers]


class SharedStrings:
    """The texts that cells name by number, read as far as they are asked for."""

    def __init__(self, archive: zipfile.ZipFile, part: str | None, *, most: int) -> None:
        self._texts: list[str] = []
        self._pieces: list[str] = []
        self._depth = self._inside = False
        self._skip = 0
        self._more: Generator[None] | None = None
        if part is not None:
            self._more = feed(
                archive, part, start=self._start, end=self._end, text=self._text, most=most
            )

    def __getitem__(self, number: int) -> str:
        while number >= len(self._texts):
            if self._more is None or next(self._more, _ENDED) is _ENDED:
                return ""
        return self._texts[number]

    def close(self) -> None:
        """Let the part go, however far it was read."""
        if self._more is not None:
            self._more.close()

    def _start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self._pieces = []
        elif name == "rPh":  # how a Japanese name is read aloud
            self._skip += 1
        elif name == "t":
            self._inside = not self._skip

    def _end(self, name: str) -> None:
        if name == "si":
            self._texts.append("".join(self._pieces)[:_MAX_CELL])
        elif name == "rPh":
            self._skip -= 1
        elif name == "t":
            self._inside = False

    def _text(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)


@dataclass(slots=True)
class _Cells:
    """The handlers of a sheet's tags, and the rows that are whole."""

    strings: SharedStrings
    formats: list[Format]
    date_1904: bool
    rows: list[SheetRow] = field(default_factory=list)
    ended: bool = False
    _row: int = 0
    _column: int = -1
    _cells: dict[int, str] = field(default_factory=dict)
    _type: str = ""
    _style: int = 0
    _pieces: list[str] = field(default_factory=list)
    _formula: list[str] = field(default_factory=list)
    _into: list[str] | None = None
    _skip: int = 0
    _calculated: bool = True

    def start(self, name: str, found: dict[str, str]) -> None:
        if name == "c":
            self._column = _column(found.get("r", ""), self._column + 1)
            self._type = found.get("t", "n")
            style = found.get("s", "0")
            self._style = int(style) if style.isdecimal() and len(style) < 7 else 0
            self._pieces, self._formula, self._calculated = [], [], True
        elif name == "v":
            self._into = self._pieces
        elif name == "t":
            self._into = None if self._skip else self._pieces
        elif name == "f":
            self._into, self._calculated = self._formula, False
        elif name == "row":
            self._row = _number(found.get("r", ""), self._row + 1)
            self._column, self._cells = -1, {}
        elif name == "rPh":
            self._skip += 1

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def end(self, name: str) -> None:
        if name == "c":
            text = self._cell_text()
            if text and 0 <= self._column < _MAX_COLUMN:
                self._cells[self._column] = text
        elif name in {"v", "t", "f"}:
            self._into = None
        elif name == "row":
            if 0 < self._row <= _MAX_ROW:
                self.rows.append((self._row, self._cells))
        elif name == "rPh":
            self._skip -= 1
        elif name == "sheetData":
            self.ended = True

    def _cell_text(self) -> str:
        raw = "".join(self._pieces)[:_MAX_CELL]
        kind = self._type
        if not raw:
            waits = not self._calculated and kind != "str"
            return f"={''.join(self._formula)}"[:_MAX_CELL] if waits else ""
        if kind == "n":
            form = self.formats[self._style] if self._style < len(self.formats) else _GENERAL
            with contextlib.suppress(ValueError, OverflowError):
                return formatted(raw, form, date_1904=self.date_1904)
        elif kind == "s":
            return self.strings[int(raw)] if raw.isdecimal() and len(raw) < 9 else ""
        elif kind == "b":
            return "true" if raw.strip() in {"1", "true"} else "false"
        elif kind == "d":
            return raw.replace("T", " ").removesuffix("Z")
        return raw


def sheet_rows(
    archive: zipfile.ZipFile, package: Package, part: str, *, most: int = MAX_UNPACKED_BYTES
) -> Generator[SheetRow]:
    """The rows of a sheet's part that have cells, from at most so many bytes of it.

    Raises HostileXmlError, expat.ExpatError, and what zipfile and zlib raise.
    """
    strings = SharedStrings(archive, package.strings, most=most)
    cells = _Cells(strings, formats_of(archive, package.styles), package.date_1904)
    pieces = feed(archive, part, start=cells.start, end=cells.end, text=cells.text, most=most)
    with contextlib.closing(pieces), contextlib.closing(strings):
        for _ in pieces:
            yield from cells.rows
            cells.rows.clear()
            if cells.ended:
                return


def _column(reference: str, otherwise: int) -> int:
    """The column, from 0, of a reference such as AB12."""
    number = 0
    for letter in reference[:4]:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1 if number else otherwise


def _number(text: str, otherwise: int) -> int:
    with contextlib.suppress(ValueError):
        return int(text[:9])
    return otherwise
