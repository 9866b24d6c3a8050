"""The first rows of a source as cells, the material in which tables are looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm_metrics.intake.dialect import Dialect
from crm_metrics.intake.splitting import split_strict

_MAX_JOINED = 60
_USUAL_LINES = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line it begins on (from 1), how many lines it takes, its cells and its text.

    `width` counts the fields as written; in a sheet, up to the last filled cell.
    """

    line: int
    lines: int
    cells: tuple[str, ...]
    text: str
    width: int

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell.strip())

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def first(self) -> str:
        """The first filled cell, or an empty text."""
        return next((cell.strip() for cell in self.cells if cell.strip()), "")


def text_rows(lines: Sequence[str], dialect: Dialect, *, start: int = 1) -> Iterator[Row]:
    """The rows of prepared lines; a quoted cell with line breaks makes one row of several lines."""
    usual = _usual_width(lines, dialect)
    quote, at = dialect.quote, 0
    while at < len(lines):
        line, count = lines[at], 1
        cells: list[str] | None = None
        if quote and line.count(quote) % 2:
            cells, count = _joined(lines, at, dialect, usual)
        if cells is None:
            cells = dialect.split(line)
        text = "\n".join(lines[at : at + count])
        yield Row(start + at, count, tuple(cells), text, len(cells))
        at += count


def sheet_row(number: int, cells: Sequence[str]) -> Row:
    """A row of a sheet, whose cells are padded to the sheet's width."""
    shown = " | ".join(cell for cell in cells if cell.strip())
    return Row(number, 1, tuple(cells), shown, extent(cells))


def extent(cells: Sequence[str]) -> int:
    """How many cells there are up to the last filled one."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)


def _usual_width(lines: Sequence[str], dialect: Dialect) -> int:
    """The most frequent number of fields of well quoted lines."""
    split = (
        split_strict(line, dialect.divider, dialect.quote)
        for line in lines[:_USUAL_LINES]
        if line.strip()
    )
    widths = Counter(len(cells) for cells in split if cells is not None)
    return widths.most_common(1)[0][0] if widths else 0


def _joined(
    lines: Sequence[str], at: int, dialect: Dialect, usual: int
) -> tuple[list[str] | None, int]:
    """The record that opens on this line, if a later line closes it and no record is swallowed."""
    text, open_quotes = lines[at], 1
    for end in range(at + 1, min(at + _MAX_JOINED, len(lines))):
        line = lines[end]
        text += "\n" + line
        open_quotes += line.count(dialect.quote)
        if open_quotes % 2:
            if usual >= 3 and len(dialect.split(line)) == usual:
                return None, 1
            continue
        cells = split_strict(text, dialect.divider, dialect.quote)
        if cells is not None and (usual < 2 or end - at < 2 or len(cells) == usual):
            literal = len(lines[at].split(dialect.divider)) if dialect.divider else 1
            if usual >= 3 and literal == usual == len(line.split(dialect.divider)):
                return None, 1
            return cells, end - at + 1
    return None, 1
