"""The tables of an HTML page, as some systems write "Excel" files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from crm_metrics.errors import InputError, LimitError
from crm_metrics.intake.draft import Draft
from crm_metrics.intake.grid import grid_of_rows, read_grid
from crm_metrics.intake.limits import MAX_CELLS, MAX_COLUMNS, MEGABYTE, SAMPLE_BYTES
from crm_metrics.intake.table import Table
from crm_metrics.intake.text.encoding import Encoding, detect

_MAX_HTML_BYTES = 100 * MEGABYTE
_CHARSET = re.compile(rb"charset=[\"']?\s*([\w\-]+)", re.IGNORECASE)
_CHUNK = 65_536
_SPACES = re.compile(r"[ \t\r\n\f]+")


def read_html(path: Path, draft: Draft, scratch: Path) -> list[Table]:
    """Read every table of a page that has at least two rows. Raises InputError if none has."""
    size = path.stat().st_size
    if size > _MAX_HTML_BYTES:
        raise LimitError("too_large", file=draft.shown, limit_mb=_MAX_HTML_BYTES // MEGABYTE)
    parser = _Tables(draft.shown)
    for text in _texts(path):
        parser.feed(text)
    parser.close()
    tables: list[Table] = []
    refused: list[InputError] = []
    for number, rows in enumerate(parser.found):
        width = max(map(len, rows), default=0)
        if not width:
            continue
        if width > MAX_COLUMNS:
            raise LimitError("too_many_columns", file=draft.shown, columns=width, limit=MAX_COLUMNS)
        target = scratch / f"html-{number}.arrow"
        grid = grid_of_rows(rows, target, name=draft.base, container="html")
        try:
            tables += read_grid(grid, draft)
        except InputError as error:
            refused.append(error)
    if not tables:
        raise refused[0] if refused else InputError("text_not_table", file=draft.shown)
    return tables


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    encoding = _declared(head) or detect([head])
    with path.open(encoding=encoding.codec, errors="replace", newline="") as text:
        while chunk := text.read(_CHUNK):
            yield chunk.replace("\x00", "").removeprefix("\ufeff")


def _declared(head: bytes) -> Encoding | None:
    found = _CHARSET.search(head[:4096])
    if found is None or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    name = found[1].decode("ascii").lower()
    known = {"utf-8", "windows-1251", "koi8-r", "windows-1252", "iso-8859-1", "cp866", "ibm866"}
    return Encoding(name) if name in known else None


class _Tables(HTMLParser):
    """Collects the rows of every table; a table inside a cell is part of its text."""

    def __init__(self, shown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[list[str]]] = []
        self._shown = shown
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = 1
        self._rowspan = 1
        self._repeats = False
        self._cells = 0
        # By column: in how many rows to come a cell from above stands, and with which text.
        self._down: dict[int, tuple[int, str]] = {}
        self._down_next: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append([])
                self._down, self._down_next = {}, {}
        elif tag == "tr" and self._depth <= 1:
            self._end_cell()
            if not self.found:
                self.found.append([])
            self.found[-1].append([])
            self._down |= self._down_next
            self._down_next = {}
            self._fill(self.found[-1][-1])
        elif tag in {"td", "th"} and self._depth <= 1:
            self._end_cell()
            self._span = min(_spanned(attrs, "colspan"), MAX_COLUMNS)
            self._rowspan = _spanned(attrs, "rowspan")
            self._repeats = tag == "td"
            self._cell = []
        elif tag in {"br", "p", "div"} and self._cell:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag == "table":
            if self._depth <= 1:
                self._end_cell()
            self._depth = max(0, self._depth - 1)
        elif tag in {"td", "th", "tr"} and self._depth <= 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        """The page's end ends its last cell."""
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = _SPACES.sub(" ", "".join(self._cell)).strip()
        self._cell = None
        if not self.found:
            self.found.append([])
        if not self.found[-1]:
            self.found[-1].append([])
        row = self.found[-1][-1]
        if self._rowspan > 1:
            # A value over several records is that of each; a header's name is said once.
            below = (self._rowspan - 1, text if self._repeats else "")
            self._down_next |= {len(row) + i: below for i in range(self._span)}
        row.extend([text, *[""] * (self._span - 1)])
        self._count(self._span)
        self._fill(row)

    def _fill(self, row: list[str]) -> None:
        """Put the cells from above that stand at the row's end so far."""
        while (place := len(row)) in self._down:
            left, text = self._down.pop(place)
            if left > 1:
                self._down_next[place] = (left - 1, text)
            row.append(text)
            self._count(1)

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MAX_CELLS:
            raise LimitError("too_many_cells", file=self._shown, limit=MAX_CELLS)


def _spanned(attrs: list[tuple[str, str | None]], name: str) -> int:
    """How many columns or rows a cell takes, 1 where it does not say."""
    text = dict(attrs).get(name) or "1"
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
