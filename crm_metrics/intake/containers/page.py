"""The rows of every table of an HTML page, and the text around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from crm_metrics.errors import LimitError
from crm_metrics.intake.limits import MAX_CELLS, MAX_COLUMNS

_MAX_DEPTH = 50
_MAX_REST = 4096
_MIN_INNER = 2
"""A table in a cell with at least so many rows and columns is one of its own."""
_SPACES = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = frozenset({"style", "script", "title", "noscript"})
_BREAKS = frozenset(
    {"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "table", "section"}
)


@dataclass(slots=True)
class PageTable:
    """The rows of a table as they are seen, and the lines of text above it."""

    rows: list[list[str]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A table that has begun and not ended."""

    table: PageTable
    cell: list[str] | None = None
    span: int = 1
    rowspan: int = 1
    repeats: bool = False
    holds_tables: bool = False
    # By column: in how many rows to come a cell from above stands, and with which text.
    down: dict[int, tuple[int, str]] = field(default_factory=dict)
    down_next: dict[int, tuple[int, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """Collects the tables of a page; after `close`, `found` has them and `below` the text after.

    A small table inside a cell is part of its text. Where a cell holds a larger one, the outer
    table only lays out the page, and its other cells are text around.
    """

    def __init__(self, shown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[PageTable] = []
        self.below: list[str] = []
        self._shown = shown
        self._open: list[_Open] = []
        self._line: list[str] = []
        self._above: list[str] = []
        self._unseen = ""
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag in _BREAKS:
            self._break()
        if tag == "table":
            if len(self._open) < _MAX_DEPTH:
                self._begin()
        elif tag == "tr":
            self._row()
        elif tag in {"td", "th"}:
            table = self._current()
            self._end_cell()
            table.span = min(_spanned(attrs, "colspan"), MAX_COLUMNS)
            table.rowspan = _spanned(attrs, "rowspan")
            table.repeats = tag == "td"
            table.cell = []

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag == self._unseen:
            self._unseen = ""
        elif tag in _BREAKS and tag != "table":
            self._break()
        if tag == "table":
            self._end()
        elif tag in {"td", "th", "tr"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text of the open cell, or between tables."""
        if self._unseen:
            return
        if self._open and self._open[-1].cell is not None:
            self._open[-1].cell.append(data)
        else:
            self._line.append(data)

    def close(self) -> None:
        """The page's end ends its last cell and table; what follows that stands below it."""
        if len(self.rawdata) > _MAX_REST:
            # The library would look at it anew from every character.
            self.handle_data(self.rawdata)
            self.rawdata = ""
        super().close()
        while self._open:
            self._end()
        self._break()
        self.below = self._above

    def _begin(self) -> None:
        self._open.append(_Open(PageTable()))

    def _end(self) -> None:
        if not self._open:
            return
        self._end_cell()
        self._end_line()
        ended = self._open.pop()
        table = ended.table
        if self._open and self._open[-1].cell is not None:
            wide = max(map(len, table.rows), default=0) >= _MIN_INNER
            if not (ended.holds_tables or (wide and len(table.rows) >= _MIN_INNER)):
                texts = (cell for row in table.rows for cell in row if cell)
                self._open[-1].cell.append(f" {' '.join(texts)} ")
                return
        if self._open:
            self._open[-1].holds_tables = True
        if ended.holds_tables:
            self._above += [cell for row in table.rows for cell in row if cell]
        elif any(table.rows):
            table.above, self._above = self._above, []
            self.found.append(table)

    def _current(self) -> _Open:
        """The innermost table; rows without one make one."""
        if not self._open:
            self._begin()
        return self._open[-1]

    def _row(self) -> None:
        table = self._current()
        self._end_cell()
        self._end_line()
        table.table.rows.append([])
        table.down |= table.down_next
        table.down_next = {}
        self._fill(table)

    def _break(self) -> None:
        """A line of text ends; in a cell it is a space."""
        if self._open and self._open[-1].cell is not None:
            if self._open[-1].cell:
                self._open[-1].cell.append(" ")
        else:
            self._end_line()

    def _end_line(self) -> None:
        text = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line = []
        if text:
            self._above.append(text)

    def _end_cell(self) -> None:
        if not self._open or self._open[-1].cell is None:
            return
        table = self._open[-1]
        text = _SPACES.sub(" ", "".join(table.cell or ())).strip()
        table.cell = None
        if not table.table.rows:
            table.table.rows.append([])
        row = table.table.rows[-1]
        if table.rowspan > 1:
            # A value over several records is that of each; a header's name is said once.
            below = (table.rowspan - 1, text if table.repeats else "")
            table.down_next |= {len(row) + i: below for i in range(table.span)}
        row.extend([text, *[""] * (table.span - 1)])
        self._count(table.span, len(row))
        self._fill(table)

    def _fill(self, table: _Open) -> None:
        """Put the cells from above that stand at the row's end so far."""
        row = table.table.rows[-1]
        while (place := len(row)) in table.down:
            left, text = table.down.pop(place)
            if left > 1:
                table.down_next[place] = (left - 1, text)
            row.append(text)
            self._count(1, len(row))

    def _count(self, cells: int, width: int) -> None:
        self._cells += cells
        if width > MAX_COLUMNS:
            raise LimitError("too_many_columns", file=self._shown, columns=width, limit=MAX_COLUMNS)
        if self._cells > MAX_CELLS:
            raise LimitError("too_many_cells", file=self._shown, limit=MAX_CELLS)


def _spanned(attrs: list[tuple[str, str | None]], name: str) -> int:
    """How many columns or rows a cell takes, 1 where it does not say."""
    text = dict(attrs).get(name) or "1"
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1
